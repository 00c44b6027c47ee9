"""What must hold when nothing is left to be done."""

from __future__ import annotations

from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, UserStatus
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    ENABLED,
    FALSE,
    PRESENT,
    USERNAME,
    Fields,
    Subject,
)
from cognito_standby.replication.domain.on_demand import AWAITED
from tests.property import changing
from tests.property.bound import check_bound
from tests.property.environment import Model
from tests.property.people import RECOVERED, Change
from tests.property.states import State
from tests.property.world import REGIONS, WrongError
from tests.twins.stores.frozen import EMPTY


def check_rest(model: Model, state: State) -> None:
    """WrongError: a state in which the system has nothing to do is not as it should be."""
    env = model.envs[state.env]
    for port in ("pool", "ledger"):
        for region in (0, 1):
            model.twins.look(state.parts, port, region)
    table = model.twins.look(state.parts, "table", 0)
    items = dict(table.snapshot()[1])
    if items[REGIONS[0]] != items[REGIONS[1]]:
        raise WrongError("the replicas differ")
    _check_planned(model, [origin for _, origin in env.people])
    for person, origin in env.people:
        changes = [c for c in env.history if c.person == person]
        _check_person(model, state, person, origin, changes)
    check_bound(model.twins)
    _check_groups(model)
    _check_recovered(model, state)


def _check_planned(model: Model, origins: list[str]) -> None:
    """Where Regions only ever stand down for each other nothing is lost, and so nothing listed."""
    bounds = model.bounds
    if not bounds.planned or bounds.aborts or bounds.claims:
        return
    if any(_is_listed(model, origin) for origin in origins):
        raise WrongError("a planned failover cost a change")


def _check_person(
    model: Model, state: State, person: str, origin: str, changes: list[Change]
) -> None:
    both, _ = model.twins.stores[0].read(Subject.user(origin))
    winner = resolve(both)
    for region in (0, 1):
        shown = model.people.fields(region, origin)
        row = model.twins.ledgers[region].read(Subject.user(origin))
        if row.lease is not None and row.lease.expires_at > 0:
            raise WrongError(f"a lease on {person} is left")
        if model.is_excused(state, region, origin, winner):
            continue
        if shown and row.skipped.get(PRESENT) == AWAITED:
            raise WrongError(f"{person} has come, and is awaited")
        if shown or PRESENT not in row.skipped:  # whom only their sign-in makes
            _check_shown(f"{person} in {REGIONS[region]}", winner, shown, {USERNAME, *row.skipped})
        stripped = winner is not None and winner.retired and row.state is SyncState.NEW
        if winner is not None and row.state is not SyncState.IN_SYNC and not stripped:
            raise WrongError(f"the ledger of {REGIONS[region]} says {row.state} of {person}")
        user = model.people.find(region, origin)
        if user and user.enabled and user.status is UserStatus.FORCE_CHANGE_PASSWORD:
            raise WrongError(f"{person} cannot recover in {REGIONS[region]}")
    if winner is not None and winner.deleted and not all(r.deleted for r in both.records):
        raise WrongError(f"a record of {person} would rise from the dead")
    if model.bounds.administers:
        _check_administered(model, person, winner, changes)
    elif not any(change.excused for change in changes):
        _check_strays(model, person, EMPTY if winner is None else winner.state, changes)
        _check_listed(model, person, origin, winner, changes)
        undone, highest = _undone(model, origin), model.twins.stores[0].read_claims().highest()
        changes = [
            change._replace(stray=True, known=True) if _is_in(undone, change, highest) else change
            for change in changes
        ]
        if model.bounds.undeletes and winner is not None and not winner.deleted:
            _check_brought_back(person, winner.fields, changes)
            return
        _check_kept(model, person, EMPTY if winner is None else winner.state, changes)


