"""What must hold when nothing is left to be done."""

from __future__ import annotations

from cognito_standby.adapters.memory.frozen import EMPTY, FrozenMap
from cognito_standby.domain.ledger import SyncState
from cognito_standby.domain.pools import UserStatus
from cognito_standby.domain.records import Record, resolve
from cognito_standby.domain.subjects import ENABLED, FALSE, PRESENT, USERNAME, Fields, Subject
from tests.property.environment import Model
from tests.property.model import State
from tests.property.people import RECOVERED, Change
from tests.property.world import REGIONS, WrongError


def check_rest(model: Model, state: State) -> None:
    """WrongError: a state in which the system has nothing to do is not as it should be."""
    env = model.envs[state.env]
    for port in ("pool", "ledger"):
        for region in (0, 1):
            model.twins.look(state.parts, port, region)
    table = model.twins.look(state.parts, "table", 0)
    seen = [table.snapshot()[1]]
    items = dict(seen[0])
    if items[REGIONS[0]] != items[REGIONS[1]]:
        raise WrongError("the replicas differ")
    for person, origin in env.people:
        _check_person(model, person, origin, [c for c in env.history if c.person == person])
    _check_groups(model)
    for region in (0, 1):
        pass


def _check_person(model: Model, person: str, origin: str, changes: list[Change]) -> None:
    partition, _ = model.twins.stores[0].read(Subject.user(origin))
    winner = resolve(partition)
    for region in (0, 1):
        shown = model.people.fields(region, origin)
        _check_shown(f"{person} in {REGIONS[region]}", winner, shown)
        row = model.twins.ledgers[region].read(Subject.user(origin))
        if row.lease is not None and row.lease.expires_at > 0:
            raise WrongError(f"a lease on {person} is left")
        if winner is not None and row.state is not SyncState.IN_SYNC:
            raise WrongError(f"the ledger of {REGIONS[region]} says {row.state} of {person}")
        user = model.people.find(region, origin)
        if user and user.enabled and user.status is UserStatus.FORCE_CHANGE_PASSWORD:
            raise WrongError(f"{person} cannot recover in {REGIONS[region]}")
    if changes and not any(change.excused for change in changes):
        _check_kept(person, EMPTY if winner is None else winner.state, changes)


def _check_shown(whose: str, winner: Record | None, shown: FrozenMap) -> None:
    if winner is None:
        raise WrongError(f"{whose} has no record")
    wanted = winner.state
    if not wanted:
        if shown and shown[ENABLED] != FALSE:
            raise WrongError(f"{whose} was deleted and is enabled")
    elif {**shown, USERNAME: ""} != {**wanted, USERNAME: ""}:
        raise WrongError(f"{whose} shows {dict(shown)}, the winner says {dict(wanted)}")


def _check_kept(person: str, winner: Fields, changes: list[Change]) -> None:
    """The last change of every field in the highest epoch survives; what was not touched there
    has a value that somebody gave it."""
    highest = max(change.epoch for change in changes)
    late = [change for change in changes if change.epoch == highest]
    last = late[-1].fields
    touched = set().union(*(change.touched for change in late))
    deleted_before = any(not change.fields for change in changes)
    if not winner and deleted_before and ENABLED not in touched and last.get(ENABLED) == FALSE:
        return  # somebody edited a user who was deleted already and stays so
    if not last or not winner:
        if bool(last) != bool(winner):
            word = "was deleted and came back" if not last else "is gone"
            raise WrongError(f"{person} {word}")
        return
    for name in {*last, *winner} - {PRESENT, USERNAME}:
        allowed = {last.get(name)}
        if name not in touched:
            allowed |= {change.fields.get(name) for change in changes}
        if winner.get(name) not in allowed:
            raise WrongError(f"{person} lost an update of {name}")


def _check_groups(model: Model) -> None:
    groups = [
        {group.name: group for group in model.twins.pools[region].list_groups()}
        for region in (0, 1)
    ]
    if groups[0] != groups[1]:
        raise WrongError(f"the groups differ: {groups}")


def _check_recovered(model: Model, state: State, region: int) -> None:
    """Whoever chose a password keeps it."""
    for account in model.twins.pools[region].snapshot().accounts:
        if account.codes or account.password == RECOVERED:
            continue
        if (region, account.sub) in model.recovered(state):
            raise WrongError("a password that a person chose was overwritten")
