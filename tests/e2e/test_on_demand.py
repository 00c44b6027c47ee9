"""A standby that is empty until it is needed: who comes is made, as themselves, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.replication.domain import canary
from cognito_standby.replication.domain.on_demand import AWAITED
from cognito_standby.triggers.domain.vouching import token_claims
from local.demo.command import synthesize
from local.demo.people import CODE, PASSWORD, Crowd, Person
from local.demo.roles import in_charge
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.conftest import OPTIONS, until
from tests.e2e.local_stage import deployed
from tests.e2e.world import attributes_of, ledger_row, person, sign_in

pytestmark = [pytest.mark.local_aws, pytest.mark.full]
NEW = "Another-password-99"
_NAMES = ("ann", "ben", "cyd", "dora")


_MEANT = (("*usermigrationRole*", "cognito-idp:DescribeUserPool"),)
"""Of another pool: patterns of who, and actions."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStage]:
    """The backup's pool is filled on demand."""
    folder = tmp_path_factory.mktemp("on-demand")
    told: dict[str, Any] = {"on_demand": {"backup": True}, "allow_password_auth": True}
    told["aliases"] = ["preferred_username"]
    assembly = synthesize("username", folder / "synth", **told)
    with deployed("username", folder, *OPTIONS, assembly=assembly, refusals=_MEANT) as stage:
        yield stage


@pytest.fixture(scope="module")
def people(empty: RemoteStage) -> dict[str, tuple[Person, str]]:
    """At home, and awaited in the backup; with their subs."""
    crowd = Crowd(empty, empty.outputs.primary, "username")
    found = {name: person(name) for name in _NAMES}
    made = {name: (who, crowd.sign_up(who)) for name, who in found.items()}
    crowd.set_attributes(found["ann"], {"custom:plan": "gold"})
    crowd.set_attributes(found["cyd"], {"preferred_username": "cyddie"})
    for _, sub in made.values():
        until("they are awaited", partial(_is_awaited, empty, sub))
    return made


def _is_awaited(stage: RemoteStage, sub: str) -> bool:
    row = ledger_row(stage, stage.outputs.backup, sub)
    return row.get("state") == "in_sync" and row["skipped"].get("present") == AWAITED


class Pool:
    """The backup's, as an app sees it."""

    def __init__(self, stage: RemoteStage) -> None:
        self._region: RegionOutputs = stage.outputs.backup
        self.client = stage.client("cognito-idp", self._region.region)
        self._app = {"ClientId": self._region.client_id}

    def users(self, username: str = "") -> list[str]:
        told = self.client.list_users(UserPoolId=self._region.user_pool_id)["Users"]
        named = [user["Username"] for user in told]
        return [each for each in named if each == username or (not username and _real(each))]

    def forgot(self, username: str) -> None:
        """What an app is told is the same of everybody, so its answer says nothing."""
        try:
            self.client.forgot_password(**self._app, Username=username)
        except ClientError as refused:
            if refused.response["Error"]["Code"] not in _HIDDEN:
                raise

    def recover(self, username: str) -> None:
        until("they are made", lambda: self._made(username))
        self.client.confirm_forgot_password(
            **self._app, Username=username, ConfirmationCode=CODE, Password=NEW
        )

    def enter(self, username: str, password: str) -> dict[str, str] | None:
        """The tokens of a sign-in that hands the password over; None: it is refused."""
        given = {"USERNAME": username, "PASSWORD": password}
        try:
            answer = self.client.initiate_auth(
                **self._app, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
            )
        except ClientError:
            return None
        return dict(answer["AuthenticationResult"])

    def _made(self, username: str) -> list[str]:
        self.forgot(username)
        return self.users(username)

    def take(self, username: str) -> str:
        """The same of a sign-up that is taken back, for another try."""
        told = self.sign_up(username, "new@example.org")
        if not told:
            self.client.admin_delete_user(UserPoolId=self._region.user_pool_id, Username=username)
        return told

    def give(self, username: str, preferred: str) -> str:
        """The same of somebody whom an administrator makes."""
        try:
            self.client.admin_create_user(
                UserPoolId=self._region.user_pool_id,
                Username=username,
                UserAttributes=[{"Name": "preferred_username", "Value": preferred}],
                MessageAction="SUPPRESS",
            )
        except ClientError as refused:
            return str(refused)
        return ""

    def sign_up(self, username: str, email: str) -> str:
        """The text of a refusal; "": they signed up."""
        try:
            self.client.sign_up(
                **self._app,
                Username=username,
                Password=NEW,
                UserAttributes=[{"Name": "email", "Value": email}],
            )
        except ClientError as refused:
            return str(refused)
        return ""


