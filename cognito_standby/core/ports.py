"""What the services need of the world, as Protocols. Adapters and in-memory twins implement them.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError; the others
are named. "Already done" and "already gone" are success.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from cognito_standby.core.domain.absence import Recovery, RegionNotes
from cognito_standby.core.domain.changed_passwords import PasswordNote
from cognito_standby.core.domain.conflicts import Conflict
from cognito_standby.core.domain.epochs import Claims
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Binding, Confirmation, Intent, LedgerRow, SyncState
from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.core.domain.pools import PoolGroup, PoolSchema, PoolUser
from cognito_standby.core.domain.records import Draft, Partition, Record
from cognito_standby.core.domain.roles import Active
from cognito_standby.core.domain.subjects import Image, Subject

NOTHING: Mapping[str, str] = MappingProxyType({})


class Clock(Protocol):
    """Time of this Region: for leases and lag, never for order."""

    def now(self) -> datetime:
        """The time, aware, UTC."""


class PasswordSource(Protocol):
    """Random passwords that nobody learns."""

    def new_password(self) -> str:
        """A password that satisfies any Cognito policy; never stored or logged."""


class UserDirectory(Protocol):
    """One user pool. Users are addressed by the username that a look returned."""

    def schema(self) -> PoolSchema:
        """What the pool can hold; may be cached for minutes."""

    def get_user(self, name: str) -> PoolUser | None:
        """The user of this username or sub, or of this address where addresses are usernames,
        with groups and factors; strongly consistent; None: there is none."""

    def get_user_by_sub(self, sub: str) -> PoolUser | None:
        """The user whose sub it is, whatever else bears that name."""

    def get_profile(self, name: str) -> PoolUser | None:
        """As `get_user`, without groups: a request less."""

    def get_profile_by_sub(self, sub: str) -> PoolUser | None:
        """As `get_user_by_sub`, without groups."""

    def listed_by_sub(self, sub: str) -> bool:
        """Whether the listing has the sub: the second witness before a deletion is recorded."""

    def listed_with(self, contact: str, address: str) -> tuple[PoolUser, ...]:
        """Users with this address as `email` or `phone_number`, verified or not: 60 at most,
        without groups. Eventually consistent; one that differs in case may be missing."""

    def create_user(self, name: str, attributes: Mapping[str, str]) -> PoolUser:
        """Create without any message, with a temporary password nobody learns.

        NameHeldError: the name or an address belongs to somebody. RefusedByPoolError.
        """

    def set_attributes(self, username: str, attributes: Mapping[str, str]) -> None:
        """NotYetVisibleError: no such user. NameHeldError. RefusedByPoolError."""

    def delete_attributes(self, username: str, names: tuple[str, ...]) -> None:
        """NotYetVisibleError: no such user. RefusedByPoolError."""

    def set_enabled(self, username: str, enabled: bool) -> None:
        """NotYetVisibleError: no such user."""

    def set_permanent_password(self, username: str, password: str) -> None:
        """Makes recovery possible. NotYetVisibleError: no such user. RefusedByPoolError."""

    def delete_user(self, username: str) -> None:
        """Remove a user."""

    def join_group(self, username: str, group: str) -> None:
        """DependencyMissingError: the group is missing. NotYetVisibleError: no such user."""

    def leave_group(self, username: str, group: str) -> None:
        """A missing group or user is success."""

    def link_identity(self, username: str, provider: str, subject: str) -> None:
        """Let a provider's subject sign in as this native user. NotYetVisibleError: no such user.
        RefusedByPoolError: the identity has a profile here, is linked, or is one too many ..."""

    def unlink_identity(self, provider: str, subject: str) -> None:
        """Whomever it is linked to. An identity that is not linked is success."""

    def set_factors(self, username: str, wanted: Mapping[str, bool], preferred: str) -> None:
        """Turn second factors (`domain.sign_in.Factor`) on or off, and let one of them be preferred
        or none; what is not named stays. NotYetVisibleError: no such user. RefusedByPoolError: the
        address is missing, the secret, or the pool does not offer it."""

    def get_group(self, name: str) -> PoolGroup | None:
        """One group definition."""

    def recoveries(self) -> tuple[Recovery, ...]:
        """The pool's point-in-time recoveries that AWS still tells of; none where the plan or the
        Region has no such thing."""

    def put_group(self, group: PoolGroup) -> None:
        """Create or update. RefusedByPoolError."""

    def delete_group(self, name: str) -> None:
        """Remove a group definition; its members stay in the pool."""


class RecordStore(Protocol):
    """This Region's replica of the global table. Reads are strongly consistent in the Region."""

    def read(self, subject: Subject) -> tuple[Partition, Claims]:
        """Both Regions' records of a subject and both claims, in one look.

        InvalidRecordError: an item has not the documented shape. NewerSchemaError.
        """

    def read_claims(self) -> Claims:
        """Both claims."""

    def read_active(self) -> Active:
        """Who is active by both claims, and the Region that it makes way for."""

    def put(self, draft: Draft, observed_at: datetime) -> Record | None:
        """Write this Region's own record if its revision is still the expected one.

        None: refused, something else was written in between.
        """

    def retire(self, tombstone: Record) -> bool:
        """Mark this Region's own tombstone as `retired`; its revision stays, and the other
        Region's stream starts nothing. False: it is not that write any more."""

    def remove(self, retired: Record) -> bool:
        """Take away this Region's own retired tombstone; False: it is not that write any more.

        Gone already is success.
        """

    def add_to_index(self, subject: Subject) -> bool:
        """Add to this Region's own record what the index `by-shard` needs and it lacks. False:
        there is no record, or it lacks nothing. Its revision stays."""

    def named(self, name: str) -> tuple[str, ...]:
        """Keys of users whom the index of names has under this name, or identity: they may be
        others, and the record of one may be on its way."""

    def on_their_way(self, name: str) -> tuple[str, ...]:
        """Those of them whose entry is so young that their record may not have arrived yet."""

    def known_groups(self, names: tuple[str, ...]) -> frozenset[str]:
        """Which of these groups this Region has an own, living record of."""

    def put_claim(self, number: int) -> bool:
        """Write this Region's own claim item, only ever upwards; False: it is already as high."""

    def table_id(self) -> str:
        """The id of this replica, which differs from that of any other table of the same name. May
        be cached for a minute, because replacing a table takes longer."""


