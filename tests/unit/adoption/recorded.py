"""Pools in memory, made by the requests of `tests/odd_pools.py` and read by the real reader.

`Recorded` answers what was asked for, with the defaults that Cognito adds where they bear on what
is compared: prefixes of custom attributes, a few standard attributes, the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.adoption.domain.reading import side_of
from cognito_standby.adoption.domain.sides import Case, Part, Plan, Side
from cognito_standby.configuration.adapters.reading import CognitoConfigurationReader
from cognito_standby.configuration.domain.differences import differences
from cognito_standby.configuration.domain.document import PoolConfiguration
from tests.odd_pools import ACCOUNT, ODD_POOLS, OddPool, build

HOME, AWAY = "us-east-1", "us-west-2"
_STANDARD = ("sub", "email", "phone_number", "name", "given_name", "family_name")
_LISTS = {
    "list_resource_servers": ("resource_server", "ResourceServers"),
    "list_identity_providers": ("identity_provider", "Providers"),
    "list_user_pool_clients": ("user_pool_client", "UserPoolClients"),
    "list_groups": ("group", "Groups"),
}
_DESCRIBED = {
    "describe_identity_provider": ("identity_provider", "ProviderName", "IdentityProvider"),
    "describe_user_pool_client": ("user_pool_client", "ClientId", "UserPoolClient"),
    "describe_user_pool_domain": ("user_pool_domain", "Domain", "DomainDescription"),
}


def absent(operation: str, code: str = "ResourceNotFoundException") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, operation)


class Recorded:
    """One Region's cognito-idp, with one pool. `refused`: operation -> error code; `gone`: the pool
    was deleted."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.pool_id = ""
        self.kept: dict[str, list[dict[str, Any]]] = {}
        self.pool: dict[str, Any] = {}
        self.single: dict[str, Any] = {}
        self.refused: dict[str, str] = {}
        self.gone = False

    def create_user_pool(self, PoolName: str, **asked: Any) -> Any:  # noqa: N803 - Cognito's
        self.pool_id = f"{self.region}_{PoolName.replace('-', '')}"
        arn = f"arn:aws:cognito-idp:{self.region}:{ACCOUNT}:userpool/{self.pool_id}"
        schema = {name: {"Name": name, "Mutable": name != "sub"} for name in _STANDARD}
        for each in asked.pop("Schema", ()):
            name = each["Name"] if each["Name"] in schema else f"custom:{each['Name']}"
            schema[name] = {**each, "Name": name}
        self.pool = {
            **{"Id": self.pool_id, "Name": PoolName, "Arn": arn, "UserPoolTier": "ESSENTIALS"},
            **asked,
            "SchemaAttributes": list(schema.values()),
        }
        return {"UserPool": self.pool}

    def create_user_pool_client(self, **asked: Any) -> Any:
        made = self._keep("user_pool_client", asked)
        made["ClientId"] = f"{self.region[-1]}{len(self.kept['user_pool_client'])}client"
        if asked.get("GenerateSecret"):
            made["ClientSecret"] = "hush"
        return {"UserPoolClient": made}

    def _keep(self, kind: str, asked: dict[str, Any]) -> dict[str, Any]:
        made = {name: each for name, each in asked.items() if name != "GenerateSecret"}
        self.kept.setdefault(kind, []).append(made)
        if kind == "user_pool_domain":
            self.pool["CustomDomain" if "CustomDomainConfig" in made else "Domain"] = made["Domain"]
        return made

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda **asked: self._call(name, asked)

    def _call(self, name: str, asked: dict[str, Any]) -> Any:
        if code := self.refused.get(name):
            raise absent(name, code)
        if name == "describe_user_pool":
            if self.gone or asked["UserPoolId"] != self.pool_id:
                raise absent("DescribeUserPool")
            return {"UserPool": self.pool}
        if name.startswith("create_"):
            return self._keep(name.removeprefix("create_"), asked)
        if name.startswith("set_"):
            key = (name.removeprefix("set_"), asked.get("ClientId", "pool"))
            self.single[str(key)] = {k: v for k, v in asked.items() if k != "UserPoolId"}
            return {}
        if name in _LISTS:
            kind, field = _LISTS[name]
            return {field: self.kept.get(kind, [])}
        if name in _DESCRIBED:
            kind, by, field = _DESCRIBED[name]
            found = [each for each in self.kept.get(kind, []) if each[by] == asked[by]]
            return {field: found[0]}
        return self._single(name, asked)

    def _single(self, name: str, asked: Mapping[str, Any]) -> Any:
        client = asked.get("ClientId", "pool")
        told: dict[str, Any]
        match name:
            case "get_user_pool_mfa_config":
                told = self.single.get(str(("user_pool_mfa_config", "pool")), {})
                return {"MfaConfiguration": "OFF", **told}
            case "get_log_delivery_configuration":
                told = self.single.get(str(("log_delivery_configuration", "pool")), {})
                return {"LogDeliveryConfiguration": told}
            case "describe_risk_configuration":
                told = self.single.get(str(("risk_configuration", client)), {})
                return {"RiskConfiguration": told}
            case "get_ui_customization":
                told = self.single.get(str(("ui_customization", client)), {})
                return {"UICustomization": {"ClientId": "ALL", **told} if told else {}}
            case "describe_managed_login_branding_by_client":
                styles = self.kept.get("managed_login_branding", [])
                mine = [each for each in styles if each["ClientId"] == client]
                mine = [{k: v for k, v in each.items() if k != "ClientId"} for each in mine]
                return {"ManagedLoginBranding": mine[0] if mine else {}}
            case "get_user_pool_session_configuration" | (
                "get_user_pool_client_session_configuration"
            ):
                return self.single.get(str((name.removeprefix("get_"), client)), {})
            case _:
                return self._else(name)

    def _else(self, name: str) -> Any:
        if name.startswith("list_"):
            return {}
        raise absent(name)


