"""Who is made from their record when they first come, and who is awaited until then. Pure.

A pool that is filled on demand lacks people without having lost them. Whoever never was in it is
*awaited*: no replay makes them, and their absence is nothing to capture. Cognito asks about a name
that it does not know (`UserMigration`), and makes whom the answer describes. It does so seconds
after the question, and a lease lasts 90 s; so that creation is one of ours, named in the ledger
like any other and made under its lease, by a caller who never says that it is done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Any

from cognito_standby.core.domain.changed_passwords import PasswordNote
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.names_index import composed, normal
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, PoolSchema
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import (
    ABSENT,
    ENABLED,
    FEDERATED,
    PRESENT,
    TRUE,
    USERNAME,
    Fields,
    Subject,
    SubjectKind,
)
from cognito_standby.replication.domain.awaited_names import is_canary, signs_in_by, verified
from cognito_standby.replication.domain.federated import is_named_as_theirs
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View

AWAITED = NotHeld.AWAITED
"""Why a pool that is filled on demand lacks somebody (`LedgerRow.skipped`, for `present`)."""


class Coming(Enum):
    """How somebody comes whom the pool does not know."""

    VOUCHED = auto()
    """By a password that the pool they come from took: it answered with tokens."""
    UNVOUCHED = auto()
    """By a password that nobody could look at, or that was refused, or answered by a challenge."""
    FORGOT = auto()
    """Without a password: a code is sent to a verified contact of the record."""


class Refusal(StrEnum):
    """Why nobody is made. The caller is told the same as of somebody unknown."""

    UNVOUCHED = "no pool has taken the password"
    ANOTHER = "the pool that took the password knows somebody else by the name"
    OUTDATED = "another password was set elsewhere since"
    UNKNOWN = "no record has the name"
    SHARED = "more than one living record has the name"
    SPELT_OTHERWISE = "the username of the record is spelt otherwise"
    STANDS_BY = "this Region is not active"
    DELETED = "deleted"
    DISABLED = "disabled"
    ERASED = "erased"
    HERE = "in the pool already"
    WAS_HERE = "was in this pool: whoever is gone from it was deleted"
    NOT_NATIVE = "only a provider's sign-in makes them"
    NO_MARK = "the pool lacks custom:origin_sub, by which we know whom we made"
    NO_NAME = "the pool takes no name of the record"
    NO_CONTACT = "no verified contact to send a code to"
    MOVED = "record or role changed meanwhile"
    BUSY = "somebody is at work on them"
    UNREAD = "something could not be read, or is not believed"


@dataclass(frozen=True)
class Comer:
    """Somebody at the door, by the name that they typed.

    origin  the origin sub of whom the pool lets in that took the password; "": none did. A name can
            have gone from one person to another since, and the password is the former one's
    region  of that pool
    pool    its id
    """

    name: str
    coming: Coming
    origin: str = ""
    region: str = ""
    pool: str = ""


@dataclass(frozen=True)
class Made:
    """Whom Cognito is to make.

    username    of the answer's attributes, where the name was an alias; "": as it was typed
    attributes  all of the creation, with the mark by which we know whom we made
    confirmed   the password that was typed is the user's; else one is chosen by code
    """

    subject: Subject
    username: str
    attributes: Mapping[str, str]
    confirmed: bool


def vouched(signed_in: Mapping[str, Any]) -> Coming:
    """What the pool that somebody comes from answered to their name and password (API,
    AdminInitiateAuth). A challenge is no success: whoever answers it is not known yet."""
    tokens = signed_in.get("AuthenticationResult") or {}
    whole = not signed_in.get("ChallengeName") and tokens.get("AccessToken")
    return Coming.VOUCHED if whole else Coming.UNVOUCHED


def response_of(answer: Made | Refusal) -> dict[str, Any]:
    """The `response` of Cognito's question. An empty one makes nobody, and is told as any unknown
    name is (guide, "Managing user existence error responses"); no alias is ever taken from others.
    """
    if isinstance(answer, Refusal):
        return {}
    username = {"username": answer.username} if answer.username else {}
    return {
        "userAttributes": {**answer.attributes, **username},
        "finalUserStatus": "CONFIRMED" if answer.confirmed else "RESET_REQUIRED",
        "messageAction": "SUPPRESS",
        "forceAliasCreation": False,
    }


def was_here(view: View) -> bool:
    """Whether anything says that the user was in this very pool before. That they are awaited was
    confirmed as an absence, and says nothing. The row comes from `absence.of_this_pool`."""
    return was_in(view.user_pool_id, view.ledger, view.partition.own)


def was_in(user_pool_id: str, row: LedgerRow, own: Record | None) -> bool:
    """The same by a row of this pool's, and the own record."""
    if tells_of_them(row):
        return True
    return own is not None and not own.deleted and own.user_pool_id in ("", user_pool_id)


