"""What others lean on by name is still there. More may be."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from tests.former.comparing import missing_names
from tests.former.published import published, texts
from tests.former.world import read_json

NAMES: dict[str, Any] = {**read_json("names.json")}
REASONS = NAMES.pop("reasons")
RETIRED = {
    "federated: appears in the standby at the first sign-in there": (
        "noted in the ledger alone, where nobody compares it; provider's users are recorded now"
    ),
}
"""Reason -> why nothing depends on its words."""


@cache
def today() -> dict[str, Any]:
    now: dict[str, Any] = json.loads(json.dumps(published()))
    return now


@pytest.mark.parametrize("section", NAMES)
def test_what_was_published_is_still_there(section: str) -> None:
    assert not missing_names(today()[section], NAMES[section])


def test_reasons_that_are_stored_stay_as_they_are() -> None:
    """A report tells drift that repeats by its cause, word for word."""
    known = texts()
    whole = {reason: reason if reason[0] in " ," else f'"{reason}"' for reason in REASONS}
    assert {reason for reason, text in whole.items() if text not in known} == set(RETIRED)


@pytest.mark.parametrize("body", ["CreateUser", "UpdateUser", "ReplaceUser"])
def test_a_caller_need_not_give_more(body: str) -> None:
    now, then = (each["api"]["schemas"][body] for each in (today(), NAMES))
    assert set(now.get("required", ())) <= set(then.get("required", ()))
