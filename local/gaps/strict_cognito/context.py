"""What an operation may look at, and what it is going to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from local.cognito_rules.pools import AppClient, PoolSettings
from local.cognito_store import CognitoStore, Pool, User, token_claims
from local.pool_settings import client_of
from local.protocol import Call


@dataclass(frozen=True)
class Context:
    """One call against one pool; `user` is None when the call names nobody who exists."""

    call: Call
    pool: Pool
    user: User | None

    @classmethod
    def of(cls, call: Call, store: CognitoStore) -> Context | None:
        """The context of a call; None when its pool is unknown."""
        pool = store.pool_of(call)
        return cls(call, pool, store.user_of(call, pool)) if pool else None

    @property
    def settings(self) -> PoolSettings:
        """The pool as its rules see it."""
        return self.pool.settings

    @property
    def username(self) -> str:
        """The name that the call gives."""
        return self.text("Username")

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes that the call wants to write."""
        given = self.call.params.get("UserAttributes") or ()
        return {str(a.get("Name")): str(a.get("Value") or "") for a in given}

    @property
    def client(self) -> Mapping[str, Any]:
        """The app client that calls, by its id or its token; empty for an administrator."""
        client_id = self.text("ClientId") or str(token_claims(self.call).get("client_id", ""))
        return self.pool.client(client_id) or {}

    @property
    def app(self) -> AppClient:
        """The app client as its rules see it."""
        return client_of(self.client)

    def text(self, name: str) -> str:
        """A parameter of the call, "" when it is not there."""
        return str(self.call.params.get(name) or "")

    def writing(self, attributes: Mapping[str, str]) -> Call:
        """The call with other attributes."""
        pairs = [{"Name": name, "Value": value} for name, value in attributes.items()]
        return replace(self.call, params={**self.call.params, "UserAttributes": pairs})


@dataclass(frozen=True)
class Plan:
    """What the rules make of a call.

    call     as the emulator should see it
    after    the user as they will be, whose names must be free; None: no name is touched
    forced   a name that another user holds moves
    waiting  contact -> value that takes effect when it is verified
    marks    flags to be set after a success, where they are not there yet
    gone     attributes that the emulator would keep, blank
    """

    call: Call
    after: User | None = None
    forced: bool = False
    waiting: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
