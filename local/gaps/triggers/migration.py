"""UserMigration: at a password sign-in or a ForgotPassword for a name that nobody has.

What its answer makes of it: `local.cognito_rules.migrations`. The user is made by an
AdminCreateUser that runs through the layers behind this one, so PreSignUp, CustomMessage, the
pool's rules and the aliases are asked as for any other; then the call goes on as if the user had
always been there.

Limits: managed login and the choice-based sign-in do not ask; CustomMessage is asked only for a
welcome by e-mail; for the time between two steps the new user waits for a first password.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.cognito_factors import pool_factors, write
from local.cognito_rules import migrations
from local.cognito_rules.migrations import FORGOT, RESPONSE, SIGN_IN, TRIGGER, Migrated
from local.cognito_rules.refusals import CognitoError
from local.cognito_store import CognitoStore, Pool
from local.gaps.triggers import events
from local.gaps.triggers.invoking import AnsweredError, Invoker
from local.gateway import TARGET, Forward
from local.protocol import Call, Reply, json_headers, request_scope

_SIGN_INS = ("InitiateAuth", "AdminInitiateAuth")
_ASKING = (*_SIGN_INS, "ForgotPassword")


@dataclass(frozen=True)
class _Stranger:
    """A call that names somebody whom the pool does not have."""

    call: Call
    pool: Pool
    name: str
    password: str

    @property
    def client_id(self) -> str:
        return str(self.call.params.get("ClientId") or "")

    def event(self) -> dict[str, Any]:
        """A sign-in's ClientMetadata is `validationData`, a ForgotPassword's `clientMetadata`."""
        told = self.call.params.get("ClientMetadata") or None
        sign_in = {"password": self.password, "validationData": told}
        return events.event(
            SIGN_IN if self.call.operation in _SIGN_INS else FORGOT,
            region=self.pool.region,
            pool_id=self.pool.id,
            username=self.name,
            client_id=self.client_id,
            request=sign_in if self.call.operation in _SIGN_INS else events.metadata(told),
            response=RESPONSE,
        )


class UserMigration:
    """A layer that asks about strangers, and lets whom the answer makes go on."""

    def __init__(self, store: CognitoStore, invoker: Invoker) -> None:
        self._store, self._invoker = store, invoker

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Ask and make somebody first, where the call names a stranger."""
        stranger = self._stranger(call)
        if stranger is not None:
            try:
                await self._meet(stranger, forward)
            except CognitoError as why:
                refused = migrations.could_not(stranger.client_id, why)
                return Reply.refusal(refused.code, refused.message)
        return await forward(call)

    def _stranger(self, call: Call) -> _Stranger | None:
        pool = self._store.pool_of(call) if call.operation in _ASKING else None
        if pool is None or not pool.trigger(TRIGGER):
            return None
        given = call.params.get("AuthParameters") or {}
        if call.operation in _SIGN_INS:
            client = pool.client(str(call.params.get("ClientId") or "")) or {}
            flows = tuple(client.get("ExplicitAuthFlows") or ())
            if not migrations.hands_over(flows, str(call.params.get("AuthFlow") or "")):
                return None
            if not given.get("PASSWORD"):
                return None
        name = str(call.params.get("Username") or given.get("USERNAME") or "")
        if not name or pool.find(name) is not None:
            return None
        return _Stranger(call, pool, name, str(given.get("PASSWORD") or ""))

    async def _meet(self, stranger: _Stranger, forward: Forward) -> None:
        """Make whom the answer names, if it names anybody. CognitoError: nobody was made."""
        pool = stranger.pool
        try:
            response = await self._invoker.ask(TRIGGER, pool.trigger(TRIGGER), stranger.event())
        except AnsweredError as failed:
            raise CognitoError(failed.reply.error, failed.reply.message) from failed
        user = migrations.migrated(pool.settings, stranger.name, response)
        if user is None:
            return
        factors = migrations.second_factors(pool_factors(pool.raw), user)
        made = await forward(_creation(stranger, user))
        if made.ok:
            raw = pool.raw["_users"][made.json["User"]["Username"]]
            # Without a password the emulator would let in anybody.
            raw["_password"] = stranger.password or secrets.token_urlsafe()
            raw["UserStatus"] = user.status.value
            write(raw, factors)
        elif pool.find(stranger.name) is None:  # else another call has just made them
            raise CognitoError(made.error, made.message)


def _creation(stranger: _Stranger, user: Migrated) -> Call:
    """AdminCreateUser, by Cognito itself."""
    told = stranger.call.params.get("ClientMetadata") or {}
    sign_in = stranger.call.operation in _SIGN_INS
    params: dict[str, Any] = {
        "UserPoolId": stranger.pool.id,
        "Username": user.username,
        "UserAttributes": _pairs(user.attributes),
        "DesiredDeliveryMediums": list(user.mediums),
        "ForceAliasCreation": user.forced,
        **({} if user.welcome else {"MessageAction": "SUPPRESS"}),
        **({"ValidationData": _pairs(told)} if sign_in else {"ClientMetadata": dict(told)}),
    }
    operation, pool = "AdminCreateUser", stranger.pool
    headers = json_headers(TARGET + operation, "cognito-idp", pool.region, pool.account)
    return Call(operation, params, headers, request_scope("/", headers))


def _pairs(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]
