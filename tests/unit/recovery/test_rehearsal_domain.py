"""The rules of rehearsals: which pool may go, what is copied, who the people are, what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session
import pytest

from cognito_standby.core.adapters.cognito import schema_from
from cognito_standby.core.domain import quotas
from cognito_standby.core.domain.attribute_limits import misfit
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    FEDERATED,
    GROUP,
    attributes_of,
)
from cognito_standby.recovery.domain import rehearsal_pool
from cognito_standby.recovery.domain.rehearsal_cost import estimate, whole_pool
from cognito_standby.recovery.domain.rehearsal_marks import (
    EXPIRES_TAG,
    ID_TAG,
    TAG,
    Fate,
    Mark,
    Noted,
    SeenPool,
    Why,
    id_in,
    judge,
)
from cognito_standby.recovery.domain.rehearsal_people import (
    CLEAR,
    MOST,
    group_fields_of,
    invented,
    phone_of,
    rewritten,
)
from cognito_standby.recovery.domain.rehearsal_pool import NotCopiedError, client_of, copy_of
from tests.twins.clock import ManualClock
from tests.twins.rehearsal_pools import STANDBY, PoolsOfAccount

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ID, OTHER_ID = "0123456789ab", "ba9876543210"
MARK = Mark("alpha", ID, NOW - timedelta(seconds=1))
POOL = SeenPool("p-1", MARK.pool_name, MARK.tags)
NOTE = Noted(ID, "p-1")


def tagged(**tags: str) -> SeenPool:
    names = {"tag": TAG, "id": ID_TAG, "expires": EXPIRES_TAG}
    return replace(POOL, tags={**MARK.tags, **{names[name]: told for name, told in tags.items()}})


def test_an_expired_pool_of_ours_goes() -> None:
    found = judge(POOL, "alpha", "own", NOTE, NOW)
    assert (found.fate, found.why) == (Fate.REMOVE, Why.EXPIRED)
    unknown = judge(POOL, "alpha", "own", Noted(ID, ""), NOW)
    assert unknown.fate is Fate.REMOVE, "it died before it knew the pool's id"


LOOK_ALIKES: list[tuple[SeenPool, Noted | None, Why]] = [
    (replace(POOL, tags={}), NOTE, Why.NO_TAG),
    (replace(POOL, tags=None), NOTE, Why.NO_TAG),
    (tagged(tag="beta"), NOTE, Why.NO_TAG),
    (tagged(tag="ALPHA"), NOTE, Why.NO_TAG),
    (tagged(id=OTHER_ID), NOTE, Why.OTHER_ID),
    (tagged(expires="soon"), NOTE, Why.NO_TIME),
    (tagged(expires=""), NOTE, Why.NO_TIME),
    (replace(POOL, name="alpha-users"), NOTE, Why.OTHER_NAME),
    (replace(POOL, name=f"alpha-drill-{ID}-copy"), NOTE, Why.OTHER_NAME),
    (replace(POOL, name="alpha-drill-"), NOTE, Why.OTHER_NAME),
    (replace(POOL, name=f"my-alpha-drill-{ID}"), NOTE, Why.OTHER_NAME),
    (replace(POOL, name=f"alpha-drill-{ID.upper()}"), NOTE, Why.OTHER_NAME),
    (replace(POOL, name=f"beta-drill-{ID}"), NOTE, Why.OTHER_NAME),
    (POOL, None, Why.NOT_NOTED),
    (POOL, Noted(ID, "p-2"), Why.NOT_NOTED),
    (POOL, Noted(OTHER_ID, "p-1"), Why.NOT_NOTED),
    (replace(POOL, id="own"), Noted(ID, "own"), Why.OWN),
    (replace(POOL, protected=True), NOTE, Why.PROTECTED),
]


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize(("pool", "note", "why"), LOOK_ALIKES)
def test_whatever_is_not_wholly_ours_stays(
    pool: SeenPool, note: Noted | None, why: Why, everything: bool
) -> None:
    found = judge(pool, "alpha", "own", note, NOW, everything=everything)
    assert (found.fate, found.why) == (Fate.LEAVE, why)


def test_one_that_is_under_way_goes_only_if_all_are_asked_for() -> None:
    live = Mark("alpha", ID, NOW + timedelta(hours=1))
    pool = SeenPool("p-1", live.pool_name, live.tags)
    assert judge(pool, "alpha", "own", NOTE, NOW).why is Why.LIVE
    asked = judge(pool, "alpha", "own", NOTE, NOW, everything=True)
    assert (asked.fate, asked.why) == (Fate.REMOVE, Why.ASKED)
    assert id_in(pool.name, "alpha") == ID


def standby(**more: Any) -> dict[str, Any]:
    account = PoolsOfAccount(ManualClock(), "alpha")
    raw = account.pools[account.create({**STANDBY, **more})].raw
    return dict(raw)


def test_every_field_that_the_sdk_knows_has_its_place() -> None:
    model: Any = botocore.session.get_session().get_service_model("cognito-idp")
    told = set(model.shape_for("UserPoolType").members)
    assert told == rehearsal_pool.KNOWN
    asked = model.operation_model("CreateUserPool").input_shape
    assert asked
    made = set(copy_of(standby(), MARK).request)
    assert made <= set(asked.members)
    client = model.operation_model("CreateUserPoolClient").input_shape
    assert client
    assert set(client_of(standby())) <= set(client.members)
    policy = set(model.shape_for("PasswordPolicyType").members)
    assert policy == rehearsal_pool._PASSWORD_POLICY
    attribute = set(model.shape_for("SchemaAttributeType").members)
    assert attribute == rehearsal_pool._ATTRIBUTE


def test_what_decides_a_sign_in_is_copied_and_what_sends_is_not() -> None:
    pool = standby()
    found = copy_of(pool, MARK)
    assert found.request["AliasAttributes"] == ["email"]
    assert found.request["UsernameConfiguration"] == {"CaseSensitive": False}
    assert found.request["Policies"] == {"PasswordPolicy": {"MinimumLength": 12}}
    names = [each["Name"] for each in found.request["Schema"]]
    assert names == ["email", "origin_sub", "plan", "level"]
    assert found.request["UserPoolTags"] == MARK.tags
    for name in ("EmailConfiguration", "LambdaConfig", "MfaConfiguration"):
        assert name in found.left_out
    assert found.request["MfaConfiguration"] == "OFF"
    assert found.plan == "Essentials"
    again = {n: v for n, v in found.request.items() if n not in ("PoolName", "Schema")}
    copied = copy_of({**again, "SchemaAttributes": found.request["Schema"]}, MARK)
    assert copied.left_out == {}, "a copy of the copy leaves nothing out"


@pytest.mark.parametrize(
    "more",
    [
        {"Quantum": {"Mode": "ON"}},
        {"Policies": {"QuantumPolicy": {"a": 1}}},
        {"Policies": {"PasswordPolicy": {"RequireVowels": True}}},
        {"UserPoolTier": "ULTRA"},
        {"SchemaAttributes": [{"Name": "custom:a", "AttributeDataType": "String", "Color": "r"}]},
    ],
)
def test_what_is_not_known_is_refused_rather_than_guessed(more: dict[str, Any]) -> None:
    with pytest.raises(NotCopiedError):
        copy_of({**standby(), **more}, MARK)
    unset = copy_of({**standby(), "Quantum": {}}, MARK)
    assert unset.request == copy_of(standby(), MARK).request, "what is not set decides nothing"


def test_invented_people_fit_the_pool_and_are_of_every_kind() -> None:
    schema = schema_from(standby())
    people = invented(ID, 40, schema, ["admins", "staff"])
    assert len({each.subject for each in people}) == 40
    for person in people:
        for name, value in attributes_of(person.fields).items():
            rule = schema.attributes[name]
            assert name.endswith("_verified") or misfit(rule, value) is None, name
    kinds = {
        (
            each.fields["enabled"],
            each.fields[f"{ATTRIBUTE}email_verified"],
            sum(name.startswith(GROUP) for name in each.fields),
        )
        for each in people
    }
    assert len(kinds) >= 8
    lengths = {len(each.fields[f"{ATTRIBUTE}custom:plan"]) for each in people}
    assert {3, 20} <= lengths, "as short and as long as may be"


def test_a_record_becomes_nobody() -> None:
    schema = schema_from(standby())
    fields = {
        "present": "true",
        "enabled": "false",
        "username": "ann",
        "group:staff": "true",
        "attr:email": "ann@real.example",
        "attr:email_verified": "false",
        "attr:phone_number": "+4917012345678",
        "attr:preferred_username": "annie",
        "attr:birthdate": "1971-02-03",
        "attr:custom:level": "7",
        "attr:custom:unheard": "of",
        "attr:zoneinfo": "Europe/Berlin",
        "factor:SMS_MFA": "true",
        "linked:abc": "Google 123",
    }
    person = rewritten(ID, 3, fields, schema)
    assert person
    same = {name for name, value in person.fields.items() if fields[name] == value}
    assert same - {"attr:custom:level"} == {
        *("present", "enabled", "group:staff", "attr:email_verified", "attr:zoneinfo"),
    }
    assert set(fields) - set(person.fields) == {"factor:SMS_MFA", "linked:abc"}
    assert person.fields["attr:email"] == f"success+{ID}-3@simulator.amazonses.com"
    assert person.fields["attr:phone_number"] == "+12015550103"
    assert 1 <= int(person.fields["attr:custom:level"]) <= 9
    assert rewritten(ID, 3, fields, schema) == person, "the same again"
    assert rewritten(ID, 3, {**fields, FEDERATED: "Google 1"}, schema) is None
    assert {"email", "phone_number", "name"}.isdisjoint(CLEAR)


def test_a_group_tells_neither_role_nor_description() -> None:
    fields = {"present": "true", "description": "Ann's", "role": "r", "precedence": "1"}
    assert group_fields_of(fields) == {"present": "true", "precedence": "1"}


def test_numbers_of_fiction_differ_and_end() -> None:
    numbers = [phone_of(number) for number in range(5 * MOST)]
    assert len(set(numbers)) == len(numbers)
    assert all(each[5:10] == "55501" and len(each) == 12 for each in numbers)
    with pytest.raises(ValueError, match="so many"):
        phone_of(10**6)


@pytest.mark.parametrize(("plan", "usd"), [("Lite", 1.1), ("Essentials", 3.0), ("Plus", 4.0)])
def test_what_200_people_cost_by_the_one_list_of_prices(plan: str, usd: float) -> None:
    found = estimate(200, 3, plan)
    assert found.usd == usd
    assert 2_000 < found.calls < 3_500
    assert found.seconds == 2 * 200 / (25 * 0.5), "two updates each, at half of 25 a second"


def test_the_whole_pool_by_the_measured_time_and_by_the_quotas() -> None:
    calls = {quotas.USER_CREATION: 10, quotas.USER_UPDATE: 20, quotas.USER_READ: 40}
    found = whole_pool(500_000, 10, 5.0, calls)
    assert found.one_at_a_time == 250_000
    assert found.floor == 500_000 * 2 / 25, "two updates each, 25 a second"
    assert found.at_once == 7, "0.5 s each, and one may come every 0.08 s"
    assert found.recoveries == pytest.approx(500_000 / 15, abs=0.1)
