"""`python -m local up --existing-pool`: an account before the installation, with a pool that people
use; and `python -m local deploy CONFIG`, which puts an installation of that config beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from local.assembly import Assembly, Stack
from local.clients import Clients
from local.deployer import Deployer
from local.guide import PASSWORD
from local.outputs import StageOutputs

REGION, OTHER_REGION = "us-east-1", "us-west-2"
NAMES = ("ann", "ben", "cleo", "dora", "emil", "fay", "gus", "hana", "ivan", "june", "kim", "lou")
STAFF = NAMES[::4]
_CONFIG, _TEMPLATE, _STACK = ".local/shop.json", ".local/standby-pool.json", "shop-standby"


class Account(Protocol):
    """An AWS account."""

    @property
    def endpoint(self) -> str:
        """Where it is served."""

    @property
    def account(self) -> str:
        """Its number."""

    def client(self, service: str, region: str) -> Any:
        """A boto3 client."""


def make_owners_pool(aws: Account, *, by_email: bool) -> str:
    """A pool of somebody's own with an app client, a group and people who have passwords; its id.
    `by_email`: they sign in with their address."""
    cognito = aws.client("cognito-idp", REGION)
    mode: dict[str, Any] = {"UsernameAttributes": ["email"]} if by_email else {}
    text = {"AttributeDataType": "String", "Mutable": True}
    limits = {"StringAttributeConstraints": {"MinLength": "0", "MaxLength": "128"}}
    pool = str(
        cognito.create_user_pool(
            PoolName="shop",
            AutoVerifiedAttributes=["email"],
            UsernameConfiguration={"CaseSensitive": False},
            Schema=[{**text, "Name": name, **limits} for name in ("origin_sub", "plan")],
            Policies={"PasswordPolicy": {"MinimumLength": 12}},
            **mode,
        )["UserPool"]["Id"]
    )
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="app",
        ExplicitAuthFlows=flows,
        WriteAttributes=["email", "custom:plan"],
    )
    cognito.create_group(UserPoolId=pool, GroupName="staff", Precedence=1)
    for name in NAMES:
        address = f"{name}@example.org"
        username = address if by_email else name
        told = {"email": address, "email_verified": "true", "custom:plan": "basic"}
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=username,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in told.items()],
        )
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=username, Password=PASSWORD, Permanent=True
        )
        if name in STAFF:
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName="staff")
    return pool


def adoption_guide(aws: Account, pool: str, *, python: str = ".venv/bin/python") -> str:
    """What to type in another shell, in this order; Ctrl-C in the first one ends it."""
    return f"""\
There is no installation, but a pool of {len(NAMES)} people, {pool}.
In another shell, in this folder:

  export AWS_ENDPOINT_URL={aws.endpoint}
  export AWS_ACCESS_KEY_ID={aws.account} AWS_SECRET_ACCESS_KEY=local
  export AWS_DEFAULT_REGION={REGION} COGNITO_STANDBY_CONFIG={_CONFIG}

Have the pool looked at, and an equal one made in {OTHER_REGION} (docs/runbooks/install.md):

.venv/bin/standby init --pool {pool} --backup-region {OTHER_REGION} --name shop \\
  --template {_TEMPLATE} --yes
{python} - <<'END'
import boto3, pathlib
formation = boto3.client("cloudformation", "{OTHER_REGION}")
template = pathlib.Path("{_TEMPLATE}").read_text()
formation.create_stack(StackName="{_STACK}", TemplateBody=template)
formation.get_waiter("stack_create_complete").wait(StackName="{_STACK}")
(stack,) = formation.describe_stacks(StackName="{_STACK}")["Stacks"]
print(next(o["OutputValue"] for o in stack["Outputs"] if o["OutputKey"] == "UserPoolId"))
END

With the id that it printed, write {_CONFIG}; then deploy, in place of `make deploy`:

.venv/bin/standby init --pool {pool} --backup-pool ID --name shop --yes
{python} -m local deploy {_CONFIG} --endpoint {aws.endpoint}

Adopt the pool (docs/runbooks/attach.md, docs/runbooks/configuration.md):

.venv/bin/standby attach --only post_confirmation
.venv/bin/standby reconcile --seed
.venv/bin/standby attach
.venv/bin/standby status"""


def deploy_beside(
    assembly: Path, endpoint: str, progress: Callable[[Stack], None] = lambda _stack: None
) -> StageOutputs:
    """Deploy an installation to a local AWS that runs. DeployError, AssemblyError, OutputsError;
    BotoCoreError: nothing answers there."""
    made = Assembly(assembly)
    account = next(iter(made.accounts), "111111111111")
    stacks = Deployer(Clients(endpoint, account), endpoint).deploy(made, progress)
    return StageOutputs.of(endpoint, account, stacks)
