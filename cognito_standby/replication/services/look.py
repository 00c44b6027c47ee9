"""Looking: whom a hint is about, and one consistent view of everything that matters for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from cognito_standby.core.domain.absence import of_this_pool
from cognito_standby.core.domain.contacts import CONTACTS
from cognito_standby.core.domain.errors import InvalidRecordError, PlanStaleError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import LedgerRow, locally_changed
from cognito_standby.core.domain.pools import (
    Observation,
    PoolUser,
    group_fields,
    user_fields,
)
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import (
    ABSENT,
    ATTRIBUTE,
    FEDERATED,
    TRUE,
    Fields,
    Subject,
    SubjectKind,
    without_groups,
)
from cognito_standby.replication.domain.projection import TAKEN
from cognito_standby.replication.domain.view import View
from cognito_standby.replication.services.binding import kin_of
from cognito_standby.replication.services.context import SyncContext

_Find = Callable[[str], PoolUser | None]


class _Ways(NamedTuple):
    """How a user is found in the pool: with or without memberships."""

    by_sub: _Find
    by_name: _Find


_LOOKS = 3
"""Looks before a moving role sends the execution back to its start."""


def identify(ctx: SyncContext, hint: Hint) -> Subject:
    """The subject of a hint, by sub, never by name.

    InvalidRecordError: the hint is about another pool.
    """
    if hint.user_pool_id and hint.user_pool_id != ctx.user_pool_id:
        raise InvalidRecordError("the hint is about another user pool")
    if hint.group:
        return Subject.group(hint.group)
    if hint.origin_sub:
        return Subject.from_key(hint.origin_sub)
    if origin := ctx.ledger.origin_of(hint.local_sub):
        return Subject.user(origin)
    user = ctx.directory.get_profile_by_sub(hint.local_sub)
    claimed = _being_created(ctx, user) if user is not None else None
    return claimed or Subject.user(hint.local_sub)


def look(
    ctx: SyncContext, subject: Subject, row: LedgerRow, memberships: Fields | None = None
) -> View:
    """Records and claims, then the pool, then the claims again. `memberships`: those that an
    earlier look under this lease has seen, and that nobody has written since; not asked for again.

    PlanStaleError: the claims keep moving.
    """
    row = of_this_pool(row, ctx.user_pool_id)
    for _ in range(_LOOKS):
        partition, claims = ctx.records.read(subject)
        observed = _observed(ctx, subject, row, memberships)
        schema = ctx.directory.schema()
        view = View(
            *(subject, ctx.region, partition, claims, row, observed, schema),
            *(ctx.user_pool_id, ctx.asked, ctx.wanted),
            federated=ctx.federated,
            on_demand=ctx.on_demand,
            filling=ctx.filling,
        )
        view = replace(view, taken=_taken_addresses(ctx, view), kin=kin_of(ctx, view, look))
        if ctx.records.read_claims() == claims:
            return view
    raise PlanStaleError("the claims moved during the look")


def _observed(
    ctx: SyncContext, subject: Subject, row: LedgerRow, memberships: Fields | None
) -> Observation:
    if memberships is None:
        return observe(ctx, subject, row)
    seen = observe_profile(ctx, subject, row)
    if not seen.present:
        return seen
    return replace(seen, fields={**without_groups(seen.fields), **memberships})


def observe(ctx: SyncContext, subject: Subject, row: LedgerRow) -> Observation:
    """What the pool shows of a subject now."""
    find = ctx.directory
    return _observe(ctx, subject, row, _Ways(find.get_user_by_sub, find.get_user))


def observe_profile(ctx: SyncContext, subject: Subject, row: LedgerRow) -> Observation:
    """The same without a user's memberships: nothing may be concluded of those."""
    find = ctx.directory
    return _observe(ctx, subject, row, _Ways(find.get_profile_by_sub, find.get_profile))


def _observe(ctx: SyncContext, subject: Subject, row: LedgerRow, ways: _Ways) -> Observation:
    match subject.kind:
        case SubjectKind.USER:
            return _observe_user(ctx, subject, row, ways)
        case SubjectKind.GROUP:
            group = ctx.directory.get_group(subject.id)
            return Observation(ABSENT if group is None else group_fields(group))


def observed_user(ctx: SyncContext, user: PoolUser) -> Observation:
    """A user as read, as an observation."""
    fields = user_fields(user, ctx.directory.schema())
    return Observation(fields, user.sub, user.username, user.status, user.origin_sub)


def _taken_addresses(ctx: SyncContext, view: View) -> Fields:
    """Unverified addresses of the winner that the pool lacks, and another user signs in with.

    Cognito lets anybody type another's address into their own profile where a verified one is an
    alias. The pool is asked only then; a holder whose own record no longer claims it is evicted.
    What was changed here is no longer the address that was left out: it is captured.
    """
    winner, seen, taken = view.winner, view.observed, dict[str, str]()
    if winner is None or not seen.present:
        return ABSENT
    ours = winner.region == ctx.region
    changed_here = locally_changed(seen.fields, view.ledger)
    for contact in set(CONTACTS) & set(view.schema.alias_attributes):
        name, flag = ATTRIBUTE + contact, f"{ATTRIBUTE}{contact}_verified"
        wanted = winner.fields.get(name)
        if not wanted or winner.fields.get(flag) == TRUE or wanted == seen.fields.get(name):
            continue
        if (ours or view.active) and {name, flag} & changed_here:
            continue
        if view.ledger.skipped.get(name) == TAKEN if ours else _held(ctx, view, name, wanted):
            taken[name] = wanted
    return taken


