"""`python -m preflight`: exit codes, JSON, acceptance, and how it hands over to the CDK."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import Result

from deploying.plan import NotNowError
from preflight.__main__ import Surroundings, app
from preflight.ports import NoCredentialsError, NotSeenError
from stacks.config.model import Config
from tests.cli_runner import CliRunner
from tests.stacks.variants import EXISTING, MINIMAL
from tests.twins.account import MemoryAccount

PRIMARY = MINIMAL["primary_region"]


@dataclass
class Terminal:
    """A shell with a config file, an account and a CDK that only notes what it is asked."""

    folder: Path
    account: MemoryAccount
    cdk: list[list[str]] = field(default_factory=list)
    deployed: list[str] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=lambda: MINIMAL)
    stuck: str = ""
    beside: MemoryAccount = field(default_factory=MemoryAccount)
    profile: str = ""

    def run(self, *arguments: str) -> Result:
        path = self.folder / "config.json"
        path.write_text(json.dumps(self.config))
        here = Surroundings(
            environ={"COGNITO_STANDBY_CONFIG": str(path), "STANDBY_BACKUP_PROFILE": self.profile},
            account=lambda profile="": self.beside if profile else self.account,
            cdk=self._note,
            deployment=self._deploy,
            difference=self._compare,
            terminal=lambda: False,
        )
        return CliRunner().invoke(app, [*arguments], obj=here)

    def _deploy(self, config: Config, *, terminal: bool, backup_profile: str) -> int:
        if self.stuck:
            raise NotNowError(self.stuck)
        self.deployed.append(" by ".join(filter(None, (config.installation, backup_profile))))
        return 0

    def _compare(self, config: Config, *, backup_profile: str) -> int:
        if self.stuck:
            raise ClientError({"Error": {"Code": self.stuck, "Message": ""}}, "DescribeTable")
        self.compared.append(" by ".join(filter(None, (config.installation, backup_profile))))
        return 0

    def _note(self, arguments: Sequence[str], app: bool) -> int:
        self.cdk.append([*arguments, *([] if app else ["without the app"])])
        return 0


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, MemoryAccount(account=MINIMAL["account"]))


def test_ready_with_warnings(terminal: Terminal) -> None:
    done = terminal.run()
    assert done.exit_code == 0
    assert "preflight: ready (" in done.output
    assert "Some 50 mails a day" in done.output


def test_not_ready(terminal: Terminal) -> None:
    terminal.account.concurrency = {PRIMARY: 10}
    done = terminal.run()
    assert done.exit_code == 1
    assert "MISSING: Lambda runs 10 invocations at once" in done.output
    assert "    $ aws service-quotas request-service-quota-increase" in done.output
    assert 'make deploy ACCEPT="lambda-concurrency"' in done.output
    assert terminal.run("--accept", "lambda-concurrency").exit_code == 0


def test_only_a_command_looks_like_one(terminal: Terminal) -> None:
    """And the file to edit is the one that was read."""
    told = terminal.run().output
    named = terminal.folder / "config.json"
    assert f'    edit {named}: "email": {{...}}, as docs/mail.md has it' in told
    assert "    $ aws sns subscribe" in told
    assert f'    or edit {named}: "alarm_email"' in told
    assert "$ edit" not in told


def test_what_could_not_be_seen_is_not_called_ready_without_a_word(terminal: Terminal) -> None:
    terminal.account.failing = {"stack": NotSeenError("EndpointConnectionError")}
    assert "preflight: ready, as far as it could look (" in terminal.run().output


def test_json(terminal: Terminal) -> None:
    terminal.account.concurrency = {PRIMARY: 10}
    done = terminal.run("--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["ready"]) == (1, False)
    (first, *_) = told["findings"]
    assert (first["check"], first["region"], first["severity"]) == (
        *("lambda-concurrency", PRIMARY),
        "refuses",
    )
    assert set(first) == {"check", "region", "severity", "what", "consequence", "command", "advice"}


def test_what_cannot_be_used_is_2(terminal: Terminal) -> None:
    assert terminal.run("--accept", "everything").exit_code == 2
    assert terminal.run("key-policy", "--region", "eu-west-1").exit_code == 2
    terminal.config = {"installation": "x"}
    done = terminal.run()
    assert done.exit_code == 2
    assert "account: is required" in done.output


def test_deploy_hands_over_when_ready(terminal: Terminal) -> None:
    assert terminal.run("deploy").exit_code == 0
    assert terminal.deployed == [MINIMAL["installation"]]
    terminal.stuck = "the stack of data is DELETE_FAILED"
    stuck = terminal.run("deploy")
    assert (stuck.exit_code, terminal.stuck in stuck.output) == (1, True)


def test_deploy_does_not_begin_when_something_is_missing(terminal: Terminal) -> None:
    terminal.account.concurrency = {PRIMARY: 10}
    assert terminal.run("deploy").exit_code == 1
    assert terminal.deployed == []
    assert terminal.run("deploy", "--accept", "lambda-concurrency").exit_code == 0
    assert len(terminal.deployed) == 1


NOBODY: list[tuple[str, Callable[[Terminal], object]]] = [
    ("takes no credentials", lambda d: d.account.failing.update(caller=NoCredentialsError("none"))),
    ("did not say", lambda d: d.account.failing.update(caller=NotSeenError("ConnectTimeout"))),
    ("222222222222", lambda d: setattr(d.account, "account", "222222222222")),
]


@pytest.mark.parametrize(("told", "change"), NOBODY, ids=[told for told, _ in NOBODY])
@pytest.mark.parametrize("command", ["deploy", "bootstrap", "diff"])
def test_nothing_is_begun_where_it_is_not_known_to_be_the_right_account(
    terminal: Terminal, command: str, told: str, change: Callable[[Terminal], object]
) -> None:
    change(terminal)
    done = terminal.run(command)
    assert done.exit_code == 1
    assert told in done.output
    assert "ACCEPT" not in done.output, "it cannot be accepted"
    assert (terminal.cdk, terminal.deployed, terminal.compared) == ([], [], [])


def test_credentials_cannot_be_accepted(terminal: Terminal) -> None:
    done = terminal.run("deploy", "--accept", "credentials")
    assert done.exit_code == 2
    assert "cannot be accepted" in done.output
    assert terminal.deployed == []


def test_a_difference_is_shown_whatever_is_missing(terminal: Terminal) -> None:
    terminal.account.concurrency = {PRIMARY: 10}
    assert terminal.run("diff").exit_code == 0
    assert terminal.compared == [MINIMAL["installation"]]


def test_no_difference_is_shown_where_the_streams_could_not_be_seen(terminal: Terminal) -> None:
    """Each of what was given one would seem to be replaced."""
    terminal.stuck = "AccessDeniedException"
    done = terminal.run("diff")
    assert (done.exit_code, terminal.stuck in done.output) == (1, True)


def test_bootstrap_needs_no_app(terminal: Terminal) -> None:
    assert terminal.run("bootstrap").exit_code == 0
    where = [f"aws://{MINIMAL['account']}/{MINIMAL[each]}" for each in _BOTH]
    assert terminal.cdk == [["bootstrap", *where, "without the app"]]


_BOTH = ("primary_region", "backup_region")


def test_the_policy_of_each_key_is_printed(terminal: Terminal) -> None:
    terminal.config = EXISTING
    policy = json.loads(terminal.run("key-policy", "--region", "eu-west-1").stdout)
    services = [str(each["Principal"]) for each in policy["Statement"]]
    assert "{'Service': 'logs.eu-west-1.amazonaws.com'}" in services
    third = json.loads(terminal.run("key-policy", "--region", "eu-west-2").stdout)
    assert len(third["Statement"]) == 1
