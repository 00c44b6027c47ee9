"""What follows a job that broke off because credentials ended: those that were renewed count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.operator.services.context import OperatorContext
from tests.unit.console.asgi import Answer, Browser
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.console.test_troubles import Refusing
from tests.unit.operator.operator_world import REGION


def _without_letters(whole: OperatorContext) -> OperatorContext:
    refusing: Any = Refusing()
    return replace(whole, letters=refusing)


def _without_runs(whole: OperatorContext) -> OperatorContext:
    refusing: Any = Refusing()
    assert whole.runs is not None
    return replace(whole, runs=replace(whole.runs, machine=refusing, files=refusing))


BROKEN = {
    f"/do/redrive?region={REGION}": _without_letters,
    f"/do/reconcile?region={REGION}&dry=1": _without_runs,
}
"""An action -> its Region, by credentials that end once it was asked for."""


def _yes(browser: Browser, path: str) -> Answer:
    """To a question; what came of it."""
    page = browser.get(path)
    assert page.status == 200, page.words
    sent = browser.post(path.split("?", maxsplit=1)[0], browser.fill(page, "/do/"))
    assert sent.status == 303, sent.words
    return browser.get(sent.headers["location"])


@pytest.mark.parametrize("path", BROKEN)
def test_a_job_after_one_that_broke_off_is_by_renewed_credentials(path: str) -> None:
    world = ConsoleWorld()
    whole = world.desks.desk(REGION).context
    browser = world.browser()
    end: Callable[[OperatorContext], OperatorContext] = BROKEN[path]
    world.contexts[REGION] = end(whole)
    assert "ExpiredToken" in _yes(browser, path).words
    world.contexts.clear()
    assert "ExpiredToken" not in _yes(browser, path).words


def test_a_question_after_it_is_too() -> None:
    world = ConsoleWorld()
    run = world.pair[REGION].hold("20260102T030405-1f2e3d4c")
    world.pair[REGION].ask(run)
    browser = world.browser()
    world.contexts[REGION] = _without_letters(_without_runs(world.desks.desk(REGION).context))
    assert "ExpiredToken" in _yes(browser, f"/do/redrive?region={REGION}").words
    world.contexts.clear()
    page = browser.get(f"/do/approve?region={REGION}&run={run.id}")
    assert "9 users would be deleted" in page.words
