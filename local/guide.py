"""What `make up` tells somebody to type first: lines that can be copied as they are."""

from __future__ import annotations

from local.gaps.confirmation_code import CODE
from local.outputs import StageOutputs

PASSWORD = "Passw0rd!Passw0rd!"  # noqa: S105 - of an invented person
_ADDRESS = "ann@example.org"


def guide(outputs: StageOutputs, name: str, *, cli: bool) -> str:
    """Sign somebody up and find her in the other Region. `cli`: the AWS CLI is installed; else the
    same is told for the SDK, which is. `name`: one that the pool takes as username."""
    how = "by the AWS CLI" if cli else "by the SDK, as the AWS CLI is not installed here"
    typed = _by_cli(outputs, name) if cli else _by_sdk(outputs, name)
    return f"""\
Any AWS client works against {outputs.endpoint}, with dummy credentials:

  export AWS_ENDPOINT_URL={outputs.endpoint}
  export AWS_ACCESS_KEY_ID={outputs.account} AWS_SECRET_ACCESS_KEY=local
  export AWS_DEFAULT_REGION={outputs.primary.region}

Sign somebody up, and some seconds later look for her in the other Region, {how}.
The code is always {CODE}, and no mail is sent:

{typed}"""


def _by_cli(outputs: StageOutputs, name: str) -> str:
    primary, backup, account = outputs.primary, outputs.backup, _other_account(outputs)
    key = f"AWS_ACCESS_KEY_ID={account} " if account else ""
    return f"""\
aws cognito-idp sign-up --client-id {primary.client_id} \\
  --username {name} --password '{PASSWORD}' \\
  --user-attributes Name=email,Value={_ADDRESS}
aws cognito-idp confirm-sign-up --client-id {primary.client_id} \\
  --username {name} --confirmation-code {CODE}
{key}aws cognito-idp list-users --region {backup.region} --user-pool-id {backup.user_pool_id}"""


def _by_sdk(outputs: StageOutputs, name: str) -> str:
    """Unindented: Python would take the margin for its own."""
    primary, backup, account = outputs.primary, outputs.backup, _other_account(outputs)
    key = f', aws_access_key_id="{account}", aws_secret_access_key="local"' if account else ""
    return f"""\
.venv/bin/python - <<'END'
import time, boto3
pool = boto3.client("cognito-idp", "{primary.region}")
other = boto3.client("cognito-idp", "{backup.region}"{key})
ann = {{"ClientId": "{primary.client_id}", "Username": "{name}"}}
address = [{{"Name": "email", "Value": "{_ADDRESS}"}}]
pool.sign_up(**ann, Password="{PASSWORD}", UserAttributes=address)
pool.confirm_sign_up(**ann, ConfirmationCode="{CODE}")
while not (found := other.list_users(UserPoolId="{backup.user_pool_id}")["Users"]):
    time.sleep(1)
print(found)
END"""


def _other_account(outputs: StageOutputs) -> str:
    """The backup Region's, where it is another; else ""."""
    account = outputs.account_of(outputs.backup.region)
    return "" if account == outputs.account else account
