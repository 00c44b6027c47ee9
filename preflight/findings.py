"""What a preflight has to say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a finding matters."""

    REFUSES = "refuses"
    """The deployment would fail, or harm something: it does not begin, unless accepted."""
    WARNS = "warns"
    """It will stand, and something will not work."""
    UNCHECKED = "unchecked"
    """It could not be looked at; nothing is known."""
    TELLS = "tells"
    """As it should be, or nobody's fault; worth knowing."""


@dataclass(frozen=True)
class Finding:
    """One thing that is missing.

    check        the name of the check, by which it can be accepted
    region       where; empty: the whole account
    what         what was found
    consequence  what happens if it stays
    command      what fixes it, to be copied into a shell; several lines are several commands.
                 Values in <brackets> are the reader's
    advice       what else fixes it, or what fixes it where no command does; for people to read
    binding      nobody can know it better: without it all other findings mean nothing
    """

    check: str
    region: str
    severity: Severity
    what: str
    consequence: str
    command: str = ""
    binding: bool = False
    advice: str = ""


@dataclass(frozen=True)
class PreflightVerdict:
    """All findings, and whether a deployment may begin."""

    findings: tuple[Finding, ...]
    accepted: tuple[str, ...] = ()

    @property
    def refusing(self) -> tuple[Finding, ...]:
        """What stands in the way."""
        return tuple(
            each
            for each in self.findings
            if each.severity is Severity.REFUSES
            and (each.binding or each.check not in self.accepted)
        )


def preflight_verdict(
    findings: Sequence[Finding], accepted: Collection[str] = ()
) -> PreflightVerdict:
    """Sort: what refuses first; then by Region and check."""
    order = list(Severity)
    ranked = sorted(findings, key=lambda one: (order.index(one.severity), one.check, one.region))
    return PreflightVerdict(tuple(ranked), tuple(sorted(accepted)))
