"""Whoever somebody is and whatever the standby's schema: what differs has a named reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.contacts import CONTACTS, FLAGS
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import PoolGroup, PoolUser, user_fields
from cognito_standby.core.domain.sign_in import MfaMode
from local.cognito_rules.factors import Mfa, Second
from local.cognito_rules.refusals import CognitoError
from tests.twins.pool.config import AttributeSpec, Kind, PoolConfig
from tests.twins.pool.multi_factor import Preference
from tests.twins.pool.pool import StrictPool
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
    factors: Mapping[Second, bool]
    preferred: Second | None


acts = st.builds(
    Act,
    profiles,
    st.frozensets(st.sampled_from(["name", "phone_number", "custom:text"])),
    *[st.booleans()] * 2,
    st.dictionaries(st.sampled_from(list(Second)), st.booleans(), max_size=2),
    st.sampled_from([None, *Second]),
)
pools = st.builds(
    lambda mfa, seconds: {"mfa": mfa, "seconds": seconds if mfa is not Mfa.OFF else frozenset()},
    st.sampled_from(Mfa),
    st.frozensets(st.sampled_from(Second), min_size=1),
)
"""What the standby's pool asks for at a sign-in."""
modes = st.sampled_from(["username", "username, case-sensitive", "aliases"])


def _hold(
    mode: str,
    schema: dict[str, AttributeSpec],
    born: Mapping[str, str],
    life: list[Act],
    asks: Mapping[str, Any],
) -> None:
    """Ends with no difference that has no reason, and no reason without a difference."""
    offers = {"mfa": Mfa.OPTIONAL, "seconds": frozenset(Second)}
    at = stage(_with(mode, HERE, offers), _with(mode, schema, asks))
    at.active.pool.create_group(PoolGroup("g"))
    at.group("g")
    ann = at.world.sign_up("ann", {"custom:fixed": "once", **_sound(born, {})})
    at.active.pool.register_token("ann")
    at.settle(ann)
    _assert_explained(at, ann)
    for act in life:
        _do(at, act)
        at.settle(ann)
        _assert_explained(at, ann)


def _with(mode: str, schema: dict[str, AttributeSpec], asks: Mapping[str, Any]) -> PoolConfig:
    config = MODES[mode]
    return PoolConfig(
        attributes=schema,
        alias_attributes=config.alias_attributes,
        case_sensitive=config.case_sensitive,
        **asks,
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
    try:
        pool.admin_set_user_mfa_preference("ann", _preference(act))
    except CognitoError as refused:
        assert refused.code == "InvalidParameterException"


def _preference(act: Act) -> Preference:
    told = {factor: {"Enabled": on} for factor, on in act.factors.items()}
    if act.preferred and told.get(act.preferred, {"Enabled": True})["Enabled"]:
        told.setdefault(act.preferred, {})["PreferredMfa"] = True
    return told


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
    _assert_not_locked_out(at, twin)


def _assert_not_locked_out(at: Stage, twin: PoolUser) -> None:
    """Whoever could recover without second factors can with those that they have."""
    directory = at.standby.context.directory
    pool, name = at.standby.pool, twin.username
    if not twin.enabled or directory.schema().sign_in.mfa is MfaMode.ON:
        return
    before = pool.snapshot()
    off = {Second(factor): {"Enabled": False} for factor in twin.factors}
    with_factors = _recovers(pool, name)
    pool.admin_set_user_mfa_preference(name, off)
    assert with_factors == _recovers(pool, name)
    pool.restore(before)


def _recovers(pool: StrictPool, name: str) -> bool:
    try:
        pool.forgot_password(name)
    except CognitoError:
        return False
    return True


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(modes, schemas, profiles, st.lists(acts, max_size=2), pools)
def test_what_differs_has_a_reason(
    mode: str,
    schema: dict[str, AttributeSpec],
    born: dict[str, str],
    life: list[Act],
    asks: dict[str, Any],
) -> None:
    _hold(mode, schema, born, life, asks)


@pytest.mark.full
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(modes, schemas, profiles, st.lists(acts, max_size=5), pools)
def test_what_differs_has_a_reason_however_often_it_changes(
    mode: str,
    schema: dict[str, AttributeSpec],
    born: dict[str, str],
    life: list[Act],
    asks: dict[str, Any],
) -> None:
    _hold(mode, schema, born, life, asks)
