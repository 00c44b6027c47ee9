"""Whom the local AWS's pools find by a value: as they are now, and nobody is read anew for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local.cognito_store import Pool


class Attribute(dict[str, str]):
    """Counts how often it is read."""

    reads = 0

    def get(self, *arguments: Any) -> Any:
        Attribute.reads += 1
        return super().get(*arguments)


def user(name: str, **attributes: str) -> dict[str, Any]:
    pairs = [Attribute(Name=key, Value=value) for key, value in attributes.items()]
    return {"Username": name, "Attributes": pairs}


def pool(*users: dict[str, Any]) -> Pool:
    return Pool("p", "1", "r", {"_users": {each["Username"]: each for each in users}})


def names(found: Any) -> Iterator[str]:
    return (each.username for each in found)


def test_by_username_and_by_any_attribute_in_any_capitals() -> None:
    everybody = pool(user("Ann", email="a@example.org"), user("bob", custom="ANN"), user("cy"))
    assert {*names(everybody.named("aNN"))} == {"Ann", "bob"}
    assert {*names(everybody.named("A@Example.org"))} == {"Ann"}
    assert not everybody.named("nobody")


def test_who_changes_comes_and_goes_is_seen_at_once() -> None:
    everybody = pool(user("ann", email="old@example.org"))
    users: dict[str, Any] = everybody.raw["_users"]
    assert {*names(everybody.named("old@example.org"))} == {"ann"}
    users["ann"]["Attributes"] = user("ann", email="new@example.org")["Attributes"]
    assert not everybody.named("old@example.org")
    assert {*names(everybody.named("new@example.org"))} == {"ann"}
    users["ann"]["Attributes"].append(Attribute(Name="name", Value="Ann A."))
    assert {*names(everybody.named("ann a."))} == {"ann"}
    users["bob"] = user("bob", email="new@example.org")
    assert {*names(everybody.named("new@example.org"))} == {"ann", "bob"}
    del users["ann"]
    users["ann"] = user("ann", email="third@example.org")
    assert {*names(everybody.named("new@example.org"))} == {"bob"}


def test_nobody_is_read_anew_who_did_not_change() -> None:
    everybody = pool(*(user(f"u{number}", sub=f"s{number}") for number in range(100)))
    everybody.named("s7")
    Attribute.reads = 0
    found = everybody.named("s7")
    assert ({*names(found)}, Attribute.reads) == ({"u7"}, 1)


def test_pools_do_not_mix() -> None:
    here, there = pool(user("ann", sub="1")), pool(user("ann", sub="2"))
    for number in range(40):
        assert not pool(user("cy", sub=str(number))).named("ann")
        assert {*names(here.named("1"))} == {"ann"}
        assert not there.named("1")
