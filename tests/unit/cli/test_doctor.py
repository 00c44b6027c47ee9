"""`standby doctor` on twins: which pools are meant, what is shown, exit codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cognito_standby.adoption.domain.findings import Severity
from cognito_standby.adoption.domain.judging import CATALOGUE
from cognito_standby.cli import pool_pair
from cognito_standby.cli.commands import doctor as doctor_command
from cognito_standby.cli.main import app
from cognito_standby.core.domain.errors import MisconfiguredError, ServiceUnavailableError
from tests.cli_runner import CliRunner
from tests.odd_pools import ACCOUNT
from tests.unit.adoption.calm import CalmWorld
from tests.unit.adoption.recorded import AWAY, HOME

pytestmark = pytest.mark.usefixtures("socket_disabled")
STACKS = {f"{side}_user_pool_id": pool for side, pool in (("primary", "x"), ("backup", "y"))}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CalmWorld:
    made = CalmWorld()
    monkeypatch.setattr(doctor_command, "looks_of", made.looks)
    monkeypatch.setattr(pool_pair, "read_outputs", _no_stack)
    for name in ("STANDBY_INSTALLATION", "STANDBY_REGIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return made


def _no_stack(_: object, region: str, installation: str) -> Any:
    raise MisconfiguredError(f"there is no stack {installation}-{region}")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def of_pools(world: CalmWorld, *arguments: str) -> Result:
    return run("doctor", "--pools", ",".join(world.ids), *arguments)


def config(folder: Path, **more: Any) -> None:
    """A cdk.json in this folder."""
    base = {"installation": "standby", "account": ACCOUNT}
    regions = {"primary_region": HOME, "backup_region": AWAY}
    told = {"context": {"standby": {**base, **regions, **more}}}
    (folder / "cdk.json").write_text(json.dumps(told))


def codes(result: Result) -> set[str]:
    return {each["code"] for each in json.loads(result.stdout)["findings"]}


class TestWhichPools:
    def test_by_their_ids(self, world: CalmWorld) -> None:
        result = of_pools(world, "--json")
        told = json.loads(result.stdout)
        for side, region, pool in zip(("primary", "backup"), (HOME, AWAY), world.ids, strict=True):
            assert told[side] == {"region": region, "account": ACCOUNT, "user_pool_id": pool}

    def test_by_cdk_json_before_there_is_a_stack(self, world: CalmWorld, tmp_path: Path) -> None:
        pools = dict(zip(STACKS, world.ids, strict=True))
        config(tmp_path, pools=pools)
        result = run("doctor", "--json")
        assert json.loads(result.stdout)["backup"]["user_pool_id"] == world.ids[1]
        assert "failover-role-missing" not in codes(result), "nothing of it is there yet"

    def test_by_the_stacks(self, world: CalmWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        def outputs(_: object, region: str, installation: str) -> Mapping[str, str]:
            pool = world.pools[region].pool_id
            return {"Installation": installation, "UserPoolId": pool, "Fence": "on"}

        monkeypatch.setattr(pool_pair, "read_outputs", outputs)
        asked = ("--installation", "standby", "--regions", f"{HOME},{AWAY}")
        told = codes(run(*asked, "doctor", "--json"))
        assert {"failover-role-missing", "trigger-ours-late", "trigger-ours-missing"} <= told

    def test_in_a_dark_region_the_id_in_cdk_json_counts(
        self, world: CalmWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def dark(*_: object) -> Any:
            raise ServiceUnavailableError("no answer from AWS: ConnectTimeoutError")

        monkeypatch.setattr(pool_pair, "read_outputs", dark)
        config(tmp_path, pools=dict(zip(STACKS, world.ids, strict=True)))
        assert run("doctor").exit_code == 1

    @pytest.mark.parametrize(
        ("pools", "told"),
        [
            (f"{HOME}_one", "two ids"),
            (f"{HOME}_one,{HOME}_two", f"both pools are in {HOME}"),
            (f"{HOME}_one,two", "'two' is no user pool's id"),
            (f"{HOME}_one,{AWAY}_two,{AWAY}_three", "two ids"),
        ],
    )
    def test_ids_that_cannot_be_meant(self, world: CalmWorld, pools: str, told: str) -> None:
        result = run("doctor", "--pools", pools)
        assert result.exit_code == 2
        assert told in result.stderr

    def test_pools_of_other_regions_than_the_installation_s(
        self, world: CalmWorld, tmp_path: Path
    ) -> None:
        result = run("--regions", f"{AWAY},{HOME}", "doctor", "--pools", ",".join(world.ids))
        assert (result.exit_code, "--regions says" in result.stderr) == (2, True)
        config(tmp_path, pools=dict(zip(STACKS, reversed(world.ids), strict=True)))
        result = run("doctor")
        assert (result.exit_code, f"is not in {HOME}" in result.stderr) == (2, True)

    def test_pools_that_are_still_to_be_made(self, world: CalmWorld, tmp_path: Path) -> None:
        config(tmp_path, pools={"create": True})
        result = run("doctor")
        assert result.exit_code == 2
        assert "make preflight" in result.stderr

    @pytest.mark.parametrize("roles", ["x", [{"primary": "x"}], [1]])
    def test_a_config_of_another_shape(
        self, world: CalmWorld, tmp_path: Path, roles: object
    ) -> None:
        config(tmp_path, pools=dict(zip(STACKS, world.ids, strict=True)), group_roles=roles)
        result = run("doctor")
        assert result.exit_code == 2
        assert "cdk.json cannot be used" in result.stderr


class TestExitCodes:
    def test_by_the_least_severity(self, world: CalmWorld) -> None:
        """The plain pools send by Cognito, and lack the mark of origin: lost on the day."""
        assert of_pools(world).exit_code == 1
        assert of_pools(world, "--fail-on", "blocks").exit_code == 0
        assert of_pools(world, "--fail-on", "loses").exit_code == 1

    def test_what_is_accepted_does_not_count(self, world: CalmWorld) -> None:
        accepted = ("--accept", "mail-own-sender", "--accept", "origin-sub-missing")
        result = of_pools(world, *accepted)
        assert result.exit_code == 0, result.output
        assert "mail-own-sender (accepted)" in result.output

    def test_no_finding_has_the_code(self, world: CalmWorld) -> None:
        result = of_pools(world, "--accept", "mail-own-sender", "--accept", "such")
        assert result.exit_code == 2
        assert "such: no finding has this code" in result.stderr

    def test_what_could_not_be_read_counts(self, world: CalmWorld) -> None:
        accepted = ("--accept", "mail-own-sender", "--accept", "origin-sub-missing")
        world.account.refused = {"trails"}
        result = of_pools(world, *accepted)
        assert result.exit_code == 1
        assert "let the caller look: aws:trails" in result.output

    def test_neither_pool_could_be_read(self, world: CalmWorld) -> None:
        for pool in world.pools.values():
            pool.refused["describe_user_pool"] = "AccessDeniedException"
        result = of_pools(world)
        assert result.exit_code == 2
        assert "neither pool could be read" in result.stderr

    def test_no_severity_lets_a_pool_pass_that_was_not_looked_at(self, world: CalmWorld) -> None:
        world.pools[AWAY].refused["describe_user_pool"] = "AccessDeniedException"
        assert of_pools(world, "--fail-on", "unknown").exit_code == 1
        result = of_pools(world, "--fail-on", "blocks")
        assert result.exit_code == 2
        assert "let the caller look" in result.output, "what is known is shown all the same"

    def test_a_pool_that_was_deleted(self, world: CalmWorld) -> None:
        world.pools[AWAY].gone = True
        result = of_pools(world)
        assert result.exit_code == 1
        assert "there is no such pool" in result.output


class TestOutput:
    def test_each_finding_is_shown_with_both_sides_and_what_mends_it(
        self, world: CalmWorld
    ) -> None:
        output = of_pools(world).output
        assert f"primary: {HOME} {world.ids[0]}" in output
        assert "origin-sub-missing custom:origin_sub: a pool lacks custom:origin_sub" in output
        assert f"{AWAY}: not there" in output
        assert f"$ aws cognito-idp add-custom-attributes --region {AWAY}" in output
        assert "2 loses, 2 inconvenient" in output

    def test_json_has_the_same(self, world: CalmWorld) -> None:
        told = json.loads(of_pools(world, "--json", "--fail-on", "loses").stdout)
        none = {each.value: 0 for each in Severity}
        assert told["counts"] == {**none, "loses": 2, "inconvenient": 2}
        assert told["failing"] == 2
        assert {each["code"] for each in told["findings"]} <= CATALOGUE.keys()
        assert all(each["consequence"] and each["mend"] for each in told["findings"])

    def test_the_policy_names_the_two_pools(self, world: CalmWorld) -> None:
        told = json.loads(of_pools(world, "--policy").stdout)
        arns = told["Statement"][0]["Resource"]
        assert arns == [
            f"arn:aws:cognito-idp:{region}:{ACCOUNT}:userpool/{pool}"
            for region, pool in zip((HOME, AWAY), world.ids, strict=True)
        ]
        assert len(told["Statement"]) == 2, "there is no installation"

    def test_the_policy_of_an_installation_names_its_stacks_and_roles(
        self, world: CalmWorld, tmp_path: Path
    ) -> None:
        config(tmp_path, pools=dict(zip(STACKS, world.ids, strict=True)))
        told = json.loads(run("doctor", "--policy").stdout)
        named = {each["Sid"]: each["Resource"] for each in told["Statement"]}
        assert f"arn:aws:iam::{ACCOUNT}:role/standby-dr-{AWAY}" in named["WhoFailsOver"]
        assert len(json.dumps(told)) < 6_144, "a managed policy holds no more"


def test_a_line_that_is_broken_keeps_its_margin(world: CalmWorld) -> None:
    world.pools[AWAY].pool["UsernameAttributes"] = ["email"]
    asked = ("doctor", "--pools", ",".join(world.ids))
    narrow = CliRunner().invoke(app, asked, env={"COLUMNS": "60"}).stdout.splitlines()
    of = next(place for place, line in enumerate(narrow) if "  username-attributes" in line)
    first, *after = narrow[of : of + 4]
    assert (first[:3], [line[:2] for line in after]) == ("  u", ["  "] * 3)
