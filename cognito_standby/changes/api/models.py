"""What callers send and are sent, as models. Unknown fields and wrong types are refused.

What a value may be is in `domain.rules`, which is asked again for every change; here are
shapes and sizes, which the gateway checks, too, from the same models.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cognito_standby.changes.domain.changes import ChangeKind, ChangeStatus
from cognito_standby.changes.domain.rules import (
    MAX_ATTRIBUTES,
    MAX_GROUPS,
    MAX_NAME_LENGTH,
    MAX_VALUE_BYTES,
)

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME_LENGTH)]
Value = Annotated[str, Field(min_length=1, max_length=MAX_VALUE_BYTES)]
Groups = Annotated[list[Name], Field(max_length=MAX_GROUPS)]


class ApiModel(BaseModel):
    """Strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Verified(ApiModel):
    """Whether an address counts as verified. Needed wherever the address itself is given."""

    email: bool | None = None
    phone_number: bool | None = None


class CreateUser(ApiModel):
    """A user to be created. No message is sent; they choose a password by "forgot password"."""

    username: Name | None = Field(
        default=None, description="Only where the pool has free usernames."
    )
    attributes: Annotated[dict[str, Value], Field(max_length=MAX_ATTRIBUTES)] = Field(
        default_factory=dict, description="Cognito's names; custom ones begin with `custom:`."
    )
    verified: Verified = Field(default_factory=Verified)
    enabled: bool = True
    groups: Groups = Field(default_factory=list)


class UpdateUser(ApiModel):
    """A JSON merge patch (RFC 7396) of a user: what is absent stays; null removes an attribute."""

    attributes: Annotated[dict[str, Value | None], Field(max_length=MAX_ATTRIBUTES)] = Field(
        default_factory=dict
    )
    verified: Verified = Field(default_factory=Verified)
    enabled: bool | None = None
    groups: Groups | None = Field(default=None, description="The exact set.")
    join: Groups = Field(default_factory=list, description="Groups to join; not with `groups`.")
    leave: Groups = Field(default_factory=list, description="Groups to leave; not with `groups`.")


class ReplaceUser(ApiModel):
    """All of a user: attributes that are not given are removed, but for those that the pool does
    not let anybody change."""

    attributes: Annotated[dict[str, Value], Field(max_length=MAX_ATTRIBUTES)]
    verified: Verified = Field(default_factory=Verified)
    enabled: bool
    groups: Groups


class User(BaseModel):
    """A user of the active Region's pool."""

    username: str
    origin_sub: str = Field(description="The `sub` under which the person was first met.")
    status: str = Field(
        description="Cognito's UserStatusType; or AWAITED: not in the pool yet, which makes them "
        "when they first come, or when they are changed."
    )
    enabled: bool
    attributes: dict[str, str]
    groups: list[str]


class Fault(BaseModel):
    """What is wrong with one part of a request."""

    pointer: str | None = Field(default=None, description="Into the body (RFC 6901).")
    parameter: str | None = Field(default=None, description="Of the path, query or header.")
    detail: str


class ProblemDetails(BaseModel):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[Fault] | None = None
    change_id: str | None = Field(default=None, description="The change that failed.")
    region: str | None = Field(default=None, description="The Region that serves the API.")
    address: str | None = Field(default=None, description="Of its API, where it is known.")


class ChangeOut(BaseModel):
    """A change: what was asked for, how far it is, what came of it."""

    id: str
    kind: ChangeKind
    status: ChangeStatus
    asked_by: str = Field(description="Id of the caller.")
    requested_at: str
    ended_at: str | None = None
    origin_sub: str | None = Field(default=None, description="Whom it is about, once known.")
    entity_tag: str | None = None
    left: list[str] | None = Field(
        default=None, description="Fields that were somebody else's when it was taken back."
    )
    problem: ProblemDetails | None = None
    user: User | None = Field(
        default=None,
        description="Right after the change, where a token allows to read users; never for "
        "callers known by IAM, and not in `/changes`.",
    )


class ChangeList(BaseModel):
    """The latest changes, newest first."""

    changes: list[ChangeOut]
    next: str | None = Field(default=None, description="`page` of what follows.")


By = Literal["username", "origin_sub"]
"""What the path names a user by: a username, an address that signs in or a sub; or origin sub."""

BODIES: dict[str, type[ApiModel]] = {
    model.__name__: model for model in (CreateUser, UpdateUser, ReplaceUser)
}


def dumped(model: BaseModel) -> dict[str, Any]:
    """As it is sent: without what does not apply."""
    return model.model_dump(mode="json", exclude_none=True)
