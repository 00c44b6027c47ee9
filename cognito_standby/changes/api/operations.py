"""The operations of the Admin API: the one table that the gateway, the handler and the OpenAPI
document are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

JSON, MERGE_PATCH = "application/json", "application/merge-patch+json"
PROBLEM = "application/problem+json"

MAX_BODY_BYTES: Final = 256 * 1024
"""All 70 attributes at their full 2,048 bytes are 140 KB; a stored change must fit into 400 KB."""

NAME_PATH: Final = "/users/{username}"


@dataclass(frozen=True)
class Operation:
    """One operation.

    id         as in the OpenAPI document
    scope      what a token must allow, where tokens authorize (without the resource server)
    succeeded  status when it has its effect
    body       name of the model in `models`; "" takes no body
    queries    query parameters that it knows
    """

    id: str
    method: str
    path: str
    scope: str
    summary: str
    succeeded: int
    body: str = ""
    content_types: tuple[str, ...] = (JSON,)
    queries: tuple[str, ...] = ()
    changes: bool = True

    @property
    def tagged(self) -> bool:
        """Whether `If-Match` makes sense."""
        return self.changes and self.path != "/users"

    @property
    def names(self) -> bool:
        """Whether the path names a user."""
        return self.path.startswith(NAME_PATH)


BY = ("by",)

READ_SCOPE: Final = "users.read"
"""What a token must allow for any answer that shows a user."""

OPERATIONS: Final = (
    Operation("createUser", "POST", "/users", "users.create", "Create a user", 201, "CreateUser"),
    Operation(
        "readUser",
        *("GET", NAME_PATH, READ_SCOPE, "Read a user", 200),
        queries=BY,
        changes=False,
    ),
    Operation(
        "updateUser",
        *("PATCH", NAME_PATH, "users.update", "Change parts of a user", 200, "UpdateUser"),
        content_types=(MERGE_PATCH, JSON),
        queries=BY,
    ),
    Operation(
        "replaceUser",
        *("PUT", NAME_PATH, "users.update", "Replace all of a user", 200, "ReplaceUser"),
        queries=BY,
    ),
    Operation(
        "deleteUser",
        *("DELETE", NAME_PATH, "users.delete", "Delete a user; it can be taken back", 204),
        queries=BY,
    ),
    Operation(
        "eraseUser",
        *("POST", f"{NAME_PATH}/erase", "users.erase", "Erase a user for good", 204),
        queries=BY,
    ),
    Operation(
        "listChanges",
        *("GET", "/changes", "changes.read", "List the latest changes", 200),
        queries=("limit", "page"),
        changes=False,
    ),
    Operation(
        "readChange",
        *("GET", "/changes/{id}", "changes.read", "Read a change", 200),
        changes=False,
    ),
)
"""Every method of the API. There is no other, and none of them is open."""

SCOPES: Final = tuple(dict.fromkeys(operation.scope for operation in OPERATIONS))


def find(method: str, resource: str) -> Operation | None:
    """The operation behind a method and the gateway's path template."""
    for operation in OPERATIONS:
        if (operation.method, operation.path) == (method, resource):
            return operation
    return None
