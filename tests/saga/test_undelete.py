"""Undelete: somebody deleted comes back in both pools, and nobody comes back who must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cognito_standby.changes.domain.changes import Change, ChangeKind, ChangeRequest
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.services.purging import purge, strip
from local.cognito_rules.factors import Mfa, Second
from tests.saga.world import Saga
from tests.twins.stores.records import ItemKey
from tests.unit.world import BACKUP, PRIMARY, Side, World, pool_config

DAY = 86400


@pytest.fixture
def saga() -> Saga:
    return Saga()


def gone(saga: Saga, name: str = "ann", **attributes: str) -> str:
    """A person who deleted themselves: disabled in the standby."""
    sub = saga.person(name, **attributes)
    saga.here.pool.admin_delete_user(name)
    saga.hint(sub)
    saga.settle()
    assert not saga.state(name) and saga.twin(sub)["enabled"] == "false"
    return sub


def undelete(saga: Saga, sub: str) -> Change:
    change = saga.make(ChangeRequest(ChangeKind.UNDELETE, origin_sub=sub))
    saga.settle()
    assert not list(saga.disagreements())
    assert all(row.lease is None for row in saga.here.ledger.rows())
    assert not saga.here.pool.messages and not saga.there.pool.messages
    return change


def told(change: Change) -> tuple[str, str]:
    return change.status.value, change.problem.code if change.problem else ""


def own(side: Side, sub: str) -> Record | None:
    return side.context.records.read(Subject.user(sub))[0].own


def pass_days(saga: Saga, days: int) -> None:
    for side in (saga.here, saga.there):
        side.clock.advance(days * DAY)


def do(work: object, side: Side, sub: str) -> None:
    """A chore of a reconciliation, due at once by its age."""
    assert callable(work)
    work(side.context, Subject.user(sub), f"chore-{side.region}#0", timedelta(days=1))


def purged(saga: Saga, sub: str) -> None:
    pass_days(saga, 8)
    do(purge, saga.there, sub)
    assert not saga.twin(sub)


def retired(saga: Saga, sub: str) -> None:
    purged(saga, sub)
    for side in (saga.here, saga.there):
        do(strip, side, sub)
    saga.world.table.replicate_all()
    record = own(saga.here, sub)
    assert record is not None and record.retired


def stripped_here(saga: Saga, sub: str) -> None:
    retired(saga, sub)
    do(strip, saga.here, sub)
    saga.world.table.replicate_all()
    assert own(saga.here, sub) is None and own(saga.there, sub) is not None


def with_a_late_strip(saga: Saga, sub: str) -> None:
    """The other Region still sees a marked tombstone here, and takes its own away."""
    retired(saga, sub)
    do(strip, saga.there, sub)


@pytest.mark.parametrize(
    "age",
    [lambda _saga, _sub: None, purged, retired, stripped_here, with_a_late_strip],
    ids=["in the days of grace", "purged", "retired", "stripped here", "stripped there, late"],
)
def test_somebody_comes_back_as_they_were(saga: Saga, age: object) -> None:
    phone = {"phone_number": "+15550100", "phone_number_verified": "false"}
    sub = gone(saga, nickname="Annie", **phone)
    record = own(saga.here, sub)
    assert record is not None and callable(age)
    before = dict(record.fields)
    age(saga, sub)
    assert told(undelete(saga, sub)) == ("completed", "")
    assert saga.state("ann") == before == saga.twin(sub)
    made = saga.here.pool.admin_get_user("ann")
    assert made.sub != sub and made.status == "CONFIRMED"
    assert saga.here.ledger.origin_of(made.sub) == sub
    assert before["attr:email_verified"] == "true"
    assert before["attr:phone_number_verified"] == "false"


def test_a_second_time_does_nothing_more(saga: Saga) -> None:
    sub = gone(saga)
    undelete(saga, sub)
    before, made = own(saga.here, sub), saga.here.pool.admin_get_user("ann").sub
    assert told(undelete(saga, sub)) == ("completed", "")
    assert own(saga.here, sub) == before
    assert saga.here.pool.admin_get_user("ann").sub == made


def test_a_late_hint_about_the_former_user_deletes_nobody(saga: Saga) -> None:
    sub = gone(saga)
    undelete(saga, sub)
    saga.here.run({"local_sub": sub, "cause": "DeleteUser"}, "late#0")
    saga.settle()
    assert saga.state("ann") and saga.twin(sub)["enabled"] == "true"


def test_somebody_who_is_only_disabled_here_is_enabled(saga: Saga) -> None:
    """Deleted while the other Region was active."""
    sub = saga.person()
    saga.there.context.records.put_claim(2)
    saga.world.table.replicate_all()
    saga.there.pool.admin_delete_user("ann")
    saga.there.run({"origin_sub": sub}, "there#0")
    saga.settle()
    assert saga.state("ann")["enabled"] == "false"
    saga.here.context.records.put_claim(3)
    saga.world.table.replicate_all()
    assert told(undelete(saga, sub)) == ("completed", "")
    assert saga.state("ann")["enabled"] == "true" == saga.twin(sub)["enabled"]
    assert saga.here.pool.admin_get_user("ann").sub == sub


def test_whoever_is_given_up_half_way_stays_deleted(saga: Saga) -> None:
    """Enabled and recorded, but not confirmed: disabled again, with a tombstone again."""
    test_somebody_who_is_only_disabled_here_is_enabled(saga)
    saga.here.pool.admin_disable_user("ann")
    sub = saga.here.pool.admin_get_user("ann").sub
    record = own(saga.here, sub)
    assert record is not None
    tombstone = replace(record, deleted=True, revision=record.revision + 1)
    saga.world.table.write(PRIMARY, ItemKey(sub, PRIMARY), tombstone)
    saga.hint(sub)
    saga.settle()

    def confirming(port: str, method: str, call: object) -> object:
        assert callable(call)
        living = own(saga.here, sub)
        if (port, method) == ("ledger", "confirm") and living and not living.deleted:
            raise ServiceUnavailableError("injected")
        return call()

    saga.hook = confirming
    change = saga.make(ChangeRequest(ChangeKind.UNDELETE, origin_sub=sub))
    saga.settle()
    assert told(change)[0] == "compensated"
    assert saga.state("ann")["enabled"] == "false"
    after = own(saga.here, sub)
    assert after is not None and after.deleted and after.fields["enabled"] == "true"


def test_a_name_that_somebody_new_has_stays_theirs(saga: Saga) -> None:
    sub = gone(saga)
    other = saga.person("ann", email="other@example.org")
    assert told(undelete(saga, sub)) == ("refused", "name_taken")
    assert saga.here.pool.admin_get_user("ann").sub == other


def test_nobody_erased_comes_back(saga: Saga) -> None:
    sub = gone(saga)
    before = own(saga.here, sub)
    saga.make(ChangeRequest(ChangeKind.ERASE, origin_sub=sub))
    saga.settle()
    assert told(undelete(saga, sub)) == ("refused", "erased")
    assert before is not None
    saga.world.table.write(PRIMARY, ItemKey(sub, PRIMARY), before)  # a table restored to a time
    saga.here.erasure_notes.records.clear()
    change = saga.make(ChangeRequest(ChangeKind.UNDELETE, origin_sub=sub))
    assert told(change) in {("refused", "erased"), ("refused", "user_not_found")}
    assert not saga.state("ann")


def test_a_list_that_cannot_be_read_makes_nobody(saga: Saga) -> None:
    sub = gone(saga)
    change = saga.ask(ChangeRequest(ChangeKind.UNDELETE, origin_sub=sub))
    saga.here.erasure_notes.unreadable = ServiceUnavailableError("injected")
    assert saga.execution(change).run(saga.context()).error == "ServiceUnavailableError"
    assert not saga.state("ann")


def test_nobody_unknown_and_nothing_but_an_origin_sub(saga: Saga) -> None:
    change = saga.make(ChangeRequest(ChangeKind.UNDELETE, origin_sub="nobody"))
    assert told(change) == ("refused", "user_not_found")


def test_a_group_that_is_gone_keeps_nobody_out(saga: Saga) -> None:
    sub = gone(saga)
    saga.here.pool.delete_group("staff")
    saga.here.run({"group": "staff"}, "group#0")
    saga.settle()
    assert told(undelete(saga, sub)) == ("completed", "")
    assert "group:staff" not in saga.state("ann")


def test_what_this_pool_cannot_hold_stays_in_the_record(saga: Saga) -> None:
    sub = gone(saga)
    record = own(saga.here, sub)
    assert record is not None
    fields = {**record.fields, "attr:custom:unknown": "kept"}
    changed = replace(record, fields=fields, revision=record.revision + 1)
    saga.world.table.write(PRIMARY, ItemKey(sub, PRIMARY), changed)
    saga.hint(sub)
    assert told(saga.make(ChangeRequest(ChangeKind.UNDELETE, origin_sub=sub)))[0] == "completed"
    after = own(saga.here, sub)
    assert after is not None and not after.deleted
    assert after.fields["attr:custom:unknown"] == "kept"
    assert "attr:custom:unknown" not in saga.state("ann")


def test_linked_identities_and_second_factors_come_back() -> None:
    phone = {"phone_number": "+15550100", "phone_number_verified": "true"}
    configs = {
        region: replace(pool_config(region), mfa=Mfa.OPTIONAL, seconds=frozenset(Second))
        for region in (PRIMARY, BACKUP)
    }
    saga = Saga(world=World(configs=configs), providers=("Google",))
    sub = saga.person(**phone)
    saga.here.pool.admin_link_provider_for_user("ann", "Google", "1029")
    saga.here.pool.admin_set_user_mfa_preference("ann", {Second.SMS: {"Enabled": True}})
    saga.hint(sub)
    saga.settle()
    before = saga.state("ann")
    assert {name.partition(":")[0] for name in before} >= {"linked", "factor"}
    saga.here.pool.admin_delete_user("ann")
    saga.hint(sub)
    saga.settle()
    assert told(undelete(saga, sub)) == ("completed", "")
    assert saga.state("ann") == before == saga.twin(sub)
