"""Read-only views of the emulator's user pools, and the one lock-free look-up the layers need.

Layers decide by what is in a pool. Reading it through the API would cost a listing per call, so
this module reads the emulator's own store; it never writes there.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.patching import require
from local.protocol import Call


@dataclass(frozen=True)
class User:
    """One user as the pool holds it now."""

    username: str
    attributes: Mapping[str, str]
    status: str
    enabled: bool

    @property
    def sub(self) -> str:
        """The pool's own id of the user."""
        return self.attributes.get("sub", "")

    def verified(self, contact: str) -> bool:
        """Whether `email` or `phone_number` is there and verified."""
        return bool(self.attributes.get(contact)) and (
            self.attributes.get(f"{contact}_verified", "").lower() == "true"
        )


@dataclass(frozen=True)
class Pool:
    """One user pool."""

    id: str
    account: str
    region: str
    raw: Mapping[str, Any]

    def setting(self, name: str) -> Any:
        """A setting as `DescribeUserPool` names it, None when unset."""
        return self.raw.get(name)

    def listed(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of names."""
        return tuple(self.raw.get(name) or ())

    @property
    def schema(self) -> dict[str, Mapping[str, Any]]:
        """Attribute name -> its definition."""
        return {entry["Name"]: entry for entry in self.raw["SchemaAttributes"]}

    def trigger(self, name: str) -> str:
        """The ARN of a Lambda trigger, or ""."""
        return str((self.raw.get("LambdaConfig") or {}).get(name) or "")

    def client(self, client_id: str) -> Mapping[str, Any] | None:
        """An app client's settings."""
        client: Mapping[str, Any] | None = self.raw["_clients"].get(client_id)
        return client

    def users(self) -> Iterator[User]:
        """Everybody, as of now."""
        return (_user(raw) for raw in list(self.raw["_users"].values()))

    def find(self, name: str) -> User | None:
        """A user by username, sub, or an alias that may sign in, as the pool sees capitals."""
        found = self._find(name)
        spelling = held_spelling(self.raw, name) if found is None else ""
        return self._find(spelling) if spelling else found

    def _find(self, name: str) -> User | None:
        raw = self.raw["_users"].get(name)
        if raw is not None:
            return _user(raw)
        names = self.listed("UsernameAttributes")
        aliases = [a for a in self.listed("AliasAttributes") if a not in names]
        for user in self.users():
            if user.sub == name or any(user.attributes.get(a) == name for a in names):
                return user
            for alias in aliases:
                sure = alias == "preferred_username" or user.verified(alias)
                if sure and user.attributes.get(alias) == name:
                    return user
        return None


def _user(raw: Mapping[str, Any]) -> User:
    attributes = {a["Name"]: str(a.get("Value", "")) for a in raw.get("Attributes", ())}
    return User(
        username=raw["Username"],
        attributes=attributes,
        status=raw.get("UserStatus", ""),
        enabled=bool(raw.get("Enabled", True)),
    )


def held_spelling(pool: Mapping[str, Any], name: str) -> str:
    """A name of the pool that equals this one but for its capitals, where those do not matter.

    Names are usernames and the values of attributes that sign in; "" without one, or in a
    case-sensitive pool.
    """
    if (pool.get("UsernameConfiguration") or {}).get("CaseSensitive", True):
        return ""
    wanted = name.casefold()
    signing = {*(pool.get("UsernameAttributes") or ()), *(pool.get("AliasAttributes") or ())}
    for username, user in list(pool["_users"].items()):
        values = [a["Value"] for a in user.get("Attributes", ()) if a["Name"] in signing]
        for held in (username, *values):
            if held != name and held.casefold() == wanted:
                return str(held)
    return ""


class CognitoStore:
    """All pools of the emulator."""

    def __init__(self) -> None:
        from ministack.services import cognito  # noqa: PLC0415

        self._pools = cognito._user_pools
        require(hasattr(self._pools, "all_items"), "Cognito's store of user pools")

    def pools(self) -> list[Pool]:
        """Every pool of every Region."""
        return [
            Pool(pool_id, account, region, raw)
            for (account, region, pool_id), raw in self._pools.all_items()
        ]

    def pool(self, pool_id: str) -> Pool | None:
        """One pool by its id."""
        return next((pool for pool in self.pools() if pool.id == pool_id), None)

    def pool_of(self, call: Call) -> Pool | None:
        """The pool a call is about: by id, by app client, or by the access token's issuer."""
        if call.params.get("UserPoolId"):
            return self.pool(str(call.params["UserPoolId"]))
        if call.params.get("ClientId"):
            client = str(call.params["ClientId"])
            return next((pool for pool in self.pools() if pool.client(client)), None)
        issuer = str(token_claims(call).get("iss", ""))
        return self.pool(issuer.rsplit("/", 1)[-1]) if issuer else None

    def user_of(self, call: Call, pool: Pool) -> User | None:
        """The user a call is about: by name, by the authentication parameters, or by token."""
        params = call.params
        nested = params.get("AuthParameters") or params.get("ChallengeResponses") or {}
        name = params.get("Username") or nested.get("USERNAME")
        name = name or token_claims(call).get("sub")
        return pool.find(str(name)) if name else None


def token_claims(call: Call) -> dict[str, Any]:
    """The claims of the call's access token, not verified; empty without one."""
    token = call.params.get("AccessToken")
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != 3:  # noqa: PLR2004 - header, claims, signature
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
