"""Whoever somebody is and whatever the standby's schema: what differs has a named reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.contacts import CONTACTS, FLAGS
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import PoolGroup, user_fields
from tests.twins.pool.config import AttributeSpec, Kind, PoolConfig
from tests.unit.replication.fidelity.stage import MODES, Stage, stage

HERE = {
    "custom:text": AttributeSpec(),
    "custom:number": AttributeSpec(kind=Kind.NUMBER),
    "custom:fixed": AttributeSpec(mutable=False),
    "dev:custom:flag": AttributeSpec(),
}
TEXTS = st.text('ab\N{GRINNING FACE},\\"', min_size=1, max_size=8)
TRUTH = st.sampled_from(["true", "false"])

specs = st.builds(
    AttributeSpec,
    mutable=st.booleans(),
    required=st.booleans(),
    kind=st.sampled_from([Kind.STRING, Kind.STRING, Kind.NUMBER, Kind.BOOLEAN]),
    min_length=st.integers(0, 2),
    max_length=st.integers(2, 6),
)
addresses = st.builds(AttributeSpec, mutable=st.booleans(), max_length=st.sampled_from([5, 2048]))
schemas = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys((*HERE, "name", "nickname"), specs),
        **dict.fromkeys(CONTACTS, addresses),
    },
)
"""Of the standby's pool: a custom attribute that is missing is not in it."""
profiles = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("custom:text", "dev:custom:flag", "name", "nickname"), TEXTS),
        "custom:number": st.integers(-9, 99).map(str),
        "phone_number": st.sampled_from(["+15550100", "+15550101"]),
        "email": st.sampled_from(["ann@example.org", "new@example.org"]),
        **dict.fromkeys(FLAGS, TRUTH),
    },
)


@dataclass(frozen=True)
class Act:
    """What becomes of somebody next."""

    profile: Mapping[str, str]
    removed: frozenset[str]
    enabled: bool
    member: bool


acts = st.builds(
    Act,
    profiles,
    st.frozensets(st.sampled_from(["name", "phone_number", "custom:text"])),
    *[st.booleans()] * 2,
)
modes = st.sampled_from(["username", "username, case-sensitive", "aliases"])


def _hold(
    mode: str, schema: dict[str, AttributeSpec], born: Mapping[str, str], life: list[Act]
) -> None:
    """Ends with no difference that has no reason, and no reason without a difference."""
    at = stage(_with(mode, HERE), _with(mode, schema))
    at.active.pool.create_group(PoolGroup("g"))
    at.group("g")
    ann = at.world.sign_up("ann", {"custom:fixed": "once", **_sound(born, {})})
    at.settle(ann)
    _assert_explained(at, ann)
    for act in life:
        _do(at, act)
        at.settle(ann)
        _assert_explained(at, ann)


def _with(mode: str, schema: dict[str, AttributeSpec]) -> PoolConfig:
    config = MODES[mode]
    return PoolConfig(
        attributes=schema,
        alias_attributes=config.alias_attributes,
        case_sensitive=config.case_sensitive,
    )


def _sound(profile: Mapping[str, str], held: Mapping[str, str]) -> dict[str, str]:
    """Without flags of addresses that nobody has, which Cognito refuses."""
    known = {**held, **profile}
    return {name: v for name, v in profile.items() if known.get(FLAGS.get(name, name))}


def _do(at: Stage, act: Act) -> None:
    pool = at.active.pool
    held = pool.admin_get_user("ann").attributes
    pool.admin_update_user_attributes("ann", _sound(act.profile, held))
    pool.admin_delete_user_attributes("ann", tuple(sorted(act.removed)))
    (pool.admin_enable_user if act.enabled else pool.admin_disable_user)("ann")
    change = pool.admin_add_user_to_group if act.member else pool.admin_remove_user_from_group
    change("ann", "g")


def _assert_explained(at: Stage, sub: str) -> None:
    assert at.failed == []
    schema = at.active.context.directory.schema()
    person, twin = at.active.context.directory.get_user(sub), at.twin(sub)
    assert person is not None
    assert twin is not None, "nobody is lost"
    here, there = user_fields(person, schema), user_fields(twin, schema)
    differing = {name for name in {*here, *there} if here.get(name) != there.get(name)}
    told = at.not_held(sub)
    assert set(told) == differing
    assert all(NotHeld(reason) for reason in told.values())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(modes, schemas, profiles, st.lists(acts, max_size=2))
def test_what_differs_has_a_reason(
    mode: str, schema: dict[str, AttributeSpec], born: dict[str, str], life: list[Act]
) -> None:
    _hold(mode, schema, born, life)


@pytest.mark.full
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(modes, schemas, profiles, st.lists(acts, max_size=5))
def test_what_differs_has_a_reason_however_often_it_changes(
    mode: str, schema: dict[str, AttributeSpec], born: dict[str, str], life: list[Act]
) -> None:
    _hold(mode, schema, born, life)
