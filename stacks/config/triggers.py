"""What a pool's triggers do beside what replication needs of them."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from stacks.config import shapes
from stacks.config.parts import ConfigPart
from stacks.partitions import in_standard_arn

FunctionArn = Annotated[str, Field(pattern=shapes.FUNCTION), AfterValidator(in_standard_arn)]
Plan = Literal["lite", "essentials", "plus"]
FIRST_EVENT = "V1_0"
SLOTS = ("pre_sign_up", "pre_token_generation", "pre_authentication", "custom_message")
"""Triggers with parts of ours behind the owner's function, each named after its task."""
OWNED = ("post_confirmation", *SLOTS)
"""Triggers that ask an owner's function, if there is one: all of them."""

RESERVED_CLAIMS = frozenset(
    {
        *("acr", "amr", "at_hash", "aud", "auth_time", "azp", "client_id", "device_key"),
        *("event_id", "exp", "iat", "identities", "iss", "jti", "nbf", "nonce", "origin_jti"),
        *("scope", "sub", "token_use", "username", "version"),
    }
)
"""Claims that the trigger cannot set ("Pre token generation Lambda trigger", Amazon Cognito
Developer Guide); those with a colon are refused by their shape."""
PROFILE_CLAIMS = frozenset(
    {
        *("address", "birthdate", "email", "email_verified", "family_name", "gender"),
        *("given_name", "locale", "middle_name", "name", "nickname", "phone_number"),
        *("phone_number_verified", "picture", "preferred_username", "profile", "updated_at"),
        *("website", "zoneinfo"),
    }
)
"""Claims that say something else of the person (OpenID Connect Core, 5.1)."""


class OwnersPart(ConfigPart):
    """What of a trigger is yours. A pool has one function for a trigger: ours, which asks yours."""

    primary_function: FunctionArn | None = Field(
        default=None,
        description="Your function for this trigger in the primary Region, asked with the event as "
        "Cognito sent it; its answer and its errors stand. It has 3 s, in PostConfirmation 4.",
    )
    backup_function: FunctionArn | None = Field(
        default=None, description="The same in the backup Region."
    )

    def function(self, *, primary: bool) -> str | None:
        """The owner's function in one of the Regions."""
        return self.primary_function if primary else self.backup_function


class TriggerSlot(OwnersPart):
    """One trigger of the pool. It asks your function first."""

    concurrency: int | None = Field(
        default=None,
        ge=0,
        le=100_000,
        description="Lambda concurrency reserved for it in each Region, a floor and a cap. null: "
        "for PreSignUp and CustomMessage what Cognito's quotas can ask for at once, 150 "
        "and 240 by default, and nothing where `trigger_concurrency` is 0; for the others nothing. "
        "What is not reserved is "
        "the account's, and a burst of other functions can make sign-ups or sign-ins fail.",
    )


class TokenSlot(TriggerSlot):
    """The trigger that is asked for every set of tokens."""

    event: Literal["V1_0", "V2_0", "V3_0"] = Field(
        default="V1_0",
        description="Created pools: the version of its event. V1_0: the claim is in ID tokens. "
        "V2_0 and V3_0: in access tokens as well; they need the plan Essentials or Plus.",
    )


class Triggers(ConfigPart):
    """What the pool's triggers do.

    Created pools have them attached (`attach_trigger`). To an existing pool you attach what the
    outputs `PreSignUpArn`, `PreTokenGenerationArn`, `PreAuthenticationArn` and `CustomMessageArn`
    name; see docs/apps.md and docs/fence.md.
    """

    fence: Literal["on", "off"] | None = Field(
        default=None,
        description="The pool of the Region that stands by refuses sign-up, sign-in, recovery and "
        "renewed sessions (docs/fence.md). null: on for created pools, off for existing ones, "
        "whose triggers you attach yourself: all four, or it has gaps.",
    )
    origin_sub_claim: str | None = Field(
        default="origin_sub",
        pattern=shapes.CLAIM,
        description="Claim by which tokens of both pools name a person; null: none.",
    )
    post_confirmation: OwnersPart = Field(
        default_factory=OwnersPart,
        description="The hint that somebody signed up or recovered. Your function is asked beside "
        "it, whatever becomes of the hint. Its concurrency: `trigger_concurrency`.",
    )
    pre_sign_up: TriggerSlot = Field(
        default_factory=TriggerSlot,
        description="Fence; refuses callers who name an origin sub. Your function is also asked "
        "for whom a replay makes: let it return the event for PreSignUp_AdminCreateUser.",
    )
    pre_token_generation: TokenSlot = Field(
        default_factory=TokenSlot,
        description="Fence and claim. Asked for every set of tokens, of a renewed session, too.",
    )
    pre_authentication: TriggerSlot = Field(
        default_factory=TriggerSlot,
        description="Fence. Asked at the first call of every sign-in.",
    )
    custom_message: TriggerSlot = Field(
        default_factory=TriggerSlot,
        description="Fence. Asked before every code and invitation; what your function answers "
        "is sent.",
    )

    @model_validator(mode="after")
    def _free_claim(self) -> Self:
        name = self.origin_sub_claim
        if name in RESERVED_CLAIMS | PROFILE_CLAIMS:
            raise ValueError(f"origin_sub_claim: {name} says something else in a token")
        return self

    @property
    def owners(self) -> dict[str, OwnersPart]:
        """Every trigger that asks an owner's function."""
        return {name: getattr(self, name) for name in OWNED}

    def slot(self, task: str) -> TriggerSlot | None:
        """The trigger that a task is the function of, but for PostConfirmation's."""
        return getattr(self, task) if task in SLOTS else None


def check_triggers(
    triggers: Triggers, plan: Plan | None, *, creates: bool, primary: str, backup: str
) -> None:
    """ValueError: a function in another Region, one Region without, or a plan that lacks it."""
    for slot, told in triggers.owners.items():
        functions = {primary: told.primary_function, backup: told.backup_function}
        if len([arn for arn in functions.values() if arn]) == 1:
            raise ValueError(f"triggers.{slot}: name a function in both Regions, or in none")
        for region, arn in functions.items():
            if arn and not re.match(rf"arn:[a-z-]+:lambda:{re.escape(region)}:", arn):
                raise ValueError(f"triggers.{slot}: {arn} is not in {region}")
    event = triggers.pre_token_generation.event
    if not creates and (plan or event != FIRST_EVENT):
        raise ValueError(
            "plan and triggers.pre_token_generation.event are for created pools: remove them"
        )
    if event != FIRST_EVENT and plan not in ("essentials", "plus"):
        raise ValueError(
            f"triggers.pre_token_generation.event: {event} changes access tokens, which needs plan "
            "essentials or plus"
        )
