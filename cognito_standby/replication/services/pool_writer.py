"""The one writer of pools: replay, admin change, containment, purge and eviction write by this.

Whatever it writes is named in the ledger first (I4). Then the pool is looked at again, and if it is
not as planned for, nothing is written. Callers pass in only what differs between them:

    restoring   noted with the intent: the write puts the pool back to this Region's own record
    look_again  the second look, between intent and call
    claim       what becomes of a call that needs a name which somebody else holds
    asks_first  whose an address is, where a verified one is an alias (services/aliases.py)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from cognito_standby.core.domain.contacts import CONTACTS, PREFERRED
from cognito_standby.core.domain.errors import (
    DependencyMissingError,
    InvalidRecordError,
    NameHeldError,
    NotYetVisibleError,
    PlanStaleError,
    RefusedByPoolError,
    RefusedByTriggerError,
)
from cognito_standby.core.domain.ledger import Intent
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, Observation
from cognito_standby.core.domain.subjects import (
    ABSENT,
    ATTRIBUTE,
    FEDERATED,
    Fields,
    attributes_of,
    image_of,
    without_groups,
)
from cognito_standby.replication.domain.federated import is_named_as_theirs, is_unmarked
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.aliases import held_aliases
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.look import observe, observe_profile, observed_user
from cognito_standby.replication.services.pool_calls import (
    ALL,
    FACTORS,
    Call,
    calls_between,
    creation_fields,
    creation_name,
    group_of,
)
from cognito_standby.replication.services.preconditions import require_not_erased
from cognito_standby.replication.services.sync import intent_for, note

_T = TypeVar("_T")

Refused = (RefusedByPoolError, RefusedByTriggerError, NameHeldError, DependencyMissingError)
"""What Cognito answers to a call that no repetition makes better."""

SecondLook = Callable[[SyncContext, View, str], None]
"""For the holder of the lease: PlanStaleError, where a write is no longer wanted."""


class Claim(Protocol):
    """Makes a call that needs names, for a view and the holder of its lease."""

    def __call__(
        self,
        ctx: SyncContext,
        view: View,
        names: Sequence[str],
        holder: str,
        call: Callable[[], _T],
        /,
    ) -> _T:
        """What the call answers. NameHeldError: another user holds one."""


def claims_nothing(
    _ctx: SyncContext, _view: View, _names: Sequence[str], _holder: str, call: Callable[[], _T]
) -> _T:
    """Whoever holds a name keeps it."""
    return call()


def fields_unmoved(ctx: SyncContext, view: View, _holder: str) -> None:
    """The pool shows what was planned for."""
    if observe(ctx, view.subject, view.ledger).fields != view.observed.fields:
        raise PlanStaleError("the pool moved under the plan")


def profile_unmoved(ctx: SyncContext, view: View, _holder: str) -> None:
    """The pool shows the profile that was planned for.

    Enough for whoever looks at everything afterwards, memberships written or not: a membership is
    there or not, so a change of one that is about to be written can only have made the write
    unnecessary, and one that is not written is not written over.
    """
    seen = observe_profile(ctx, view.subject, view.ledger).fields
    if without_groups(seen) != without_groups(view.observed.fields):
        raise PlanStaleError("the pool moved under the plan")


@dataclass(frozen=True)
class PoolWriter:
    """Writes one subject, as one look showed it, for the holder of its lease.

    Every method: PlanStaleError, where the second look says so; otherwise as the calls of the pool.
    """

    ctx: SyncContext
    view: View
    holder: str
    restoring: bool = False
    look_again: SecondLook = fields_unmoved
    claim: Claim = claims_nothing
    asks_first: bool = True

    def make_user(
        self, target: Target, kinds: tuple[str, ...] = ALL, *, password: bool = False
    ) -> Observation:
        """Make a user, or go on with one who is there. Returns whom, as they were before all but
        the creation.

        The password is the last call but that of second factors, for whoever is new, and where it
        is asked for: until it succeeds the user stays recognisable as ours and unfinished. Nobody
        learns it; it makes "forgot password" possible. Whoever is staged gets none, and comes by
        their provider only.
        """
        seen = self.view.observed
        if seen.present:
            self.announce(target)
            self._mark(seen)
        else:
            seen = self._create(target)
        self.write(seen, target, tuple(kind for kind in kinds if kind not in FACTORS))
        if password or not (self.view.observed.present or target.staged):
            self.ctx.directory.set_permanent_password(
                seen.username, self.ctx.passwords.new_password()
            )
        self.write(seen, target, tuple(kind for kind in kinds if kind in FACTORS))
        return seen

    def alter_user(self, target: Target, kinds: tuple[str, ...] = ALL) -> None:
        """Make a present user look like this."""
        self.announce(target)
        self.write(self.view.observed, target, kinds)

    def alter_what_can_be(self, target: Target) -> tuple[str, ...]:
        """The same, call by call, as far as Cognito lets it. Returns the fields that it refused."""
        self.announce(target)
        left = list[str]()
        for call in _calls(self.view.observed, target, ALL):
            try:
                self.write_call(call, self.view.observed)
            except Refused:
                left += call.about
        return tuple(left)

    def remove_user(self, skipped: Mapping[str, str] | None = None) -> None:
        """Remove a present user. `skipped`: what the ledger is to go on noting as left out. No name
        is noted: after an erasure the ledger must not have learnt one."""
        self._announce(replace(self._intent(Target(ABSENT, skipped or {})), local_username=""))
        self.ctx.directory.delete_user(self.view.observed.username)

    def define_group(self, target: Target) -> None:
        """Make, change or remove a group definition."""
        self.announce(target)
        name = self.view.subject.id
        if not target.fields:
            self.ctx.directory.delete_group(name)
            return
        with _refusals_naming(target.fields):
            self.ctx.directory.put_group(group_of(name, target.fields))

    def announce(self, target: Target) -> None:
        """Name a write in the ledger (I4), and see that it is still wanted."""
        self._announce(self._intent(target))

    def write(self, seen: Observation, target: Target, kinds: tuple[str, ...]) -> None:
        """What was announced. NotYetVisibleError: the user is to be altered, and is gone."""
        for call in _calls(seen, target, kinds):
            self.write_call(call, seen)

    def write_call(self, call: Call, seen: Observation) -> None:
        """One of the calls. NameHeldError: another user signs in with an address of it."""
        given = attributes_of(call.shows)
        with _refusals_naming(name.removeprefix(ATTRIBUTE) for name in call.about):
            self._claiming(self._names(given), lambda: self._write_call(call, seen, given))

    def _write_call(self, call: Call, seen: Observation, given: Fields) -> None:
        if self.asks_first and given and held_aliases(self.ctx, seen, given):
            raise NameHeldError("another user signs in with the address")
        call.make(self.ctx.directory, seen.username)

    def _create(self, target: Target) -> Observation:
        ctx, view = self.ctx, self.view
        require_not_erased(ctx, view.subject)
        schema = ctx.directory.schema()
        if FEDERATED in target.fields or is_named_as_theirs(view, target.fields):
            # Decisions leave them out; this is the last place where a mistake harms nobody.
            raise InvalidRecordError("the user would keep one of a provider's users out")
        name = creation_name(schema, target.fields)
        created = image_of(creation_fields(target.fields))
        self._announce(Intent({}, created, target.skipped, name, self.restoring))
        attributes = attributes_of(target.fields)
        if ORIGIN_SUB_ATTRIBUTE in schema.attributes:
            attributes[ORIGIN_SUB_ATTRIBUTE] = view.subject.id
        with _refusals_naming(attributes):
            user = self._claiming(
                [name, *self._names(attributes)],
                lambda: ctx.directory.create_user(name, attributes),
            )
        seen = observed_user(ctx, user)
        onward = Intent(
            *(image_of(seen.fields), image_of(target.fields), target.skipped, user.username),
            restoring=self.restoring,
        )
        ctx.ledger.note_created(view.subject, self.holder, onward, user.sub, user.username)
        return seen

    def _mark(self, seen: Observation) -> None:
        """Whoever was bound says whose copy they are, as everybody does whom we make: by it a
        listing files them."""
        if is_unmarked(self.view):
            given = {ORIGIN_SUB_ATTRIBUTE: self.view.subject.id}
            self.ctx.directory.set_attributes(seen.username, given)

    def _intent(self, target: Target) -> Intent:
        return replace(intent_for(self.view, target), restoring=self.restoring)

    def _announce(self, intent: Intent) -> None:
        note(self.ctx, self.view, intent, self.holder)
        self.look_again(self.ctx, self.view, self.holder)

    def _names(self, attributes: Fields) -> list[str]:
        """What of these another user may sign in with."""
        nicks = {PREFERRED} & set(self.view.schema.alias_attributes)
        return [attributes[name] for name in (*CONTACTS, *nicks) if attributes.get(name)]

    def _claiming(self, names: Sequence[str], call: Callable[[], _T]) -> _T:
        return self.claim(self.ctx, self.view, names, self.holder, call)


def _calls(seen: Observation, target: Target, kinds: tuple[str, ...]) -> tuple[Call, ...]:
    """A staged profile is linked before anything else is done about it."""
    if not target.fields:
        raise NotYetVisibleError("the user is gone")
    calls, first = calls_between(seen.fields, target.fields, kinds), target.own_link
    return tuple(sorted(calls, key=lambda call: first not in call.about))


@contextmanager
def _refusals_naming(fields: Iterable[str]) -> Iterator[None]:
    """Name the fields of a refused call in its error, for an operator: names, never values. Those
    that Cognito named, or all of the call."""
    try:
        yield
    except RefusedByPoolError as error:
        named = error.attributes
        names = ", ".join(sorted(named or fields)) or "none"
        text = f"the pool refused a call ({error}) {'for' if named else 'with'}: {names}"
        raise RefusedByPoolError(text, named, error.fields) from None
