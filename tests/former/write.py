"""Wrote the files in `data`, once: what the release 0.1.0 stores and publishes.

They were made by the code of commit c54139a and are not made anew: what they are good for is that
they are old. To see how they came about, or to add the next release's beside them:

    git worktree add ../former <commit> && cp -r tests/former ../former/tests/
    cd ../former && python -m tests.former.write

`today.py` and `published.py` must then fit that commit's paths. Everybody in them is invented.
What that release deploys is kept beside them (`release.py`), and is of the same commit.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from typing import Any

from tests.former import today
from tests.former.meaning import meanings
from tests.former.messages import given, redriven, sent
from tests.former.pools import state_of
from tests.former.published import published
from tests.former.samples import INPUTS, letters
from tests.former.story import Story, end, meddle
from tests.former.world import DATA, PACE, ROOT, Reconciling, World, aws, names


def main() -> None:
    """All files that are made by running the code."""
    DATA.mkdir(exist_ok=True)
    with aws() as client:
        world = World(client)
        Story(world).tell()
        for table in names():
            _lines(f"{table}.jsonl", world.tables.items(table))
        _whole("pools.json", {side.region: state_of(side.pool) for side in world.regions})
        _whole("about.json", {"commit": "c54139a", "release": "0.1.0", **_at(world)})
        _whole("meaning.json", meanings(world))
        write_run(world)
    write_messages()
    _whole("names.json", {**published(), "reasons": sorted(set(reasons()))})


def _at(world: World) -> dict[str, str]:
    return {"written_at": world.clock.now().isoformat()}


def write_run(world: World) -> None:
    """A reconciliation of the standby's pool, in which some things were changed behind the back of
    everybody, with its repairs and its report; the pool as it was before."""
    side = world.backup
    end(side)
    meddle(side)
    _whole("pools-drifted.json", {each.region: state_of(each.pool) for each in world.regions})
    runs = Reconciling(side)
    run = today.judged(runs)
    today.finish(runs, run)
    written = today.write_report(runs.context(), run, today.Answer.NOT_ASKED, PACE)
    assert written.report.verdict, written
    _whole("run-facts.json", {"ended_at": world.clock.now().isoformat(), "run": run.id})
    _lines("run.jsonl", _files(runs.files.bodies))


def write_messages() -> None:
    """Letters with what is done about them, inputs with what they are read as, and what is sent."""
    told = []
    for each in letters():
        done = redriven(json.dumps(each["body"]), each["attributes"])
        told.append({**each, "redriven": done})
    _whole("letters.json", told)
    told_inputs = (
        {"machine": machine, "from": sender, "input": raw, "read": given(machine, raw)}
        for machine, sender, raw in INPUTS
    )
    _lines("inputs.jsonl", told_inputs)
    _whole("sent.json", sent())


def reasons() -> Iterator[str]:
    """Why somebody is left alone, a field left out, or drift there: stored in ledgers and reports,
    where the next run looks for the same ones again."""
    trees = {name: _tree(name) for name in ("decide", "projection", "comparison")}
    skips = [n for n in ast.walk(trees["decide"]) if _called(n) == "Skip" or _told_by(n) == "str"]
    for part in (*skips, trees["projection"], trees["comparison"]):
        docstrings = {id(node.value) for node in ast.walk(part) if isinstance(node, ast.Expr)}
        for node in ast.walk(part):
            text = getattr(node, "value", None) if id(node) not in docstrings else None
            if isinstance(text, str) and (" " in text.strip() or text in ("deleted", "federated")):
                yield text


def _tree(name: str) -> ast.AST:
    (path,) = (ROOT / "cognito_standby").rglob(f"{name}.py")
    return ast.parse(path.read_text())


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _told_by(node: ast.AST) -> str:
    told = node.returns if isinstance(node, ast.FunctionDef) else None
    return told.id if isinstance(told, ast.Name) else ""


def _files(bodies: dict[str, bytes]) -> Iterable[dict[str, Any]]:
    """The files of a run, those with the same content together."""
    alike: dict[str, list[str]] = {}
    for name, body in sorted(bodies.items()):
        alike.setdefault(body.decode(), []).append(name)
    for text, named in alike.items():
        if named[0].endswith(".html"):
            continue
        is_json = named[0].endswith(".json")
        yield {"names": named, **({"json": json.loads(text)} if is_json else {"text": text})}


def _lines(name: str, items: Iterable[Any]) -> None:
    told = (json.dumps(item, ensure_ascii=False) + "\n" for item in items)
    (DATA / name).write_text("".join(told))


def _whole(name: str, content: Any) -> None:
    (DATA / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
