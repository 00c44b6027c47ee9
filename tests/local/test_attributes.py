"""Attribute operations and the e-mail-as-username mode on the local AWS."""

import threading

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from tests.local.pools import CODE, PASSWORD, TestPool, listed

pytestmark = pytest.mark.local_aws


@pytest.fixture(scope="module")
def pool(aws: LocalAws) -> TestPool:
    schema = [
        {"Name": "plan", "AttributeDataType": "String", "Mutable": True},
        {"Name": "birth", "AttributeDataType": "String", "Mutable": False},
    ]
    return TestPool(aws, settings={"Schema": schema, "AutoVerifiedAttributes": ["email"]})


def test_an_administrator_deletes_attributes(pool: TestPool) -> None:
    pool.create("del", email="del@example.org", email_verified="true", **{"custom:plan": "x"})
    pool.admin(
        "admin_delete_user_attributes",
        Username="del",
        UserAttributeNames=["email", "custom:plan"],
    )
    assert set(pool.user("del")) == {"sub", "status", "username"}


@pytest.mark.parametrize("name", ["custom:birth", "sub", "custom:none"])
def test_some_attributes_cannot_be_deleted(pool: TestPool, name: str) -> None:
    user = pool.create(f"keep-{name[-4:]}", email="k@example.org", **{"custom:birth": "x"})
    with pytest.raises(ClientError, match="InvalidParameterException"):
        pool.admin("admin_delete_user_attributes", Username=user, UserAttributeNames=[name])


def test_people_delete_and_verify_their_own(pool: TestPool) -> None:
    pool.sign_up("self", email="self@example.org", name="Self")
    pool.admin("admin_confirm_sign_up", Username="self")
    token = pool.token("self")
    pool.cognito.delete_user_attributes(AccessToken=token, UserAttributeNames=["name"])
    pool.cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    with pytest.raises(ClientError, match="CodeMismatchException"):
        pool.cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code="111111")
    pool.cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=CODE)
    user = pool.user("self")
    assert "name" not in user
    assert user["email_verified"] == "true"


def test_an_address_as_username_makes_the_sub_the_name(aws: LocalAws) -> None:
    pool = TestPool(
        aws, settings={"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
    )
    sub = pool.sign_up("ann@example.org")
    pool.confirm("ann@example.org")
    user = pool.user("ann@example.org")
    assert (user["username"], user["email"], user["email_verified"]) == (
        sub,
        "ann@example.org",
        "true",
    )
    assert pool.user(sub) == user
    created = pool.create("bob@example.org", email_verified="true")
    assert pool.user(created)["sub"] == created
    assert pool.token("ann@example.org")


def test_a_user_is_found_by_sub(pool: TestPool) -> None:
    sub = pool.sign_up("by-sub", email="by-sub@example.org")
    assert pool.user(sub)["username"] == "by-sub"


def test_one_of_many_creations_of_a_name_wins(pool: TestPool) -> None:
    outcomes: list[str] = []

    def create(name: str) -> None:
        try:
            pool.cognito.admin_create_user(
                UserPoolId=pool.id,
                Username=name,
                MessageAction="SUPPRESS",
                TemporaryPassword=PASSWORD,
                UserAttributes=listed({"email": f"{name}@example.org"}),
            )
            outcomes.append(name)
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])

    names = [f"race-{n // 2}" for n in range(30)]
    threads = [threading.Thread(target=create, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("UsernameExistsException") == 15
    assert len({o for o in outcomes if o.startswith("race-")}) == 15
