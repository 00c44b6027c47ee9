"""What today's code writes, read by the release before: the other Region has it for a while, and a
Region that an update failed in has it again."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.core.adapters.items import record_item
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import Fields, Subject
from local.assembly import Assembly
from tests.former import release
from tests.former.messages import sent
from tests.former.world import read_json

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
HERE, SUB = "us-east-1", "11111111-2222-4333-8444-555555555555"
ANN = {"present": "true", "enabled": "true", "username": "ann", "attr:email": "ann@example.org"}
STAFF = {"present": "true", "description": "All staff"}
ROLE = "arn:aws:iam::111111111111:role/staff"


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release.code_in(release.unpack(tmp_path_factory.mktemp("former")))


@pytest.fixture(scope="module")
def answers(code: Path) -> dict[str, dict[str, Any]]:
    """By case: one process for all."""
    asked = "".join(json.dumps(case) + "\n" for case in CASES.values())
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("as_former.py"))],
        input=asked,
        env={"PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    told = (json.loads(line) for line in done.stdout.splitlines())
    return dict(zip(CASES, told, strict=True))


def _record(
    subject: Subject, fields: Fields, *, deleted: bool = False, **more: Any
) -> dict[str, Any]:
    written = Draft(subject, 3, fields, deleted, **{"expected_revision": 4, **more})
    return record_item(written, HERE, AT)


def _user(fields: Fields, **more: Any) -> dict[str, Any]:
    written = _record(Subject.user(SUB), fields, user_pool_id="us-east-1_Invented", seen=7, **more)
    return {**written, "named": "key-1"}


ROW = {
    "subject": SUB,
    "shard_id": "0a",
    "state": "in_sync",
    "attention": "not_held#0a",
    "local_sub": SUB,
    "local_username": "ann",
    "user_pool_id": "us-east-1_Invented",
    "base": {"enabled": "d1"},
    "confirmed": {"enabled": "true"},
    "confirmed_epoch": 3,
    "confirmed_region": HERE,
    "confirmed_revision": 5,
    "skipped": {"attr:custom:plan": "not in the pool's schema"},
    "refused": {"attr:name": "d2"},
    "given": ["attr:email"],
    "reset_epoch": 3,
    "reset_region": HERE,
    "reset_stage": "password",
    "summary": "p.g.true",
    "record_fingerprint": "f",
}
"""With everything that was added since."""

CASES: dict[str, tuple[str, Any]] = {
    "user": ("record", _user(ANN)),
    "tombstone": ("record", {**_user(ANN, deleted=True), "retired": True}),
    "group": ("record", _record(Subject.group("staff"), STAFF)),
    "group with a role": ("record", _record(Subject.group("staff"), {**STAFF, "role": ROLE})),
    "provider's user": ("record", _user({**ANN, "federated": '["Google", "1"]'})),
    "claim": ("claim", {"origin_sub": "#claim", "region": HERE, "epoch": 4, "execution": "arn"}),
    "claim that stood down": (
        "claim",
        {
            "origin_sub": "#claim",
            "region": HERE,
            "epoch": 4,
            "stood_down": "us-west-2",
            "drained": {"records": 2, "revisions": 9},
        },
    ),
    "row": ("row", ROW),
    "hint": ("hint", sent()["sent"][0]["Detail"]),
}


def test_it_is_the_release_of_which_the_data_are(code: Path) -> None:
    assert release.told()["commit"].startswith(read_json("about.json")["commit"])
    assert release.ARCHIVE.stat().st_size < release.MOST_BYTES
    stacks = [stack.name for stack in Assembly(code.parent).in_order()]
    assert len(stacks) == 3, stacks


def test_an_archive_of_something_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / release.ARCHIVE.name
    other.write_bytes(release.ARCHIVE.read_bytes() + b" ")
    monkeypatch.setattr(release, "ARCHIVE", other)
    with pytest.raises(release.FormerReleaseError, match="is not what"):
        release.unpack(tmp_path / "unpacked")


@pytest.mark.parametrize("case", ["user", "tombstone", "group"])
def test_a_record_says_the_same(answers: dict[str, dict[str, Any]], case: str) -> None:
    written, read = CASES[case][1], answers[case]
    assert "error" not in read, read
    same = ("region", "revision", "fields", "deleted", "observed_at", "change_id")
    assert {name: read[name] for name in same} == {name: written[name] for name in same}
    assert read["epoch_number"] == written["epoch"]


@pytest.mark.parametrize("case", ["group with a role", "provider's user"])
def test_what_it_cannot_understand_is_refused_clearly(
    answers: dict[str, dict[str, Any]], case: str
) -> None:
    """Its machines wait for a day then; they write nothing."""
    assert CASES[case][1]["schema_version"] == 2
    text = "a record of schema 2; this release reads 1"
    assert answers[case] == {"error": "NewerSchemaError", "text": text}


@pytest.mark.parametrize("case", ["claim", "claim that stood down"])
def test_a_claim_has_the_same_number(answers: dict[str, dict[str, Any]], case: str) -> None:
    assert answers[case] == {"number": 4}


def test_a_row_says_the_same_after_the_way_back(answers: dict[str, dict[str, Any]]) -> None:
    read = answers["row"]
    same = ("state", "local_sub", "local_username", "base", "confirmed", "skipped", "summary")
    assert {name: read[name] for name in same} == {name: ROW[name] for name in same}


def test_a_hint_is_about_the_same(answers: dict[str, dict[str, Any]]) -> None:
    written = CASES["hint"][1]
    assert {name: answers["hint"][name] for name in written} == written
