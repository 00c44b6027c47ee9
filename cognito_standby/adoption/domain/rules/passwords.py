"""Password policies. Everybody with a password chooses a new one on the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Side
from cognito_standby.adoption.domain.telling import console

STRICTER = Matter(
    *("password-stricter", Severity.INCONVENIENT),
    "the backup asks more of a password",
    "People who choose their new password are refused what they could have before.",
)
WEAKER = Matter(
    *("password-weaker", Severity.INCONVENIENT),
    "the backup asks less of a password",
    "Everybody chooses a new password on the day, and may choose a weaker one.",
)
TEMPORARY = Matter(
    *("password-temporary", Severity.NOTE),
    "temporary passwords are valid for another time",
    "Invitations end sooner or later than people were told.",
)
_LEAST = ("MinimumLength", "PasswordHistorySize")
_ASKED = ("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols")
_DAYS = "TemporaryPasswordValidityDays"
_DEFAULT_DAYS = 7


def _policy(side: Side) -> Mapping[str, int]:
    policy = (side.pool.get("Policies") or {}).get("PasswordPolicy") or {}
    return {name: int(policy.get(name) or 0) for name in (*_LEAST, *_ASKED)}


def _days(side: Side) -> int:
    policy = (side.pool.get("Policies") or {}).get("PasswordPolicy") or {}
    return int(policy.get(_DAYS) or _DEFAULT_DAYS)


def passwords(case: Case) -> Iterator[Finding]:
    """PasswordPolicy."""
    ours, theirs = map(_policy, case.sides)
    step = console(case.backup, "Authentication methods > Password policy")
    for matter, names in (
        (STRICTER, [name for name in ours if theirs[name] > ours[name]]),
        (WEAKER, [name for name in ours if theirs[name] < ours[name]]),
    ):
        if names:
            told = [", ".join(f"{name}={each[name]}" for name in names) for each in (ours, theirs)]
            yield Finding(matter, "", told, (step,))
    days = [_days(side) for side in case.sides]
    if days[0] != days[1]:
        told = [f"{each} days" for each in days]
        yield Finding(TEMPORARY, "", told, (step,))


RULES = (Rule(passwords),)
