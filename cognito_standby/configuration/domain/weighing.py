"""How much a difference between the active pool and the standby matters on the day. Pure.

The words and their order are the doctor's, which asks AWS much more and judges the pools as
primary and backup; here a difference of two snapshots is all that is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from cognito_standby.configuration.domain.differences import Difference, Kind
from cognito_standby.configuration.domain.document import Section
from cognito_standby.core.domain.severity import Severity


@dataclass(frozen=True)
class Weight:
    """`consequence`: what it means once the standby is opened."""

    severity: Severity
    consequence: str


Test = Callable[[Difference], bool]
_FACTORS = ("OFF", "OPTIONAL", "ON")
_FACTOR = "MfaConfiguration"
_ADMINISTRATORS = "AdminCreateUserConfig.AllowAdminCreateUserOnly"
_PLANS = ("LITE", "ESSENTIALS", "PLUS")
_GRANTED = (
    *("ExplicitAuthFlows", "AllowedOAuthFlows", "AllowedOAuthScopes", "CallbackURLs"),
    *("LogoutURLs", "SupportedIdentityProviders", "ReadAttributes", "WriteAttributes"),
    *("AllowedOAuthFlowsUserPoolClient", "HasSecret"),
)
"""What an app cannot work without; the rest of a client is about how long and how."""
_ATTRIBUTES = ("ReadAttributes", "WriteAttributes")
"""Lists of a client that, missing or empty, let it read or write every attribute (Developer Guide,
"Attribute permissions and scopes")."""


def weigh(each: Difference) -> Weight:
    """Of one that is not expected."""
    if each.kind is Kind.UNKNOWN:
        unread = "It could not be read on one side: it may differ or not."
        return Weight(Severity.UNKNOWN, unread)
    rules = _RULES.get(each.section, ())
    return next((weight for holds, weight in rules if holds(each)), _OTHERWISE)


def _less(each: Difference) -> bool:
    """Whether the standby lacks something of it."""
    if isinstance(each.left, list) and isinstance(each.right, list):
        return any(one not in each.right for one in each.left)
    return each.kind is Kind.ONLY_LEFT or (bool(each.left) and not each.right)


def _more(each: Difference) -> bool:
    """The standby alone has it, as a whole."""
    return each.kind is Kind.ONLY_RIGHT and not each.path


def _lacking(each: Difference) -> bool:
    """The standby lacks it as a whole."""
    return each.kind is Kind.ONLY_LEFT and not each.path


def _any(_: Difference) -> bool:
    return True


def _at(*paths: str) -> Test:
    return lambda each: any(f"{each.path}.".startswith(f"{path}.") for path in paths)


def _less_at(*paths: str) -> Test:
    return lambda each: _less(each) and _at(*paths)(each)


def _lets_all(each: Difference, *, here: bool) -> bool:
    """Whether the one side lists attributes and the other lets the app at all of them: `here` is
    the active pool. Which of them that is more, or less, two snapshots' clients do not tell."""
    left, right = (each.left, each.right) if here else (each.right, each.left)
    return each.path in _ATTRIBUTES and not left and bool(right)


def _both(each: Difference, path: str) -> tuple[Any, Any]:
    """What the two sides have there, where the difference is at that place or holds it: a pool may
    lack a whole part that has it. None twice: it is about something else."""
    if not f"{path}.".startswith(f"{each.path}."):
        return None, None
    values = [each.left, each.right]
    for name in path.removeprefix(each.path).strip(".").split("."):
        if name:
            values = [one.get(name) if isinstance(one, Mapping) else None for one in values]
    return values[0], values[1]


def _lower(path: str, order: tuple[str, ...]) -> Test:
    """The standby is before the active one in this order; what is not known counts as the last."""

    def place(value: object) -> int:
        return order.index(str(value)) if value in order else len(order)

    def lower(each: Difference) -> bool:
        here, there = _both(each, path)
        return place(there or order[0]) < place(here or order[0])

    return lower


def _opens_sign_up(each: Difference) -> bool:
    here, there = _both(each, _ADMINISTRATORS)
    return bool(here) and not there


def _closes_sign_up(each: Difference) -> bool:
    here, there = _both(each, _ADMINISTRATORS)
    return bool(there) and not here


def _closes_recovery(each: Difference) -> bool:
    """Nobody but an administrator is left to recover by."""
    _, there = _both(each, "AccountRecoverySetting.RecoveryMechanisms")
    return isinstance(there, list) and [one.get("Name") for one in there] == ["admin_only"]


def _ignores_case(each: Difference) -> bool:
    """A pool tells capitals apart unless it is told otherwise (CreateUserPool)."""
    _, there = _both(each, "UsernameConfiguration.CaseSensitive")
    return there is False


def _no_factor(each: Difference) -> bool:
    _, there = _both(each, _FACTOR)
    return _lower(_FACTOR, _FACTORS)(each) and there in (None, "OFF")


def _is(severity: Severity, consequence: str, holds: Test = _any) -> tuple[Test, Weight]:
    return holds, Weight(severity, consequence)


