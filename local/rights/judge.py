"""Whether somebody may do something.

Source: IAM User Guide, "Policy evaluation logic" with "How AWS enforcement code logic evaluates
requests to allow or deny access", "Cross-account policy evaluation logic", and "Permissions
boundaries for IAM entities". Neither organizations' policies nor session policies, which the local
AWS has not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from typing import assert_never

from local.rights.catalogue import check_access, check_key
from local.rights.conditions import holds
from local.rights.model import (
    Access,
    Administrator,
    Context,
    Principal,
    RightsVerdict,
    RoleSession,
    ServicePrincipal,
    UnknownToJudgeError,
    account_of,
    context_of,
)
from local.rights.patterns import action_matches, resource_matches
from local.rights.policies import Effect, Patterns, Policy, Principals, Statement


class _Named(Enum):
    """How a resource's policy names who asks; the later, the more."""

    NOT = auto()
    ACCOUNT = auto()
    """Its account: a delegation to the account's identity policies, no grant."""
    ROLE = auto()
    """The role's ARN: a boundary's implicit denial still counts."""
    DIRECTLY = auto()
    """The role session, everybody, or the service: a boundary's implicit denial does not count."""


def decide(
    access: Access,
    principal: Principal,
    *,
    identity: Sequence[Policy] = (),
    boundary: Policy | None = None,
    resource_policy: Policy | None = None,
    owner: str = "",
) -> RightsVerdict:
    """Judge one access.

    `identity` are the role's policies, `boundary` is its permissions boundary, `resource_policy`
    that of the queue, topic, bucket, key, bus, function, table or role (its trust policy). Who is
    no role has neither of the first two. `owner` is the account of the resource, without one that
    which its ARN names (a bucket's names none). UnknownToJudgeError: see there.
    """
    check_access(access)
    everything = (*identity, *filter(None, (boundary,)))
    _check_elements(access, everything, resource_policy)
    context = context_of(_about(principal), access.context)
    case = _Case(access, principal, context, foreign=_is_foreign(access, principal, owner))
    if denial := case.denial(everything, resource_policy):
        return RightsVerdict(allowed=False, reason=f"denied explicitly by {denial}")
    return case.verdict(identity, boundary, resource_policy)


class _Case:
    """One access by one principal."""

    def __init__(
        self, access: Access, principal: Principal, context: Context, *, foreign: bool
    ) -> None:
        self._access, self._principal, self._context = access, principal, context
        self._foreign = foreign

    def verdict(
        self, identity: Sequence[Policy], boundary: Policy | None, resource: Policy | None
    ) -> RightsVerdict:
        """What allows it, where nothing denies it explicitly."""
        named = self._named_by(resource)
        if isinstance(self._principal, ServicePrincipal):
            return _told(named is _Named.DIRECTLY, "the resource's policy", "no resource's policy")
        by_identity = isinstance(self._principal, Administrator) or self._allowed_by(identity)
        bounded = boundary is not None and not self._allowed_by((boundary,))
        return self._weighed(named, by_identity=by_identity, bounded=bounded)

    def _weighed(self, named: _Named, *, by_identity: bool, bounded: bool) -> RightsVerdict:
        if self._foreign:
            return self._weighed_across(named, by_identity=by_identity, bounded=bounded)
        if named is _Named.DIRECTLY:
            return RightsVerdict(allowed=True, reason="the resource's policy")
        if bounded:
            return RightsVerdict(allowed=False, reason="the permissions boundary does not allow it")
        if named is _Named.ROLE:
            return RightsVerdict(allowed=True, reason="the resource's policy")
        if _must_be_asked(self._access) and named is _Named.NOT:
            return RightsVerdict(
                allowed=False, reason="the resource's own policy does not allow it"
            )
        return _told(by_identity, "an identity policy", "no identity policy")

    @staticmethod
    def _weighed_across(named: _Named, *, by_identity: bool, bounded: bool) -> RightsVerdict:
        """Both accounts must allow it, however the resource's policy names who asks: the account,
        the role or the session."""
        if named is _Named.NOT:
            reason = "the resource's own policy, in another account, does not allow it"
            return RightsVerdict(allowed=False, reason=reason)
        if bounded:
            return RightsVerdict(allowed=False, reason="the permissions boundary does not allow it")
        both = "an identity policy and the resource's policy"
        return _told(by_identity, both, "no identity policy")

    def denial(self, identity: Iterable[Policy], resource: Policy | None) -> str:
        """Name of a policy that denies it explicitly, or ""."""
        for policy in identity:
            for statement in policy.statements:
                if statement.effect is Effect.DENY and self._fits(statement):
                    return policy.name or "an identity policy"
        for statement in resource.statements if resource else ():
            denies = statement.effect is Effect.DENY and self._fits(statement)
            if denies and _names(statement.principals, self._principal) is not _Named.NOT:
                return (resource.name if resource else "") or "the resource's policy"
        return ""

    def _named_by(self, resource: Policy | None) -> _Named:
        """The best of what the allowing statements say about who asks."""
        found = [
            _names(statement.principals, self._principal)
            for statement in (resource.statements if resource else ())
            if statement.effect is Effect.ALLOW and self._fits(statement)
        ]
        return max(found, key=lambda one: one.value, default=_Named.NOT)

    def _allowed_by(self, policies: Iterable[Policy]) -> bool:
        return any(
            statement.effect is Effect.ALLOW and self._fits(statement)
            for policy in policies
            for statement in policy.statements
        )

    def _fits(self, statement: Statement) -> bool:
        """A statement with an unmet condition does not apply: an Allow allows nothing then, and a
        Deny denies nothing."""
        if not _listed(statement.actions, self._access.action, action_matches):
            return False
        resources = statement.resources
        if resources and not _listed(resources, self._access.resource, resource_matches):
            return False
        for condition in statement.conditions:
            check_key(self._access.action, condition.key)
        return all(holds(condition, self._context) for condition in statement.conditions)