def _check_administered(
    model: Model, person: str, winner: Record | None, changes: list[Change]
) -> None:
    """Nobody is deleted by a change that deletes nobody, and of who is erased nothing is kept."""
    if winner is None:
        raise WrongError(f"no record of {person} is left")
    removes = not {"admin erase", "admin delete"}.isdisjoint(model.bounds.tidy)
    if winner.deleted and not removes and all(change.fields for change in changes):
        raise WrongError(f"{person} was deleted by nobody")
    known = [{**change.fields, USERNAME: ""} for change in changes if change.fields]
    told = {**winner.fields, USERNAME: ""}
    named = [{**each, ATTRIBUTE + "name": changing.NAME} for each in known]
    if not winner.erased and told not in (*known, *named):
        raise WrongError(f"{person} is {dict(winner.fields)}, which nobody made of them")


def _check_brought_back(person: str, winner: Fields, changes: list[Change]) -> None:
    """Whoever is undeleted is as somebody knew them, whole."""
    known = [{**change.fields, USERNAME: ""} for change in changes if change.fields]
    if {**winner, USERNAME: ""} not in known:
        raise WrongError(f"{person} came back as {dict(winner)}, which they never were")


def _check_shown(whose: str, winner: Record | None, shown: Fields, but: set[str]) -> None:
    wanted = EMPTY if winner is None else winner.state
    if not wanted:
        if shown and winner is None:
            raise WrongError(f"{whose} is in the pool and in no record")
        if shown and shown[ENABLED] != FALSE:
            raise WrongError(f"{whose} was deleted and is enabled")
    elif any(shown.get(name) != wanted.get(name) for name in {*shown, *wanted} - but):
        raise WrongError(f"{whose} shows {dict(shown)}, the winner says {dict(wanted)}")


def _check_strays(model: Model, person: str, winner: Fields, changes: list[Change]) -> None:
    """A change of a known user in a Region that knew that it stands by loses, unless that Region
    has claimed since."""
    claims = model.twins.stores[0].read_claims()
    for change in changes:
        if not (change.stray and change.known) or claims.of(change.epoch.region) > change.epoch:
            continue
        others = [other.fields for other in changes if other is not change]
        for name in change.touched:
            value = change.fields.get(name)
            if winner.get(name) == value and all(body.get(name) != value for body in others):
                raise WrongError(f"{person}: a change of {name} in the standby wins")


def _check_listed(
    model: Model, person: str, origin: str, winner: Record | None, changes: list[Change]
) -> None:
    """Whoever was changed in a Region while the other one had claimed is on a list, unless the
    change was made elsewhere as well, field by field, or the user was deleted there."""
    if _is_listed(model, origin):
        return
    claims = model.twins.stores[0].read_claims()
    for change in changes:
        region = change.epoch.region
        late = (change.stray and change.known) or change.behind
        if not late or claims.of(region) > change.epoch:
            continue
        if winner is not None and winner.deleted and winner.region != region:
            continue
        if model.bounds.undeletes and not change.fields:
            continue  # that it is taken back was somebody's wish
        if not _made_elsewhere(change, [other for other in changes if other is not change]):
            raise WrongError(f"{person}: nobody is told of a change that lost or came late")


def _is_listed(model: Model, origin: str) -> bool:
    """Whether somebody is told of what a person lost."""
    return any(ledger.conflicts_of(Subject.user(origin)) for ledger in model.twins.ledgers)


def _made_elsewhere(change: Change, others: list[Change]) -> bool:
    """Whether others did all of it as well, together or alone: then nothing of it is lost. A
    deletion is whole."""
    if not change.fields:
        return any(not other.fields for other in others)
    return all(
        any(other.fields and other.fields.get(name) == change.fields.get(name) for other in others)
        for name in change.touched
    )


def _undone(model: Model, origin: str) -> dict[str, Conflict]:
    """Region -> what was undone of a person there."""
    listed = {
        region: ledger.conflicts_of(Subject.user(origin))
        for region, ledger in zip(REGIONS, model.twins.ledgers, strict=True)
    }
    return {
        region: each
        for region, found in listed.items()
        for each in found
        if each.kind is ConflictKind.UNDONE
    }


