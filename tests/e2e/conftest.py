"""The synthesized stacks on a local AWS in a process of its own, one for each sign-in mode.

Its fixtures are the folder's and not the session's: a stage takes processor time until its end,
also while a worker goes on with other tests."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from local.demo.compare import Comparison, compare
from local.outputs import StageOutputs
from local.remote import RemoteStage
from tests.browser import running_browser
from tests.e2e.console_window import Window, window_of
from tests.e2e.local_stage import deployed, sooner
from tests.e2e.operator_command import run_standby
from tests.e2e.world import ledger_row

ON_AWS = bool(os.environ.get("STANDBY_E2E_OUTPUTS"))
_SETTLE_SECONDS = 900.0
"""On AWS, CloudTrail's events alone can take minutes; here others may use the machine, too. Whoever
waits longer waits for nothing."""

OPTIONS = (*sooner(0.33, 30), "--environment", "ROLE_SECONDS=0.2")
"""A third of all waits, and a fence that sees a claim at once."""

REFUSED = "to-be-refused"
"""Name of the session in which a test asks for what the role of rehearsals may not."""

_TAKEN_AWAY = (
    ("*adminapiRole*", "dynamodb:BatchGetItem"),
    ("*/standby-drill", "cognito-idp:DescribeUserPool"),  # of pools that only look like its own
    *((f"*/{REFUSED}", f"dynamodb:{name}Item") for name in ("Put", "Delete")),
    *((f"*/{REFUSED}", each) for each in ("s3:PutObject", "ssm:PutParameter")),
    *(
        (f"*/{REFUSED}", f"cognito-idp:{name}")
        for name in ("CreateUserPool", "DeleteUserPool", "AdminCreateUser", "TagResource")
    ),
)
"""Rights that a test takes away for a moment, or shows to be missing: patterns of who, and
actions."""

PROVIDER = {
    "ProviderName": "Google",
    "ProviderType": "Google",
    "ProviderDetails": {"client_id": "c", "client_secret": "s", "authorize_scopes": "openid"},
    "AttributeMapping": {"email": "email", "given_name": "given_name"},
}
"""In both pools, from the beginning."""

SECOND_FACTORS: dict[str, Any] = {
    "MfaConfiguration": "OPTIONAL",
    "SmsMfaConfiguration": {
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111111111111:role/sms"}
    },
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
}
"""The same: nobody is asked who did not turn one on."""

Standby = Callable[..., "subprocess.CompletedProcess[str]"]


def _running(sign_in: str, folder: Path) -> Iterator[RemoteStage]:
    """A stage of this sign-in mode. An installation on AWS, if the environment names one."""
    if named := os.environ.get("STANDBY_E2E_OUTPUTS"):
        if os.environ["STANDBY_E2E_SIGN_IN"] != sign_in:
            pytest.skip(f"the installation on AWS does not sign in by {sign_in}")
        yield RemoteStage(Path(named))
        return
    with deployed(sign_in, folder, *OPTIONS, refusals=_TAKEN_AWAY) as running:
        for region in (running.outputs.primary, running.outputs.backup):
            # Before any function looks: what a pool can hold is believed for five minutes.
            running.client("cognito-idp", region.region).create_identity_provider(
                UserPoolId=region.user_pool_id, **PROVIDER
            )
            running.client("cognito-idp", region.region).set_user_pool_mfa_config(
                UserPoolId=region.user_pool_id, **SECOND_FACTORS
            )
        yield running


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStage]:
    yield from _running("username", tmp_path_factory.mktemp("username"))


@pytest.fixture
def standby(stage: RemoteStage, tmp_path: Path) -> Standby:
    """Runs the command as a person does, in a process of its own."""

    def run(*arguments: str, at: StageOutputs | None = None) -> subprocess.CompletedProcess[str]:
        return run_standby(at or stage.outputs, tmp_path, *arguments)

    return run


@pytest.fixture(autouse=True)
def no_old_letters(request: pytest.FixtureRequest) -> None:
    """A test counts its own dead letters, not those that the one before left on purpose."""
    if "stage" in request.fixturenames:
        stage: RemoteStage = request.getfixturevalue("stage")
        for region in (stage.outputs.primary, stage.outputs.backup):
            stage.client("sqs", region.region).purge_queue(QueueUrl=region.dead_letter_queue_url)


@pytest.fixture(scope="module")
def window(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    """The console of the stage, and a browser that was let in. A browser first: without one no
    stage is needed."""
    with running_browser() as browser:
        stage = request.getfixturevalue("stage")
        with window_of(browser, stage, tmp_path_factory.mktemp("console")) as made:
            yield made


@pytest.fixture(scope="package")
def email_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStage]:
    yield from _running("email", tmp_path_factory.mktemp("email"))


def until_equal(stage: RemoteStage, seconds: float = _SETTLE_SECONDS) -> Comparison:
    """Wait until both pools agree on everybody; fails with what differs."""
    deadline, pauses = time.monotonic() + seconds, _pauses()
    while not (comparison := compare(stage)).agree:
        assert time.monotonic() < deadline, comparison.problems
        time.sleep(next(pauses))
    return comparison


def until_confirmed(stage: RemoteStage, *subs: str) -> None:
    """Wait until the standby's copies are complete. Pools that are equal are not enough for who
    recovers there: a password comes last."""
    for sub in subs:
        row = partial(ledger_row, stage, stage.outputs.backup, sub)
        until("the copy is confirmed", lambda: row().get("state") == "in_sync")  # noqa: B023


def until(what: str, check: Callable[[], Any], seconds: float = _SETTLE_SECONDS) -> Any:
    """The first truthy answer of `check`."""
    deadline, pauses = time.monotonic() + seconds, _pauses()
    while not (answer := check()):
        assert time.monotonic() < deadline, f"not in {seconds:.0f} s: {what}"
        time.sleep(next(pauses))
    return answer


def a_second_that_passes() -> datetime:
    """Whatever was written before is older, and whatever comes now is newer: DynamoDB restores to
    whole seconds."""
    second = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    until("the second has passed", lambda: datetime.now(UTC) > second)
    return second


def _pauses() -> Iterator[float]:
    """Short ones first. Whoever waits half a minute for a lease to run out takes no processor from
    the tests beside, which each look does."""
    pause = 0.1
    while True:
        yield pause
        pause = min(1.3 * pause, 1.0)
