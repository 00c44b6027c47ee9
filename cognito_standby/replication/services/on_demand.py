"""Making somebody from their record when they first come: the answer to Cognito's question, and the
binding of the user that it then makes.

Intent first (I4), under the subject's lease, which is not given back: Cognito makes the user within
seconds of the answer, and nobody else acts on them before. `bind` gives it back, and so does time.
A hint is published before the intent; it waits for the lease, so that whatever becomes of the
answer, a sync looks afterwards: at the user, or at an absence, which ends the intent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from cognito_standby.core.domain.absence import of_this_pool
from cognito_standby.core.domain.changed_passwords import PasswordNote
from cognito_standby.core.domain.contacts import PREFERRED
from cognito_standby.core.domain.errors import (
    LeaseHeldError,
    MisconfiguredError,
    StandbyError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Intent
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, PoolUser
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.sign_in_names import SignInNames
from cognito_standby.core.domain.subjects import (
    PRESENT,
    USERNAME,
    Subject,
    attributes_of,
    image_of,
)
from cognito_standby.core.ports import Ledger, RecordStore
from cognito_standby.replication.domain.awaited_names import is_called, keeps, signs_in_by
from cognito_standby.replication.domain.creation_names import name_for
from cognito_standby.replication.domain.decide import project
from cognito_standby.replication.domain.on_demand import (
    AWAITED,
    Comer,
    Coming,
    Made,
    Refusal,
    is_outdated,
    lacks_contact,
    refusal_of,
    was_in,
)
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.aliases import without_held
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import is_named_creation, look
from cognito_standby.replication.services.pool_calls import creation_fields
from cognito_standby.replication.services.preconditions import require_confirmed_table
from cognito_standby.replication.services.sync import note

_HOLDER = "on-demand:"
CAUSE = "made on demand"


class Noting(Protocol):
    """What binding somebody needs of a context: a trigger has no more."""

    @property
    def user_pool_id(self) -> str:
        """This Region's pool."""

    @property
    def ledger(self) -> Ledger:
        """Of this Region."""


class Reading(Noting, Protocol):
    """What finding somebody by a name needs besides."""

    @property
    def records(self) -> RecordStore:
        """With its index of names."""


def holder_of(question: str) -> str:
    """What a question holds a lease as. Each has its own: of two about one person the second one
    must not give back what protects the creation that the first one has answered with."""
    return f"{_HOLDER}{question}#0"


def meet(ctx: SyncContext, comer: Comer, question: str) -> Made | Refusal:
    """The answer to a question about somebody whom the pool does not know. Nothing is raised: what
    cannot be read makes nobody. `question`: its id."""
    try:
        return _meet(ctx, comer, holder_of(question))
    except LeaseHeldError:
        return Refusal.BUSY
    except StandbyError:
        return Refusal.UNREAD


def _meet(ctx: SyncContext, comer: Comer, holder: str) -> Made | Refusal:
    if comer.coming is Coming.UNVOUCHED:
        return Refusal.UNVOUCHED
    found = _claimants(ctx, comer.name)
    living = [subject for subject, record in found.items() if not record.deleted]
    if len(living) != 1:
        return Refusal.SHARED if living else Refusal.UNKNOWN
    (subject,) = living
    others = [record for each, record in found.items() if each != subject]
    view = look(ctx, subject, ctx.ledger.take_lease(subject, holder))
    answer = _answer(ctx, view, comer, others, holder)
    if isinstance(answer, Refusal):
        ctx.ledger.release(subject, holder)
    return answer


def _claimants(ctx: SyncContext, name: str) -> dict[Subject, Record]:
    """Whoever signs in by a name, by their winning records; the index alone is a hint."""
    names, found = ctx.directory.schema().names, dict[Subject, Record]()
    for key in ctx.records.named(name):
        subject = Subject.from_key(key)
        winner = resolve(ctx.records.read(subject)[0])
        if winner is not None and signs_in_by(names, winner.fields, name):
            found[subject] = winner
    return found


