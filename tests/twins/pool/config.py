"""How a pool of the strict twin is set up: what its rules look at, and what only a twin has."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.domain.attribute_limits import AttributeRule, AttributeType
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, PoolSchema
from cognito_standby.core.domain.sign_in import (
    Channel,
    Factor,
    FirstFactor,
    MfaMode,
    SignInRules,
)
from local.cognito_rules.factors import First, Mfa, PoolFactors, Second
from local.cognito_rules.pools import (
    CONTACTS,
    AppClient,
    AttributeSpec,
    Kind,
    PasswordPolicy,
    PoolSettings,
)

__all__ = ["CONTACTS", "AttributeSpec", "Kind", "PasswordPolicy", "PoolConfig"]


@dataclass(frozen=True)
class PoolConfig(PoolSettings):
    """Settings of one pool.

    unwritable             what the app client may not write (WriteAttributes turned round)
    page_sizes             sizes that cap the pages of a listing, in turn; 0 is an empty page
    alias_moves_on_update  an administrator's update that verifies another user's alias moves it,
                           as has been observed on AliasAttributes pools (re:Post,
                           "cognito-email-verified-attribute"), where the API reference lists
                           AliasExistsException
    triggers               Lambda triggers that bear on replays, by name
    mfa, seconds, firsts   MfaConfiguration, the second factors that it offers, and
                           AllowedFirstAuthFactors
    """

    auto_verified: tuple[str, ...] = ("email",)
    case_sensitive: bool = False
    pool_id: str = "us-east-1_MemoryPool"
    unwritable: frozenset[str] = frozenset({ORIGIN_SUB_ATTRIBUTE})
    page_sizes: tuple[int, ...] = ()
    alias_moves_on_update: bool = False
    triggers: tuple[str, ...] = ()
    mfa: Mfa = Mfa.OFF
    seconds: frozenset[Second] = frozenset()
    firsts: tuple[First, ...] = (First.PASSWORD,)

    def __post_init__(self) -> None:
        if self.username_attributes and self.alias_attributes:
            raise ValueError("a pool has username attributes or alias attributes, not both")
        if not set(self.verify_before_update) <= set(self.auto_verified):
            # UpdateUserPool answers so (aws-cli, issue 7151).
            raise ValueError("what requires verification must be auto-verified")
        if self.page_sizes and not any(self.page_sizes):
            raise ValueError("a listing of empty pages alone would never end")
        required = self.specs()["preferred_username"].required
        if required and "preferred_username" in self.alias_attributes:
            raise ValueError("preferred_username is an alias or required, not both")

    def client(self) -> AppClient:
        """The app client of the people."""
        return AppClient(frozenset(self.specs()) - self.unwritable)

    def schema(self) -> PoolSchema:
        """What the port tells of it."""
        rules = {name: _rule(spec) for name, spec in self.specs().items()}
        return PoolSchema(
            *(rules, self.username_attributes, self.alias_attributes, self.triggers),
            sign_in=self.sign_in(),
            case_sensitive=self.case_sensitive,
        )

    def factors(self) -> PoolFactors:
        """As the rules of factors see it."""
        return PoolFactors(self.mfa, self.seconds, self.firsts, self.recovery)

    def sign_in(self) -> SignInRules:
        """What GetUserPoolMfaConfig and DescribeUserPool tell."""
        return SignInRules(
            recovery=tuple(map(Channel, self.recovery)),
            mfa=MfaMode(self.mfa),
            factors=frozenset(map(Factor, self.seconds)),
            first_factors=frozenset(map(FirstFactor, self.firsts)),
        )


def _rule(spec: AttributeSpec) -> AttributeRule:
    limits: dict[Kind, tuple[int | None, int | None]] = {
        Kind.STRING: (spec.min_length, spec.max_length),
        Kind.NUMBER: (spec.min_value, spec.max_value),
    }
    least, most = limits.get(spec.kind, (None, None))
    return AttributeRule(spec.mutable, spec.required, AttributeType(spec.kind), least, most)
