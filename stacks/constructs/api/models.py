"""The handler's models as the gateway wants them: JSON Schema draft 4, without references.

"Data models for REST APIs", API Gateway developer guide. The gateway refuses what is malformed
before anything is paid for; the handler checks the same again.
"""

from __future__ import annotations

from typing import Any

from cognito_standby.changes.api.models import BODIES

_DRAFT_4 = "http://json-schema.org/draft-04/schema#"
_KNOWN = {
    *("type", "properties", "additionalProperties", "required", "items", "anyOf", "enum"),
    *("minLength", "maxLength", "minItems", "maxItems", "maxProperties", "minimum", "maximum"),
}


def gateway_schema(name: str) -> dict[str, Any]:
    """The schema of a body."""
    schema = BODIES[name].model_json_schema()
    return {"$schema": _DRAFT_4, "title": name, **_plain(schema, schema.get("$defs", {}))}


def _plain(schema: Any, definitions: dict[str, Any]) -> Any:
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    found: dict[str, Any] = {}
    for key in sorted(_KNOWN & set(schema)):
        value = schema[key]
        match key:
            case "properties":
                found[key] = {name: _plain(one, definitions) for name, one in value.items()}
            case "anyOf":
                found[key] = [_plain(one, definitions) for one in value]
            case _:
                found[key] = _plain(value, definitions)
    return found
