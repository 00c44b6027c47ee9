"""Changes that an administrator asks for: what is asked, how far it is, and what came of it. Pure.

A change is stored before it is worked on, and named everywhere by its id alone: its contents are
personal data. What may be asked is in `rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.core.domain.subjects import Fields, fingerprint

SOURCE = "cognito-standby"
DETAIL_TYPE = "AdminChangeRequested"
"""The event that starts the machine: {"change_id": id} and nothing else; never archived."""

RECENT_INDEX = "recent"
"""Index of the table: the latest changes."""
LISTED_ATTRIBUTES = (
    *("kind", "status", "asked_by", "ended_at", "subject", "problem", "result"),
    "expires_at",
)
"""What the list of them shows: nothing of what was asked for."""

KEPT = timedelta(days=7)
"""How long a change is kept, and so how long an idempotency key stays the same change."""


class ChangeKind(StrEnum):
    """What is asked for."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    """The record keeps the state, so that it can be taken back."""
    ERASE = "erase"
    """Nothing of the person is kept but a hash, which later restores consult."""
    UNDELETE = "undelete"
    """Somebody deleted comes back as their tombstone knows them; an operator's command asks it."""

    @property
    def removes(self) -> bool:
        """Whether the user is gone afterwards."""
        return self in (ChangeKind.DELETE, ChangeKind.ERASE)


class ChangeStatus(StrEnum):
    """How far a change is."""

    ACCEPTED = "accepted"
    """Stored; the machine has not begun."""
    RUNNING = "running"
    COMPLETED = "completed"
    """Pool and record hold it."""
    REFUSED = "refused"
    """The caller's to fix: pool and record are without it."""
    COMPENSATED = "compensated"
    """It could not be recorded, so it was taken back from the pool."""
    FAILED = "failed"
    """The machine gave up and an operator was told. A redrive can still end it otherwise."""

    @property
    def ended(self) -> bool:
        """Whether a caller who waits can be answered."""
        return self not in (ChangeStatus.ACCEPTED, ChangeStatus.RUNNING)

    @property
    def final(self) -> bool:
        """Whether this is its last status; a failed change may still be redriven."""
        return self.ended and self is not ChangeStatus.FAILED


@dataclass(frozen=True)
class ChangeRequest:
    """What is asked for.

    username    as Cognito takes it: username, address that signs in, or sub
    origin_sub  instead of the username; not for a creation
    attributes  name -> value; None removes it
    verified    "email" or "phone_number" -> whether it counts as verified. Needed wherever the
                address itself is given; by itself it sets the flag of the present address
    enabled     None: as it is (a new user is enabled)
    groups      the exact set; None: see join and leave
    replace     of an update: attributes that are not named are removed, where they can be
    if_match    entity tag that the user must still have; "" for any
    """

    kind: ChangeKind
    username: str = ""
    origin_sub: str = ""
    attributes: Mapping[str, str | None] = field(default_factory=dict)
    verified: Mapping[str, bool] = field(default_factory=dict)
    join: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    replace: bool = False
    if_match: str = ""
    enabled: bool | None = None
    groups: tuple[str, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """As it is stored, encrypted: only what is set."""
        return to_plain(self, sparse=True)

    @classmethod
    def from_dict(cls, raw: Any) -> ChangeRequest:
        """The reverse of `to_dict`. InvalidRecordError: it is not what `to_dict` writes."""
        return from_plain(cls, raw, wrong="a stored change does not have its shape")


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one part of a request. `pointer` is a JSON pointer (RFC 6901) into it;
    `text` is for the caller and quotes no value."""

    pointer: str
    text: str


@dataclass(frozen=True)
class Problem:
    """Why a change did not happen, for the caller (RFC 9457). `code` is stable, `status` HTTP's;
    `text` names attributes and groups at most, never a value."""

    code: str
    status: int
    text: str
    fields: tuple[FieldProblem, ...] = ()

    def about(self, *fields: FieldProblem) -> Problem:
        """The same problem, of these parts of the request."""
        return replace(self, fields=fields)


@dataclass(frozen=True)
class ChangeResult:
    """What came of it: whom it was about, their entity tag afterwards ("" once gone), and names of
    fields that a compensation left, because somebody else had changed them meanwhile."""

    origin_sub: str
    entity_tag: str = ""
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """One change.

    subject       origin sub; known from the start for a creation, later for the others
    asked_by      id of the caller, no personal data
    requested_at  and ended_at: UTC, ISO 8601
    request       None once it has ended for good: nothing personal is kept longer than needed
    execution     ARN of the execution that works on it
    """

    id: str
    kind: ChangeKind
    status: ChangeStatus
    asked_by: str
    requested_at: str
    subject: str = ""
    ended_at: str = ""
    request: ChangeRequest | None = None
    problem: Problem | None = None
    result: ChangeResult | None = None
    execution: str = ""


@dataclass(frozen=True)
class UserView:
    """A user as the API shows them."""

    username: str
    origin_sub: str
    status: str
    """Cognito's UserStatusType."""
    enabled: bool
    attributes: Mapping[str, str]
    groups: tuple[str, ...]
    entity_tag: str


def entity_tag(fields: Fields) -> str:
    """Names one state of a user: equal states have equal tags, in both Regions."""
    return fingerprint(fields) if fields else ""