_HIDDEN = ("UserLambdaValidationException", "LimitExceededException", "UserNotFoundException")


def _real(username: str) -> bool:
    return username != canary.NAME


def tokens(stage: RemoteStage, who: Person, password: str = NEW) -> Mapping[str, object]:
    """The claims of somebody's ID token; a sign-in that came too early is made again."""

    def signed_in() -> dict[str, str] | None:
        try:
            return sign_in(stage, stage.outputs.backup, who, password)
        except ClientError as refused:
            assert refused.response["Error"]["Code"] == "UserLambdaValidationException", refused
            return None

    return token_claims(until("a token", signed_in)["IdToken"])


def test_nobody_is_there_and_behind_the_fence_nobody_comes(
    empty: RemoteStage, people: dict[str, tuple[Person, str]]
) -> None:
    pool = Pool(empty)
    pool.forgot("ann")
    with pytest.raises(ClientError):
        sign_in(empty, empty.outputs.backup, people["ann"][0], PASSWORD)
    assert pool.users() == []


def test_who_forgot_comes_as_themselves(
    empty: RemoteStage, people: dict[str, tuple[Person, str]]
) -> None:
    who, sub = people["ann"]
    backup, pool = empty.outputs.backup, Pool(empty)
    with in_charge(empty, backup):
        pool.recover("ann")
        assert tokens(empty, who)["origin_sub"] == sub
    shown = attributes_of(empty, backup, "ann")
    assert (shown["custom:origin_sub"], shown["custom:plan"]) == (sub, "gold")
    assert (shown["email"], shown["email_verified"]) == (who.email, "true")

    def settled() -> bool:
        row = ledger_row(empty, backup, sub)
        return row.get("state") == "in_sync" and row.get("local_sub") == shown["sub"]

    until("the ledger agrees with the pool", settled)


def test_two_who_come_at_once_are_one(
    empty: RemoteStage, people: dict[str, tuple[Person, str]]
) -> None:
    who, sub = people["ben"]
    pool = Pool(empty)
    with in_charge(empty, empty.outputs.backup):
        with ThreadPoolExecutor(3) as threads:
            list(threads.map(pool.forgot, ["ben"] * 3))
        pool.recover("ben")
        assert pool.users("ben") == ["ben"]
        assert tokens(empty, who)["origin_sub"] == sub


def test_nobody_takes_the_name_of_who_is_awaited_and_the_deleted_do_not_come(
    empty: RemoteStage, people: dict[str, tuple[Person, str]]
) -> None:
    who, sub = people["cyd"]
    pool = Pool(empty)
    with in_charge(empty, empty.outputs.backup):
        assert "PreSignUp failed" in pool.sign_up("cyd", "new@example.org")
        assert "PreSignUp failed" in pool.sign_up("cydney", who.email)
        until("a preferred username signs in", lambda: "PreSignUp failed" in pool.take("CYDDIE"))
        assert "PreSignUp failed" in pool.give("eve", "cyddie")
        assert pool.give("eve", "evie") == ""
        with _as_of_an_existing_pool(empty):
            assert "PreSignUp failed" in pool.give("eva", "cyddie")
            assert "PreSignUp failed" in pool.take("cyddie")
            assert pool.give("eva", "evita") == ""
    Crowd(empty, empty.outputs.primary, "username").admin("admin_delete_user", who)
    records = empty.client("dynamodb", empty.outputs.backup.region)

    def is_tombstone() -> bool:
        items = records.query(
            TableName=empty.outputs.records_table,
            KeyConditionExpression="origin_sub = :sub",
            ExpressionAttributeValues={":sub": {"S": sub}},
        )["Items"]
        return any(item.get("deleted", {}).get("BOOL") for item in items)

    until("the deletion has arrived", is_tombstone)
    with in_charge(empty, empty.outputs.backup):
        pool.forgot("cyd")
        assert pool.users("cyd") == []


def test_a_password_that_the_former_pool_takes_opens_the_new_one(
    empty: RemoteStage, people: dict[str, tuple[Person, str]]
) -> None:
    """Dora's former pool is one more, in which she is a copy; a thief tries another password."""
    who, sub = people["dora"]
    region, pool = empty.outputs.backup, Pool(empty)
    former = _former(pool.client, who, sub)
    with _asking(empty, former), in_charge(empty, region):
        assert pool.enter("dora", "Wr0ng!Wr0ng!") is None
        assert pool.enter("nobody", PASSWORD) is None
        assert pool.users("dora") == []
        told = until("she is let in", lambda: pool.enter("dora", PASSWORD))
        assert token_claims(told["IdToken"])["origin_sub"] == sub
        assert pool.users("dora") == ["dora"]
        assert sign_in(empty, region, who, PASSWORD), "the password is hers"


