"""What a run of chaos may kill."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from tests.chaos.weather import STEPS

TASKS = {path.stem for path in Path("tasks").glob("*.py")}


def killed() -> set[str]:
    return {task for task in TASKS if any(fnmatchcase(f"standby-{task}", each) for each in STEPS)}


def test_every_step_of_a_sync_and_its_containment_and_no_trigger() -> None:
    assert killed() >= {"plan_sync", "capture_record", "replay_record", "contain_failure"}
    named = {"post_confirmation", "custom_message", "user_migration"}
    triggers = {*named, *(task for task in TASKS if task.startswith("pre_"))}
    assert triggers <= TASKS
    assert not killed() & triggers
