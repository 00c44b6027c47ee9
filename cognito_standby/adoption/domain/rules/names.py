"""How people are known, sign up and recover. Sign-in attributes, aliases and case sensitivity
cannot be changed later (Developer Guide, "Customizing sign-in attributes")."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Shape, Side
from cognito_standby.adoption.domain.telling import console, listed

USERNAMES = Matter(
    *("username-attributes", Severity.BLOCKS),
    "people are known otherwise: the pools take other attributes as username",
    "Whoever has no such name in the backup is not made there, and nobody signs in as they know.",
)
ALIAS_LOST = Matter(
    *("alias-missing", Severity.LOSES),
    "an alias of the primary signs nobody in at the backup",
    "Who signs in by it has to know their username.",
)
ALIAS_MORE = Matter(
    *("alias-only-in-backup", Severity.INCONVENIENT),
    "the backup has an alias that the primary lacks",
    "A username that looks like an address is refused there, and of two people with one address "
    "one waits.",
)
FOLDED = Matter(
    *("case-ignored-in-backup", Severity.LOSES),
    "the primary tells capitals apart and the backup does not",
    "Of two people whose names differ in case alone, the later one is not made.",
)
TOLD_APART = Matter(
    *("case-told-apart-in-backup", Severity.INCONVENIENT),
    "the backup tells capitals apart and the primary does not",
    "Who types other capitals than they signed up with is not known.",
)
UNVERIFIED = Matter(
    *("verification-missing", Severity.LOSES),
    "the backup does not verify an address that the primary verifies",
    "Who signs up after the failover has no verified address, and can never recover.",
)
UPDATES = Matter(
    *("update-verification", Severity.INCONVENIENT),
    "a changed address is verified before it counts in one pool only",
    "A changed address counts at once in the one pool, and after a code in the other.",
)
NO_SIGN_UP = Matter(
    *("sign-up-closed", Severity.LOSES),
    "people sign up in the primary, and in the backup administrators alone make users",
    "Nobody can sign up while the backup is active.",
)
SIGN_UP_OPEN = Matter(
    *("sign-up-open", Severity.BLOCKS),
    "administrators alone make users in the primary, and in the backup anybody can sign up",
    "While the backup is active strangers can make themselves users.",
)
NO_RECOVERY = Matter(
    *("recovery-closed", Severity.BLOCKS),
    "in the backup administrators alone reset passwords",
    "No password travels, so nobody with a password gets in by themselves.",
)
RECOVERY = Matter(
    *("recovery-differs", Severity.INCONVENIENT),
    "people recover by other addresses, or in another order",
    "Codes go where people do not expect them; who has only the other address stays out.",
)
_FOR_GOOD = ("it cannot be changed later: make another backup pool with the primary's setting",)


def _set(side: Side, name: str) -> set[str]:
    return set(side.pool.get(name) or ())


def usernames(case: Case) -> Iterator[Finding]:
    """UsernameAttributes."""
    ours, theirs = (_set(side, "UsernameAttributes") for side in case.sides)
    if ours != theirs:
        told = [listed(each) if each else "free usernames" for each in (ours, theirs)]
        yield Finding(USERNAMES, "", told, _FOR_GOOD)


def aliases(case: Case) -> Iterator[Finding]:
    """AliasAttributes; pools with other usernames are told by that alone."""
    ours, theirs = (_set(side, "AliasAttributes") for side in case.sides)
    for name in sorted(ours - theirs):
        yield Finding(ALIAS_LOST, name, (listed(ours), listed(theirs)), _FOR_GOOD)
    for name in sorted(theirs - ours):
        yield Finding(ALIAS_MORE, name, (listed(ours), listed(theirs)), _FOR_GOOD)


def _sensitive(side: Side) -> bool:
    """Pools from before the setting tell capitals apart (CreateUserPool, UsernameConfiguration)."""
    return bool((side.pool.get("UsernameConfiguration") or {}).get("CaseSensitive", True))


def case_of_names(case: Case) -> Iterator[Finding]:
    """UsernameConfiguration."""
    ours, theirs = map(_sensitive, case.sides)
    if ours != theirs:
        told = ["told apart" if each else "ignored" for each in (ours, theirs)]
        yield Finding(FOLDED if ours else TOLD_APART, "", told, _FOR_GOOD)


def verification(case: Case) -> Iterator[Finding]:
    """AutoVerifiedAttributes, and what becomes of changed addresses."""
    ours, theirs = (_set(side, "AutoVerifiedAttributes") for side in case.sides)
    step = console(case.backup, "Sign-up > Attribute verification and user account confirmation")
    for name in sorted(ours - theirs):
        yield Finding(UNVERIFIED, name, (listed(ours), listed(theirs)), (step,))
    before = [
        set((side.pool.get("UserAttributeUpdateSettings") or {}).get(_BEFORE) or ())
        for side in case.sides
    ]
    if before[0] != before[1]:
        yield Finding(UPDATES, "", (listed(before[0]), listed(before[1])), (step,))


_BEFORE = "AttributesRequireVerificationBeforeUpdate"


def sign_up(case: Case) -> Iterator[Finding]:
    """AdminCreateUserConfig."""
    ours, theirs = (
        bool((side.pool.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"))
        for side in case.sides
    )
    if ours != theirs:
        told = ["administrators" if each else "everybody" for each in (ours, theirs)]
        step = console(case.backup, "Sign-up > Self-service sign-up")
        yield Finding(SIGN_UP_OPEN if ours else NO_SIGN_UP, "", told, (step,))


def _recovers_by(pool: Shape) -> list[str]:
    """In their order. Where it is not configured Cognito recovers by SMS before mail
    (CreateUserPool, AccountRecoverySetting)."""
    named = (pool.get("AccountRecoverySetting") or {}).get("RecoveryMechanisms") or ()
    ordered = sorted(named, key=lambda each: int(each["Priority"]))
    return [str(each["Name"]) for each in ordered] or ["verified_phone_number", "verified_email"]


def recovery(case: Case) -> Iterator[Finding]:
    """AccountRecoverySetting."""
    ours, theirs = (_recovers_by(side.pool) for side in case.sides)
    told = (" before ".join(ours), " before ".join(theirs))
    step = console(case.backup, "Sign-in > User account recovery")
    if theirs == ["admin_only"]:
        yield Finding(NO_RECOVERY, "", told, (step,))
    elif ours != theirs:
        yield Finding(RECOVERY, "", told, (step,))


RULES = tuple(map(Rule, (usernames, aliases, case_of_names, verification, sign_up, recovery)))
