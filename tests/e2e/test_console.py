"""The console in Chromium against a running installation: looked at, and each action done.

Waits are the browser's (`expect`) with a patience of minutes, as the stage's own."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import expect

from local.demo.people import Crowd, Person
from local.faults.model import Callers, Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.remote import RemoteStage
from tests.browser import PATIENCE, findings
from tests.e2e.conftest import until, until_equal
from tests.e2e.console_window import Window
from tests.e2e.test_undelete import enabled_there
from tests.e2e.world import executions, ledger_row, letters, records

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]
TARGET, ROLE = "The Region that takes over", "The role by which it is done"


def _sign_up(stage: RemoteStage, name: str, told: str) -> str:
    person = Person(name, f"c{time.monotonic_ns()}@example.org", told)
    sub = Crowd(stage, stage.outputs.primary, "username").sign_up(person)
    until("in sync", lambda: ledger_row(stage, stage.outputs.backup, sub).get("state") == "in_sync")
    return sub


def test_both_regions_and_somebody_with_a_hostile_name(stage: RemoteStage, window: Window) -> None:
    page = window.page
    name = f"<b>c{time.monotonic_ns()}</b>\"'&"
    sub = _sign_up(stage, name, "<script>document.title='owned'</script>")
    window.open("/")
    expect(page.locator("#live")).to_contain_text("● active", timeout=PATIENCE)
    expect(page.locator("#live")).to_contain_text("○ standby", timeout=PATIENCE)

    window.open("/people")
    page.get_by_label("Username").fill(name)
    page.get_by_role("button", name="Look up").click()
    expect(page.locator(".result")).to_contain_text("Found", timeout=PATIENCE)
    assert sub in page.inner_text("h2")
    page.get_by_role("button", name="Show values").click()
    expect(page.locator("main")).to_contain_text(f"username {name}", timeout=PATIENCE)
    assert page.locator("main b").count() == 0, "a name is text"
    assert "owned" not in page.title()

    captured = until(
        "its capture has ended",
        lambda: [
            each["executionArn"]
            for each in executions(stage, stage.outputs.backup, "sync_user")
            if each["status"] == "SUCCEEDED" and sub in each["input"]
        ],
    )
    window.open(f"/execution?region={stage.outputs.backup.region}&arn={captured[-1]}")
    expect(page.locator(".verdict")).to_contain_text("SUCCEEDED", timeout=PATIENCE)
    assert page.locator("svg.machine .visited").count() >= 2
    assert page.locator(".steps li").first.inner_text().startswith("✓ Plan Sync")


def test_letters_are_redriven(stage: RemoteStage, window: Window) -> None:
    page = window.page
    backup = stage.outputs.backup
    sub = _sign_up(stage, f"letters{time.monotonic_ns()}", "Ann Letters")
    stage.client("sqs", backup.region).send_message(
        QueueUrl=backup.dead_letter_queue_url,
        MessageBody=json.dumps({"origin_sub": sub, "cause": "a test"}),
    )

    def resolved() -> bool:
        """On a busy machine the queue may answer too late: then its letters are hidden a while."""
        window.open(f"/do/redrive?region={backup.region}")
        window.done("Redrive")
        return "undelivered hint of parking queue: resolved" in page.inner_text("main")

    until("the letter is seen and resolved", resolved)
    assert not [each for each in letters(stage, backup) if sub in each]


def test_events_are_sent_again(stage: RemoteStage, window: Window) -> None:
    window.open(f"/do/resend?region={stage.outputs.primary.region}&since=2m")
    assert "completed" in window.done("Send the events")


def test_expired_credentials_are_told_and_found_anew(stage: RemoteStage, window: Window) -> None:
    page = window.page
    faults = RemoteFaults(stage.outputs.endpoint)
    number = faults.add(
        Fault(
            kind=FaultKind.ERROR,
            service="*",
            callers=Callers.ALL,
            function="",
            code="ExpiredTokenException",
            status=400,
        )
    )
    try:
        window.open("/")
        refused = "AWS refuses these credentials (ExpiredTokenException)"
        expect(page.locator("#live")).to_contain_text(refused, timeout=PATIENCE)
    finally:
        faults.clear(number)
    expect(page.locator("#live")).not_to_contain_text(refused, timeout=PATIENCE)


@pytest.mark.full
def test_a_dark_region_hides_nothing_of_the_other(stage: RemoteStage, window: Window) -> None:
    page = window.page
    faults, backup = RemoteFaults(stage.outputs.endpoint), stage.outputs.backup.region
    number = faults.add(Fault(kind=FaultKind.DARK, region=backup, callers=Callers.ALL))
    try:
        window.open("/")
        expect(page.locator("#live")).to_contain_text("✕ dark", timeout=PATIENCE)
        expect(page.locator("#live")).to_contain_text("● active", timeout=PATIENCE)
    finally:
        faults.clear(number)
    expect(page.locator("#live")).not_to_contain_text("✕ dark", timeout=PATIENCE)
    until_equal(stage)


def test_somebody_signs_up_and_is_watched(stage: RemoteStage, window: Window) -> None:
    """The page beside `make up` alone."""
    page = window.page
    primary, backup = stage.outputs.primary.region, stage.outputs.backup.region
    name = f"Ada {time.monotonic_ns()}"
    window.open("/demo")
    page.get_by_label("Their name").fill(name)
    page.get_by_role("group", name="In the pool of").get_by_label(primary).check()
    page.get_by_role("button", name="Sign them up").click()
    card = page.locator(".cards li", has_text=name)
    expect(card).to_contain_text(f"✓ in {backup}", timeout=PATIENCE)
    expect(card).to_contain_text("in both within", timeout=PATIENCE)
    assert not findings(page)

    page.get_by_label(f"{backup} goes dark").check()
    page.get_by_role("button", name="Break it").click()
    try:
        expect(page.locator("#live")).to_contain_text(f"! {backup} goes dark", timeout=PATIENCE)
        expect(card).to_contain_text(f"? {backup} does not answer", timeout=PATIENCE)
        page.get_by_role("button", name="End it").click()
        expect(page.locator("#live")).to_contain_text("✓ Nothing", timeout=PATIENCE)
    finally:
        RemoteFaults(stage.outputs.endpoint).clear()
    until_equal(stage)


@pytest.mark.full
def test_a_run_is_begun_and_its_report_opened(stage: RemoteStage, window: Window) -> None:
    page = window.page
    window.open(f"/do/reconcile?region={stage.outputs.primary.region}&dry=1")
    told = window.done("Compare the pool")
    assert "Nothing was done" not in told, told
    window.open("/reports")
    page.locator("tbody a").first.click()
    expect(page.locator("h1")).not_to_contain_text("Reconciliations", timeout=PATIENCE)


@pytest.mark.full
def test_somebody_deleted_comes_back(stage: RemoteStage, window: Window) -> None:
    page = window.page
    here = stage.outputs.primary
    name = f"undo{time.monotonic_ns()}"
    sub = _sign_up(stage, name, "Ann Undeleted")
    stage.client("cognito-idp", here.region).admin_delete_user(
        UserPoolId=here.user_pool_id, Username=name
    )
    until("disabled there", lambda: not enabled_there(stage, sub))
    window.open(f"/person?sub={sub}")
    page.get_by_role("link", name="Bring them back").click()
    assert "undeleted in" in window.done("Bring somebody")
    until_equal(stage)
    assert not records(stage, sub)[here.region]["deleted"]


@pytest.mark.full
def test_a_failover_by_plan_and_back(stage: RemoteStage, window: Window) -> None:
    """With the rights of the DR role alone, which the local AWS judges."""
    page = window.page
    left_by_others = ("attention", "drift", "letters", "report")
    accepted = "".join(f"&accept={name}" for name in left_by_others)

    def asked() -> str:
        """What has to be typed besides the Region, once nothing else is in the way."""
        window.open(f"/do/failover?to={region}&mode=planned{accepted}")
        fields = page.locator("label code")
        return fields.nth(1).inner_text() if fields.count() > 1 else ""

    for region in (stage.outputs.backup.region, stage.outputs.primary.region):
        role = until("nothing is in the way", asked)
        assert role.endswith(f"-dr-{region}")
        assert "✓ passed" in page.get_by_role("region", name="Checks").inner_text()
        page.get_by_label(TARGET).fill(region)
        page.get_by_label(ROLE).fill(role.replace(region, "elsewhere"))
        page.locator("button.go").click()
        window.shows("Nothing was done. Not as it has to be typed")
        told = window.done(f"Make {region}", **{TARGET: region, ROLE: role})
        assert f"{region} is active" in told
    until_equal(stage)
