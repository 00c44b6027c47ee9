"""Second factors, one-time codes and devices."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Side
from cognito_standby.adoption.domain.telling import console, listed, shown

NOT_ASKED = Matter(
    *("mfa-not-asked", Severity.BLOCKS),
    "the primary asks for second factors, and the backup has none",
    "After a failover a password alone opens every account.",
)
LESS = Matter(
    *("mfa-optional", Severity.LOSES),
    "everybody has a second factor in the primary, and in the backup only who sets one up",
    "Accounts are open by a password until people set their factor up again.",
)
REQUIRED = Matter(
    *("mfa-required", Severity.INCONVENIENT),
    "the backup requires a second factor and the primary does not",
    "Everybody without one has to set one up at their first sign-in there.",
)
OFFERED = Matter(
    *("mfa-offered", Severity.NOTE),
    "the backup offers second factors and the primary has none",
    "Who sets one up there has none after the way home.",
)
FACTOR = Matter(
    *("mfa-factor-missing", Severity.LOSES),
    "the backup does not offer a second factor that the primary offers",
    "Who uses it has no second factor there; where one is required, they are kept out.",
)
FIRST = Matter(
    *("first-factor-missing", Severity.LOSES),
    "the backup does not take a first factor that the primary takes",
    "Who signs in by it alone has to set a password first, by the address that they recover by.",
)
PASSKEYS = Matter(
    *("passkeys-enrol-again", Severity.NOTE),
    "people can have passkeys, which are bound to a pool's domain",
    "They sign in otherwise once, and enrol again.",
)
DEVICES = Matter(
    *("devices-differ", Severity.INCONVENIENT),
    "devices are remembered otherwise",
    "People are asked for a second factor more often, or less often, than they know.",
)
_RANK = ("OFF", "OPTIONAL", "ON")
_OFFERS = {
    "codes by SMS": "SmsMfaConfiguration",
    "codes by mail": "EmailMfaConfiguration",
    "authenticator apps": "SoftwareTokenMfaConfiguration",
}
_PASSKEY = "WEB_AUTHN"


def _asks(side: Side) -> str:
    return str(side[Part.FACTORS].get("MfaConfiguration") or "OFF")


def _offered(side: Side) -> set[str]:
    told = side[Part.FACTORS]
    return {
        name for name, key in _OFFERS.items() if told.get(key) and told[key].get("Enabled", True)
    }


def _asked_otherwise(ours: str, theirs: str) -> Matter:
    """A value that is not known here counts as the strictest."""
    rank = {name: place for place, name in enumerate(_RANK)}
    if rank.get(theirs, len(rank)) > rank.get(ours, len(rank)):
        return OFFERED if theirs == "OPTIONAL" else REQUIRED
    return NOT_ASKED if theirs == "OFF" else LESS


def second(case: Case) -> Iterator[Finding]:
    """MfaConfiguration, and which factors there are."""
    ours, theirs = map(_asks, case.sides)
    step = console(case.backup, "Sign-in > Multi-factor authentication")
    if ours != theirs:
        yield Finding(_asked_otherwise(ours, theirs), "", (ours, theirs), (step,))
    if "OFF" in (ours, theirs):
        return
    here, there = map(_offered, case.sides)
    for name in sorted(here - there):
        yield Finding(FACTOR, name, (listed(here), listed(there)), (step,))


def _first(side: Side) -> set[str]:
    policy = (side.pool.get("Policies") or {}).get("SignInPolicy") or {}
    return set(policy.get("AllowedFirstAuthFactors") or ("PASSWORD",))


def first(case: Case) -> Iterator[Finding]:
    """SignInPolicy."""
    ours, theirs = map(_first, case.sides)
    step = console(case.backup, "Sign-in > Options for choice-based sign-in")
    for name in sorted(ours - theirs):
        yield Finding(FIRST, name, (listed(ours), listed(theirs)), (step,))
    if _PASSKEY in ours:
        mend = ("tell people: docs/fidelity.md, second factors and one-time codes",)
        yield Finding(PASSKEYS, "", (listed(ours), listed(theirs)), mend)


def devices(case: Case) -> Iterator[Finding]:
    """DeviceConfiguration."""
    ours, theirs = (dict(side.pool.get("DeviceConfiguration") or {}) for side in case.sides)
    if ours != theirs:
        step = console(case.backup, "Sign-in > Device tracking")
        yield Finding(DEVICES, "", (shown(ours), shown(theirs)), (step,))


RULES = (Rule(second, (Part.POOL, Part.FACTORS)), Rule(first), Rule(devices))
