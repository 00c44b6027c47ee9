"""A run file that is not what it should be is told in one family of errors, by every reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services.judging import judge
from cognito_standby.reconciliation.services.repair_rounds import plan_repairs, visited_in
from tests.unit.reconciliation import repairs
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


def _readers(side: Stage, run: Run) -> dict[str, Callable[[], object]]:
    ctx = side.context()
    store = ctx.store(run)
    names = [n.removesuffix(".list").rsplit("/", 1)[-1] for n in side.files.bodies if ".list" in n]
    parts = [name for name in side.files.bodies if "/part-" in name and "repair/" in name]
    return {
        **{f"plan repairs {n}": lambda n=n: plan_repairs(ctx, run, n) for n in range(3)},  # type: ignore[misc]
        "read batch": lambda: [store.batch(name) for name in names],
        "visited": lambda: visited_in(store, parts),
        "judge": lambda: judge(ctx, run),
    }


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
    told = 0
    for name in whole if every else _first_and_last(whole):
        for reader in _readers(side, run):
            side.files.bodies.clear()
            side.files.bodies.update(whole | {name: BROKEN[kind]})
            try:
                _readers(side, run)[reader]()
            except InvalidRecordError:
                told += 1
            except Exception as error:
                raise AssertionError(f"{reader} of {name}: {error!r}") from error
    assert told, "nobody minds"