def test_another_pool_of_the_account_learns_nobody(
    empty: RemoteStage, people: dict[str, tuple[Person, str]]
) -> None:
    """Cognito may call the function for every pool of the account; it may read of its own alone."""
    assert people["dora"]
    region, client = empty.outputs.backup, Pool(empty).client
    name = empty.outputs.records_table.removesuffix("-records") + "-user_migration"
    function = empty.client("lambda", region.region).get_function(FunctionName=name)
    other = client.create_user_pool(
        PoolName="other",
        Schema=[{"Name": "origin_sub", "AttributeDataType": "String", "Mutable": True}],
        LambdaConfig={"UserMigration": function["Configuration"]["FunctionArn"]},
    )["UserPool"]["Id"]
    app = client.create_user_pool_client(UserPoolId=other, ClientName="app")["UserPoolClient"]
    with in_charge(empty, region):
        with pytest.raises(ClientError):
            client.forgot_password(ClientId=app["ClientId"], Username="dora")
        assert not client.list_users(UserPoolId=other)["Users"]


def _former(client: Any, who: Person, sub: str) -> tuple[str, str]:
    pool = client.create_user_pool(
        PoolName="former",
        Schema=[{"Name": "origin_sub", "AttributeDataType": "String", "Mutable": True}],
    )["UserPool"]["Id"]
    asked = client.create_user_pool_client(
        UserPoolId=pool, ClientName="asked", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    client.admin_create_user(
        UserPoolId=pool,
        Username=who.username,
        UserAttributes=[{"Name": "custom:origin_sub", "Value": sub}],
        MessageAction="SUPPRESS",
    )
    client.admin_set_user_password(
        UserPoolId=pool, Username=who.username, Password=PASSWORD, Permanent=True
    )
    return pool, asked


class _changed:  # noqa: N801 - reads as what it does
    """A function is told and may do, for a while, what another deployment would have it: variables
    (None: not told) and a statement."""

    def __init__(
        self, stage: RemoteStage, task: str, told: Mapping[str, str | None], statement: Any
    ) -> None:
        self._name = stage.outputs.records_table.removesuffix("-records") + f"-{task}"
        region = stage.outputs.backup.region
        self._lambda, self._iam = (stage.client(each, region) for each in ("lambda", "iam"))
        self._told, self._statement = told, statement

    def __enter__(self) -> None:
        found = self._lambda.get_function_configuration(FunctionName=self._name)
        self._before = found["Environment"]["Variables"]
        self._role = found["Role"].rpartition("/")[2]
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **self._statement}]}
        self._iam.put_role_policy(
            RoleName=self._role, PolicyName="more", PolicyDocument=json.dumps(document)
        )
        self._tell({n: v for n, v in {**self._before, **self._told}.items() if v is not None})

    def __exit__(self, *_: object) -> None:
        self._tell(self._before)
        self._iam.delete_role_policy(RoleName=self._role, PolicyName="more")

    def _tell(self, variables: Mapping[str, str]) -> None:
        self._lambda.update_function_configuration(
            FunctionName=self._name, Environment={"Variables": variables}
        )


def _asking(stage: RemoteStage, former: tuple[str, str]) -> _changed:
    """The function is told of a former pool, and may ask it: the pool's id is not known before the
    stage runs."""
    pool, client = former
    told = {"OLD_POOL": json.dumps({"user_pool_id": pool, "client_id": client})}
    actions = ["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminGetUser"]
    return _changed(
        stage, "user_migration", told, {"Action": actions, "Resource": _arn(stage, pool)}
    )


def _as_of_an_existing_pool(stage: RemoteStage) -> _changed:
    """PreSignUp is not told by what people sign in, and may ask."""
    pool = _arn(stage, stage.outputs.backup.user_pool_id)
    may = {"Action": "cognito-idp:DescribeUserPool", "Resource": pool}
    return _changed(stage, "pre_sign_up", {"SIGN_IN": None}, may)


def _arn(stage: RemoteStage, pool: str) -> str:
    region = stage.outputs.backup.region
    name = stage.outputs.records_table.removesuffix("-records") + "-user_migration"
    function = stage.client("lambda", region).get_function_configuration(FunctionName=name)
    account = function["FunctionArn"].split(":")[4]
    return f"arn:aws:cognito-idp:{region}:{account}:userpool/{pool}"
