"""`standby init` on twins, in a folder that looks like a checkout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cognito_standby.cli.commands import init as init_command
from cognito_standby.cli.config_file import ConfigFile, NotWrittenError
from cognito_standby.cli.main import app
from stacks.config.source import ConfigError, parse
from tests.cli_runner import CliRunner
from tests.odd_pools import ACCOUNT
from tests.unit.adoption.calm import CalmWorld
from tests.unit.adoption.recorded import AWAY, HOME

pytestmark = pytest.mark.usefixtures("socket_disabled")
JUDGE = ConfigFile.judge
ROOT = Path(__file__).parents[3]
SAMPLE = {"app": "python3 app.py", "context": {"standby": {"installation": "sample"}, "@x": True}}


def judged_here(file: ConfigFile, config: Mapping[str, Any]) -> None:
    """By the same model, without a process of its own."""
    try:
        parse(config, str(file.path))
    except ConfigError as error:
        raise NotWrittenError(str(error)) from None


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CalmWorld:
    """Its cdk.json has a sample."""
    monkeypatch.setattr(ConfigFile, "judge", judged_here)
    for name in ("stacks", "cognito_standby"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "cdk.json").write_text(json.dumps(SAMPLE))
    monkeypatch.delenv("COGNITO_STANDBY_CONFIG", raising=False)
    made = CalmWorld("groups", "groups")
    monkeypatch.setattr(init_command, "looks_of", made.looks)
    monkeypatch.chdir(tmp_path)
    return made


def run(*arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(app, ("init", *arguments), input=said, env={"COLUMNS": "200"})


def of_both(world: CalmWorld, *arguments: str) -> Result:
    primary, backup = world.ids
    return run("--pool", primary, "--backup-pool", backup, "--name", "standby", *arguments)


def written() -> Any:
    return json.loads(Path("cdk.json").read_text())


def test_two_pools_that_are_there(world: CalmWorld) -> None:
    result = of_both(world, "--overwrite", "--alarm-email", "oncall@example.org")
    assert result.exit_code == 0, result.output
    config = written()["context"]["standby"]
    assert config["account"] == ACCOUNT
    assert (config["primary_region"], config["backup_region"]) == (HOME, AWAY)
    assert config["pools"]["backup_user_pool_id"] == world.ids[1]
    assert config["group_roles"]
    assert written()["context"]["@x"] is True, "what else is in the file stays"
    assert "make preflight" in result.output


def test_what_is_there_is_not_replaced_unasked(world: CalmWorld) -> None:
    result = of_both(world)
    assert result.exit_code == 1, result.output
    assert "cdk.json has the installation sample. Replace it?" in result.output
    assert written() == SAMPLE


def test_the_deployment_s_own_model_refuses(
    world: CalmWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the checkout whose cdk.json it is, by a process of its own."""
    monkeypatch.setattr(ConfigFile, "judge", JUDGE)
    result = of_both(world, "--overwrite", "--alarm-email", "nobody")
    assert result.exit_code == 2
    assert "alarm_email" in result.stderr
    assert "The config in what would be written to cdk.json cannot be used" in result.stderr
    assert written() == SAMPLE


def test_a_standby_is_proposed(world: CalmWorld) -> None:
    asked = ("--pool", world.ids[0], "--backup-region", AWAY, "--name", "standby")
    result = run(*asked)
    assert result.exit_code == 1, result.output
    template = json.loads(Path("standby-pool.template.json").read_text())
    assert template["Resources"]["Pool"]["Type"] == "AWS::Cognito::UserPool"
    assert f"--pool {world.ids[0]} --backup-pool <UserPoolId>" in result.output
    assert "not in it: IAM roles of groups" in result.output
    assert written() == SAMPLE
    again = run(*asked)
    assert again.exit_code == 2
    assert "--overwrite replaces it" in again.stderr


@pytest.mark.parametrize(
    ("name", "backup", "told"),
    [("UPPER", AWAY, "installation: must be 3 to 21"), ("standby", "us-moon-9", "backup_region")],
)
def test_nobody_is_told_to_make_a_pool_that_the_config_cannot_name(
    world: CalmWorld, name: str, backup: str, told: str
) -> None:
    result = run("--pool", world.ids[0], "--backup-region", backup, "--name", name)
    assert (result.exit_code, told in result.stderr) == (2, True), result.output
    assert not Path("standby-pool.template.json").exists()


@pytest.mark.parametrize("path", ["nowhere/t.json", "."])
def test_a_template_that_cannot_be_written_is_refused(world: CalmWorld, path: str) -> None:
    asked = ("--pool", world.ids[0], "--backup-region", AWAY, "--name", "standby")
    result = run(*asked, "--template", path, "--overwrite")
    assert (result.exit_code, "--template" in result.stderr) == (2, True), result.output


