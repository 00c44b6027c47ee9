"""An installation in two accounts: each run with the credentials of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deploying.deployment import deploy, difference
from deploying.legs import Leg, legs
from deploying.names_key import share_names_key
from stacks.config.source import parse
from tests.stacks.variants import APART, MINIMAL
from tests.unit.deploying.test_deployment import Account

PRIMARY, BACKUP = str(APART["primary_region"]), str(APART["backup_region"])
CONFIG = parse(APART, "a test")


class Secrets:
    """Secrets Manager of one account and Region. `value`: "", the secret was never given one;
    None, there is no secret."""

    def __init__(self, value: str | None) -> None:
        self.value, self.written = value, 0

    def get_secret_value(self, SecretId: str) -> Any:  # noqa: N803 - AWS's name
        assert SecretId == "omega-names"
        if not self.value:
            raise _error("ResourceNotFoundException", "GetSecretValue")
        return {"SecretString": self.value}

    def put_secret_value(self, SecretId: str, SecretString: str) -> None:  # noqa: N803
        if self.value is None:
            raise _error("ResourceNotFoundException", "PutSecretValue")
        self.value, self.written = SecretString, self.written + 1


def _error(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, operation)


@pytest.mark.parametrize(("before", "written"), [("", 1), ("another", 1), ("the key", 0)])
def test_both_accounts_end_with_one_key(before: str, written: int) -> None:
    source, target = Secrets("the key"), Secrets(before)
    assert share_names_key(source, target, "omega-names") is bool(written)
    assert (target.value, target.written, source.written) == ("the key", written, 0)


def test_a_secret_that_does_not_stand_is_told() -> None:
    with pytest.raises(ClientError, match="GetSecretValue"):
        share_names_key(Secrets(None), Secrets(""), "omega-names")
    with pytest.raises(ClientError, match="PutSecretValue"):
        share_names_key(Secrets("the key"), Secrets(None), "omega-names")


def test_one_account_is_one_run_of_all_stacks() -> None:
    assert legs(parse(MINIMAL, "a test"), "") == (Leg(),)


def test_the_second_account_needs_a_profile() -> None:
    with pytest.raises(ValueError, match="need a profile of that account"):
        legs(CONFIG, "")


class Accounts:
    """Both, by Region; a run of the CDK's command line needs the other table's stack, or not."""

    def __init__(self, codes: Sequence[int] = (0,) * 9) -> None:
        self._cloud = Account({})
        self.secrets = {PRIMARY: Secrets("the key"), BACKUP: Secrets("")}
        self._codes, self.ran = codes, list[list[str]]()

    def client(self, service: str, region: str) -> Any:
        return self.secrets[region] if service == "secretsmanager" else self._cloud

    def run(self, arguments: Sequence[str], app: bool, _: Mapping[str, str]) -> int:
        assert app
        self.ran.append(list(arguments))
        return self._codes[len(self.ran) - 1]

    def compare(self) -> int:
        return difference(CONFIG, backup_profile="theirs", run=self.run, client=self.client)

    def deploy(self) -> int:
        return deploy(
            CONFIG, terminal=False, backup_profile="theirs", run=self.run, client=self.client
        )


def _places(arguments: Sequence[str]) -> tuple[list[str], str]:
    profile = arguments[arguments.index("--profile") + 1] if "--profile" in arguments else ""
    return [each for each in arguments if each.startswith("omega-")], profile


def test_no_run_mixes_the_accounts() -> None:
    accounts = Accounts()
    assert accounts.deploy() == 0
    first = [
        (["omega-data"], ""),
        (["omega-replica", f"omega-{BACKUP}"], "theirs"),
        ([f"omega-{PRIMARY}"], ""),
    ]
    assert [_places(each) for each in accounts.ran] == [*first, *first], "then the protections"
    assert all("--exclusively" in each and "--all" not in each for each in accounts.ran)
    assert accounts.secrets[BACKUP].value == "the key"


def test_each_account_is_compared_by_itself() -> None:
    accounts = Accounts()
    assert accounts.compare() == 0
    assert [_places(each) for each in accounts.ran] == [
        (["omega-data"], ""),
        (["omega-replica", f"omega-{BACKUP}"], "theirs"),
        ([f"omega-{PRIMARY}"], ""),
    ]
    assert all(each[0] == "diff" and "--exclusively" in each for each in accounts.ran)


def test_after_a_failure_nothing_else_is_begun() -> None:
    accounts = Accounts(codes=[0, 7])
    assert accounts.deploy() == 7
    assert len(accounts.ran) == 2
    assert accounts.secrets[BACKUP].value == ""


def test_the_key_is_there_before_the_primary_region_is_deployed() -> None:
    """Otherwise a standby that works stays without it until somebody deploys again."""
    accounts = Accounts(codes=[0, 0, 7])
    assert accounts.deploy() == 7
    assert accounts.secrets[BACKUP].value == "the key"