def _check_elements(access: Access, identity: Iterable[Policy], resource: Policy | None) -> None:
    """UnknownToJudgeError: a document that AWS would not take as this kind of policy. Without a
    resource it would be about everything."""
    for policy in identity:
        for one in policy.statements:
            if one.resources is None or one.principals is not None:
                raise UnknownToJudgeError(f"{policy.name}: no statement of an identity policy")
    trusts = access.action.startswith("sts:")
    if resource and not trusts and any(one.resources is None for one in resource.statements):
        raise UnknownToJudgeError(f"{resource.name}: a statement without a resource")


def _listed(patterns: Patterns, value: str, match: Callable[[str, str], bool]) -> bool:
    return any(match(pattern, value) for pattern in patterns.values) is not patterns.inverted


def _names(principals: Principals | None, who: Principal) -> _Named:
    """How an element names somebody. UnknownToJudgeError: NotPrincipal, which AWS advises against
    and nobody here uses; a resource's policy without a principal."""
    if principals is None or principals.inverted:
        raise UnknownToJudgeError("a resource's policy whose statement has no Principal")
    if isinstance(who, ServicePrincipal):
        known = who.name in principals.services or "*" in principals.aws
        return _Named.DIRECTLY if known else _Named.NOT
    if "*" in principals.aws:
        return _Named.DIRECTLY
    if isinstance(who, RoleSession):
        if who.session_arn in principals.aws:
            return _Named.DIRECTLY
        if who.role_arn in principals.aws:
            return _Named.ROLE
    return _Named.ACCOUNT if any(_is_account(one, who) for one in principals.aws) else _Named.NOT


def _is_account(named: str, who: RoleSession | Administrator) -> bool:
    """`111122223333` and `arn:aws:iam::111122223333:root` are one."""
    return named == who.account or (
        named.startswith("arn:") and named.endswith(f":iam::{who.account}:root")
    )


def _is_foreign(access: Access, who: Principal, owner: str) -> bool:
    """Whether the resource is another account's. A service is of no account: the resource's policy
    alone lets it in."""
    if isinstance(who, ServicePrincipal) or not access.resource.startswith("arn:"):
        return False
    owner = owner or account_of(access.resource)
    return bool(owner) and owner != who.account


def _must_be_asked(access: Access) -> bool:
    """Keys and roles: their own policy must let somebody in, or delegate to the account (KMS
    developer guide, "Key policies"; IAM User Guide, "Role trust policies")."""
    service = access.action.split(":")[0]
    return access.resource != "*" and service in ("kms", "sts")


def _told(allowed: bool, source: str, otherwise: str) -> RightsVerdict:
    return RightsVerdict(allowed, source if allowed else f"{otherwise} allows it")


def _about(who: Principal) -> Context:
    """The global condition keys that say who asks (IAM User Guide, "AWS global condition context
    keys")."""
    match who:
        case RoleSession():
            named = {
                "aws:PrincipalArn": who.role_arn,
                "aws:PrincipalAccount": who.account,
                "aws:PrincipalType": "AssumedRole",
                "aws:PrincipalIsAWSService": "false",
            }
            return context_of(named)
        case Administrator():
            named = {
                "aws:PrincipalAccount": who.account,
                "aws:PrincipalType": "User",
                "aws:PrincipalIsAWSService": "false",
            }
            return context_of(named)
        case ServicePrincipal():
            told = {
                "aws:PrincipalServiceName": who.name,
                "aws:PrincipalIsAWSService": "true",
                "aws:SourceArn": who.source_arn,
                "aws:SourceAccount": who.source_account,
            }
            return context_of({key: value for key, value in told.items() if value})
        case _:
            assert_never(who)
