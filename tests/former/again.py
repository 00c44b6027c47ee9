"""Writes everything that the former release stored once more, by today's adapters alone."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tests.former import today
from tests.former.world import Item, Region, World, key_in, names, stored

_RELATED = ("#sub#", "#questions")
"""Written along with others."""


def write_again(former: World, fresh: World) -> None:
    """Read each item of one world, and write what it means to another one."""
    for table in names():
        kind, _, owner = table.partition("-")
        pairs = {a.region: (a, b) for a, b in zip(former.regions, fresh.regions, strict=True)}
        for item in stored(table):
            before, after = pairs[owner or item["region"]]
            _WRITERS[kind](before, after, item, key_in(table)(item))


def _record(before: Region, after: Region, item: Item, _: str) -> None:
    key = item["origin_sub"]
    if key == "#claim":
        after.context.records.put_claim(before.context.records.read_claims().numbers[after.region])
    elif key == "#address":
        after.tables.put("records", {**item, "address": before.addresses[after.region]})
    elif key.startswith("#erased#"):
        _erasure(after, item)
    else:
        _put(before, after, key)


def _erasure(after: Region, item: Item) -> None:
    subs = {each["origin_sub"] for each in stored("records") if each["origin_sub"][0] != "#"}
    subjects = [today.Subject.user(sub) for sub in subs]
    (subject,) = (each for each in subjects if today.erasure_key(each) == item["origin_sub"])
    after.clock.set(datetime.fromisoformat(item["noted_at"]))
    note = after.erasures.add if item["erased"] else after.erasures.take_back
    note(subject, item.get("change_id", ""))


def _put(before: Region, after: Region, key: str) -> None:
    subject = today.Subject.from_key(key)
    record = before.context.records.read(subject)[0].own
    assert record is not None
    expected = record.revision - 1 or None
    if expected:
        place = {"origin_sub": key, "region": after.region, "revision": expected}
        after.tables.put("records", place)
    draft = today.Draft(
        subject=subject,
        epoch_number=record.epoch_number,
        fields=record.fields,
        deleted=record.deleted,
        expected_revision=expected,
        change_id=record.change_id,
        bulk=record.bulk and not record.retired,
        user_pool_id=record.user_pool_id,
        seen=record.seen,
    )
    made = after.context.records.put(draft, datetime.fromisoformat(record.observed_at))
    assert made is not None
    if record.retired:
        assert after.context.records.retire(made)


def _ledger(before: Region, after: Region, item: Item, key: str) -> None:
    for beginning, writer in _NOTES.items():
        if key == beginning or (beginning.endswith("#") and key.startswith(beginning)):
            return writer(before, after, item, key.removeprefix(beginning))
    if not key.startswith(_RELATED):
        _row(before, after, key)
    return None


def _row(before: Region, after: Region, key: str) -> None:
    """As it came about: made and confirmed, then perhaps begun anew or failed."""
    subject = today.Subject.from_key(key)
    row, ledger = before.ledger.read(subject), after.ledger
    lease = row.lease or today.Lease("confirming", after.clock.now().timestamp() + 90)
    after.clock.set(datetime.fromtimestamp(lease.expires_at - 90, after.clock.now().tzinfo))
    intent = today.Intent(
        row.base, row.target or {}, row.skipped, row.local_username, row.restoring
    )
    ledger.take_lease(subject, lease.holder)
    if any(each["subject"] == f"#sub#{row.local_sub}" for each in _items(after)):
        ledger.note_created(subject, lease.holder, intent, row.local_sub, row.local_username)
    if row.confirmed is not None:
        known = (row.skipped, row.local_sub, row.local_username, row.record_fingerprint)
        seen = today.Confirmation(row.confirmed, row.confirmed_version, *known)
        assert seen.summary == row.summary
        ledger.confirm(subject, lease.holder, seen)
        ledger.take_lease(subject, lease.holder)
    match row.state:
        case today.SyncState.APPLYING:
            ledger.note_intent(subject, lease.holder, intent)
        case today.SyncState.IN_SYNC | today.SyncState.NEW:
            if row.lease is None:
                ledger.release(subject, lease.holder)
        case _:
            ledger.note_state(subject, lease.holder, row.state, row.reason)


def _items(region: Region) -> list[Item]:
    return stored(f"ledger-{region.region}")


def _conflict(before: Region, after: Region, item: Item, rest: str) -> None:
    kind, _, key = rest.partition("#")
    listed = before.ledger.conflicts_of(today.Subject.from_key(key))
    (found,) = (each for each in listed if each.kind.value == kind)
    after.ledger.note_conflict(found)


def _letter(before: Region, after: Region, item: Item, key: str) -> None:
    marker = before.notes.read(key)
    assert marker is not None
    after.clock.set(datetime.fromtimestamp(marker.claimed_at, after.clock.now().tzinfo))
    assert after.notes.claim(key, None, marker)
    after.notes.advance(key, marker.stage)


def _seconds(after: Region, item: Item) -> int:
    return int(item["expires_at"] - after.clock.now().timestamp())


def _cursor(before: Region, after: Region, item: Item, key: str) -> None:
    after.clock.set(before.clock.now())
    after.notes.keep_cursor(key, before.notes.cursor(key))


def _once(before: Region, after: Region, item: Item, key: str) -> None:
    assert not before.notes.first_in(key, 60)
    assert after.notes.first_in(key, _seconds(after, item))


def _noted(before: Region, after: Region, item: Item, _: str) -> None:
    noted = before.ledger.region_notes()
    assert after.ledger.note_table("", noted.table_id)
    after.ledger.note_reconciled(noted.reconciled)


def _run(before: Region, after: Region, item: Item, _: str) -> None:
    run = before.register.current()
    assert run is not None
    after.clock.set(datetime.fromisoformat(run.started_at))
    assert after.register.open(run) == run


def _question(before: Region, after: Region, item: Item, run: str) -> None:
    question = before.register.question(run)
    assert question is not None
    after.register.ask(question)


def _pool(before: Region, after: Region, item: Item, _: str) -> None:
    after.register.pool_of_record(before.register.pool_of_record("another"))


_NOTES = {
    "#conflict#": _conflict,
    "#letter#": _letter,
    "#cursor#": _cursor,
    "#once#": _once,
    "#notes": _noted,
    "#pool": _pool,
    "#run": _run,
    "#question#": _question,
}


def _change(before: Region, after: Region, item: Item, key: str) -> None:
    """As it went: submitted, claimed, planned, ended. What a final one forgot is made up."""
    change, store = before.changes.read(key), after.changes
    assert change is not None
    made_up = today.ChangeRequest(change.kind, username="x")
    after.clock.set(datetime.fromisoformat(change.requested_at))
    creation = change.kind is today.ChangeKind.CREATE
    request = change.request or made_up
    assert change.request is None or today.digest_of(request) == item["digest"]
    store.submit(
        today.Submission(
            id=key,
            request=request,
            digest=item["digest"],
            asked_by=change.asked_by,
            requested_at=after.clock.now(),
            subject=change.subject if creation else "",
        )
    )
    if change.execution:
        _work(before, after, change)


def _work(before: Region, after: Region, change: Any) -> None:
    store, run = after.changes, change.execution
    store.claim(change.id, run)
    plan = before.changes.plan_of(change.id)
    if plan is None and change.subject:
        plan = today.ChangePlan(change.subject, {}, {})
    if plan is not None:
        store.note_plan(change.id, run, plan)
    if change.problem is not None:
        store.note_problem(change.id, run, change.problem)
    if change.status.ended:
        after.clock.set(datetime.fromisoformat(change.ended_at))
        assert store.finish(change.id, run, change.status, change.problem, change.result)


_WRITERS = {"records": _record, "ledger": _ledger, "changes": _change}


def told(items: list[Item]) -> dict[str, Any]:
    """By key, for a readable difference."""
    known = unmarked(items)
    return {json.dumps(sorted((k, v) for k, v in i.items() if k in _FILED)): i for i in known}


def unmarked(items: list[Item]) -> list[Item]:
    """Without the mark by which rows are found now whose pool does not hold everything: a row has
    it from its next confirmation on. And without what the ledgers note of erasures, too, now."""
    kept = [item for item in items if not str(item.get("subject")).startswith("#erased#")]
    return [{k: v for k, v in item.items() if not _is_new(k, v)} for item in kept]


def _is_new(name: str, value: Any) -> bool:
    return name == "attention" and str(value).startswith("not_held#")


_FILED = ("origin_sub", "region", "subject", "id")
