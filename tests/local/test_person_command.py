"""`python -m local person`, as somebody types it."""

from pathlib import Path

import pytest

from local.__main__ import app
from local.emulator import LocalAws
from tests.cli_runner import CliRunner
from tests.local.installation_file import outputs_file
from tests.local.pools import TestPool
from tests.local.test_federation import with_google

pytestmark = pytest.mark.local_aws
RUNNER = CliRunner(env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def pool(aws: LocalAws) -> TestPool:
    return with_google(TestPool(aws))


@pytest.fixture
def outputs(aws: LocalAws, pool: TestPool, tmp_path: Path) -> str:
    pools = {"primary_pool": pool.id, "backup_pool": "us-west-2_gone"}
    return outputs_file(aws, tmp_path, **pools, client=pool.client)


def person(outputs: str, *words: str) -> tuple[int, str]:
    done = RUNNER.invoke(app, ["person", *words, "--outputs", outputs])
    return done.exit_code, done.output


def test_somebody_comes_through_a_provider(pool: TestPool, outputs: str) -> None:
    google = ("sign-in", "--provider", "Google", "--subject", "7")
    code, told = person(outputs, *google, "--claim", "email=ann@example.org")
    assert (code, told) == (0, "signed in as Google_7\n")
    assert pool.user("Google_7")["email"] == "ann@example.org"
    assert person(outputs, "passkeys", "Google_7", "2") == (0, "Google_7 has 2\n")
    told_of = pool.admin("admin_get_user_auth_factors", Username="Google_7")
    assert told_of["ConfiguredUserAuthFactors"] == ["WEB_AUTHN"]
    code, told = person(outputs, *google, "--at", "backup")
    assert (code, "there is no pool" in told) == (1, True)


def test_what_cannot_be_done_is_told(outputs: str, tmp_path: Path) -> None:
    facebook = ("sign-in", "--provider", "Facebook", "--subject", "7")
    code, told = person(outputs, *facebook)
    assert (code, "Facebook does not exist" in told) == (1, True)
    assert person(outputs, *facebook, "--claim", "email")[0] == 2
    assert person(outputs, "passkeys", "nobody", "1")[0] == 1
    code, told = person(str(tmp_path / "none.json"), *facebook)
    assert (code, "is `python -m local up` running?" in told.replace("\n", " ")) == (1, True)
