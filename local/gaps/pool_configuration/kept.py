"""What the emulator is given and forgets, or tells as AWS does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from local.patching import replace, require

_OK = 200
_OF_POOL = ("KeyConfiguration", "IssuerConfiguration", "DcrConfiguration", "AcrConfiguration")
_OF_CLIENT = ("RefreshTokenRotation",)
_MANAGED = "PublishSecretsInAWSSecretsManager"
_IMAGE = "https://images.example.org/{pool}/{client}/image.jpg"
"""Where classic hosted UI would show the picture. Nobody serves it."""

Handler = Callable[[dict[str, Any]], Any]


def install() -> None:
    """Around the emulator's own handlers."""
    from ministack.services import cognito  # noqa: PLC0415

    require(hasattr(cognito, "_pool_domain_map"), "Cognito's map of domains")
    wraps = {
        "_create_user_pool": _creating_pool,
        "_update_user_pool": _updating_pool,
        "_create_user_pool_client": _setting_client,
        "_update_user_pool_client": _setting_client,
        "_create_identity_provider": _setting_provider,
        "_update_identity_provider": _setting_provider,
        "_create_user_pool_domain": _setting_domain,
        "_update_user_pool_domain": _setting_domain,
        "_set_ui_customization": _setting_ui,
    }
    for name, wrap in wraps.items():
        replace(cognito, name, lambda handler, wrap=wrap: wrap(cognito, handler))  # type: ignore[misc]
    replace(cognito, "_describe_user_pool_domain", lambda handler: _domain(cognito, handler))
    replace(cognito, "_client_id", _of_lower_case)


def _of_lower_case(client_id: Callable[[], str]) -> Callable[[], str]:
    """The API's pattern is `[\\w+]+`; Cognito gives lower-case letters and digits, as its guide's
    examples show, and the configuration of an installation takes no other id of a client."""
    return lambda: client_id().lower()


def _creating_pool(cognito: Any, create: Handler) -> Handler:
    def created(data: dict[str, Any]) -> Any:
        reply = create(data)
        if reply[0] != _OK:
            return reply
        pool = cognito._user_pools[json.loads(reply[2])["UserPool"]["Id"]]
        pool |= {name: data[name] for name in _OF_POOL if data.get(name)}
        return cognito.json_response({"UserPool": cognito._pool_out(pool)})

    return created


def _updating_pool(cognito: Any, update: Handler) -> Handler:
    def updated(data: dict[str, Any]) -> Any:
        reply = update(data)
        if reply[0] == _OK:
            pool = cognito._user_pools[data["UserPoolId"]]
            pool |= {name: data[name] for name in _OF_POOL if data.get(name)}
            if data.get("PoolName"):
                pool["Name"] = data["PoolName"]
        return reply

    return updated


def _setting_client(cognito: Any, handle: Handler) -> Handler:
    """A secret that AWS Secrets Manager keeps is told by its ARN alone."""

    def handled(data: dict[str, Any]) -> Any:
        reply = handle(data)
        if reply[0] != _OK:
            return reply
        told = json.loads(reply[2])["UserPoolClient"]
        client = cognito._user_pools[told["UserPoolId"]]["_clients"][told["ClientId"]]
        client |= {name: data[name] for name in _OF_CLIENT if data.get(name)}
        if data.get(_MANAGED) and client.get("ClientSecret"):
            client["ClientSecret"] = None
            account = cognito.get_account_id()
            client["ClientSecretArn"] = (
                f"arn:aws:secretsmanager:{cognito.get_region()}:{account}:secret:"
                f"cognito/{told['ClientId']}"
            )
        shown = {name: value for name, value in client.items() if value is not None}
        return cognito.json_response({"UserPoolClient": shown})

    return handled


def _setting_provider(cognito: Any, handle: Handler) -> Handler:
    def handled(data: dict[str, Any]) -> Any:
        reply = handle(data)
        if reply[0] != _OK or not data.get("AcrMapping"):
            return reply
        providers = cognito._user_pools[data["UserPoolId"]]["_identity_providers"]
        providers[data["ProviderName"]]["AcrMapping"] = data["AcrMapping"]
        return cognito.json_response({"IdentityProvider": providers[data["ProviderName"]]})

    return handled


def _setting_domain(cognito: Any, handle: Handler) -> Handler:
    def handled(data: dict[str, Any]) -> Any:
        reply = handle(data)
        if reply[0] == _OK and data.get("Routing"):
            pool = cognito._user_pools[data["UserPoolId"]]
            pool.setdefault("_routings", {})[data["Domain"]] = data["Routing"]
        return reply

    return handled


def _domain(cognito: Any, describe: Handler) -> Handler:
    def described(data: dict[str, Any]) -> Any:
        reply = describe(data)
        told = json.loads(reply[2]).get("DomainDescription") or {}
        pool = cognito._user_pools.get(told.get("UserPoolId", "")) or {}
        if routing := pool.get("_routings", {}).get(told.get("Domain")):
            return cognito.json_response({"DomainDescription": {**told, "Routing": routing}})
        return reply

    return described


def _setting_ui(cognito: Any, handle: Handler) -> Handler:
    def handled(data: dict[str, Any]) -> Any:
        reply = handle(data)
        if reply[0] != _OK or not data.get("ImageFile"):
            return reply
        told = json.loads(reply[2])["UICustomization"]
        kept = cognito._user_pools[told["UserPoolId"]]["_ui_customizations"][told["ClientId"]]
        kept["ImageUrl"] = _IMAGE.format(pool=told["UserPoolId"], client=told["ClientId"])
        return cognito.json_response({"UICustomization": kept})

    return handled
