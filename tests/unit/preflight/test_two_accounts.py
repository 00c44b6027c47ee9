"""`python -m preflight` of an installation in two accounts: each is looked at by its profile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from preflight.ports import NotSeenError, Stack
from tests.stacks.variants import APART, MINIMAL
from tests.twins.account import MemoryAccount
from tests.unit.preflight.test_command import Terminal, terminal

__all__ = ["terminal"]


@pytest.fixture
def apart(terminal: Terminal) -> Terminal:
    """An installation in two accounts, whose second one is reached by the profile `theirs`."""
    terminal.config, terminal.profile = APART, "theirs"
    terminal.beside = MemoryAccount(account=APART["backup_account"])
    return terminal


def test_two_accounts_are_looked_at_and_deployed(apart: Terminal) -> None:
    assert apart.run("deploy").exit_code == 0
    assert apart.deployed == ["omega by theirs"]


def test_each_region_is_looked_at_in_its_own_account(apart: Terminal) -> None:
    apart.beside.concurrency = {APART["backup_region"]: 10, APART["primary_region"]: 10}
    done = apart.run()
    assert done.exit_code == 1
    told = done.output.count("MISSING: Lambda runs 10 invocations at once")
    assert (told, f"[lambda-concurrency in {APART['backup_region']}]" in done.output) == (1, True)


STRANGERS: list[tuple[str, Callable[[Terminal], object]]] = [
    ("STANDBY_BACKUP_PROFILE names no profile of it", lambda d: setattr(d, "profile", "")),
    ("account 333333333333; /", lambda d: setattr(d.beside, "account", "333333333333")),
    ("did not say", lambda d: d.beside.failing.update(caller=NotSeenError("ConnectTimeout"))),
    (
        f"config.json names {APART['backup_account']}",
        lambda d: setattr(d.beside, "account", MINIMAL["account"]),
    ),
]


@pytest.mark.parametrize(("told", "change"), STRANGERS, ids=[told for told, _ in STRANGERS])
@pytest.mark.parametrize("command", ["deploy", "bootstrap", "diff"])
def test_nothing_is_begun_without_the_second_account(
    apart: Terminal, command: str, told: str, change: Callable[[Terminal], object]
) -> None:
    change(apart)
    done = apart.run(command)
    assert (done.exit_code, told in done.output) == (1, True), done.output
    assert (apart.cdk, apart.deployed, apart.compared) == ([], [], [])


def test_each_account_is_bootstrapped_and_compared_by_itself(apart: Terminal) -> None:
    assert apart.run("bootstrap").exit_code == 0
    assert apart.cdk == [
        ["bootstrap", f"aws://{MINIMAL['account']}/us-east-1", "without the app"],
        [
            *("bootstrap", f"aws://{APART['backup_account']}/us-west-2"),
            *("--profile", "theirs", "without the app"),
        ],
    ]
    assert apart.run("diff").exit_code == 0
    assert apart.compared == ["omega by theirs"]


def _stands(name: str) -> Stack:
    return Stack(name, "UPDATE_COMPLETE", protected=True)


def _with_a_replica(account: MemoryAccount) -> None:
    account.stacks[("us-east-1", "omega-data")] = _stands("omega-data")
    account.tables.add(("us-west-2", "omega-records"))


FORMER: list[tuple[str, Callable[[MemoryAccount], object]]] = [
    (
        "the stack omega-us-west-2 is in",
        lambda a: a.stacks.update({("us-west-2", "omega-us-west-2"): _stands("omega-us-west-2")}),
    ),
    (
        "a replica of the records table is in",
        _with_a_replica,
    ),
]


@pytest.mark.parametrize(("told", "change"), FORMER, ids=[told for told, _ in FORMER])
def test_an_installation_in_one_account_is_not_torn_apart(
    apart: Terminal, told: str, change: Callable[[MemoryAccount], object]
) -> None:
    """CloudFormation would delete the replica that the template no longer has."""
    change(apart.account)
    done = apart.run("deploy")
    assert (done.exit_code, told in done.output, apart.deployed) == (1, True, []), done.output


def test_a_table_that_was_disassociated_is_no_replica(apart: Terminal) -> None:
    apart.account.tables |= {("us-west-2", "omega-records"), ("us-east-1", "omega-records")}
    assert apart.run("deploy").exit_code == 0


def test_two_accounts_stand_and_are_deployed_again(apart: Terminal) -> None:
    apart.account.stacks[("us-east-1", "omega-data")] = _stands("omega-data")
    apart.account.tables.add(("us-east-1", "omega-records"))
    apart.beside.stacks[("us-west-2", "omega-us-west-2")] = _stands("omega-us-west-2")
    apart.beside.tables.add(("us-west-2", "omega-records"))
    assert apart.run("deploy").exit_code == 0


def test_a_standby_that_the_config_left_out_is_missed(terminal: Terminal) -> None:
    """Whoever takes `backup_account` out would get a second, empty standby."""
    name = f"{MINIMAL['installation']}-data"
    terminal.account.stacks[("us-east-1", name)] = _stands(name)
    terminal.account.tables.add(("us-east-1", f"{MINIMAL['installation']}-records"))
    done = terminal.run("deploy")
    assert (done.exit_code, "Was backup_account taken out" in done.output) == (1, True)
    terminal.account.tables.add(("us-west-2", f"{MINIMAL['installation']}-records"))
    assert terminal.run("deploy").exit_code == 0