_OTHERWISE = Weight(Severity.INCONVENIENT, "People or apps meet another setting than at home.")
_BACK_AGAIN = _is(Severity.NOTE, "It is there while the standby is active, and not after.", _more)
_MFA = (
    _is(Severity.BLOCKS, "A password alone opens every account.", _no_factor),
    _is(
        Severity.LOSES,
        "Accounts are open by a password until people set their factor up again.",
        _lower(_FACTOR, _FACTORS),
    ),
    _is(
        Severity.INCONVENIENT,
        "People have to set up a second factor, or can.",
        _at(_FACTOR),
    ),
)
_RULES: Mapping[Section, tuple[tuple[Test, Weight], ...]] = {
    Section.POOL: (
        *_MFA,
        _is(
            Severity.BLOCKS,
            "Whoever has no such username in the standby is not made there.",
            _at("UsernameAttributes"),
        ),
        _is(Severity.BLOCKS, "Strangers can make themselves users.", _opens_sign_up),
        _is(Severity.LOSES, "Nobody can sign up.", _closes_sign_up),
        _is(Severity.BLOCKS, "Nobody with a password gets in by themselves.", _closes_recovery),
        _is(
            Severity.LOSES,
            "Who signs in by that alias has to know their username.",
            _less_at("AliasAttributes"),
        ),
        _is(
            Severity.LOSES,
            "Of two people whose names differ in case alone, the later one is not made.",
            _ignores_case,
        ),
        _is(
            Severity.LOSES,
            "Who signs up has no verified address, and can never recover.",
            _less_at("AutoVerifiedAttributes"),
        ),
        _is(
            Severity.LOSES,
            "What the lower plan lacks is not there.",
            _lower("UserPoolTier", _PLANS),
        ),
        _is(Severity.NOTE, "The standby's plan has more, and costs more.", _at("UserPoolTier")),
        _is(
            Severity.LOSES,
            "Codes go by another sender, or not at all.",
            _less_at("EmailConfiguration", "SmsConfiguration"),
        ),
        _is(
            Severity.LOSES,
            "Mail goes by another sender, which may send less or be unknown to people.",
            _at("EmailConfiguration.EmailSendingAccount", "EmailConfiguration.SourceArn"),
        ),
        _is(
            Severity.NOTE,
            "Invitations end sooner or later than people were told.",
            _at("Policies.PasswordPolicy.TemporaryPasswordValidityDays"),
        ),
        _is(
            Severity.INCONVENIENT,
            "Everybody chooses a new password on the day, by other rules.",
            _at("Policies.PasswordPolicy"),
        ),
    ),
    Section.ATTRIBUTES: (
        _BACK_AGAIN,
        _is(Severity.INCONVENIENT, "A sign-up needs other attributes.", _at("Required")),
        _is(Severity.LOSES, "Values stay behind, or are refused."),
    ),
    Section.TRIGGERS: (
        _is(Severity.LOSES, "A function of the standby has a say in sign-ups or replays.", _more),
        _is(Severity.LOSES, "What the active pool's function does is not done."),
    ),
    Section.TAGS: (_is(Severity.NOTE, "Costs and rights by tags are told otherwise."),),
    Section.MFA: (
        *_MFA,
        _is(
            Severity.LOSES,
            "Who uses that second factor has none; where one is required, they are kept out.",
            _less_at(*(f"{each}MfaConfiguration" for each in ("Sms", "Email", "SoftwareToken"))),
        ),
    ),
    Section.RESOURCE_SERVERS: (
        _BACK_AGAIN,
        _is(Severity.LOSES, "Apps and machines get no token with those scopes.", _less),
    ),
    Section.PROVIDERS: (
        _BACK_AGAIN,
        _is(Severity.LOSES, "Who comes by it does not get in, or is somebody else."),
    ),
    Section.CLIENTS: (
        _BACK_AGAIN,
        _is(Severity.LOSES, "Its app signs nobody in.", _lacking),
        _is(
            Severity.INCONVENIENT,
            "No list lets its app at every attribute, also at what people may not write at home.",
            partial(_lets_all, here=False),
        ),
        _is(
            Severity.INCONVENIENT,
            "Its app is let at the listed attributes alone, and at home at every one.",
            partial(_lets_all, here=True),
        ),
        _is(
            Severity.LOSES,
            "Its app is refused what it asks for, or sends what is not taken.",
            lambda each: _at("HasSecret")(each) or _less_at(*_GRANTED)(each),
        ),
        _is(Severity.INCONVENIENT, "Apps and people may do more than at home.", _at(*_GRANTED)),
    ),
    Section.DOMAINS: (
        _BACK_AGAIN,
        _is(Severity.LOSES, "Managed login and the token endpoint are not there.", _less),
    ),
    Section.CLIENT_METADATA: (
        _BACK_AGAIN,
        _is(Severity.LOSES, "Apps that register themselves are refused.", _less),
    ),
    Section.RISK: (_is(Severity.INCONVENIENT, "Risky sign-ins are treated otherwise."),),
    Section.LOGS: (_is(Severity.INCONVENIENT, "Logs are missing, or more, for the time."),),
    Section.WEB_ACL: (_is(Severity.INCONVENIENT, "Other requests are let through."),),
}
"""The first rule that holds. What has none is `_OTHERWISE`, as the doctor says it of a setting
without a rule."""
