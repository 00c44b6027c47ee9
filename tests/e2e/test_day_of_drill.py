"""The whole drill, as `make drill` runs it, and a drill that a fault spoils."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.drill.scenes import SCENES

pytestmark = [
    pytest.mark.full,
    pytest.mark.local_aws,
    pytest.mark.needs_local_aws,
    pytest.mark.timeout(2400),
]
NOBODY_RECOVERS = {
    "kind": "error",
    "service": "cognito-idp",
    "operation": "ForgotPassword",
    "callers": "all",
}


def drill(report: Path, *options: str) -> tuple[int, str, Any]:
    """Exit code, what it said, and the facts beside the page."""
    done = subprocess.run(
        [sys.executable, "-m", "local", "drill", "--report", str(report), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=2300,
    )
    assert report.exists(), done.stdout + done.stderr
    return done.returncode, done.stdout, json.loads(report.with_suffix(".json").read_text())


def test_all_is_as_claimed(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    code, said, facts = drill(report, "--seed", "11", "--people", "16")
    failed = [
        (scene["name"], scene["broke"], claim["text"], claim["seen"])
        for scene in facts["played"]
        for claim in scene["claims"] or [{"text": "", "seen": "", "held": False}]
        if scene["broke"] or not claim["held"]
    ]
    assert not failed, failed
    assert code == 0, said
    assert [scene["name"] for scene in facts["played"]] == [
        *(scene.name for scene in SCENES),
        "Rights",
    ]
    assert set(facts["fate"].values()) >= {"unavailable until the return"}
    assert "lost" not in facts["fate"].values()
    kinds = {kind for _, kind, _ in facts["conflicts"]}
    assert "merged" in kinds
    assert kinds & {"overridden", "undone"}
    assert facts["rpo"]["missing"] >= 1
    assert len(facts["rto"]["steps"]) >= 5
    assert said.rstrip().endswith(str(report))
    assert "Simulated" in report.read_text()


def test_a_drill_in_which_nobody_recovers_fails_and_says_so(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    spoilt = json.dumps(NOBODY_RECOVERS)
    code, said, facts = drill(report, "--people", "16", "--patience", "120", "--fault", spoilt)
    assert (code, facts["held"]) == (1, False)
    broke = {scene["name"]: scene["broke"] for scene in facts["played"] if scene["broke"]}
    assert "Failover in the outage" in broke, broke
    assert "lost: unknown since" in said.replace("\n", " ")
    assert "lost: 0" not in said
