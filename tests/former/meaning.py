"""What items mean to today's code, told in words that no class or field of it has to have.

Where a field of the code is renamed, the accessor here follows, and the word in the files stays.
"""

from __future__ import annotations

import json
from typing import Any

from tests.former import today
from tests.former.world import Item, Region, World, key_in, names, stored


def meanings(world: World) -> Item:
    """Table -> key -> what today's adapters read there."""
    told: Item = {table: {} for table in names()}
    regions = {region.region: region for region in world.regions}
    for table in names():
        kind, _, owner = table.partition("-")
        for item in stored(table):
            region = regions[owner or item["region"]]
            told[table][key_in(table)(item)] = _READERS[kind](region, item)
    told["indexes"] = {region.region: _indexes(region) for region in world.regions}
    read: Item = _plain(told)
    return read


def of_record(region: Region, item: Item) -> Any:
    """An item of the records table, as its own Region reads it."""
    key = item["origin_sub"]
    if key == "#claim":
        return {"claim": region.context.records.read_claims().numbers[region.region]}
    if key == "#address":
        return {"address": region.addresses[region.region]}
    if key.startswith("#erased#"):
        return {"erased": _erased(region, key)}
    record = region.context.records.read(today.Subject.from_key(key))[0].own
    assert record is not None, key
    return {
        "subject": record.subject.key,
        "is": record.subject.kind.value,
        "region": record.region,
        "revision": record.revision,
        "epoch": record.epoch_number,
        "fields": dict(record.fields),
        "state": dict(record.state),
        "deleted": record.deleted,
        "erased": record.erased,
        "retired": record.retired,
        "bulk": record.bulk,
        "seen": record.seen,
        "observed at": record.observed_at,
        "change": record.change_id,
        "pool": record.user_pool_id,
    }


def _erased(region: Region, key: str) -> list[str]:
    """Whom an item of the list of erasures is about, if it still says that they were erased."""
    everybody = {item["origin_sub"] for item in stored("records")}
    subjects = [today.Subject.user(sub) for sub in everybody if not sub.startswith("#")]
    found = [each for each in subjects if today.erasure_key(each) == key]
    assert len(found) == 1, "the hash is of nobody who is known"
    return [each.key for each in found if region.erasures.has(each)]


def of_ledger(region: Region, item: Item) -> Any:
    """An item of a ledger table."""
    key = item["subject"]
    for beginning, reader in _NOTES.items():
        if key == beginning or (beginning.endswith("#") and key.startswith(beginning)):
            return reader(region, key.removeprefix(beginning))
    row = region.ledger.read(today.Subject.from_key(key))
    version = row.confirmed_version
    return {
        "subject": row.subject.key,
        "state": row.state.value,
        "reason": row.reason,
        "lease": row.lease and [row.lease.holder, row.lease.expires_at],
        "local sub": row.local_sub,
        "local username": row.local_username,
        "base": dict(row.base),
        "target": None if row.target is None else dict(row.target),
        "confirmed": None if row.confirmed is None else dict(row.confirmed),
        "confirmed version": version
        and [version.epoch.number, version.epoch.region, version.revision],
        "skipped": dict(row.skipped),
        "restoring": row.restoring,
        "summary": row.summary,
        "record": row.record_fingerprint,
        "pool": row.user_pool_id,
    }


def _conflict(region: Region, rest: str) -> Any:
    kind, _, key = rest.partition("#")
    listed = region.ledger.conflicts_of(today.Subject.from_key(key))
    (found,) = (each for each in listed if each.kind.value == kind)
    return {"kind": found.kind.value, "fields": dict(found.fields), "weight": found.weight.value}


def _marker(region: Region, key: str) -> Any:
    found = region.notes.read(key)
    assert found is not None, key
    return {"owner": found.owner, "stage": found.stage.value, "claimed at": found.claimed_at}


def _noted(region: Region, _: str) -> Any:
    noted = region.ledger.region_notes()
    return {
        "table": noted.table_id,
        "reconciled": sorted(noted.reconciled),
        "first pool": noted.first_pool,
    }


def _run(run: Any) -> Any:
    return {
        "id": run.id,
        "execution": run.execution,
        "region": run.region,
        "pool": run.user_pool_id,
        "started at": run.started_at,
        "mode": run.mode.value,
        "shards": list(run.shards),
        "seeding": run.seeding,
        "clear ids": run.clear_ids,
    }


def _question(region: Region, run: str) -> Any:
    found = region.register.question(run)
    assert found is not None, run
    return {
        "run": _run(found.run),
        "reasons": list(found.reasons),
        "token": found.task_token,
        "asked at": found.asked_at.isoformat(),
        "expires at": found.expires_at.isoformat(),
    }


_NOTES = {
    "#sub#": lambda region, key: {"origin": region.ledger.origin_of(key)},
    "#conflict#": _conflict,
    "#letter#": _marker,
    "#cursor#": lambda region, key: {"cursor": region.notes.cursor(key)},
    "#once#": lambda region, key: {"again": region.notes.first_in(key, 60)},
    "#notes": _noted,
    "#pool": lambda region, _: {"pool": region.register.pool_of_record("another")},
    "#run": lambda region, _: _run(region.register.current()),
    "#questions": lambda region, _: [each.run.id for each in region.register.questions()],
    "#question#": _question,
}


def of_change(region: Region, item: Item) -> Any:
    """An item of a table of changes."""
    change, plan = region.changes.read(item["id"]), region.changes.plan_of(item["id"])
    assert change is not None, item
    asked, problem, result = change.request, change.problem, change.result
    return {
        "kind": change.kind.value,
        "status": change.status.value,
        "ended": change.status.ended,
        "final": change.status.final,
        "asked by": change.asked_by,
        "requested at": change.requested_at,
        "ended at": change.ended_at,
        "subject": change.subject,
        "execution": change.execution,
        "request": asked
        and {
            "username": asked.username,
            "origin sub": asked.origin_sub,
            "attributes": dict(asked.attributes),
            "verified": dict(asked.verified),
            "enabled": asked.enabled,
            "groups": asked.groups,
            "join": asked.join,
            "leave": asked.leave,
            "replace": asked.replace,
            "if match": asked.if_match,
        },
        "problem": problem
        and [problem.code, problem.status, problem.text, [f.pointer for f in problem.fields]],
        "result": result and [result.origin_sub, result.entity_tag, result.left],
        "plan": plan
        and {
            "subject": plan.subject,
            "before": dict(plan.before),
            "wanted": dict(plan.wanted),
            "tag": plan.tag,
            "carried": dict(plan.carried),
        },
    }


def _indexes(region: Region) -> Any:
    """What is found by other ways than the key."""
    attention = region.attention
    return {
        "applying": sorted(each.subject for each in attention.applying(50)),
        "counts": {
            name: attention.count(name)
            for name in (
                *("applying", "failed", "quarantined", "conflict_deletion", "conflict_disabling"),
                *("conflict_departure", "conflict_change", "conflict_merged"),
            )
        },
        "recent changes": [each.id for each in region.changes.recent(50).changes],
    }


_READERS = {"records": of_record, "ledger": of_ledger, "changes": of_change}


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, sort_keys=True))
