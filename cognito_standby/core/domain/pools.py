"""What a user pool is and what was seen in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.core.domain.attribute_limits import AttributeRule
from cognito_standby.core.domain.contacts import with_flags
from cognito_standby.core.domain.groups import is_of_provider
from cognito_standby.core.domain.identities import (
    IDENTITIES,
    Identity,
    federated_fields,
    linked_fields,
)
from cognito_standby.core.domain.sign_in import PASSKEY, Factor, SignInRules
from cognito_standby.core.domain.sign_in_names import SignInNames
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    DESCRIPTION,
    ENABLED,
    FACTOR,
    FALSE,
    FEDERATED,
    GROUP,
    LINKED,
    PRECEDENCE,
    PREFERRED_FACTOR,
    PRESENT,
    ROLE,
    TRUE,
    USERNAME,
    Fields,
    SubjectKind,
)

ORIGIN_SUB_ATTRIBUTE = "custom:origin_sub"
"""Copy of the origin sub in the pools, for tokens. Not a field: the ledger is the truth."""

NEVER_REPLICATED = frozenset({"sub", IDENTITIES, ORIGIN_SUB_ATTRIBUTE})
"""Attributes that Cognito sets itself, or that we do."""

FACTORS = frozenset({*Factor, PASSKEY})
"""What is recorded of how somebody proves who they are; what Cognito has since learnt is not."""


class UserStatus(StrEnum):
    """Cognito's UserStatusType."""

    UNCONFIRMED = "UNCONFIRMED"
    CONFIRMED = "CONFIRMED"
    ARCHIVED = "ARCHIVED"
    COMPROMISED = "COMPROMISED"
    UNKNOWN = "UNKNOWN"
    RESET_REQUIRED = "RESET_REQUIRED"
    FORCE_CHANGE_PASSWORD = "FORCE_CHANGE_PASSWORD"  # noqa: S105 - a status, not a password
    EXTERNAL_PROVIDER = "EXTERNAL_PROVIDER"


@dataclass(frozen=True)
class PoolSchema:
    """What a pool can hold.

    `sign_in_attributes` is Cognito's UsernameAttributes: empty where usernames are free, else
    the attributes (email, phone_number) that stand in for a username at creation.
    `alias_attributes`: a verified value of these signs in beside the username, for one user only.
    `triggers`: those of its Lambda triggers that bear on a replay (`domain.pool_triggers`).
    `on_demand`: it asks our function about whoever it does not know, who is made by coming.
    `group_roles`: shared names of the IAM roles that a group may be given here (`domain.groups`).
    `providers`: names of its identity providers; `pairwise`: those of them, by configuration,
    whose subject for a person is another one in each pool. `sign_in`: what it offers and asks for
    at a sign-in. `carries_factors`: whether replays turn on second factors here; not where people
    are to come in by one-time codes, which exclude them (`domain.after_failover`).
    """

    attributes: Mapping[str, AttributeRule]
    sign_in_attributes: tuple[str, ...] = ()
    alias_attributes: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    on_demand: bool = False
    group_roles: frozenset[str] = frozenset()
    providers: tuple[str, ...] = ()
    sign_in: SignInRules = field(default_factory=SignInRules)
    carries_factors: bool = True
    pairwise: frozenset[str] = frozenset()
    case_sensitive: bool = False

    @property
    def names(self) -> SignInNames:
        """By what people sign in."""
        return SignInNames(self.sign_in_attributes, self.alias_attributes, self.case_sensitive)

    @property
    def free_usernames(self) -> bool:
        """Whether a username is chosen by the person rather than made by Cognito."""
        return not self.sign_in_attributes


@dataclass(frozen=True)
class PoolUser:
    """A user as read from a pool: attributes include `sub`; a listing leaves groups and factors
    empty. `factors`: second factors that are turned on, and WEB_AUTHN of whoever has a passkey,
    where the pool offers those; `preferred_factor`: one of them, or nothing."""

    sub: str
    username: str
    status: UserStatus
    enabled: bool
    attributes: Mapping[str, str]
    groups: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    preferred_factor: str = ""

    @property
    def origin_sub(self) -> str:
        """The copy of the origin sub, or nothing. A claim to be checked against the ledger."""
        return self.attributes.get(ORIGIN_SUB_ATTRIBUTE, "")


@dataclass(frozen=True)
class PoolGroup:
    """A group definition. `role`: the shared name of its IAM role (`domain.groups`), or nothing."""

    name: str
    description: str = ""
    precedence: int | None = None
    role: str = ""


def user_fields(user: PoolUser, schema: PoolSchema) -> Fields:
    """The replicated state of a user. A blank attribute counts as absent: Cognito removes an
    attribute that is set to a blank value, so a pool could never show it again; an address without
    its flag counts as not verified. What Cognito says of a provider's group is about this pool."""
    fields = {PRESENT: TRUE, ENABLED: TRUE if user.enabled else FALSE}
    if schema.free_usernames:
        fields[USERNAME] = user.username
    for name, value in user.attributes.items():
        if value and name not in NEVER_REPLICATED:
            fields[ATTRIBUTE + name] = value
    theirs = (GROUP + name for name in user.groups if not is_of_provider(name))
    fields |= dict.fromkeys(theirs, TRUE)
    fields |= linked_fields(user.attributes)
    fields |= {FACTOR + name: TRUE for name in user.factors if name in FACTORS}
    if FACTOR + user.preferred_factor in fields:
        fields[PREFERRED_FACTOR] = user.preferred_factor
    return with_flags({**fields, **federated_fields(user.attributes)})


def group_fields(group: PoolGroup) -> Fields:
    """The replicated state of a group definition."""
    fields = {PRESENT: TRUE}
    if group.description:
        fields[DESCRIPTION] = group.description
    if group.precedence is not None:
        fields[PRECEDENCE] = str(group.precedence)
    if group.role:
        fields[ROLE] = group.role
    return fields


def is_state(kind: SubjectKind, fields: Fields) -> bool:
    """Whether a pool could show such a state. A state that no pool can show would never be
    confirmed, however often it is written."""
    return all(_is_field(kind, name, value) for name, value in fields.items())


def _is_field(kind: SubjectKind, name: str, value: str) -> bool:
    if name == PRESENT:
        return value == TRUE
    match kind:
        case SubjectKind.GROUP:
            precedence = name == PRECEDENCE and value.isascii() and value.isdigit()
            return precedence or (name in (DESCRIPTION, ROLE) and value != "")
        case SubjectKind.USER:
            if name == ENABLED:
                return value in (TRUE, FALSE)
            if name.startswith(GROUP):
                return value == TRUE and name != GROUP
            if name.startswith(FACTOR):
                return value == TRUE and name.removeprefix(FACTOR) in FACTORS
            if name == PREFERRED_FACTOR:
                return value in FACTORS
            if name == FEDERATED:
                return Identity.from_text(value) is not None
            if name.startswith(LINKED):
                who = Identity.from_text(value)
                return who is not None and name == who.linked
            return value != "" and (
                name == USERNAME or (name.startswith(ATTRIBUTE) and name != ATTRIBUTE)
            )


@dataclass(frozen=True)
class Observation:
    """What one look into the pool found for a subject; `fields` is empty when it is absent."""

    fields: Fields
    local_sub: str = ""
    username: str = ""
    status: UserStatus | None = None
    origin_sub: str = ""
    """The pool's copy; as `PoolUser.origin_sub`."""

    @property
    def present(self) -> bool:
        """Whether the subject is in the pool."""
        return bool(self.fields)