def _is_in(undone: dict[str, Conflict], change: Change, highest: Epoch) -> bool:
    """Whether a change was undone and is listed with its fields; one under the claim that is still
    the highest never is."""
    listed = undone.get(change.epoch.region)
    if listed is None or change.epoch == highest:
        return False
    return listed.deletion or (bool(change.fields) and change.touched <= {*listed.fields})


def _check_kept(model: Model, person: str, winner: Fields, changes: list[Change]) -> None:
    """The last change of every field in the highest epoch survives; what was not touched there
    has a value that somebody gave it.

    A change in a Region that was not active loses, but where that Region has claimed since. Whoever
    was not known there is always captured.
    """
    rightful = [change for change in changes if not (change.stray and change.known)]
    if not rightful:
        return
    claims = model.twins.stores[0].read_claims()
    highest = max(change.epoch for change in rightful)
    late = [change for change in rightful if change.epoch == highest]
    strays = [change for change in changes if change not in rightful]
    later = [(claims.of(change.epoch.region), change) for change in strays]
    risen = [change for claim, change in later if claim >= highest and claim > change.epoch]
    touched = set().union(*(change.touched for change in late))
    last = late[-1].fields
    if any(change.fields == last for change in changes if change not in late):
        return  # there and back again: what is read now shows no change
    states = [last, *(change.fields for change in risen)]
    if not winner:
        edited_after = ENABLED not in touched and last.get(ENABLED) == FALSE
        if all(states) and not (edited_after and not all(change.fields for change in changes)):
            raise WrongError(f"{person} is gone")
        return
    if not any(states):
        raise WrongError(f"{person} was deleted and came back")
    for name in {*winner}.union(*(change.fields for change in changes)) - {PRESENT, USERNAME}:
        givers = risen if name in touched else changes
        allowed = {last.get(name)} | {c.fields.get(name) for c in givers if c.fields}
        if not _holds(model, highest.region, name):
            given = [c.fields for c in rightful if _holds(model, c.epoch.region, name)]
            allowed = {given[-1].get(name)}
        if winner.get(name) not in allowed:
            raise WrongError(f"{person} lost an update of {name}")
    _check_whole(person, winner, changes)


def _holds(model: Model, region: str, name: str) -> bool:
    """Whether the pool of a Region can hold a field."""
    attributes = model.twins.regions[REGIONS.index(region)].schema.attributes
    return not name.startswith(ATTRIBUTE) or name.removeprefix(ATTRIBUTE) in attributes


def _check_whole(person: str, winner: Fields, changes: list[Change]) -> None:
    """What was changed at once survives or is lost at once."""
    for change in changes:
        if change.stray and change.fields:
            shown = {name: winner.get(name) for name in change.touched}
            bodies = ({n: c.fields.get(n) for n in change.touched} for c in changes)
            if shown not in bodies:
                raise WrongError(f"{person} is half of one state and half of another")


def _check_groups(model: Model) -> None:
    """A definition that a record or a member tells of is the same in both pools."""
    pools = model.twins.pools
    known = {g for pool in pools for account in pool.snapshot().accounts for g in account.groups}
    items = dict(model.twins.table.snapshot()[1])[REGIONS[0]]
    known |= {key.partition.removeprefix("#group#") for key, _ in items}
    groups = [{g.name: g for g in pool.list_groups() if g.name in known} for pool in pools]
    if groups[0] != groups[1]:
        raise WrongError(f"the groups differ: {groups}")


def _check_recovered(model: Model, state: State) -> None:
    """Whoever chose a password keeps it."""
    for person, origin in model.envs[state.env].recovered:
        for account in model.twins.pools[1].snapshot().accounts:
            if (
                origin == account.attributes.get(ORIGIN_SUB_ATTRIBUTE)
                and account.password != RECOVERED
            ):
                raise WrongError(f"the password that {person} chose was overwritten")
