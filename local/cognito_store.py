"""Read-only views of the emulator's user pools, and the one lock-free look-up the layers need.

Layers decide by what is in a pool. Reading it through the API would cost a listing per call, so
this module reads the emulator's own store; it never writes there.
"""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from local.cognito_rules import names
from local.cognito_rules.people import verified
from local.cognito_rules.pools import PoolSettings
from local.patching import require
from local.pool_settings import settings_of
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
        return verified(self.attributes, contact)


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
        return (user_from(raw) for raw in list(self.raw["_users"].values()))

    @cached_property
    def settings(self) -> PoolSettings:
        """The pool as its rules see it."""
        return settings_of(self.raw)

    def find(self, name: str) -> User | None:
        """Whom a name means."""
        raw = self.raw["_users"].get(name)
        if raw is not None:
            return user_from(raw)
        return names.find(self.settings, self.named(name), name)

    def named(self, value: str) -> list[User]:
        """Whoever has this value, in any capitals, as username or as an attribute: few, of whom
        the rules say whether it is a name of theirs."""
        return [user_from(raw) for raw in _values.holders(self.raw["_users"], value.lower())]

    def by_sub(self, sub: str) -> User | None:
        """Whose token it is."""
        return next((user for user in self.named(sub) if user.sub == sub), None)


@dataclass(frozen=True)
class _Values:
    """What each user of a pool has, in small letters. Almost every call looks for somebody by a
    value, so to fold everybody's anew each time would cost minutes in a pool of thousands.

    A user is folded anew when the emulator gave them another list of attributes: it replaces the
    list whenever it changes one, and never changes an entry of it.
    """

    pools: OrderedDict[int, tuple[_Raws, dict[str, _Folded]]] = field(default_factory=OrderedDict)
    """By the identity of a pool's users, which is kept along, so that it is nobody else's."""

    def holders(self, users: _Raws, wanted: str) -> list[Mapping[str, Any]]:
        """Who has this value, which is in small letters."""
        known = self._of(users)
        found = []
        for username, raw in list(users.items()):
            attributes = raw.get("Attributes", ())
            folded = known.get(username)
            if folded is None or folded[0] is not attributes or folded[1] != len(attributes):
                folded = known[username] = _folded(raw, attributes)
            if wanted in folded[2]:
                found.append(raw)
        return found

    def _of(self, users: _Raws) -> dict[str, _Folded]:
        number = id(users)
        if number not in self.pools or len(self.pools[number][1]) > 2 * len(users) + _POOLS:
            self.pools[number] = (users, {})
        while len(self.pools) > _POOLS:
            self.pools.popitem(last=False)
        return self.pools[number][1]


_Raws = Mapping[str, Mapping[str, Any]]
_Folded = tuple[Sequence[Mapping[str, Any]], int, frozenset[str]]
"""A user's list of attributes, how long it was, and what is in it, the username too."""
_POOLS = 16
"""As many are remembered."""
_values = _Values()


def _folded(raw: Mapping[str, Any], attributes: Sequence[Mapping[str, Any]]) -> _Folded:
    values = {str(each.get("Value", "")).lower() for each in attributes}
    return attributes, len(attributes), frozenset((*values, raw["Username"].lower()))


def user_from(raw: Mapping[str, Any]) -> User:
    """A user of the emulator's own record."""
    attributes = {a["Name"]: str(a.get("Value", "")) for a in raw.get("Attributes", ())}
    return User(
        username=raw["Username"],
        attributes=attributes,
        status=raw.get("UserStatus", ""),
        enabled=bool(raw.get("Enabled", True)),
    )


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
        if name:
            return pool.find(str(name))
        sub = token_claims(call).get("sub")
        return pool.by_sub(str(sub)) if sub else None


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
