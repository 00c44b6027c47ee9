"""An account with several user pools, as a rehearsal meets it; and a process that dies between two
calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cognito_standby.core.domain.errors import RefusedByPoolError
from cognito_standby.core.ports import Clock
from cognito_standby.recovery.domain.rehearsal_marks import TAG, SeenPool
from cognito_standby.recovery.ports import SignIn
from local.cognito_rules.pools import STANDARD
from local.pool_settings import settings_of
from tests.twins.pool.config import PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.user_directory import InMemoryUserDirectory


class DeadError(BaseException):
    """The process is gone: no `except` or `finally` of it runs any more calls."""


@dataclass
class Fuse:
    """Lets the process die after so many calls; what the last one did, is done. None: never."""

    left: int | None = None

    def wrap(self, port: Any) -> Any:
        """The same port, whose calls count."""
        return _Fused(port, self)


class _Fused:
    def __init__(self, port: Any, fuse: Fuse) -> None:
        self._port, self._fuse = port, fuse

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call, fuse = getattr(self._port, name), self._fuse

        def counted(*args: Any, **more: Any) -> Any:
            if fuse.left is not None and fuse.left <= 0:
                raise DeadError
            answer = call(*args, **more)
            if fuse.left is not None:
                fuse.left -= 1
                if fuse.left == 0:
                    raise DeadError
            return answer

        return counted


@dataclass
class _Pool:
    raw: dict[str, Any]
    strict: StrictPool
    clients: dict[str, Mapping[str, Any]] = field(default_factory=dict)


class PoolsOfAccount:
    """RehearsalPools. A pool without the tag of `installation` tells a role nothing but its name
    (`local/rights` judges the same)."""

    def __init__(self, clock: Clock, installation: str) -> None:
        self._clock, self._installation = clock, installation
        self.pools: dict[str, _Pool] = {}
        self.sign_in_asks = ""
        """A challenge that every sign-in meets."""

    def add(self, name: str, tags: Mapping[str, str]) -> None:
        """Somebody else's pool."""
        self.create({"PoolName": name, "UserPoolTags": dict(tags)})

    def names(self) -> list[str]:
        """Of all pools that there are."""
        return sorted(each.raw["Name"] for each in self.pools.values())

    def directory(self, user_pool_id: str) -> InMemoryUserDirectory:
        """UserDirectory of a pool."""
        return InMemoryUserDirectory(self.pools[user_pool_id].strict)

    def describe(self, user_pool_id: str) -> Mapping[str, Any]:
        """DescribeUserPool."""
        return self.pools[user_pool_id].raw

    def named(self, prefix: str) -> Sequence[SeenPool]:
        """ListUserPools."""
        found = [
            self.look(key)
            for key, each in self.pools.items()
            if each.raw["Name"].startswith(prefix)
        ]
        return [each for each in found if each]

    def look(self, user_pool_id: str) -> SeenPool | None:
        """DescribeUserPool."""
        found = self.pools.get(user_pool_id)
        if found is None:
            return None
        tags, name = dict(found.raw.get("UserPoolTags") or {}), found.raw["Name"]
        if tags.get(TAG) != self._installation:
            return SeenPool(user_pool_id, name)
        return SeenPool(user_pool_id, name, tags, found.raw.get("DeletionProtection") == "ACTIVE")

    def create(self, request: Mapping[str, Any]) -> str:
        """CreateUserPool."""
        key = f"us-west-2_Pool{len(self.pools):05d}"
        while key in self.pools:
            key += "x"
        told = {n: v for n, v in request.items() if n not in ("PoolName", "Schema")}
        raw = {**told, "Id": key, "Name": request["PoolName"], "SchemaAttributes": _schema(request)}
        settings = settings_of(raw)
        config = PoolConfig(**vars(settings), pool_id=key)
        self.pools[key] = _Pool(raw, StrictPool(config, self._clock))
        return key

    def create_client(self, user_pool_id: str, request: Mapping[str, Any]) -> str:
        """CreateUserPoolClient."""
        self.pools[user_pool_id].clients["client"] = request
        return "client"

    def sign_in(self, user_pool_id: str, client_id: str, name: str, password: str) -> SignIn:
        """AdminInitiateAuth."""
        found = self.pools[user_pool_id]
        assert client_id in found.clients
        try:
            found.strict.sign_in(name, password)
        except CognitoError as error:
            return SignIn({}, error.code)
        if self.sign_in_asks:
            return SignIn({}, self.sign_in_asks)
        user = self.directory(user_pool_id).get_user(name)
        assert user
        flags = {n: v == "true" for n, v in user.attributes.items() if n.endswith("_verified")}
        return SignIn(
            {
                **user.attributes,
                **flags,
                "cognito:username": user.username,
                "cognito:groups": list(user.groups),
                "token_use": "id",
            }
        )

    def delete(self, user_pool_id: str) -> None:
        """DeleteUserPool."""
        found = self.pools.get(user_pool_id)
        if found and found.raw.get("DeletionProtection") == "ACTIVE":
            raise RefusedByPoolError("DeleteUserPool: InvalidParameterException")
        self.pools.pop(user_pool_id, None)


STANDBY: dict[str, Any] = {
    "PoolName": "alpha-users",
    "UserPoolTier": "ESSENTIALS",
    "UsernameConfiguration": {"CaseSensitive": False},
    "AliasAttributes": ["email"],
    "AutoVerifiedAttributes": ["email"],
    "MfaConfiguration": "OPTIONAL",
    "EstimatedNumberOfUsers": 500_000,
    "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"},
    "LambdaConfig": {"PreSignUp": "arn"},
    "Policies": {"PasswordPolicy": {"MinimumLength": 12}},
    "Schema": [
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {
            "Name": "origin_sub",
            "AttributeDataType": "String",
            "Mutable": True,
            "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "128"},
        },
        {
            "Name": "plan",
            "AttributeDataType": "String",
            "Mutable": True,
            "StringAttributeConstraints": {"MinLength": "3", "MaxLength": "20"},
        },
        {
            "Name": "level",
            "AttributeDataType": "Number",
            "Mutable": True,
            "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"},
        },
    ],
}
"""A pool that a rehearsal copies, as CreateUserPool would take it."""


def _schema(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = {_name(each): {**each, "Name": _name(each)} for each in request.get("Schema") or ()}
    standard = {
        name: {
            "Name": name,
            "AttributeDataType": spec.kind.value,
            "Mutable": spec.mutable,
            "Required": spec.required,
        }
        for name, spec in STANDARD.items()
    }
    return list({**standard, **given}.values())


def _name(attribute: Mapping[str, Any]) -> str:
    name = str(attribute["Name"])
    return name if name in STANDARD else f"custom:{name}"
