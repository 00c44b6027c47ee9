"""Gap: CloudFormation does not know AWS::Cognito::UserPoolIdentityProvider.

The emulator's Cognito has identity providers; here templates make, change and delete them by the
same operations, so the rules of `federation` hold. `Ref` is the provider's name; another name,
another pool or another type makes a new provider, and under the same name the update is refused
(CloudFormation template reference, AWS::Cognito::UserPoolIdentityProvider).

Limits: a mapping or identifiers that a template names no more are emptied at an update, which is a
guess; drift and import of such a resource are not known.
"""

from __future__ import annotations

import json
from typing import Any

from local.patching import require

TYPE = "AWS::Cognito::UserPoolIdentityProvider"
_OK = 200
_REPLACING = ("ProviderName", "ProviderType", "UserPoolId")
_CHANGED = ("ProviderDetails", "AttributeMapping")
Properties = dict[str, Any]
Made = tuple[str, dict[str, str]]


def install() -> None:
    """Teach the emulator's CloudFormation the type."""
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    for name in ("_RESOURCE_HANDLERS", "_CUSTOM_NAME_REPLACEMENT", "_REPLACING_PROPERTIES"):
        require(isinstance(getattr(provisioners, name, None), dict), f"CloudFormation's {name}")
    for name in ("_rename_replacement", "_cognito"):
        require(hasattr(provisioners, name), f"CloudFormation's {name}")
    handlers = {"create": _create, "update": _update, "delete": _delete}
    provisioners._RESOURCE_HANDLERS.setdefault(TYPE, handlers)
    provisioners._REPLACING_PROPERTIES.setdefault(TYPE, _REPLACING)
    named = {"name": "ProviderName", "requires_replacement": _is_another}
    provisioners._CUSTOM_NAME_REPLACEMENT.setdefault(TYPE, named)


def _is_another(old: Properties, new: Properties) -> bool:
    """Where the name stays."""
    return any(old.get(name) != new.get(name) for name in _REPLACING[1:])


def _create(_logical_id: str, props: Properties, _stack: str) -> Made:
    named = {name: props.get(name, "") for name in _REPLACING}
    _ask("_create_identity_provider", {**named, **_settings(props)})
    return str(props["ProviderName"]), {}


def _update(
    physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
) -> Made:
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    replaced: Made | None = provisioners._rename_replacement(
        *(physical_id, old, new, stack, logical_id, new.get("ProviderName", ""), physical_id),
        *(_create, _delete),
    )
    if replaced is not None:
        return replaced
    named = {"UserPoolId": new.get("UserPoolId", ""), "ProviderName": physical_id}
    _ask("_update_identity_provider", {**named, **_settings(new)})
    return physical_id, {}


def _delete(physical_id: str, props: Properties) -> None:
    """Gone already is success."""
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    named = {"UserPoolId": props.get("UserPoolId", ""), "ProviderName": physical_id}
    provisioners._cognito._delete_identity_provider(named)


def _settings(props: Properties) -> Properties:
    """As Cognito takes them: all values of the two maps are texts."""
    texts = {
        name: {key: _text(value) for key, value in (props.get(name) or {}).items()}
        for name in _CHANGED
    }
    return {**texts, "IdpIdentifiers": list(props.get("IdpIdentifiers") or ())}


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _ask(operation: str, request: Properties) -> None:
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    status, _, body = getattr(provisioners._cognito, operation)(request)
    if status != _OK:
        told = json.loads(body)
        raise ValueError(f"{told.get('__type', 'refused')}: {told.get('message', '')}")