def former_owners(ctx: SyncContext, view: View, fields: Fields) -> tuple[str, ...]:
    """Local subs of those whose records still say that an address is theirs which this user has
    now verified as an alias. Cognito takes their verification at a confirmation with
    ForceAliasCreation, and tells nobody (developer guide, "Customizing sign-in attributes")."""
    before = view.partition.own.state if view.partition.own else ABSENT
    found = set[str]()
    for contact in set(CONTACTS) & set(view.schema.alias_attributes):
        name, flag = ATTRIBUTE + contact, f"{ATTRIBUTE}{contact}_verified"
        address, known = fields.get(name), before.get(flag) == TRUE
        if not address or fields.get(flag) != TRUE or (known and before.get(name) == address):
            continue
        for user in ctx.directory.listed_with(contact, address):
            if user.sub != view.observed.local_sub and _claims(ctx, user, name, address):
                found.add(user.sub)
    return tuple(sorted(found))


def _held(ctx: SyncContext, view: View, name: str, address: str) -> bool:
    holder = ctx.directory.get_profile(address)
    if holder is None or holder.sub == view.observed.local_sub:
        return False
    return _claims(ctx, holder, name, address)


def _claims(ctx: SyncContext, holder: PoolUser, name: str, address: str) -> bool:
    """Whether the holder's own record says that a verified address is theirs. Without a record:
    yes."""
    partition, _ = ctx.records.read(identify(ctx, Hint(local_sub=holder.sub)))
    winner = resolve(partition)
    if winner is None:
        return True
    same = winner.fields.get(name, "").casefold() == address.casefold()
    return same and not winner.deleted and winner.fields.get(f"{name}_verified") == TRUE


def _observe_user(ctx: SyncContext, subject: Subject, row: LedgerRow, ways: _Ways) -> Observation:
    sub = row.local_sub or subject.id
    user = ways.by_sub(sub)
    federated = FEDERATED in (row.confirmed or ABSENT) and row.local_username
    if user is None and federated and not ctx.directory.schema().providers:
        # The last provider was removed, and the listing is asked only in pools that have one.
        named = ways.by_name(row.local_username)
        user = named if named is not None and named.sub == sub else None
    if user is not None and not row.local_sub and not _is_theirs(ctx, subject, user):
        return Observation(ABSENT)
    if user is None and row.creation_is_open:
        # A creation may have succeeded just before its execution died: the pool then holds a
        # user of the noted name that carries our mark.
        found = ctx.directory.get_user(row.local_username)
        if found is not None and found.origin_sub == subject.id:
            user = found
    return Observation(ABSENT) if user is None else observed_user(ctx, user)


def _claimed(user: PoolUser) -> Subject | None:
    """The user whom the copy of the origin sub names, if it is another user. A copy that cannot be
    an id was not written by us, and must not keep the user from being replicated."""
    if user.origin_sub in ("", user.sub):
        return None
    try:
        return Subject.user(user.origin_sub)
    except InvalidRecordError:
        return None


def _is_theirs(ctx: SyncContext, subject: Subject, user: PoolUser) -> bool:
    """Whether a user who was found by the subject's id is the subject: an id from outside may be
    the local sub of a user who has another origin sub, and every user has just one."""
    origin = ctx.ledger.origin_of(user.sub)
    return origin == subject.id if origin else _being_created(ctx, user) is None


def _being_created(ctx: SyncContext, user: PoolUser) -> Subject | None:
    """The subject whose unfinished creation made this user, whom the reverse map does not know
    yet; or of whom this user is a remnant."""
    claimed = _claimed(user)
    if claimed is None:
        return None
    row = of_this_pool(ctx.ledger.read(claimed), ctx.user_pool_id)
    return claimed if _is_being_created(row, user) or _is_gone(ctx, claimed) else None


def _is_gone(ctx: SyncContext, claimed: Subject) -> bool:
    """Whether somebody was deleted or erased, so that who bears their mark is nobody new: an import
    job makes users hours after they were named, and they may have gone meanwhile."""
    winner = resolve(ctx.records.read(claimed)[0])
    return winner is not None and winner.deleted


def _is_being_created(row: LedgerRow, user: PoolUser) -> bool:
    """Whether the ledger, not only the user's attribute, says that this is our creation."""
    return row.local_sub == user.sub or is_named_creation(row, user)


def is_named_creation(row: LedgerRow, user: PoolUser) -> bool:
    """Whether the ledger names a creation of which nothing came back yet, by a name of theirs."""
    names = (user.username, user.attributes.get("email"), user.attributes.get("phone_number"))
    return row.creation_is_open and row.local_username in names
