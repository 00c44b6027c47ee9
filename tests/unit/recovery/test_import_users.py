"""Imports: who is made, by what, who is refused, and how a run goes on."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from cognito_standby.cli.views.importing import USERS_A_SECOND
from cognito_standby.core.domain.errors import ServiceUnavailableError, ThrottledError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.pools import PoolGroup, UserStatus
from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.core.domain.records import Draft, resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.exports import Form, digest_of
from cognito_standby.recovery.domain.import_plan import Fate
from cognito_standby.recovery.services.import_plan import open_export, plan_part
from cognito_standby.recovery.services.import_users import JobFailedError, give_up, run_import
from cognito_standby.recovery.services.transfer_ports import (
    ImportJob,
    JobState,
    TransferRefusedError,
)
from cognito_standby.replication.services.pace import requests_of, turn_seconds
from cognito_standby.replication.services.sync import IMPORT, plan_sync
from tests.twins.turns import InMemoryTurns
from tests.unit.recovery.transfer_world import Files, TransferWorld

PART = "runs/exports/e/part-00001.csv"


@pytest.fixture
def world() -> TransferWorld:
    return TransferWorld()


def in_sync(world: TransferWorld, sub: str) -> bool:
    row = world.world.backup.ledger.read(Subject.user(sub))
    return row.state.value == "in_sync" and row.target is None


def fates(world: TransferWorld, part: str = "part-00001.csv") -> dict[int, tuple[Fate, str]]:
    planned = plan_part(world.context, open_export(world.context, "e"), part)
    return {row.place: (row.fate, row.reason) for row in planned}


def run_notes(world: TransferWorld, run: str = "r") -> dict[str, object]:
    return dict(json.loads(world.files.bodies[f"runs/imports/{run}.json"]))


@pytest.mark.parametrize("form", Form)
def test_users_are_made_by_jobs_and_completed_by_their_sync(
    world: TransferWorld, form: Form
) -> None:
    primary, backup = world.world.primary.pool, world.world.backup.pool
    for pool in (primary, backup):
        pool.create_group(PoolGroup("staff"))
    subs = [world.person(name) for name in ("ann", "ben", "cid")]
    primary.admin_add_user_to_group("ann", "staff")
    primary.admin_disable_user("ben")
    for sub in subs:
        world.again(sub)
    world.export(form=form, part_users=2)
    world.import_all()
    assert [job.state for job in world.pool.jobs.values()] == [JobState.SUCCEEDED] * 2
    assert backup.meter.calls["AdminCreateUser"] == 0
    assert backup.meter.calls["AdminSetUserPassword"] == 0
    assert all(in_sync(world, sub) for sub in subs)
    by_name = {account.username: account for account in backup._accounts}
    assert by_name["ann"].groups == ("staff",)
    assert not by_name["ben"].enabled
    assert {account.status for account in by_name.values()} == {UserStatus.RESET_REQUIRED}
    assert {account.attributes["custom:origin_sub"] for account in by_name.values()} == {*subs}
    assert "runs/imports/current" not in world.files.bodies


def test_who_does_not_fit_is_made_by_their_sync(world: TransferWorld) -> None:
    sub = world.person("ann", name='the "first"')
    world.person("ben")
    world.export()
    world.import_all()
    assert world.usernames() == ["ann", "ben"]
    assert world.world.backup.pool.meter.calls["AdminCreateUser"] == 1
    assert in_sync(world, sub)


def test_the_table_of_today_decides(world: TransferWorld) -> None:
    changed, deleted, erased, plain = (world.person(n) for n in ("ch", "de", "er", "pl"))
    world.export()
    primary = world.world.primary.pool
    primary.admin_update_user_attributes("ch", {"name": "new"})
    primary.admin_delete_user("de")
    world.again(changed)
    world.again(deleted)
    world.erasures.add(Subject.user(erased), "change")
    told = sorted(fates(world).values())
    assert told == sorted(
        [
            (Fate.CALL, "changed since the export"),
            (Fate.REFUSED, "deleted since the export"),
            (Fate.REFUSED, "erased: nobody makes them again"),
            (Fate.JOB, ""),
        ]
    )
    world.import_all()
    assert world.usernames() == ["ch", "pl"]
    assert in_sync(world, changed)
    assert in_sync(world, plain)


def _lines(world: TransferWorld) -> list[str]:
    return world.files.bodies[PART].decode().splitlines()


def test_broken_rows_duplicates_and_strangers_are_told_by_line(world: TransferWorld) -> None:
    world.person("ann")
    world.export()
    header, ann = _lines(world)
    stranger = ann.replace("ann", "eve").replace(
        ann.split(",")[header.split(",").index("custom:origin_sub")], "somebody-else"
    )
    _rewrite(world, header, ann, ann, "too,few", stranger)
    assert fates(world) == {
        2: (Fate.JOB, ""),
        3: (Fate.REFUSED, "named before in this export"),
        4: (Fate.REFUSED, f"it has 2 columns, and the header {len(header.split(','))}"),
        5: (Fate.REFUSED, "the table has no record of them, and nobody is made without one"),
    }


def _rewrite(world: TransferWorld, *lines: str) -> None:
    """As somebody who edits the file and its index does."""
    body = "\n".join([*lines, ""]).encode()
    world.files.bodies[PART] = body
    name = "runs/exports/e/index.json"
    index = json.loads(world.files.bodies[name])
    index["parts"][0]["sha256"] = digest_of(body)
    world.files.bodies[name] = json.dumps(index).encode()


def test_files_that_are_not_as_they_were_written(world: TransferWorld) -> None:
    world.person("ann")
    world.export()
    world.files.bodies[PART] += b"x"
    with pytest.raises(TransferRefusedError, match="changed or cut"):
        fates(world)
    _rewrite(world, "name,email", "a,b")
    with pytest.raises(TransferRefusedError, match="header"):
        fates(world)
    del world.files.bodies[PART]
    with pytest.raises(TransferRefusedError, match="missing"):
        fates(world)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"user_pool_id": "us-east-1_Other"}, "are for the pool"),
        ({"header": ["name"]}, "header has changed"),
        ({"format": 2}, "format 2"),
        ({"parts": []}, "empty"),
        ({"parts": "?"}, "cannot be read"),
    ],
)
def test_exports_that_are_refused_whole(
    world: TransferWorld, change: dict[str, object], why: str
) -> None:
    world.person("ann")
    world.export()
    name = "runs/exports/e/index.json"
    index = json.loads(world.files.bodies[name])
    world.files.bodies[name] = json.dumps({**index, **change}).encode()
    with pytest.raises(TransferRefusedError, match=why):
        open_export(world.context, "e")
    with pytest.raises(TransferRefusedError, match="no complete export"):
        open_export(world.context, "f")


def test_an_active_region_is_never_imported_into(world: TransferWorld) -> None:
    """Whoever is missing there counts as deleted: their sync would capture that."""
    sub = world.person("ann")
    world.export()
    world.import_all()
    world.world.backup.pool.admin_delete_user("ann")
    claim = world.world.backup.context.records.put_claim
    assert claim(2)
    with pytest.raises(TransferRefusedError, match="is active"):
        world.import_all("s")
    own = world.world.backup.context.records.read(Subject.user(sub))[0].own
    assert own is None or not own.deleted


def test_a_region_that_claims_meanwhile_brings_nobody_in(world: TransferWorld) -> None:
    world.person("ann", name='the "first"')
    world.person("ben")
    world.export()
    world.pool.before = lambda: bool(world.world.backup.context.records.put_claim(2))  # type: ignore[assignment]
    with pytest.raises(TransferRefusedError, match="is active"):
        world.import_all()
    assert world.machine.hints == []
    with pytest.raises(TransferRefusedError, match="is active"):
        world.import_all()
    give_up(world.context, open_export(world.context, "e", ending=True), world.order())
    assert world.usernames() == ["ben"]
    assert len(world.machine.hints) == 1


def test_an_unreadable_list_of_erasures_makes_nobody(world: TransferWorld) -> None:
    world.person("ann")
    world.export()
    world.erasures.notes.unreadable = ServiceUnavailableError("dark")
    with pytest.raises(ServiceUnavailableError):
        world.import_all()
    assert world.usernames() == []
    assert world.pool.jobs == {}


def test_who_is_here_is_left_alone_and_a_second_import_makes_nobody(world: TransferWorld) -> None:
    world.person("ann")
    world.export()
    world.import_all()
    started = len(world.machine.hints)
    world.import_all("s")
    assert len(world.pool.jobs) == 1
    assert len(world.machine.hints) == started
    assert fates(world) == {2: (Fate.HERE, "")}


def test_a_name_that_another_user_holds_does_not_spoil_the_job(world: TransferWorld) -> None:
    world.person("ann")
    world.export()
    world.world.backup.pool.admin_create_user("ann", {"email": "other@example.org"})
    with pytest.raises(Exception, match="holds"):
        world.import_all()  # its sync waits for somebody to decide, as every replay does
    assert world.pool.jobs == {}


def test_another_job_is_waited_for_and_told(world: TransferWorld) -> None:
    world.person("ann")
    world.export()
    world.pool.busy = 3
    world.import_all()
    assert world.usernames() == ["ann"]
    assert world.paused.count(30.0) == 3
    assert any("another import job" in line for line in world.told)


def test_one_import_at_a_time(world: TransferWorld) -> None:
    world.person("ann")
    world.export()
    world.pool.busy = 10**6
    with pytest.raises(TransferRefusedError, match="--resume r"):
        world.import_all()
    with pytest.raises(TransferRefusedError, match="import r is under way"):
        world.import_all("s")
    world.pool.busy = 0
    world.import_all("r")
    assert world.usernames() == ["ann"]
    world.import_all("s")


def test_a_failed_job_leaves_nothing_half_done_and_the_run_goes_on(world: TransferWorld) -> None:
    subs = [world.person(f"p{n}") for n in range(4)]
    world.export()
    world.pool.fails_after = 2
    with pytest.raises(JobFailedError, match="Too many users"):
        world.import_all()
    assert len(world.usernames()) == 2
    assert sum(in_sync(world, sub) for sub in subs) == 2
    world.import_all()
    assert all(in_sync(world, sub) for sub in subs)
    assert world.world.backup.pool.meter.calls["AdminCreateUser"] == 0


class CrashError(Exception):
    pass


@pytest.mark.parametrize("call", range(1, 26))
def test_a_run_goes_on_after_a_crash_at_any_write(world: TransferWorld, call: int) -> None:
    subs = [world.person(name) for name in ("ann", "ben", "cid")]
    world.export(part_users=2)
    write, calls = world.files.write, 0

    def crashing(name: str, body: bytes, content_type: str = "") -> None:
        nonlocal calls
        calls += 1
        if calls == call:
            raise CrashError
        write(name, body)

    world.files.write = crashing  # type: ignore[method-assign]
    try:
        world.import_all()
    except CrashError:
        world.import_all()
    assert world.usernames() == ["ann", "ben", "cid"]
    assert all(in_sync(world, sub) for sub in subs)
    assert world.world.backup.pool.meter.calls["AdminCreateUser"] == 0


def test_who_is_erased_while_the_job_waits_is_removed_again(world: TransferWorld) -> None:
    erased, deleted, there = (world.person(name) for name in ("er", "de", "th"))
    world.export()
    primary, backup = world.world.primary, world.world.backup

    def meanwhile() -> None:
        primary.pool.admin_delete_user("de")
        world.again(deleted)
        own = primary.context.records.read(Subject.user(erased))[0].own
        assert own
        emptied = Draft(own.subject, own.epoch_number, {}, True, own.revision)
        assert primary.context.records.put(emptied, primary.clock.now())
        world.world.table.replicate_all()
        for sub in (deleted, erased):
            backup.run({"origin_sub": sub})
            assert backup.ledger.read(Subject.user(sub)).confirmed == {}

    world.pool.before = meanwhile
    world.import_all()
    by_name = {account.username: account for account in backup.pool._accounts}
    assert "er" not in by_name
    assert not by_name["de"].enabled, "as every deleted user of the standby"
    assert by_name["th"].enabled
    assert all(in_sync(world, sub) for sub in (erased, deleted, there))


def test_giving_up_completes_whom_the_job_made(world: TransferWorld) -> None:
    subs = [world.person(name) for name in ("ann", "ben")]
    world.export()
    log = world.pool.log

    def broken(job: ImportJob) -> list[str]:
        raise ServiceUnavailableError("dark")

    world.pool.log = broken  # type: ignore[method-assign]
    with pytest.raises(ServiceUnavailableError):
        world.import_all()
    world.pool.log = log  # type: ignore[method-assign]
    assert not any(in_sync(world, sub) for sub in subs)
    give_up(world.context, open_export(world.context, "e"), world.order())
    assert all(in_sync(world, sub) for sub in subs)
    assert "runs/imports/current" not in world.files.bodies


def test_imports_from_different_folders_see_each_other(world: TransferWorld) -> None:
    """The lock lies in the Region's bucket, wherever the files lie."""
    world.person("ann")
    world.export()
    elsewhere = Files()
    elsewhere.bodies.update(world.files.bodies)
    other = replace(world.context, files=elsewhere)
    world.pool.fails_after = 0
    with pytest.raises(JobFailedError):
        world.import_all()
    with pytest.raises(TransferRefusedError, match="the import r is under way"):
        run_import(other, open_export(other, "e"), world.order("s"), world.told.append)
    run_import(other, open_export(other, "e"), world.order("r"), world.told.append)
    assert world.usernames() == ["ann"]


