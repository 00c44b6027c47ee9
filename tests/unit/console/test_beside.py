"""The page beside `make up`: faults by their names, refusals in words. tests/e2e/test_console.py
has the rest, on a local AWS."""

from __future__ import annotations

import json

import pytest

from cognito_standby.console.web.words import section
from local.console.demo import broken, offered
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.operator.operator_world import OTHER, REGION


def test_a_fault_is_called_as_it_was_offered() -> None:
    known = offered(REGION, OTHER)
    rows = [
        json.loads(json.dumps({"id": 1, "struck": 2, **each.fault.to_dict()}, sort_keys=True))
        for each in known.values()
    ]
    labels = [each.label for each in known.values()]
    assert [each.label for each in broken(rows, known.values())] == labels
    assert all(OTHER in each.label or REGION in each.label for each in known.values()), "where"


def test_a_fault_of_somebody_else_is_called_by_its_fields() -> None:
    (found,) = broken(
        [{"id": 7, "struck": 2, "kind": "lag", "seconds": 3.0}], offered("a", "b").values()
    )
    assert (found.number, found.struck, found.label) == (7, 2, "kind lag, seconds 3.0")


@pytest.mark.parametrize(
    ("path", "entry"),
    [("/", "/"), ("/person", "/people"), ("/do/redrive", "/do"), ("/demo/sign-up", "/demo")],
)
def test_each_page_is_under_an_entry(path: str, entry: str) -> None:
    assert section(path) == entry


def test_the_entry_of_a_page_is_marked_and_a_refused_form_was_not_done() -> None:
    world = ConsoleWorld()
    browser = world.browser()
    page = browser.get("/person?sub=nobody")
    assert 'href="/people" aria-current="true"' in page.text
    refused = browser.post("/do/none", {"form_key": world.keys.form})
    assert "That was not done" in refused.words
    assert 'href="/do">Back' in refused.text
    assert "That is not shown" in browser.get("/nothing").words