def tells_of_them(row: LedgerRow) -> bool:
    """Whether a row that is about this pool says that the user was in it."""
    return bool(row.base or row.local_sub or row.confirmed)


def never_came(view: View) -> bool:
    """Whether a pool that is filled on demand lacks somebody who never was in it. Groups are there
    beforehand, and so is the canary, which never comes; of a provider's users the provider's own
    rules hold."""
    winner = view.winner
    if not view.on_demand or view.observed.present or winner is None or winner.deleted:
        return False
    user = view.subject.kind is SubjectKind.USER and not is_canary(winner)
    return user and FEDERATED not in winner.fields and not was_here(view)


def is_awaited(view: View) -> bool:
    """Whether nobody but the person's own coming makes the user: nobody asked for them, and no
    creation that somebody asked for is open. One that answers a question says so (`skipped`): it
    ends where nothing came of it."""
    row = view.ledger
    begun = row.creation_is_open and PRESENT not in row.skipped
    return never_came(view) and not (view.wanted or view.filling or begun)


def nobody_yet(target: Target) -> Target:
    """What the pool shows of somebody who is awaited."""
    return Target(ABSENT, {**target.skipped, PRESENT: AWAITED})


def refusal_of(view: View, comer: Comer, others: Sequence[Record]) -> Refusal | None:
    """Why the user of a view is not made for a comer; None: they may be made.

    others  winners of the other subjects that the index has under the name
    """
    if comer.coming is Coming.UNVOUCHED:
        return Refusal.UNVOUCHED
    if not view.active:
        return Refusal.STANDS_BY
    winner = view.winner
    if winner is None or not signs_in_by(view.schema.names, winner.fields, comer.name):
        return Refusal.UNKNOWN
    if comer.coming is Coming.VOUCHED and comer.origin != view.subject.id:
        return Refusal.ANOTHER
    if winner.deleted:
        return Refusal.ERASED if winner.erased else Refusal.DELETED
    if winner.fields.get(ENABLED) != TRUE:
        return Refusal.DISABLED
    if view.observed.present:
        return Refusal.HERE
    if was_here(view):
        return Refusal.WAS_HERE
    if any(_claims(view.schema, other, comer.name) for other in others):
        return Refusal.SHARED
    return _unmakeable(view, winner.fields, comer)


def is_outdated(comer: Comer, notes: Collection[PasswordNote], records: Collection[Record]) -> bool:
    """Whether a password was set elsewhere after the one that a pool took: that one may be the very
    password that somebody changed for a reason. Elsewhere is another Region, and another pool in
    the same one."""
    last = max(notes, key=lambda note: note.epoch, default=None)
    if comer.coming is not Coming.VOUCHED or last is None:
        return False
    if last.epoch.region != comer.region:
        return True
    return bool(comer.pool and _pools_of(last, records) - {comer.pool})


def _pools_of(note: PasswordNote, records: Collection[Record]) -> set[str]:
    """Where a password was set. Of a note that does not say: where its Region's record has the
    person, which may be the pool before, until they change something in the present one."""
    if note.user_pool_id:
        return {note.user_pool_id}
    return {each.user_pool_id for each in records if each.region == note.epoch.region} - {""}


def lacks_contact(comer: Comer, fields: Fields) -> bool:
    """Whether a code could be sent to nobody, where one is needed."""
    return comer.coming is Coming.FORGOT and not verified(fields)


def _unmakeable(view: View, fields: Fields, comer: Comer) -> Refusal | None:
    if FEDERATED in fields or is_named_as_theirs(view, fields):
        return Refusal.NOT_NATIVE
    if ORIGIN_SUB_ATTRIBUTE not in view.schema.attributes:
        return Refusal.NO_MARK
    if lacks_contact(comer, fields):
        return Refusal.NO_CONTACT
    username = fields.get(USERNAME, "") if view.schema.free_usernames else comer.name
    # Cognito takes a username of the answer only beside an alias, so this one would be made.
    form = composed if view.schema.names.case_sensitive else normal
    spelt_otherwise = username != comer.name and form(username) == form(comer.name)
    return Refusal.SPELT_OTHERWISE if spelt_otherwise else None


def _claims(schema: PoolSchema, record: Record, name: str) -> bool:
    return not record.deleted and signs_in_by(schema.names, record.fields, name)