class Ledger(Protocol):
    """This Region's ledger. Every write but the first needs the lease and raises PlanStaleError
    without it. `holder` is one run of an execution (`holder_of`)."""

    def take_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """Take or renew the lease. LeaseHeldError: another living actor has it."""

    def renew_lease(self, subject: Subject, holder: str) -> LedgerRow:
        """Go on with a lease that is still ours. PlanStaleError: it is not."""

    def take_over_lease(self, subject: Subject, former: str, holder: str) -> LedgerRow:
        """Take the lease that any run of `former`, a failed execution, had when it ended; or renew
        it where it was taken over already. LeaseHeldError: it has not expired, so a call of theirs
        may still run, or they were redriven. PlanStaleError: somebody else took it, or nobody has
        it."""

    def release(self, subject: Subject, holder: str) -> None:
        """Give the lease back; no-op if it is not held."""

    def end_lease(self, subject: Subject, holder: str) -> None:
        """Expire the lease at once, but stay known as its last holder. PlanStaleError."""

    def note_intent(self, subject: Subject, holder: str, intent: Intent) -> None:
        """Name what is about to be written to the pool; state becomes `applying`. Before a
        creation, and where the row is about another pool (`Intent.anew`), what was confirmed is
        forgotten."""

    def note_created(
        self, subject: Subject, holder: str, intent: Intent, local_sub: str, username: str
    ) -> None:
        """After a creation: the two-way sub map, base = what was created, and the way onward."""

    def bind(self, stranger: Subject, holder: str, subject: Subject, binding: Binding) -> None:
        """`stranger`, on whom the lease is held, is found to be `subject`: the two-way sub map, and
        what is about to be written, at once. The lease goes over to the subject. LeaseHeldError:
        somebody is at work on the subject, has bound another user, or this one, or has the lease of
        the stranger."""

    def confirm(self, subject: Subject, holder: str, confirmation: Confirmation) -> None:
        """The pool was seen to hold the winner: base = confirmed, no target; release."""

    def note_state(
        self,
        subject: Subject,
        holder: str,
        state: SyncState,
        reason: str,
        skipped: Mapping[str, str] = NOTHING,
    ) -> None:
        """Skipped, failed or quarantined, and why; release. `skipped`: of somebody who is left
        alone, the fields by which they are counted among those whom a pool does not hold."""

    def note_refused(self, subject: Subject, holder: str, refused: Image) -> None:
        """Which values this pool refuses (`LedgerRow.refused`), in place of those noted before."""

    def forget(self, subject: Subject, holder: str) -> None:
        """Remove the row, its lease, and the local sub from the reverse map, because nothing is
        left of the subject."""

    def note_conflict(self, conflict: Conflict) -> None:
        """Add a conflict to what is listed of a subject; the same again changes nothing. Needs no
        lease. PlanStaleError: somebody else added one at the same moment."""

    def conflicts_of(self, subject: Subject) -> tuple[Conflict, ...]:
        """What is listed of a subject."""

    def drop_conflict(self, conflict: Conflict) -> bool:
        """Somebody decided: take it off the list, if it is still listed with just these fields.
        False: more was added meanwhile, or it is not listed any more."""

    def drop_conflicts(self, subject: Subject) -> None:
        """Take a subject off the list: an erased one, or one about whom somebody has decided."""

    def read(self, subject: Subject) -> LedgerRow:
        """The row as it is, without a lease; an empty one when there is none."""

    def origin_of(self, local_sub: str) -> str | None:
        """The origin sub under which this pool's user is noted; None: not noted yet."""

    def region_notes(self) -> RegionNotes:
        """What is noted about this Region as a whole, strongly consistent."""

    def note_table(self, former: str, table_id: str) -> bool:
        """Confirm a records table in place of `former`; "": the first one. False: another one
        than `former` is confirmed by now."""

    def note_reconciled(self, recoveries: frozenset[str]) -> None:
        """A reconciliation has looked after these recoveries."""


