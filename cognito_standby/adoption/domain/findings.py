"""What the doctor has to say, and what an exit code makes of it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cognito_standby.core.domain.severity import Severity

__all__ = ["Finding", "Matter", "Severity", "counting", "ranked"]


@dataclass(frozen=True)
class Matter:
    """A kind of finding, by its stable code.

    what         what is wrong, in one line
    consequence  what it means on the day of a failover
    """

    code: str
    severity: Severity
    what: str
    consequence: str


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    about    of which part: a client, an attribute, a Region ...; empty: of the pool as a whole
    seen     on the primary's side, and on the backup's; empty: nothing to show
    mend     commands, or steps in the console; values in <brackets> are the reader's
    """

    matter: Matter
    about: str = ""
    seen: Sequence[str] = ("", "")
    mend: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """Of its matter."""
        return self.matter.severity


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first, then by code and what they are about."""
    order = list(Severity)
    return tuple(
        sorted(findings, key=lambda one: (order.index(one.severity), one.matter.code, one.about))
    )


def counting(
    findings: Iterable[Finding], least: Severity, accepted: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Those for which a pipeline stops: as bad as `least`, and not accepted by their code."""
    return tuple(
        each
        for each in findings
        if each.severity.reaches(least) and each.matter.code not in accepted
    )
