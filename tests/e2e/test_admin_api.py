"""Changes asked for over HTTP: pool, record and standby follow; nobody else gets in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.remote import RemoteStage
from tests.e2e.admin_client import AdminClient, Answer, encoded
from tests.e2e.conftest import until, until_equal
from tests.e2e.world import executions, histories, letters_about, records, standby_user

pytestmark = pytest.mark.local_aws


def ask(name: str, **more: Any) -> dict[str, Any]:
    """What creates a user. The address is one that swallows mail."""
    return {
        "username": name,
        "attributes": {
            "email": f"success+{name}@simulator.amazonses.com",
            "name": f"Name of {name}",
        },
        "verified": {"email": True},
        **more,
    }


@pytest.fixture
def api(stage: RemoteStage) -> AdminClient:
    return AdminClient(stage, stage.outputs.primary)


@pytest.fixture
def standby(stage: RemoteStage) -> AdminClient:
    return AdminClient(stage, stage.outputs.backup)


def done(api: AdminClient, answer: Answer) -> Answer:
    """The change once it has ended, however long that took."""
    if answer.status != 202:
        return answer
    return until(  # type: ignore[no-any-return]
        "the change ended",
        lambda: (told := api.at(answer.headers["Location"])).json["status"] == "completed" and told,
    )


def settled(api: AdminClient, answer: Answer) -> Answer:
    """The change behind an answer, once it has ended."""
    told = answer.json
    change = told.get("change_id") or told["id"]
    return until(  # type: ignore[no-any-return]
        "the change ended",
        lambda: (
            (now := api.call("GET", f"/changes/{change}")).json["status"]
            not in ("accepted", "running")
            and now
        ),
    )


def test_a_user_s_life(stage: RemoteStage, api: AdminClient) -> None:
    made = done(api, api.call("POST", "/users", ask("api-ada")))
    assert made.status in (200, 201), made.text
    assert "user" not in made.json, "known by IAM, who must ask to read"
    sub = made.json["origin_sub"]
    user = api.call("GET", f"/users/{sub}", by="origin_sub").json
    assert user["attributes"]["email_verified"] == "true"
    own = stage.outputs.primary.region
    assert records(stage, sub)[own]["fields"]["attr:name"] == "Name of api-ada", "written with it"
    until("the standby follows", lambda: standby_user(stage, sub))
    until_equal(stage)

    changed = done(
        api, api.call("PATCH", "/users/api-ada", {"attributes": {"name": "Ada"}, "enabled": False})
    )
    assert changed.status == 200, changed.text
    until_equal(stage)
    there = standby_user(stage, sub)
    assert there is not None
    assert (there.attributes["name"], there.enabled) == ("Ada", False)

    found = api.call("GET", "/users/api-ada")
    assert (found.json["attributes"]["name"], found.json["enabled"]) == ("Ada", False)
    assert found.headers["ETag"].strip('"') == changed.json["entity_tag"]
    assert done(api, api.call("DELETE", f"/users/{sub}", by="origin_sub")).status in (200, 204)
    assert api.call("GET", "/users/api-ada").code == "user_not_found"
    assert records(stage, sub)[own]["deleted"] is True
    until_equal(stage)


def test_what_cognito_refuses_is_the_caller_s_and_no_letter(
    stage: RemoteStage, api: AdminClient
) -> None:
    refusals = [
        (ask("api-bob", groups=["no-such-group"]), "group_not_found"),
        ({"username": "api-bob", "attributes": {"nonsense": "x"}}, "invalid"),
    ]
    changes = []
    for body, code in refusals:
        answer = settled(api, api.call("POST", "/users", body))
        changes.append(answer.json["id"])
        assert answer.json["status"] in ("refused", "compensated")
        assert answer.json["problem"]["type"].endswith(f":{code}")
        assert 400 <= answer.json["problem"]["status"] < 500
    assert api.call("GET", "/users/api-bob").status == 404
    assert letters_about(stage, *changes) == []


def test_one_key_is_one_change(stage: RemoteStage, api: AdminClient) -> None:
    key = {"Idempotency-Key": "e2e-cat"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda _: api.call("POST", "/users", ask("api-cat"), headers=key), range(8))
        )
    assert {answer.status for answer in answers} <= {201, 202}
    assert len({answer.json["id"] for answer in answers}) == 1
    other = api.call("POST", "/users", ask("api-dog"), headers=key)
    assert (other.status, other.code) == (422, "key_reused")
    until_equal(stage)


def test_an_entity_tag_holds_over_the_gateway(api: AdminClient) -> None:
    done(api, api.call("POST", "/users", ask("api-eve")))
    tag = api.call("GET", "/users/api-eve").headers["ETag"]
    first = api.call("PATCH", "/users/api-eve", {"enabled": False}, headers={"If-Match": tag})
    assert done(api, first).status == 200
    late = api.call("PATCH", "/users/api-eve", {"enabled": True}, headers={"If-Match": tag})
    assert settled(api, late).json["problem"]["status"] == 412


@pytest.mark.needs_local_aws
def test_the_standby_says_where_to_go(stage: RemoteStage, standby: AdminClient) -> None:
    before = len(executions(stage, stage.outputs.backup, "apply_admin_change"))
    for method, path in (
        ("GET", "/users/api-ada"),
        ("DELETE", "/users/api-ada"),
        ("GET", "/changes"),
    ):
        answer = standby.call(method, path)
        assert (answer.status, answer.code) == (409, "not_active")
        assert answer.json["region"] == stage.outputs.primary.region
        api_id = stage.outputs.primary.admin_api.split("/")[-2]
        assert answer.json["address"].startswith(f"https://{api_id}.execute-api.")
    assert len(executions(stage, stage.outputs.backup, "apply_admin_change")) == before


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer x"}, {"Authorization": "AWS4-HMAC-SHA256 Credential=x"}],
)
def test_nobody_gets_in_unsigned(api: AdminClient, headers: dict[str, str]) -> None:
    calls = [("POST", "/users", ask("api-mal")), ("GET", "/users/api-ada", None)]
    calls += [("DELETE", "/users/api-ada", None), ("GET", "/changes", None), ("GET", "/", None)]
    for method, path, body in calls:
        answer = api.call(method, path, body, headers=headers, signed=False)
        assert answer.status in (401, 403), answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.code in ("forbidden", "unauthenticated")
    assert api.call("GET", "/users/api-mal").status == 404


@pytest.mark.needs_local_aws
def test_a_wrong_signature_is_refused(stage: RemoteStage, api: AdminClient) -> None:
    forger = AdminClient(stage, stage.outputs.primary, secret="another")
    assert forger.call("GET", "/changes").status == 403
    region = AdminClient(stage, stage.outputs.primary)
    region._region = stage.outputs.backup.region
    assert region.call("GET", "/changes").status == 403


@pytest.mark.parametrize(
    "name", ["..", "a/b", "a\\b", "50%", "a\0b", "a b", "\u202eada", "x" * 129]
)
def test_names_that_no_path_may_have(api: AdminClient, name: str) -> None:
    for method in ("GET", "DELETE"):
        answer = api.call(method, f"/users/{encoded(name)}")
        assert answer.status in (400, 403), answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_gateway_refuses_bodies_before_anybody_is_asked(
    stage: RemoteStage, api: AdminClient
) -> None:
    before = len(api.call("GET", "/changes", limit="100").json["changes"])
    bodies: tuple[Any, ...] = (
        *([], {"unknown": 1}, {"username": 3}, {"attributes": {"name": None}}),
    )
    for body in bodies:
        answer = api.call("POST", "/users", body)
        assert (answer.status, answer.code) == (400, "invalid")
    assert len(api.call("GET", "/changes", limit="100").json["changes"]) == before


def test_nothing_personal_in_histories(stage: RemoteStage, api: AdminClient) -> None:
    done(api, api.call("POST", "/users", ask("api-fay")))
    text = histories(stage, stage.outputs.primary, "apply_admin_change")
    assert text
    for value in ("api-fay", "success+api-fay", "Name of"):
        assert value not in text
