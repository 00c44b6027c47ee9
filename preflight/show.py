"""A verdict for people, and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from preflight.findings import Finding, PreflightVerdict, Severity

_MARKS = {
    Severity.REFUSES: "MISSING",
    Severity.WARNS: "warning",
    Severity.UNCHECKED: "unknown",
    Severity.TELLS: "note",
}


def lines(verdict: PreflightVerdict) -> Iterator[str]:
    """What a person reads: the finding, what it leads to, what fixes it."""
    for each in verdict.findings:
        where = f" in {each.region}" if each.region else ""
        accepted = each.severity is Severity.REFUSES and each not in verdict.refusing
        mark = "accepted" if accepted else _MARKS[each.severity]
        yield f"{mark}: {each.what} [{each.check}{where}]"
        yield f"  {each.consequence}"
        yield from (f"    $ {line}" for line in each.command.splitlines())
        yield from (f"    {line}" for line in each.advice.splitlines())
    yield _summary(verdict)


def _summary(verdict: PreflightVerdict) -> str:
    counts = Counter(each.severity for each in verdict.findings)
    told = ", ".join(f"{counts[one]} {_MARKS[one]}" for one in Severity if counts[one])
    if verdict.refusing:
        names = " ".join(sorted({f.check for f in verdict.refusing if not f.binding}))
        better = f'. What you know better: make deploy ACCEPT="{names}"' if names else ""
        return f"preflight: not ready ({told}){better}"
    seen = ", as far as it could look" if counts[Severity.UNCHECKED] else ""
    return f"preflight: ready{seen} ({told or 'nothing missing'})"


def as_json(verdict: PreflightVerdict) -> dict[str, Any]:
    """For programs."""
    return {
        "ready": not verdict.refusing,
        "accepted": list(verdict.accepted),
        "findings": [_finding(each) for each in verdict.findings],
    }


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "region": finding.region,
        "severity": finding.severity.value,
        "what": finding.what,
        "consequence": finding.consequence,
        "command": finding.command,
        "advice": finding.advice,
    }