def _answer(
    ctx: SyncContext, view: View, comer: Comer, others: list[Record], holder: str
) -> Made | Refusal:
    winner = view.winner
    why = refusal_of(view, comer, others)
    if why is not None or winner is None:
        return why or Refusal.UNKNOWN
    require_confirmed_table(ctx)
    if _is_erased(ctx, view.subject):
        return Refusal.ERASED
    if comer.coming is Coming.VOUCHED:
        notes = _passwords_of(ctx, view.subject)
        if is_outdated(comer, notes, view.partition.records):
            return Refusal.OUTDATED
    target = without_held(ctx, project(view, winner), comer.name)
    name = name_for(view.schema, target.fields)
    if isinstance(name, NotHeld):
        return Refusal.NO_NAME
    if lacks_contact(comer, target.fields):
        return Refusal.NO_CONTACT
    _wake(ctx, view.subject)
    made = image_of(creation_fields(target.fields))
    # In a pool that took another one's place the winner can be this Region's own.
    own = winner.region == ctx.region
    skipped = {**target.skipped, PRESENT: AWAITED}
    note(ctx, view, Intent({}, made, skipped, name, restoring=own), holder)
    if _moved(ctx, view, winner):
        return Refusal.MOVED
    given = {**attributes_of(target.fields), ORIGIN_SUB_ATTRIBUTE: view.subject.id}
    username = target.fields.get(USERNAME, "") if view.schema.free_usernames else ""
    return Made(
        view.subject,
        username if username != comer.name else "",
        given,
        comer.coming is Coming.VOUCHED,
    )


def _wake(ctx: SyncContext, subject: Subject) -> None:
    now = ctx.clock.now().isoformat()
    ctx.bus.publish(Hint(origin_sub=subject.key, cause=CAUSE, hinted_at=now))


def _is_erased(ctx: SyncContext, subject: Subject) -> bool:
    """By today's list, not that of the records, which may be a copy's."""
    return ctx.erasures.has(subject)


def _passwords_of(ctx: SyncContext, subject: Subject) -> tuple[PasswordNote, ...]:
    if ctx.password_notes is None:
        raise MisconfiguredError("whether a password was set since is not known here")
    return ctx.password_notes.of(subject)


def _moved(ctx: SyncContext, view: View, winner: Record) -> bool:
    """The second look, at both records and both claims in one read."""
    partition, claims = ctx.records.read(view.subject)
    now = resolve(partition)
    return claims != view.claims or now is None or now.version != winner.version


def keeps_one_of(
    ctx: Reading, names: Collection[str], preferred: str, pool: Callable[[], SignInNames]
) -> bool:
    """Whether somebody who is awaited in this pool has one of these names. Who is in it, or was, is
    Cognito's own to tell apart. StandbyError: it could not be read.

    preferred  is one of the names where preferred usernames sign in
    pool       its own names; asked where they decide
    """
    also = (preferred,) if preferred and PREFERRED in pool().aliases else ()
    taken = (*names, *also)
    found = {key: name for name in taken for key in ctx.records.named(name)}
    return any(_keeps(ctx, Subject.from_key(key), taken, pool) for key in found)


def _keeps(
    ctx: Reading, subject: Subject, names: Collection[str], pool: Callable[[], SignInNames]
) -> bool:
    partition, _ = ctx.records.read(subject)
    winner = resolve(partition)
    if not any(is_called(winner, name) for name in names):
        return False
    row = of_this_pool(ctx.ledger.read(subject), ctx.user_pool_id)
    awaited = not was_in(ctx.user_pool_id, row, partition.own)
    return awaited and any(keeps(winner, name, pool) for name in names)


def bind(ctx: Noting, user: PoolUser) -> str:
    """The origin sub of somebody who is about to get a token: noted, where our answer has just made
    them, before it is told. "": nothing is certain, and they get no token yet.

    StandbyError: it could not be read or noted.
    """
    if origin := ctx.ledger.origin_of(user.sub):
        return origin
    if user.origin_sub in ("", user.sub):
        return ""
    subject = Subject.user(user.origin_sub)
    row = of_this_pool(ctx.ledger.read(subject), ctx.user_pool_id)
    lease = row.lease
    if lease is None or not lease.holder.startswith(_HOLDER):
        return ""
    if row.target is None or not is_named_creation(row, user):
        return ""
    skipped = {name: why for name, why in row.skipped.items() if name != PRESENT}
    onward = Intent(row.target, row.target, skipped, user.username, row.restoring)
    # The question is answered, for here is the user: nobody else acts as its holder any more.
    ctx.ledger.note_created(subject, lease.holder, onward, user.sub, user.username)
    ctx.ledger.release(subject, lease.holder)
    return subject.id
