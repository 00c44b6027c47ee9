"""Property: whatever names people share, each is found by their own, and nobody becomes another."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.names_index import NameHasher, normal
from cognito_standby.operator.domain.person_search import Verdict
from tests.unit.operator.two_regions import TwoRegions

pytestmark = pytest.mark.usefixtures("socket_disabled")
_ADDRESSES = st.sampled_from(["a@example.org", "A@example.org", "b@example.org"])
_NICKS = st.sampled_from(["", "ann", "Ann", "bee"])


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(_ADDRESSES, _NICKS), min_size=1, max_size=4))
def test_everybody_with_a_name_is_found_as_themselves(people: list[tuple[str, str]]) -> None:
    regions = TwoRegions()
    names: dict[str, set[str]] = {}
    for number, (address, nick) in enumerate(people):
        told = {"email": address, **({"preferred_username": nick} if nick else {})}
        sub = regions.sign_up(f"user{number}", **told)
        for name in (f"user{number}", address, nick):
            if name:
                names.setdefault(normal(name), set()).add(sub)
    for name, subs in names.items():
        decided, _, found = regions.search(name)
        assert {person.origin_sub for person in found} == subs
        assert len(found) == len(subs)
        assert decided is (Verdict.FOUND if len(subs) == 1 else Verdict.AMBIGUOUS)
        for person in found:
            shown = {side.user.seen.user.sub for side in person.sides if side.user}
            assert shown == {person.origin_sub, regions.local_sub(person.origin_sub)}


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_hash_is_one_name_s_under_one_key(one: str, other: str) -> None:
    hasher, another = NameHasher(b"one"), NameHasher(b"another")
    one, other = (each.encode(errors="replace").decode() for each in (one, other))
    assert (hasher.of(one) == hasher.of(other)) == (normal(one) == normal(other))
    assert hasher.of(one) != another.of(one)
    assert hasher.id != another.id
    assert b"one".decode() not in repr(NameHasher(b"one")).removeprefix("NameHasher")