def test_what_a_run_notes_has_nobodys_data(world: TransferWorld) -> None:
    world.person("ann", name="Ann Secret")
    world.export()
    world.import_all()
    noted = [
        body.decode()
        for name, body in world.files.bodies.items()
        if name.startswith("runs/imports/") or name.endswith(("index.json", "others.jsonl"))
    ]
    assert noted
    assert not any("Secret" in each or "ann@" in each for each in noted)
    assert run_notes(world)["parts"]


@pytest.mark.parametrize(
    "more", ["nothing", "disabled", "groups", "both", "factor", "provider", "provider and groups"]
)
def test_the_line_counts_what_a_completion_asks_of_cognito(world: TransferWorld, more: str) -> None:
    primary, backup = world.world.primary.pool, world.world.backup
    for pool in (primary, backup.pool):
        pool.create_group(PoolGroup("a"))
        pool.create_group(PoolGroup("b"))
    sub = world.person("ann")
    if more == "factor":
        winner = resolve(world.world.backup.context.records.read(Subject.user(sub))[0])
        assert winner
        preferring = replace(winner, fields={**winner.fields, "factor:EMAIL_OTP": "true"})
        counted = requests_of(preferring, None, imported=True)
        assert (counted["UserUpdate"], counted["UserResourceUpdate"]) == (0, 1)
        return
    if "provider" in more:
        backup.pool.create_identity_provider("Google")
    if more in ("groups", "both", "provider and groups"):
        primary.admin_add_user_to_group("ann", "a")
        primary.admin_add_user_to_group("ann", "b")
    if more in ("disabled", "both"):
        primary.admin_disable_user("ann")
    world.again(sub)
    world.export()
    made: list[Counter[str]] = []
    start = world.machine.start

    def counting(hint: Hint) -> str:
        before = Counter(backup.pool.meter.by_category())
        row = backup.ledger.read(Subject.user(sub))
        winner = resolve(backup.context.records.read(Subject.user(sub))[0])
        assert row.creation_is_open
        assert winner
        there = "provider" in more
        told_of = requests_of(winner, row.confirmed, imported=True, with_providers=there)
        made.append(Counter(told_of))
        told = start(hint)
        after = Counter(backup.pool.meter.by_category()) - before
        made.append(Counter({category.value: n for category, n in after.items()}))
        return told

    world.machine.start = counting  # type: ignore[method-assign]
    world.import_all()
    counted, asked = made
    assert +counted == +asked