def test_both_pools_are_made_by_the_stacks(world: CalmWorld) -> None:
    regions = ("--primary-region", HOME, "--backup-region", AWAY)
    result = run("--new", *regions, "--name", "standby", "--sign-in", "email", "--overwrite")
    assert result.exit_code == 0, result.output
    assert written()["context"]["standby"]["pools"] == {"create": True}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--pool or --new is needed"),
        (("--pool", f"{HOME}_one"), "--backup-region is needed"),
        (("--pool", "one"), "'one' is no user pool's id"),
        (("--pool", f"{HOME}_one", "--backup-region", HOME), "another Region"),
        (("--new", "--pool", f"{HOME}_one"), "--new makes both pools"),
        (("--pool", f"{HOME}_one", "--backup-region", AWAY, "--name", "x"), "there is no pool"),
    ],
)
def test_what_is_missing_or_wrong_is_told_and_nothing_asked(
    world: CalmWorld, arguments: tuple[str, ...], told: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert written() == SAMPLE


def test_a_pool_that_was_deleted_meanwhile(world: CalmWorld) -> None:
    world.pools[AWAY].gone = True
    result = of_both(world, "--overwrite")
    assert (result.exit_code, "there is no pool" in result.stderr) == (2, True)


def test_it_is_written_to_a_file_of_its_own(world: CalmWorld) -> None:
    result = of_both(world, "--config", "shop.json")
    assert result.exit_code == 0, result.output
    config = json.loads(Path("shop.json").read_text())
    assert config["pools"]["backup_user_pool_id"] == world.ids[1], "the configuration alone"
    assert written() == SAMPLE, "cdk.json stays as it is tracked"
    assert f"$ export COGNITO_STANDBY_CONFIG={Path.cwd() / 'shop.json'}" in result.output
    standing = json.dumps({**config, "installation": "other"})
    Path("shop.json").write_text(standing)
    again = of_both(world, "--config", "shop.json")
    assert again.exit_code == 1
    assert "shop.json has the installation other. Replace it?" in again.output
    assert Path("shop.json").read_text() == standing


def test_a_link_stays_one_and_what_it_leads_to_is_written(world: CalmWorld) -> None:
    shared = Path("shared")
    shared.mkdir()
    (shared / "ours.json").write_text("{}")
    Path("ours.json").symlink_to(shared / "ours.json")
    assert of_both(world, "--config", "ours.json").exit_code == 0
    assert Path("ours.json").is_symlink()
    assert json.loads((shared / "ours.json").read_text())["installation"] == "standby"
    assert [each.name for each in shared.iterdir()] == ["ours.json"]


def test_the_environment_names_the_file(world: CalmWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COGNITO_STANDBY_CONFIG", "shop.json")
    assert of_both(world).exit_code == 0
    assert json.loads(Path("shop.json").read_text())["installation"] == "standby"
    assert written() == SAMPLE
    nowhere = of_both(world, "--config", "nowhere/shop.json")
    assert (nowhere.exit_code, "is no folder" in nowhere.stderr) == (2, True)


def test_what_blocks_is_asked_about(world: CalmWorld) -> None:
    world.pools[AWAY].pool["UsernameAttributes"] = ["email"]
    result = of_both(world, "--overwrite")
    assert result.exit_code == 1
    assert "Something blocks" in result.output
    assert written() == SAMPLE


def test_elsewhere_than_in_a_checkout(world: CalmWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    result = of_both(world)
    assert (result.exit_code, "is no checkout" in result.stderr) == (2, True)


def test_what_is_not_said_is_asked_at_a_terminal(
    world: CalmWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init_command, "somebody_is_there", lambda: True)
    result = run(said=f"{world.ids[0]}\n\n{AWAY}\npeople\noncall@example.org\n")
    assert result.exit_code == 1, result.output
    again = f"--pool {world.ids[0]} --backup-pool <UserPoolId> --name people"
    assert f"{again} --alarm-email oncall@example.org\n" in result.output


def test_at_a_terminal_two_pools_that_are_there(
    world: CalmWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(init_command, "somebody_is_there", lambda: True)
    primary, backup = world.ids
    result = run("--overwrite", said=f"{primary}\n{backup}\npeople\n\n")
    assert result.exit_code == 0, result.output
    config = written()["context"]["standby"]
    assert config["pools"]["backup_user_pool_id"] == backup
    assert "alarm_email" not in config
    assert '"alarm_email"' in result.output, "nobody would hear of a failure"


def test_functions_that_stand_in_the_way_are_told_with_what_chains_them(world: CalmWorld) -> None:
    theirs = {
        region: f"arn:aws:lambda:{region}:{ACCOUNT}:function:hello" for region in (HOME, AWAY)
    }
    for region, arn in theirs.items():
        world.pools[region].pool["LambdaConfig"] = {"PostConfirmation": arn}
    ours = f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:standby-pre_sign_up"
    world.pools[HOME].pool["LambdaConfig"]["PreSignUp"] = ours
    result = of_both(world, "--overwrite", "--yes")
    assert result.exit_code == 0, result.output
    told = {"primary_function": theirs[HOME], "backup_function": theirs[AWAY]}
    assert f'"triggers": {json.dumps({"post_confirmation": told})}' in result.output
    assert "docs/runbooks/attach.md" in result.output
    assert "triggers" not in written()["context"]["standby"], "how is the owner's to decide"