class NoWaf:
    """`acl`: what stands in front of the pool."""

    def __init__(self, acl: str = "") -> None:
        self.acl = acl

    def get_web_acl_for_resource(self, **_: Any) -> Any:
        return {"WebACL": {"ARN": self.acl}} if self.acl else {}


def made(odd: OddPool, region: str) -> Recorded:
    pool = Recorded(region)
    build(pool, odd, "one")
    return pool


def read(pool: Recorded, acl: str = "") -> PoolConfiguration:
    now = datetime(2026, 11, 29, tzinfo=UTC)
    return CognitoConfigurationReader(pool, NoWaf(acl), lambda: now).read(pool.pool_id)


@cache
def odd(name: str, region: str) -> PoolConfiguration:
    return read(made(ODD_POOLS[name], region))


CALM: Mapping[Part, Any] = {
    Part.QUOTAS: {"UserCreation": 50.0},
    Part.TRAIL: ["arn:aws:cloudtrail:us-east-1:111111111111:trail/all"],
    Part.IDENTITY_POOLS: {},
    Part.FUNCTIONS: {},
    Part.KEYS: {},
    Part.MAIL_SENDING: {"production": True, "enabled": True, "mails_a_day": 50_000.0},
    Part.MAIL_IDENTITY: {"verified": True},
    Part.SMS: {"sandbox": False},
}
"""An account in which nothing is amiss."""


def case_of(
    one: PoolConfiguration,
    other: PoolConfiguration,
    plan: Plan | None = None,
    here: Mapping[Part, Any] | None = None,
    there: Mapping[Part, Any] | None = None,
) -> Case:
    sides: list[Side] = [
        side_of(each, {**CALM, **(facts or {})}) for each, facts in ((one, here), (other, there))
    ]
    return Case(sides[0], sides[1], plan or Plan(), differences=differences(one, other))
