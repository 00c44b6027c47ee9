"""`standby attach` and `standby detach` on twins: words, exit codes, and what stays untouched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import Result

from cognito_standby.adoption.domain.attachment import SLOTS
from cognito_standby.adoption.ports import NotSeenError
from cognito_standby.cli import attaching as attach_command
from cognito_standby.cli.main import app
from cognito_standby.core.domain.errors import ServiceUnavailableError
from tests.cli_runner import CliRunner
from tests.unit.adoption.attachable import OURS, Functions, Pool
from tests.unit.operator.operator_world import OTHER, REGION

pytestmark = pytest.mark.usefixtures("socket_disabled")
USEFUL = ("post_confirmation", "pre_sign_up", "pre_token_generation")
YOURS = {"PreSignUp": "arn:yours"}


class World:
    """Both Regions of an installation of existing pools. `dark` ones do not answer."""

    def __init__(self) -> None:
        self.pools = {region: Pool() for region in (REGION, OTHER)}
        self.functions = Functions()
        self.dark: set[str] = set()
        self.told = {"PoolsAre": "existing", "Fence": "off"}
        self.gone = self.older = self.filled = False

    def outputs(self, _: object, region: str, __: str) -> Mapping[str, str]:
        if region in self.dark:
            raise ServiceUnavailableError("no answer from AWS: ConnectTimeoutError")
        arns = {f"{task.title().replace('_', '')}Arn": arn for task, arn in OURS.items()}
        if self.older:
            del arns["PreSignUpArn"]
        if not self.filled:
            del arns["UserMigrationArn"]
        return {"UserPoolId": f"pool-of-{region}", **arns, **self.told}

    def settings(self, _: object, region: str, pool_id: str) -> Pool:
        assert pool_id == f"pool-of-{region}"
        if self.gone:
            raise NotSeenError("DescribeUserPool: ResourceNotFoundException")
        return self.pools[region]

    @property
    def held(self) -> list[Mapping[str, str]]:
        return [pool.fields.get("LambdaConfig", {}) for pool in self.pools.values()]

    @property
    def updates(self) -> int:
        return sum(pool.updates for pool in self.pools.values())


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    made = World()
    monkeypatch.setattr(attach_command, "read_outputs", made.outputs)
    monkeypatch.setattr(attach_command, "CognitoSettings", made.settings)
    monkeypatch.setattr(attach_command, "LambdaFunctions", lambda *_: made.functions)
    monkeypatch.chdir(tmp_path)
    return made


def run(*arguments: str, said: str = "") -> Result:
    where = ("--installation", "standby", "--regions", f"{REGION},{OTHER}")
    return CliRunner().invoke(app, [*where, *arguments], input=said, env={"COLUMNS": "400"})


class TestAttach:
    def test_after_a_yes_both_pools_have_what_is_useful(self, world: World) -> None:
        result = run("attach", said="y\ny\n")
        assert result.exit_code == 0, result.output
        assert world.held == 2 * [{SLOTS[task]: OURS[task] for task in USEFUL}]
        assert "PreSignUp: none -> arn:ours:pre_sign_up" in result.output
        assert "docs/runbooks/attach.md" in result.output, "their next deployment puts them back"

    def test_a_fence_and_a_pool_filled_on_demand_want_all(self, world: World) -> None:
        world.told["Fence"], world.filled = "on", True
        assert run("attach", "--yes").exit_code == 0
        assert set(world.held[0]) == set(SLOTS.values())

    def test_what_the_stack_has_no_function_for_is_told(self, world: World) -> None:
        result = run("attach", "--only", "user_migration", "--yes")
        assert result.exit_code == 1
        assert "the stack has no function for user_migration" in result.output
        assert world.updates == 0

    def test_one_trigger_of_one_region(self, world: World) -> None:
        result = run("attach", "--only", "pre_sign_up", "--region", OTHER, "--yes")
        assert result.exit_code == 0, result.output
        assert world.held == [{}, {"PreSignUp": OURS["pre_sign_up"]}]

    def test_the_settings_as_they_were_are_kept_in_a_file(
        self, world: World, tmp_path: Path
    ) -> None:
        world.pools[REGION].fields["DeletionProtection"] = "ACTIVE"
        assert run("attach", "--region", REGION, "--yes").exit_code == 0
        (kept,) = tmp_path.glob(f"pool-of-{REGION}-before-*.json")
        told = json.loads(kept.read_text())
        assert told["UserPool"]["DeletionProtection"] == "ACTIVE"
        assert "LambdaConfig" not in told["UserPool"]
        assert told["MfaConfig"]["MfaConfiguration"] == "ON"

    @pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder in which nobody writes")
    def test_where_the_settings_cannot_be_kept_nothing_is_changed(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir("/proc")
        result = run("attach", "--yes")
        assert (result.exit_code, world.updates) == (1, 0), result.output
        assert "nothing was changed: what the pool is like cannot be kept here" in result.output

    def test_a_pool_that_cannot_be_compared_afterwards(self, world: World) -> None:
        world.pools[REGION].trouble = {"look"}
        result = run("attach", "--region", REGION, "--yes")
        assert result.exit_code == 1
        assert "not compared" in result.output
        assert f"pool-of-{REGION}-before-" in result.output

    def test_a_second_time_there_is_nothing_to_do(self, world: World) -> None:
        assert run("attach", "--yes").exit_code == 0
        result = run("attach")
        assert result.exit_code == 0, result.output
        assert "attached already" in result.output
        assert world.updates == 2

    def test_a_place_of_the_owners_is_left_and_the_others_are_taken(self, world: World) -> None:
        world.pools[REGION].fields["LambdaConfig"] = dict(YOURS)
        result = run("attach", "--yes")
        assert result.exit_code == 1
        assert "yours stands there (arn:yours), and ours asks nobody" in result.output
        assert "triggers.pre_sign_up.primary_function" in result.output
        assert world.held[0]["PreSignUp"] == "arn:yours"
        assert world.held[1]["PreSignUp"] == OURS["pre_sign_up"]

    def test_alone_a_taken_place_changes_nothing(self, world: World) -> None:
        for pool in world.pools.values():
            pool.fields["LambdaConfig"] = dict(YOURS)
        assert run("attach", "--only", "pre_sign_up", "--yes").exit_code == 1
        assert (world.held, world.updates) == (2 * [YOURS], 0)

    def test_ours_that_asks_the_owners_takes_its_place(self, world: World) -> None:
        world.functions = Functions({OURS["pre_sign_up"]: "arn:yours"})
        world.pools[REGION].fields["LambdaConfig"] = dict(YOURS)
        result = run("attach", "--yes")
        assert result.exit_code == 0, result.output
        assert "PreSignUp: arn:yours -> arn:ours:pre_sign_up" in result.output

    @pytest.mark.parametrize("said", ["n\nn\n", ""])
    def test_without_a_yes_nothing_changes(self, world: World, tmp_path: Path, said: str) -> None:
        """No terminal is no yes."""
        result = run("attach", said=said)
        assert (result.exit_code, world.updates) == (1, 0)
        assert f"{REGION}: left as it was" in result.output
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("verb", ["attach", "detach"])
    def test_a_dry_run_shows_and_changes_nothing(
        self, world: World, tmp_path: Path, verb: str
    ) -> None:
        world.pools[REGION].fields["LambdaConfig"] = {"PreSignUp": OURS["pre_sign_up"]}
        result = run(verb, "--dry-run")
        assert (result.exit_code, world.updates) == (0, 0)
        shown = {"attach": "PostConfirmation: none", "detach": "PreSignUp: arn:ours:pre_sign_up"}
        assert f"{shown[verb]} -> " in result.output
        assert list(tmp_path.iterdir()) == []


class TestRefusals:
    def test_a_dark_region_is_told_and_the_other_is_done(self, world: World) -> None:
        world.dark = {REGION}
        result = run("attach", "--yes")
        assert result.exit_code == 1
        assert f"{REGION}: " in result.output
        assert "ConnectTimeoutError" in result.output
        assert world.held == [{}, {SLOTS[task]: OURS[task] for task in USEFUL}]

    def test_nothing_could_be_looked_at(self, world: World) -> None:
        world.dark = {REGION, OTHER}
        assert run("attach", "--dry-run").exit_code == 2
        assert run("detach", "--region", REGION, "--yes").exit_code == 2

    def test_who_is_not_there_to_be_asked_is_told_how_it_is_said(self, world: World) -> None:
        result = run("attach", "--region", REGION)
        assert (result.exit_code, world.updates) == (1, 0)
        assert "--yes" in result.stderr
        refused = run("attach", "--region", REGION, said="n\n")
        assert (refused.exit_code, refused.stderr) == (1, ""), "somebody answered"

    def test_created_pools_are_the_deployments(self, world: World) -> None:
        world.told["PoolsAre"] = "created"
        result = run("attach", "--yes")
        assert (result.exit_code, world.updates) == (1, 0)
        assert "`attach_trigger` in cdk.json" in result.output

    def test_a_stack_of_an_older_release(self, world: World) -> None:
        world.older = True
        result = run("attach", "--yes")
        assert (result.exit_code, world.updates) == (1, 0)
        assert "does not tell PreSignUpArn: deploy it first" in result.output

    def test_a_pool_that_was_deleted(self, world: World) -> None:
        world.gone = True
        result = run("detach", "--yes")
        assert result.exit_code == 1
        assert "DescribeUserPool: ResourceNotFoundException" in result.output

    def test_a_setting_that_is_not_known(self, world: World) -> None:
        world.pools[REGION].fields["Telepathy"] = {"Enabled": True}
        result = run("attach", "--region", REGION, "--yes")
        assert (result.exit_code, world.updates) == (1, 0)
        assert "Telepathy" in result.output
        assert result.output.count(REGION) == 1, "told once"

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("--only", "post_office"), "post_office: no trigger of ours"),
            (("--region", "eu-west-9"), "eu-west-9 is not one of"),
        ],
    )
    def test_what_cannot_be_meant(self, world: World, words: tuple[str, ...], told: str) -> None:
        result = run("attach", *words)
        assert (result.exit_code, world.updates) == (2, 0)
        assert told in result.stderr

    def test_what_somebody_changed_at_the_same_moment_is_named(
        self, world: World, tmp_path: Path
    ) -> None:
        def by_somebody(pool: Pool) -> None:
            pool.fields["DeletionProtection"] = "ACTIVE"

        world.pools[REGION].meanwhile = [lambda _: None, lambda _: None, by_somebody]
        result = run("attach", "--region", REGION, "--yes")
        assert result.exit_code == 1
        assert "not as meant: DeletionProtection" in result.output
        (kept,) = tmp_path.iterdir()
        assert kept.name in result.output


class TestDetach:
    def test_only_ours_go_and_the_owners_come_back(self, world: World) -> None:
        world.functions = Functions({OURS["pre_sign_up"]: "arn:yours"})
        for pool in world.pools.values():
            pool.fields["LambdaConfig"] = {**YOURS, "CreateAuthChallenge": "arn:other"}
        assert run("attach", "--yes").exit_code == 0
        result = run("detach", "--yes")
        assert result.exit_code == 0, result.output
        assert world.held == 2 * [{**YOURS, "CreateAuthChallenge": "arn:other"}]
        assert "docs/runbooks/attach.md" not in result.output

    def test_a_second_time_there_is_nothing_to_do(self, world: World) -> None:
        result = run("detach")
        assert (result.exit_code, world.updates) == (0, 0)
        assert "none of ours is attached" in result.output
