"""The OpenAPI document, made from the operations and the models. `python -m
cognito_standby.changes.api.openapi` writes docs/openapi.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from cognito_standby.changes.api.models import BODIES, ChangeList, ChangeOut, ProblemDetails, User
from cognito_standby.changes.api.operations import OPERATIONS, PROBLEM, Operation
from cognito_standby.changes.api.requests import MOST_CHANGES
from cognito_standby.changes.domain.rules import MAX_KEY_LENGTH, MAX_NAME_LENGTH

DOCUMENT = Path("docs/openapi.json")
Mode = Literal["validation", "serialization"]
_REF = "#/components/schemas/"
_ANSWERS: dict[str, type] = {
    "readUser": User,
    "listChanges": ChangeList,
}
_COMMON = {
    "400": "The request is not valid.",
    "401": "The caller is not known.",
    "403": "The caller may not do this.",
    "409": "Another Region serves the API, or the user is in another state than the change needs.",
    "429": "Too many requests.",
    "500": "Something went wrong; the operator has been told.",
    "503": "A service does not answer. Try again.",
}
_MORE = {
    "names": {"404": "There is no such user."},
    "body": {
        "413": "The body is too large.",
        "415": "The operation does not take this media type.",
    },
    "changes": {
        "422": "The idempotency key is another request's, or Cognito refuses the change.",
        "503": "A service does not answer, the change was taken back, or the Region has stood down "
        "for another one (`stood_down`, with that Region). Try again after Retry-After.",
    },
    "tagged": {"412": "The user is not as the entity tag says."},
}


def document() -> dict[str, Any]:
    """The whole document."""
    sent: list[tuple[type[BaseModel], Mode]] = [(one, "validation") for one in BODIES.values()]
    answers = (User, ChangeOut, ChangeList, ProblemDetails)
    sent += [(one, "serialization") for one in answers]
    _, schemas = models_json_schema(sent, ref_template=_REF + "{model}")
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "cognito-standby Admin API",
            "version": "1.0.0",
            "description": "Changes to users that pool and record hold together, or not at all.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/v1", "description": "The output AdminApiUrl of the active Region"}],
        "security": [{"sigv4": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas["$defs"].items())),
            "securitySchemes": _security(),
        },
    }


def text() -> str:
    """As it is committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "security": [{"sigv4": []}, {"token": [operation.scope]}],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.body:
        schema = {"schema": {"$ref": _REF + operation.body}}
        content = dict.fromkeys(operation.content_types, schema)
        told["requestBody"] = {"required": True, "content": content}
    return told


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    name = {"type": "string", "minLength": 1, "maxLength": MAX_NAME_LENGTH}
    found = []
    if operation.names:
        said = "A username, an address that signs in, a sub, or an origin sub (see `by`)."
        found.append(_parameter("username", "path", name, said))
    if "{id}" in operation.path:
        found.append(_parameter("id", "path", name, "Of the change."))
    if "by" in operation.queries:
        kinds = {"type": "string", "enum": ["username", "origin_sub"], "default": "username"}
        found.append(_parameter("by", "query", kinds, "What the path names the user by."))
    if "limit" in operation.queries:
        number = {"type": "integer", "minimum": 1, "maximum": MOST_CHANGES, "default": 20}
        found.append(_parameter("limit", "query", number, "Changes in one answer."))
        found.append(_parameter("page", "query", {"type": "string"}, "`next` of an answer."))
    if operation.changes:
        key = {"type": "string", "maxLength": MAX_KEY_LENGTH, "pattern": "^[!-~]+$"}
        said = "The same key means the same change for a week, however often it is sent."
        found.append(_parameter("Idempotency-Key", "header", key, said))
    if operation.tagged:
        tag = {"type": "string", "pattern": r'^("[0-9a-f]{1,64}"|\*)$'}
        said = "The ETag that the user must still have."
        found.append(_parameter("If-Match", "header", tag, said))
    return found


def _parameter(name: str, where: str, schema: dict[str, Any], said: str) -> dict[str, Any]:
    required = where == "path"
    return {"name": name, "in": where, "required": required, "description": said, "schema": schema}


def _responses(operation: Operation) -> dict[str, Any]:
    succeeded = str(operation.succeeded)
    found = {succeeded: _answer(operation)}
    if operation.changes:
        accepted = _json(ChangeOut, "It goes on; ask again at Location.")
        accepted["headers"] = _headers("Location", "Retry-After")
        found["202"] = accepted
    problems = dict(_COMMON)
    if operation.names or "{id}" in operation.path:
        problems |= _MORE["names"] if operation.names else {"404": "There is no such change."}
    for trait in ("body", "changes", "tagged"):
        problems |= _MORE[trait] if getattr(operation, trait) else {}
    schema = {"schema": {"$ref": _REF + ProblemDetails.__name__}}
    for status, said in sorted(problems.items()):
        found[status] = {"description": said, "content": {PROBLEM: schema}}
        if status == "503":
            found[status]["headers"] = _headers("Retry-After")
    return found


def _answer(operation: Operation) -> dict[str, Any]:
    if not operation.changes:
        answer = _json(_ANSWERS.get(operation.id, ChangeOut), operation.summary)
        return answer | {"headers": _headers("ETag")} if operation.names else answer
    place = "Where to read the user." if operation.path == "/users" else "Where to read the change."
    headers = _headers("Location")
    headers["Location"]["description"] = place
    if operation.body:
        return _json(ChangeOut, "The change; with the user where a token allows to read users.") | {
            "headers": headers | _headers("ETag")
        }
    return {"description": "Done.", "headers": headers}


def _json(model: type, said: str) -> dict[str, Any]:
    schema = {"$ref": _REF + model.__name__}
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"schema": {"type": "string"}} for name in names}


def _security() -> dict[str, Any]:
    return {
        "sigv4": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
            "description": "AWS Signature Version 4 of the service execute-api (the default).",
        },
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token of the administrators' user pool, with the operation's "
            "scope, where the installation is configured so.",
        },
    }


if __name__ == "__main__":
    DOCUMENT.write_text(text(), encoding="utf-8")
