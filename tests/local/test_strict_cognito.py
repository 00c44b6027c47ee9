"""The local Cognito refuses what AWS refuses, and does what belongs to a call."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from local.emulator import LocalAws
from tests.local.pools import CODE, PASSWORD, TestPool, listed

pytestmark = pytest.mark.local_aws
SCHEMA = [
    {"Name": "plan", "AttributeDataType": "String", "Mutable": True},
    {
        "Name": "born",
        "AttributeDataType": "String",
        "Mutable": False,
        "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "4"},
    },
    {
        "Name": "age",
        "AttributeDataType": "Number",
        "Mutable": True,
        "NumberAttributeConstraints": {"MinValue": "0", "MaxValue": "150"},
    },
    {"Name": "given_name", "AttributeDataType": "String", "Mutable": True, "Required": True},
]
ALIASES = {"AliasAttributes": ["email", "preferred_username"], "AutoVerifiedAttributes": ["email"]}


@pytest.fixture(scope="module")
def pool(aws: LocalAws) -> TestPool:
    return TestPool(aws, settings={"Schema": SCHEMA, "AutoVerifiedAttributes": ["email"]})


@pytest.fixture(scope="module")
def ann(pool: TestPool) -> str:
    return pool.create("ann", email="ann@example.org", **{"custom:born": "2000"})


@pytest.fixture
def aliases(aws: LocalAws) -> TestPool:
    return TestPool(aws, settings=ALIASES)


def update(pool: TestPool, user: str, **attributes: str) -> None:
    pool.admin("admin_update_user_attributes", Username=user, UserAttributes=listed(attributes))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("sub", "x", "Cannot modify the non-mutable attribute sub"),
        ("custom:born", "2001", "custom:born: Attribute cannot be updated"),
        ("custom:none", "x", "custom:none: Attribute does not exist in the schema"),
        ("nickname", "x" * 2049, "length less than or equal to 2048"),
        ("phone_number", "12345", "Invalid phone number format"),
        ("email", "nobody", "Invalid email address format"),
        ("birthdate", "1/2/2000", "birthdate"),
        ("email_verified", "maybe", "email_verified"),
        ("custom:age", "old", "custom:age"),
        ("custom:age", "151", "custom:age"),
    ],
)
def test_an_attribute_is_refused(
    pool: TestPool, ann: str, name: str, value: str, message: str
) -> None:
    before = pool.user(ann)
    with pytest.raises(ClientError, match=f"InvalidParameterException.*{message}"):
        update(pool, ann, **{name: value, "nickname": value if name == "nickname" else "Annie"})
    assert pool.user(ann) == before


def test_creation_has_the_same_rules(pool: TestPool) -> None:
    with pytest.raises(ClientError, match="did not conform to the schema: custom:none"):
        pool.create("cat", **{"custom:none": "x"})
    with pytest.raises(ClientError, match="did not conform to the schema: custom:born"):
        pool.create("cat", **{"custom:born": "20000"})
    with pytest.raises(ClientError, match="given_name: The attribute is required"):
        pool.sign_up("cat", email="cat@example.org")


def test_the_largest_value_is_kept(pool: TestPool, ann: str) -> None:
    value = "\N{PERSON RAISING BOTH HANDS IN CELEBRATION}" * 2048
    update(pool, ann, **{"custom:plan": value})
    assert pool.user(ann)["custom:plan"] == value


def test_a_blank_value_deletes(pool: TestPool, ann: str) -> None:
    update(pool, ann, nickname="Annie")
    update(pool, ann, nickname="", **{"custom:plan": "gold"})
    user = pool.user(ann)
    assert "nickname" not in user
    assert user["custom:plan"] == "gold"


def test_a_name_belongs_to_one_user(pool: TestPool, ann: str, aws: LocalAws) -> None:
    with pytest.raises(ClientError, match=r"UsernameExistsException.*account already exists"):
        pool.create(ann)
    insensitive = TestPool(aws, settings={"UsernameConfiguration": {"CaseSensitive": False}})
    insensitive.create("ann")
    with pytest.raises(ClientError, match="UsernameExistsException"):
        insensitive.create("ANN")
    pool.create("ANN")


def test_an_address_as_username_belongs_to_one_user(aws: LocalAws) -> None:
    pool = TestPool(aws, settings={"UsernameAttributes": ["email"]})
    pool.create("ann@example.org")
    bob = pool.create("bob@example.org")
    with pytest.raises(ClientError, match=r"UsernameExistsException.*given email"):
        pool.sign_up("ann@example.org")
    with pytest.raises(ClientError, match="AliasExistsException"):
        update(pool, bob, email="ann@example.org")


@pytest.mark.parametrize("verified", ["true", "false"])
def test_a_verified_alias_belongs_to_one_user(aliases: TestPool, verified: str) -> None:
    aliases.create("ann", email="a@example.org", email_verified="true")
    new = {"email": "a@example.org", "email_verified": verified}
    aliases.create("bob")
    if verified == "false":
        aliases.create("cat", **new)
        update(aliases, "bob", **new)
        return
    with pytest.raises(ClientError, match="AliasExistsException"):
        aliases.create("cat", **new)
    with pytest.raises(ClientError, match="AliasExistsException"):
        update(aliases, "bob", **new)


def test_a_preferred_username_needs_no_verification(aliases: TestPool) -> None:
    aliases.create("ann", preferred_username="queen")
    with pytest.raises(ClientError, match="AliasExistsException"):
        aliases.create("bob", preferred_username="queen")


def test_confirming_may_not_take_an_alias_unless_forced(aliases: TestPool) -> None:
    aliases.create("ann", email="a@example.org", email_verified="true")
    aliases.sign_up("bob", email="a@example.org")
    with pytest.raises(ClientError, match="AliasExistsException"):
        aliases.confirm("bob")
    assert aliases.user("bob")["status"] == "UNCONFIRMED"
    aliases.confirm("bob", ForceAliasCreation=True)
    assert aliases.user("a@example.org")["username"] == "bob"
    assert aliases.user("ann")["email_verified"] == "false"


@pytest.mark.parametrize("name", ["ann@example.org", "with space", "x" * 129])
def test_a_username_has_a_form(aliases: TestPool, name: str) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        aliases.create(name)


def test_recovery_needs_a_state_and_a_verified_contact(pool: TestPool) -> None:
    pool.create("rec", email="rec@example.org", email_verified="true")
    for operation in (pool.app, pool.admin):
        verb = "forgot_password" if operation == pool.app else "admin_reset_user_password"
        with pytest.raises(ClientError, match=r"NotAuthorizedException.*current state"):
            operation(verb, Username="rec")
    password = {"Username": "rec", "Password": PASSWORD, "Permanent": True}
    pool.admin("admin_set_user_password", **password)
    pool.app("forgot_password", Username="rec")
    update(pool, "rec", email_verified="false")
    with pytest.raises(ClientError, match=r"InvalidParameterException.*no registered/verified"):
        pool.app("forgot_password", Username="rec")
    pool.admin("admin_disable_user", Username="rec")
    with pytest.raises(ClientError, match=r"NotAuthorizedException.*disabled"):
        pool.app("forgot_password", Username="rec")


def test_a_client_that_hides_who_exists_pretends(aws: LocalAws) -> None:
    pool = TestPool(aws, client_settings={"PreventUserExistenceErrors": "ENABLED"})
    pool.create("ann", email="a@example.org", email_verified="false")
    pool.admin("admin_set_user_password", Username="ann", Password=PASSWORD, Permanent=True)
    assert "CodeDeliveryDetails" in pool.app("forgot_password", Username="ann")
    with pytest.raises(ClientError, match="ExpiredCodeException"):
        pool.app(
            "confirm_forgot_password", Username="ann", ConfirmationCode=CODE, Password=PASSWORD
        )


@pytest.mark.parametrize(
    ("given", "users"),
    [
        ('sub ^= "0"', None),
        ('"username" = "ann"', 1),
        ('email = "ann@example.org"', 1),
        ('status = "Enabled"', None),
        ("", None),
    ],
)
def test_a_filter_is_understood(pool: TestPool, ann: str, given: str, users: int | None) -> None:
    found = pool.admin("list_users", **({"Filter": given} if given else {}))["Users"]
    assert users in (None, len(found))


@pytest.mark.parametrize(
    "arguments",
    [
        {"Filter": "username = ann"},
        {"Filter": 'username = "ann" and email = "x"'},
        {"Filter": 'custom:plan = "gold"'},
        {"Filter": 'email != "x"'},
        {"Filter": "nonsense"},
        {"AttributesToGet": ["custom:none"]},
        {"Limit": 61},
    ],
)
def test_a_listing_is_refused(pool: TestPool, arguments: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="InvalidParameterException"):
        pool.admin("list_users", **arguments)


def test_an_app_client_writes_what_it_may(aws: LocalAws) -> None:
    pool = TestPool(
        aws, settings={"Schema": SCHEMA[:1]}, client_settings={"WriteAttributes": ["email", "name"]}
    )
    with pytest.raises(ClientError, match=r"NotAuthorizedException.*unauthorized attribute"):
        pool.sign_up("ann", email="a@example.org", **{"custom:plan": "gold"})
    pool.sign_up("ann", email="a@example.org")
    pool.admin("admin_confirm_sign_up", Username="ann")
    token = pool.token("ann")
    pool.cognito.update_user_attributes(AccessToken=token, UserAttributes=listed({"name": "A"}))
    for name in ("custom:plan", "email_verified"):
        with pytest.raises(ClientError, match=r"NotAuthorizedException.*unauthorized attribute"):
            pool.cognito.update_user_attributes(
                AccessToken=token, UserAttributes=listed({name: "true"})
            )
    update(pool, "ann", **{"custom:plan": "gold"})


def test_an_empty_list_leaves_custom_attributes_writable(aws: LocalAws) -> None:
    pool = TestPool(aws, settings={"Schema": SCHEMA[:1]}, client_settings={"WriteAttributes": []})
    pool.sign_up("ann", **{"custom:plan": "gold"})


def test_a_new_address_is_not_verified(pool: TestPool) -> None:
    pool.create("mia", email="old@example.org", email_verified="true")
    update(pool, "mia", email="new@example.org")
    assert pool.user("mia")["email_verified"] == "false"
    update(pool, "mia", email="newer@example.org", email_verified="true")
    assert pool.user("mia")["email_verified"] == "true"
    update(pool, "mia", email="newer@example.org")
    assert pool.user("mia")["email_verified"] == "true", "the same value changes nothing"


def test_an_address_can_wait_for_its_verification(aws: LocalAws) -> None:
    first = {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    settings = {"AutoVerifiedAttributes": ["email"], "UserAttributeUpdateSettings": first}
    pool = TestPool(aws, settings=settings)
    pool.sign_up("ann", email="old@example.org")
    pool.confirm("ann")
    token = pool.token("ann")
    new = listed({"email": "new@example.org", "name": "Ann"})
    pool.cognito.update_user_attributes(AccessToken=token, UserAttributes=new)
    user = pool.user("ann")
    assert (user["email"], user["email_verified"], user["name"]) == (
        "old@example.org",
        "true",
        "Ann",
    )
    pool.cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=CODE)
    assert pool.user("ann")["email"] == "new@example.org"
    update(pool, "ann", email="third@example.org", email_verified="true")
    assert pool.user("ann")["email"] == "third@example.org"


def test_pages_go_on_where_the_last_one_ended(aws: LocalAws) -> None:
    pool = TestPool(aws)
    names = {f"u{n}" for n in range(7)}
    for name in names:
        pool.create(name)
    first = pool.admin("list_users", Limit=3)
    seen = [user["Username"] for user in first["Users"]]
    pool.admin("admin_delete_user", Username=seen[0])
    token = first["PaginationToken"]
    with pytest.raises(ClientError, match="InvalidParameterException"):
        pool.admin("list_users", Limit=3, PaginationToken=token, Filter='status = "Enabled"')
    while token:
        page = pool.admin("list_users", Limit=3, PaginationToken=token)
        seen += [user["Username"] for user in page["Users"]]
        token = page.get("PaginationToken")
    assert sorted(seen) == sorted(names)


def test_a_filters_value_may_be_escaped(aws: LocalAws) -> None:
    pool = TestPool(aws)
    pool.create("ann", given_name='A"n')
    pool.create("bob", given_name="Bob")
    for given, who in (('given_name = "a\\"N"', "ann"), ('cognito:user_status ^= "force"', "")):
        found = {user["Username"] for user in pool.admin("list_users", Filter=given)["Users"]}
        assert found == ({who} if who else {"ann", "bob"})


def test_capitals_do_not_matter_where_the_pool_says_so(aws: LocalAws) -> None:
    settings = {"UsernameAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": False}}
    pool = TestPool(aws, settings=settings)
    created = pool.create("Ann@example.org")
    assert pool.user("ANN@EXAMPLE.ORG")["username"] == created
    pool.sign_up("Bob@example.org")
    with pytest.raises(ClientError, match="CodeMismatchException"):
        pool.confirm("BOB@example.org", "000000")
    pool.confirm("BOB@example.org")
    with pytest.raises(ClientError, match="UserNotFoundException"):
        TestPool(aws).user("ann")


def test_groups_have_names_and_limits(pool: TestPool) -> None:
    for name in ("", "with space", "x" * 129):
        with pytest.raises((ClientError, ParamValidationError)):
            pool.admin("create_group", GroupName=name)
    group = pool.admin("create_group", GroupName="bare")["Group"]
    assert "Precedence" not in group


def test_no_contact_no_mark(pool: TestPool) -> None:
    with pytest.raises(ClientError, match="Phone number is required to verify"):
        pool.create("nophone", phone_number_verified="true")