class ErasureList(Protocol):
    """Hashes of the users who were erased, in the replicated table and in this Region's ledger.
    Whoever makes somebody asks it first, and makes nobody where it cannot be read."""

    def add(self, subject: Subject, change_id: str) -> None:
        """Note an erasure that this change makes here."""

    def take_back(self, subject: Subject, change_id: str) -> None:
        """Note that it did not happen; if it was never noted, that is success, too."""

    def learn(self, subject: Subject, change_id: str) -> None:
        """Note in this Region's ledger, too, what a record says of an erasure."""

    def has(self, subject: Subject) -> bool:
        """Whether either Region erased the user, by what is noted anywhere now; strongly
        consistent."""


@dataclass(frozen=True)
class PasswordNotePage:
    """Some notes of a shard, with the keys of their subjects, in the keys' order: those of both
    Regions about one subject follow each other, perhaps on the next page. `token`: "" at the
    end."""

    notes: Sequence[tuple[str, PasswordNote]]
    token: str = ""


class PasswordNotes(Protocol):
    """That passwords were set, in either Region's pool; never a password."""

    def note(self, subject: Subject, number: int, at: str, user_pool_id: str) -> bool:
        """A password was set in this pool of this Region, under its claim of that number or an
        earlier one. False: something newer is noted already."""

    def of(self, subject: Subject) -> tuple[PasswordNote, ...]:
        """What is noted of a subject: at most one note for each Region; strongly consistent.

        InvalidRecordError: an item has not the documented shape.
        """

    def page(self, shard: str, token: str) -> PasswordNotePage:
        """Notes of a shard; eventually consistent. InvalidRecordError."""


class HintBus(Protocol):
    """Where hints are published."""

    def publish(self, hint: Hint) -> None:
        """Put one hint on this Region's bus. ServiceUnavailableError: it was not taken."""


class HintParking(Protocol):
    """Where a hint waits when the bus does not take it."""

    def park(self, hint: Hint) -> None:
        """Put one hint into the queue that feeds the same path."""


class PoolNotes(Protocol):
    """What this Region keeps in mind of its pools, in the ledger table, for ever."""

    def pool_note(self, user_pool_id: str) -> PoolNote | None:
        """What the last believed run saw of a pool; None: nothing is noted here."""

    def keep_pool_note(self, user_pool_id: str, note: PoolNote) -> None:
        """For the next run."""

    def run_ended(self, user_pool_id: str, at: datetime) -> None:
        """A run about this pool has written its report."""

    def has_run_ended(self, user_pool_id: str) -> bool:
        """Whether any run about this pool has ever written its report."""

    def not_reconciled_since(self, user_pool_id: str, now: datetime) -> datetime:
        """When the pool's last run ended, to the second. Before the first run: when this was first
        asked, which is noted."""

    def pool_of_record(self, user_pool_id: str) -> str:
        """The pool that an operator accepted last, else the one that was noted first. If none was
        noted, this pool is noted now."""

    def known_pool(self) -> str:
        """The same without noting one; "": none is noted."""

    def accept_pool(self, former: str, user_pool_id: str) -> bool:
        """Accept a pool in place of `former`. False: another one than `former` is known by now."""