def test_those_who_were_imported_wait_in_the_line(world: TransferWorld) -> None:
    sub = world.person("ann")
    turns = InMemoryTurns(world.world.backup.context.clock)
    turns.take(100.0)
    rates = {"UserRead": 60.0, "UserResourceRead": 25.0}
    ctx = replace(world.world.backup.context, turns=turns, rates=rates)
    waits = plan_sync(ctx, Hint(origin_sub=sub, cause=IMPORT), "run#0")
    assert (waits.decision, waits.wait_seconds) == ("apply", 100)


def test_the_figures_of_the_page(world: TransferWorld) -> None:
    """What docs/import-export.md says of 500,000 users."""
    sub = world.person("ann")
    winner = resolve(world.world.backup.context.records.read(Subject.user(sub))[0])
    assert winner
    rates = {name: rate * 0.92 for name, rate in DEFAULTS.items()}
    turn = turn_seconds(requests_of(winner, None, imported=True), rates)
    made_anew = turn_seconds(requests_of(winner, None), rates)
    made, completed = 500_000 / USERS_A_SECOND / 3600, 500_000 * turn / 3600
    replayed = f"{1 / made_anew:.1f} a second, {500_000 * made_anew / 3600:.1f} h"
    page = (Path(__file__).parents[3] / "docs" / "import-export.md").read_text()
    page = " ".join(page.split())
    assert replayed in page
    assert f"{made:.1f} h for 500,000" in page
    assert f"{1 / turn:.0f} completions a second: {completed:.1f} h for 500,000" in page


def test_a_throttled_pool_is_waited_for(world: TransferWorld) -> None:
    world.person("ann")
    world.export()
    look, refusals = world.pool.look, iter([ThrottledError("often"), ThrottledError("often")])

    def refusing(job_id: str) -> ImportJob | None:
        for refusal in refusals:
            raise refusal
        return look(job_id)

    world.pool.look = refusing  # type: ignore[method-assign]
    world.import_all()
    assert world.usernames() == ["ann"]
    assert world.paused.count(2.0) == 2
