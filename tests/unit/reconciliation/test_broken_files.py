"""A run file that is not what it should be is told in one family of errors, by every reader."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.repairs import Batch
from cognito_standby.reconciliation.domain.work_items import WorkItem
from cognito_standby.reconciliation.services.buckets import plan_comparison
from cognito_standby.reconciliation.services.comparing import compare_bucket
from cognito_standby.reconciliation.services.judging import judge, note_approval
from cognito_standby.reconciliation.services.listing import list_part
from cognito_standby.reconciliation.services.planning import plan_listing
from cognito_standby.reconciliation.services.repair_rounds import plan_repairs, visited_in
from cognito_standby.reconciliation.services.repairing import repair_batch
from cognito_standby.reconciliation.services.reporting import write_report
from cognito_standby.reconciliation.services.settling import settle_recoveries
from tests.unit.reconciliation import repairs
from tests.unit.reconciliation.made_up_run import PACE
from tests.unit.reconciliation.settled import settle
from tests.unit.reconciliation.stage import Stage

BROKEN = {
    "empty": b"",
    "truncated": b'{"verdict": "rep',
    "bytes": b"\xff\xfe",
    "too deep": b"[" * 100_000,
    "null": b"null",
    "number": b"7",
    "text": b'"x"',
    "list": b"[7]",
    "list of lists": b"[[]]",
    "object": b"{}",
    "other object": b'{"buckets": [], "batches": 7, "suspects": [7], "visits": 7, "first": 1}',
}


def _done() -> tuple[Stage, Run]:
    """A run with suspects, up to its first repairs."""
    side = settle().active
    side.side.pool.admin_update_user_attributes("ann", {"name": "Changed"})
    run = repairs.judged(side)
    for batch in repairs.planned(side, run, 0):
        repairs.worked(side, run, batch)
    repairs.planned(side, run, 1)
    return side, run


def _readers(side: Stage, run: Run, whole: Mapping[str, bytes]) -> dict[str, Callable[[], object]]:
    ctx = side.context()
    store = ctx.store(run)
    names = [n.removesuffix(".list").rsplit("/", 1)[-1] for n in side.files.bodies if ".list" in n]
    parts = [name for name in side.files.bodies if "/part-" in name and "repair/" in name]
    (item,) = [WorkItem.from_dict(each) for each in _listed(whole, "listing/round-000.json")]
    (batch,) = [Batch.from_dict(each) for each in _listed(whole, "repair/round-0.json")]
    first = _listed(whole, "compare/items.json")[0]["bucket"]
    progress = [name for phase in WorkPhase for name in store.progress_files(phase)]
    return {
        **{f"plan listing {n}": lambda n=n: plan_listing(ctx, run, n) for n in range(3)},  # type: ignore[misc]
        "list": lambda: list_part(ctx, run, item),
        "plan comparison": lambda: plan_comparison(ctx, run),
        "compare": lambda: compare_bucket(ctx, run, first),
        "note approval": lambda: note_approval(ctx, run),
        "repair": lambda: repair_batch(ctx, side.side.context, run, batch),
        "report": lambda: write_report(ctx, run, Answer.NOT_ASKED, PACE),
        "settle": lambda: settle_recoveries(ctx, run, Answer.NOT_ASKED),
        "take over": lambda: store.take_over(run),
        "follow": lambda: (store.run(), store.was_active(), store.expected_users()),
        "glance": lambda: [store.glance(name) for name in progress],
        **{f"plan repairs {n}": lambda n=n: plan_repairs(ctx, run, n) for n in range(3)},  # type: ignore[misc]
        "read batch": lambda: [store.batch(name) for name in names],
        "visited": lambda: visited_in(store, parts),
        "judge": lambda: judge(ctx, run),
    }


class _Noting(dict[str, bytes]):
    """Which files were asked for."""

    def __init__(self, bodies: Mapping[str, bytes]) -> None:
        super().__init__(bodies)
        self.names: set[str] = set()

    def get(self, name: str, *default: Any) -> Any:
        self.names.add(name)
        return super().get(name, *default)


def _asked(side: Stage, run: Run, whole: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Reader -> the files that it reads: what is wrong in others is nothing to it."""
    found = {}
    for reader in _readers(side, run, whole):
        side.files.bodies = noting = _Noting(whole)
        _readers(side, run, whole)[reader]()
        found[reader] = noting.names
    side.files.bodies = dict(whole)
    return found


def _listed(whole: Mapping[str, bytes], name: str) -> Any:
    return json.loads(next(body for file, body in whole.items() if file.endswith(name)))


def _first_and_last(names: Iterable[str]) -> list[str]:
    """Of each kind of file: hundreds of shards differ in their number only."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(re.sub(r"[0-9a-f]{2,}|[0-9]", "#", name), []).append(name)
    return [name for of_kind in kinds.values() for name in dict.fromkeys((of_kind[0], of_kind[-1]))]


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.full)])
@pytest.mark.parametrize("kind", BROKEN)
def test_every_reader_tells_it_as_an_invalid_record(kind: str, every: bool) -> None:
    side, run = _done()
    whole = dict(side.files.bodies)
    asked, told = _asked(side, run, whole), 0
    for name in whole if every else _first_and_last(whole):
        for reader in (each for each, names in asked.items() if name in names):
            side.files.bodies.clear()
            side.files.bodies.update(whole | {name: BROKEN[kind]})
            try:
                _readers(side, run, whole)[reader]()
            except InvalidRecordError:
                told += 1
            except Exception as error:
                raise AssertionError(f"{reader} of {name}: {error!r}") from error
    assert told, "nobody minds"


_RANGES, _SIZES = {"ranges": {"3d": 7}}, {"to_split": [["0a", "many"]]}
WRONG = [
    ("run.json", {"opened_at": "yesterday"}, "compare"),
    ("listing/plan-001.json", {"to_split": [[]]}, "plan listing 2"),
    ("listing/plan-001.json", _SIZES, "plan listing 2"),
    ("listing/summary.json", {"values": "x"}, "plan comparison"),
    ("listing/summary.json", {"values": [["group"]]}, "plan comparison"),
    ("listing/summary.json", {"failed": 7}, "plan comparison"),
    ("group-00001/g0-p00000.json", {"done": False, "chain": 7}, "list"),
    ("group-00001/g0-p00000.json", {"done": None}, "list"),
    ("group-00001/g0-p00000.json", _RANGES, "list"),
    ("compare/plan/00-07.json", {"pieces": [["f", False, 0, [1, 2]]]}, "compare"),
    ("compare/plan/00-07.json", {"pieces": [["f", False, 0, "12345678"], 7]}, "compare"),
]
"""A file, what is wrong in it, and who reads it."""


@pytest.mark.parametrize(("file", "wrong", "reader"), WRONG)
def test_what_is_of_a_wrong_type_inside_is_told_so_as_well(
    file: str, wrong: dict[str, Any], reader: str
) -> None:
    side, run = _done()
    done = re.compile(r"compare/\w\w\.json|listing/plan-002")  # what is done is not read again
    whole = {name: body for name, body in side.files.bodies.items() if not done.search(name)}
    (name,) = [each for each in whole if each.endswith(file)]
    broken = json.dumps({**json.loads(whole[name]), **wrong}).encode()
    side.files.bodies.clear()
    side.files.bodies.update(whole)
    _readers(side, run, whole)[reader]()
    side.files.bodies.clear()
    side.files.bodies.update(whole | {name: broken})
    with pytest.raises(InvalidRecordError):
        _readers(side, run, whole)[reader]()
