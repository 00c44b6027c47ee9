"""A sign-in through a provider, after the provider has vouched for the person."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from local.cognito_rules import federation as rules
from local.cognito_rules.federation import Landing, Link
from local.cognito_rules.refusals import CognitoError
from local.cognito_store import CognitoStore
from local.gaps.federation.profiles import Profiles, Raw
from local.gaps.triggers.inside import Inside
from local.gaps.triggers.invoking import AnsweredError, serving
from local.protocol import Reply

_CONFIRMED, _HOSTED = "PostConfirmation_ConfirmSignUp", "TokenGeneration_HostedAuth"
_ERROR = "invalid_request"


class RefusedError(Exception):
    """The sign-in fails with this text, as the `error_description` of managed login."""


@dataclass(frozen=True)
class Vouched:
    """Who signs in: by which provider, with which subject and claims, at which client."""

    provider: str
    subject: str
    claims: dict[str, Any]
    client_id: str


class ProviderSignIn:
    """An act of the control interface."""

    def __init__(self, store: CognitoStore, inside: Inside) -> None:
        self._store, self._inside = store, inside
        self._turns = asyncio.Lock()

    async def play(self, wanted: dict[str, Any]) -> Reply:
        """`pool`, `provider`, `subject`, `claims`, and `client` if it is not the pool's first one.

        Answers the username and the tokens, or managed login's form of an error.
        """
        from ministack.core.responses import request_scope  # noqa: PLC0415

        pool = self._store.pool(str(wanted["pool"]))
        if pool is None:
            return _refused(f"there is no pool {wanted['pool']}")
        client_id = str(wanted.get("client") or next(iter(pool.raw["_clients"]), ""))
        subject, claims = str(wanted["subject"]), dict(wanted.get("claims") or {})
        vouched = Vouched(str(wanted["provider"]), subject, claims, client_id)
        serving.set(asyncio.get_running_loop())
        async with self._turns:
            try:
                with request_scope(pool.account, pool.region):
                    told = await asyncio.to_thread(self._sign_in, pool.id, vouched)
            except CognitoError as refused:
                return _refused(refused.message)
            except (RefusedError, AnsweredError) as refused:
                return _refused(str(refused))
        return Reply.of(told)

    def _sign_in(self, pool_id: str, who: Vouched) -> Raw:
        cognito = self._inside.cognito
        profiles = Profiles(cognito, cognito._get_pool_unscoped(pool_id))
        provider = self._admitted(profiles, who)
        attributes = rules.mapped(provider.get("AttributeMapping") or {}, who.claims)
        user = self._land(pool_id, profiles, who, attributes)
        if not user.get("Enabled", True):
            raise RefusedError("User is disabled.")
        client = profiles.pool["_clients"][who.client_id]
        result = cognito._build_auth_result(
            pool_id,
            who.client_id,
            user,
            trigger_source=_HOSTED,
            scope=cognito._granted_scopes(client, None),
        )
        return {"Username": user["Username"], "AuthenticationResult": result}

    @staticmethod
    def _admitted(profiles: Profiles, who: Vouched) -> Any:
        provider = profiles.provider(who.provider)
        if provider is None:
            raise RefusedError(f"Identity provider {who.provider} does not exist.")
        client = profiles.pool["_clients"].get(who.client_id)
        supported = (client or {}).get("SupportedIdentityProviders") or ()
        if client is None or (supported and who.provider not in supported):
            raise RefusedError(f"The client does not support {who.provider}.")
        return provider

    def _land(
        self, pool_id: str, profiles: Profiles, who: Vouched, attributes: dict[str, str]
    ) -> Raw:
        """The profile that the person signs in to, with its attributes written."""
        name = profiles.name(who.provider, who.subject)
        link = self._link(profiles, who, attributes)
        holder = profiles.holder(name)
        match rules.landing(who.provider, linked=link is not None, holder=holder):
            case Landing.TAKEN:
                raise RefusedError(f"Already found an entry for username {name}")
            case Landing.NEW:
                return self._first(pool_id, profiles, who, attributes)
            case Landing.KNOWN | Landing.LINKED:
                username = profiles.linked(link) if link else name
                self._write(profiles, username, attributes)
                if link:
                    profiles.settle(link, username, who.subject)
                return self._of(profiles, username)

    @staticmethod
    def _link(profiles: Profiles, who: Vouched, attributes: dict[str, str]) -> Link | None:
        found = rules.links_of(who.provider, who.subject, attributes)
        return next((link for link in found if profiles.user(profiles.linked(link))), None)

    def _first(
        self, pool_id: str, profiles: Profiles, who: Vouched, attributes: dict[str, str]
    ) -> Raw:
        """Ask, then make the profile; the function may have linked the identity meanwhile."""
        cognito, name = self._inside.cognito, profiles.name(who.provider, who.subject)
        rules.check_profile(profiles.schema, attributes)
        try:
            answer = cognito._apply_presignup_trigger(pool_id, who.client_id, name, attributes)
        except cognito._PreSignUpRejected as rejected:
            raise RefusedError(str(rejected)) from rejected
        link = self._link(profiles, who, attributes)
        if link:
            username = profiles.linked(link)
            self._write(profiles, username, attributes)
            profiles.settle(link, username, who.subject)
            return self._of(profiles, username)
        for flag, contact in (("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")):
            if answer[flag] and attributes.get(contact):
                attributes = {**attributes, f"{contact}_verified": "true"}
        user = self._made(pool_id, profiles, who, attributes)
        self._inside.ask(
            _CONFIRMED,
            profiles.pool,
            username=name,
            client_id=who.client_id,
            request={"userAttributes": self._inside.attributes(user)},
            response={},
        )
        return user

    def _made(
        self, pool_id: str, profiles: Profiles, who: Vouched, attributes: dict[str, str]
    ) -> Raw:
        from ministack.core.responses import new_uuid  # noqa: PLC0415

        cognito, now = self._inside.cognito, self._inside.cognito._now_epoch()
        user: Raw = {
            "Username": profiles.name(who.provider, who.subject),
            "Attributes": cognito._dict_to_attr_list({"sub": new_uuid(), **attributes}),
            "UserCreateDate": now,
            "UserLastModifiedDate": now,
            "Enabled": True,
            "UserStatus": "EXTERNAL_PROVIDER",
            "_password": "",
            "_groups": [],
            "_tokens": [],
        }
        pool = profiles.pool
        pool["_users"][user["Username"]] = user
        pool["EstimatedNumberOfUsers"] = len(pool["_users"])
        cognito._start_federated_profile(pool, pool_id, user, who.provider, who.subject)
        return user

    def _write(self, profiles: Profiles, username: str, attributes: dict[str, str]) -> None:
        rules.check_written(profiles.schema, attributes)
        user, cognito = self._of(profiles, username), self._inside.cognito
        listed = cognito._dict_to_attr_list(attributes)
        user["Attributes"] = cognito._merge_attributes(user["Attributes"], listed)
        user["UserLastModifiedDate"] = cognito._now_epoch()

    @staticmethod
    def _of(profiles: Profiles, username: str) -> Raw:
        found: Raw = profiles.pool["_users"][username]
        return found


def _refused(text: str) -> Reply:
    body = {"error": _ERROR, "error_description": text}
    return Reply(400, ((b"content-type", b"application/json"),), json.dumps(body).encode())
