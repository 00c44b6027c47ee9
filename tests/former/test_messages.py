"""Letters, events and inputs of the former release are understood; what is sent, it understands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.former.comparing import lacks, unlearnt
from tests.former.messages import given, redriven, sent
from tests.former.world import read_json, stored

LETTERS: dict[str, Any] = {each["name"]: each for each in read_json("letters.json")}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_redriven_to_the_same(name: str) -> None:
    letter = LETTERS[name]
    now = json.loads(json.dumps(redriven(json.dumps(letter["body"]), letter["attributes"])))
    then = letter["redriven"]
    if then["what"].startswith("unreadable") and not now["what"].startswith("unreadable"):
        return  # what nobody could read is understood by now
    # Whom a job is about may be known by now where it was not; what is done is the same.
    jobs = unlearnt(now["jobs"], then["jobs"])
    assert {**now, "jobs": jobs} == then


@pytest.mark.parametrize("number", range(len(stored("inputs"))))
def test_an_input_is_read_as_the_same(number: int) -> None:
    one = stored("inputs")[number]
    assert json.loads(json.dumps(given(one["machine"], one["input"]))) == one["read"], one["from"]


def test_what_is_sent_can_be_read_by_the_former_release() -> None:
    assert not lacks(sent(), read_json("sent.json"))
