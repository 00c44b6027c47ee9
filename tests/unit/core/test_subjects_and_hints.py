"""Keys, digests and hints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.hints import EARLY, Hint
from cognito_standby.core.domain.subjects import (
    CLAIM_KEY,
    Subject,
    attributes_of,
    fingerprint,
    image_of,
    names_with,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("subject", [Subject.user("0e2e"), Subject.group("a b#c")], ids=str)
def test_a_key_leads_back_to_its_subject(subject: Subject) -> None:
    assert Subject.from_key(subject.key) == subject


def test_a_user_and_a_group_of_one_name_are_two() -> None:
    assert Subject.user("g").key != Subject.group("g").key


@pytest.mark.parametrize("key", ["", "#claim", "#other", "#group#", "x" * 129, CLAIM_KEY])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidRecordError):
        Subject.from_key(key)


def test_images_tell_values_apart_without_holding_them() -> None:
    one, two = image_of({"attr:name": "Ann"}), image_of({"attr:name": "Bea"})
    assert one["attr:name"] != two["attr:name"]
    assert "Ann" not in str(one)


def test_a_fingerprint_depends_on_names_and_values_not_on_their_order() -> None:
    assert fingerprint({"a": "1", "b": "2"}) == fingerprint({"b": "2", "a": "1"})
    assert fingerprint({"a": "1", "b": "2"}) != fingerprint({"a": "2", "b": "1"})


def test_names_behind_a_prefix() -> None:
    fields = {"attr:b": "1", "attr:a": "2", "group:g": "true", "present": "true"}
    assert names_with("attr:", fields) == ["a", "b"]
    assert attributes_of(fields) == {"a": "2", "b": "1"}


def test_a_hint_survives_its_way() -> None:
    hint = Hint(local_sub="s", cause="SignUp", created=True, hinted_at=NOW.isoformat())
    assert Hint.from_dict(hint.to_dict()) == hint


@pytest.mark.parametrize(
    "raw",
    [None, [], "s", {}, {"local_sub": ""}, {"local_sub": "s", "group": "g"}, {"local_sub": 1}],
    ids=repr,
)
def test_what_names_not_exactly_one_is_refused(raw: object) -> None:
    with pytest.raises(InvalidRecordError):
        Hint.from_dict(raw)


@pytest.mark.parametrize(
    ("age", "early"), [(timedelta(0), True), (EARLY, False), (-timedelta(minutes=1), True)]
)
def test_a_sign_up_is_waited_for_a_while(age: timedelta, early: bool) -> None:
    at = (NOW - age).isoformat()
    assert Hint(local_sub="s", created=True, hinted_at=at).may_be_early(NOW) is early
    assert not Hint(local_sub="s", hinted_at=at).may_be_early(NOW)


@pytest.mark.parametrize("at", ["", "yesterday"])
def test_without_a_readable_time_it_is_believed(at: str) -> None:
    assert Hint(local_sub="s", created=True, hinted_at=at).may_be_early(NOW)


def test_a_time_without_a_zone_is_utc() -> None:
    hint = Hint(local_sub="s", created=True, hinted_at="2025-12-31T23:59:30")
    assert hint.may_be_early(NOW)
