"""What a worker of the suite does not send, and that nothing is left out that somebody reads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.fewer_messages import pytest_plugin_registered


class WorkerInteractor:
    """Of the name by which the real one is known."""

    def __init__(self, durations: int | None = None, xmlpath: str | None = None) -> None:
        self.config = SimpleNamespace(option=SimpleNamespace(durations=durations, xmlpath=xmlpath))
        self.sent: list[str] = []
        pytest_plugin_registered(self)

    def sendevent(self, name: str, **told: Any) -> None:
        report = told.get("data", {})
        self.sent.append(" ".join((name, *report.values())))

    def play(self, setup: str = "passed", call: str = "passed", teardown: str = "passed") -> None:
        self.sendevent("logstart")
        for when, outcome in (("setup", setup), ("call", call), ("teardown", teardown)):
            self.sendevent("testreport", data={"when": when, "outcome": outcome})
        self.sendevent("logfinish")
        self.sendevent("runtest_protocol_complete")


def test_of_a_test_that_passed_its_own_report_is_sent() -> None:
    worker = WorkerInteractor()
    worker.play()
    assert worker.sent == ["testreport call passed", "runtest_protocol_complete"]


@pytest.mark.parametrize("outcome", ["failed", "skipped"])
def test_a_fixture_that_did_not_pass_is_told(outcome: str) -> None:
    worker = WorkerInteractor()
    worker.play(setup=outcome, teardown=outcome)
    assert f"testreport setup {outcome}" in worker.sent
    assert f"testreport teardown {outcome}" in worker.sent


@pytest.mark.parametrize("asked", [{"durations": 0}, {"durations": 5}, {"xmlpath": "a.xml"}])
def test_all_is_sent_where_somebody_asks_for_it(asked: dict[str, Any]) -> None:
    worker = WorkerInteractor(**asked)
    worker.play()
    assert len(worker.sent) == 6
