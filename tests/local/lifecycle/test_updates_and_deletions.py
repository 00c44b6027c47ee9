"""Updates that are refused or rolled back, and deletions that are."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import LocalAws
from local.formation import DeployError
from tests.local.conftest import REGION, unique
from tests.local.lifecycle.trials import (
    DELETING,
    EXCEPT_ON_CREATE,
    KEEPING,
    Account,
    after,
    bucket,
    code_of,
    global_table,
    pool,
    table,
)

pytestmark = pytest.mark.local_aws
OTHER = "ap-northeast-1"


def test_a_replacement_under_a_fixed_name_is_refused(account: Account) -> None:
    stack, name = unique("stack"), unique("table")
    account.deploy(stack, {"Table": table(name)})
    account.put(name)
    numbers = [{"AttributeName": "id", "AttributeType": "N"}]
    with pytest.raises(DeployError, match="custom-named resource requires replacing"):
        account.deploy(stack, {"Table": table(name, AttributeDefinitions=numbers)})
    assert account.status(stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert account.keys(name) == ["a"]


def test_a_global_table_is_not_replaced_either(account: Account) -> None:
    stack, name = unique("stack"), unique("table")
    wanted = global_table(name, KEEPING, REGION, OTHER)
    account.deploy(stack, {"Table": wanted})
    account.put(name)
    numbers = [{"AttributeName": "id", "AttributeType": "N"}]
    changed = {**wanted["Properties"], "AttributeDefinitions": numbers}
    with pytest.raises(DeployError, match="custom-named resource requires replacing"):
        account.deploy(stack, {"Table": {**wanted, "Properties": changed}})
    assert account.keys(name) == ["a"]


def test_a_rule_of_a_fixed_name_stays_on_its_bus(aws: LocalAws, account: Account) -> None:
    events, (stack, name) = aws.client("events", REGION), (unique("stack"), unique("rule"))
    buses = [unique("bus") for _ in range(2)]
    for bus in buses:
        events.create_event_bus(Name=bus)

    def rule(bus: str, **more: str) -> dict[str, Any]:
        pattern = {"source": [name]}
        properties = {"EventBusName": bus, "EventPattern": pattern, **more}
        return {"Rule": {"Type": "AWS::Events::Rule", "Properties": properties}}

    def counts() -> list[int]:
        return [len(events.list_rules(EventBusName=bus)["Rules"]) for bus in buses]

    account.deploy(stack, rule(buses[0], Name=name))
    account.deploy(stack, rule(buses[0], Name=name, Description="in place"))
    with pytest.raises(DeployError, match="custom-named resource requires replacing"):
        account.deploy(stack, rule(buses[1], Name=name))
    assert counts() == [1, 0]
    account.deploy(stack, rule(buses[1], Name=unique("rule")))
    assert counts() == [0, 1]

    unnamed = unique("stack")
    account.deploy(unnamed, rule(buses[0]))
    account.deploy(unnamed, rule(buses[1]))
    assert counts() == [0, 2]
    account.delete(unnamed)
    assert counts() == [0, 1]


def test_attributes_of_a_pool_are_added_and_never_changed(account: Account) -> None:
    stack, wanted = unique("stack"), pool(protected=False)
    one = {"Name": "one", "AttributeDataType": "String", "Mutable": True}

    def deploy(*schema: dict[str, Any]) -> None:
        properties = {**wanted["Properties"], "Schema": list(schema)}
        account.deploy(stack, {"Pool": {**wanted, "Properties": properties}})

    deploy(one)
    deploy(one, {**one, "Name": "two"})
    for schema in ((one,), (one, {**one, "Name": "two", "Mutable": False})):
        with pytest.raises(DeployError, match="cannot be modified or deleted"):
            deploy(*schema)
        assert account.status(stack) == "UPDATE_ROLLBACK_COMPLETE"


def test_a_failed_update_is_rolled_back_and_deletes_nothing(account: Account, taken: str) -> None:
    stack, name = unique("stack"), unique("table")
    account.deploy(stack, {"Table": table(name, EXCEPT_ON_CREATE)})
    account.put(name)
    new = unique("new")
    wanted = {
        "Table": table(name, EXCEPT_ON_CREATE, DeletionProtectionEnabled=True),
        "New": table(new, EXCEPT_ON_CREATE),
        "Fails": after(table(taken), "Table", "New"),
    }
    with pytest.raises(DeployError):
        account.deploy(stack, wanted, import_existing=False)
    assert account.status(stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert account.keys(name) == ["a"]
    assert not account.has_table(new)
    described = account.dynamodb.describe_table(TableName=name)["Table"]
    assert described["DeletionProtectionEnabled"] is False


@pytest.mark.parametrize(("policy", "stays"), [(DELETING, False), (EXCEPT_ON_CREATE, True)])
def test_what_leaves_the_template_goes_by_its_policy(
    account: Account, policy: str, stays: bool
) -> None:
    stack, name, other = unique("stack"), unique("table"), unique("other")
    account.deploy(stack, {"Table": table(name, policy), "Other": table(other)})
    account.deploy(stack, {"Other": table(other)})
    assert account.has_table(name) is stays


@pytest.mark.parametrize("policy", [EXCEPT_ON_CREATE, KEEPING])
def test_a_deleted_stack_leaves_what_its_policies_keep(account: Account, policy: str) -> None:
    stack, kept, gone = unique("stack"), unique("kept"), unique("gone")
    account.deploy(stack, {"Kept": table(kept, policy), "Gone": table(gone)})
    account.delete(stack)
    assert (account.has_table(kept), account.has_table(gone)) == (True, False)


def test_a_protected_stack_is_not_deleted(account: Account) -> None:
    stack, name = unique("stack"), unique("table")
    account.deploy(stack, {"Table": table(name)}, protected=True)
    with pytest.raises(DeployError, match="TerminationProtection is enabled"):
        account.delete(stack)
    account.deploy(stack, {"Table": table(name)})
    account.delete(stack)
    assert not account.has_table(name)


def test_a_protected_table_stays_with_its_stack(account: Account) -> None:
    stack, name, gone = unique("stack"), unique("table"), unique("gone")
    wanted = {
        "Table": table(name, DeletionProtectionEnabled=True),
        "Gone": after(table(gone), "Table"),
    }
    account.deploy(stack, wanted)
    with pytest.raises(DeployError, match=r"Table .*protected against deletion"):
        account.delete(stack)
    assert account.status(stack) == "DELETE_FAILED"
    assert (account.has_table(name), account.has_table(gone)) == (True, False)


def test_what_a_resource_needs_stays_with_it(account: Account) -> None:
    """However far away; and both go once nothing keeps them."""
    stack, needed, between, name = (unique(each) for each in ("stack", "needed", "between", "kept"))
    wanted = {
        "Needed": table(needed),
        "Between": after(table(between), "Needed"),
        "Stays": after(table(name, DeletionProtectionEnabled=True), "Between"),
    }
    account.deploy(stack, wanted)
    with pytest.raises(DeployError, match=r"Stays .*protected against deletion"):
        account.delete(stack)
    assert [account.has_table(each) for each in (needed, between, name)] == [True] * 3
    account.dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
    account.delete(stack)
    assert [account.has_table(each) for each in (needed, between, name)] == [False] * 3


def test_one_protected_replica_keeps_them_all(aws: LocalAws, account: Account) -> None:
    stack, name, other = unique("stack"), unique("table"), Account(aws, OTHER)
    wanted = {"Table": global_table(name, DELETING, REGION, OTHER)}
    account.deploy(stack, wanted)
    other.dynamodb.update_table(TableName=name, DeletionProtectionEnabled=True)
    with pytest.raises(DeployError, match=f"{name} in {OTHER}"):
        account.delete(stack)
    assert (account.has_table(name), other.has_table(name)) == (True, True)


def test_an_update_protects_every_replica(aws: LocalAws, account: Account) -> None:
    stack, name, other = unique("stack"), unique("table"), Account(aws, OTHER)
    account.deploy(stack, {"Table": global_table(name, DELETING, REGION, OTHER)})
    account.deploy(stack, {"Table": global_table(name, DELETING, REGION, OTHER, protected=True)})
    for region in (account, other):
        told = region.dynamodb.describe_table(TableName=name)["Table"]
        assert told["DeletionProtectionEnabled"] is True


def test_a_protected_pool_stays_whoever_asks(account: Account) -> None:
    stack = unique("stack")
    account.deploy(stack, {"Pool": pool(protected=True)})
    resources = account.cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    pool_id = resources[0]["PhysicalResourceId"]
    with pytest.raises(DeployError, match="deletion protection is activated"):
        account.delete(stack)
    with pytest.raises(ClientError) as refused:
        account.cognito.delete_user_pool(UserPoolId=pool_id)
    assert code_of(refused.value) == "InvalidParameterException"
    account.cognito.update_user_pool(UserPoolId=pool_id, DeletionProtection="INACTIVE")
    account.delete(stack)
    with pytest.raises(ClientError):
        account.cognito.describe_user_pool(UserPoolId=pool_id)


def test_a_bucket_goes_only_when_it_is_empty(account: Account) -> None:
    stack, name = unique("stack"), unique("bucket")
    account.deploy(stack, {"Bucket": bucket(name)})
    account.s3.put_object(Bucket=name, Key="one", Body=b"1")
    with pytest.raises(DeployError, match="not empty"):
        account.delete(stack)
    assert account.status(stack) == "DELETE_FAILED"
    account.s3.delete_object(Bucket=name, Key="one")
    account.delete(stack)
    assert not account.has_bucket(name)


def test_a_bucket_of_versions_and_delete_markers_is_not_empty(account: Account) -> None:
    stack, name = unique("stack"), unique("bucket")
    account.deploy(stack, {"Bucket": bucket(name)})
    enabled = {"Status": "Enabled"}
    account.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=enabled)
    account.s3.put_object(Bucket=name, Key="one", Body=b"1")
    account.s3.delete_object(Bucket=name, Key="one")
    assert "Contents" not in account.s3.list_objects_v2(Bucket=name)
    with pytest.raises(DeployError, match="not empty"):
        account.delete(stack)
    assert account.status(stack) == "DELETE_FAILED"

    held = account.s3.list_object_versions(Bucket=name)
    (version,), (marker,) = held["Versions"], held["DeleteMarkers"]
    account.s3.delete_object(Bucket=name, Key="one", VersionId=version["VersionId"])
    with pytest.raises(DeployError, match="not empty"):
        account.delete(stack)
    account.s3.delete_object(Bucket=name, Key="one", VersionId=marker["VersionId"])
    account.delete(stack)
    assert not account.has_bucket(name)


def test_dependents_go_first(account: Account) -> None:
    stack = unique("stack")
    wanted = {"A": table(unique("a")), "B": after(table(unique("b")), "A")}
    account.deploy(stack, wanted)
    stack_id = account.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackId"]
    account.delete(stack)
    events = account.cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"]
    gone = [e["LogicalResourceId"] for e in events if e["ResourceStatus"] == "DELETE_COMPLETE"]
    assert [one for one in reversed(gone) if one in ("A", "B")] == ["B", "A"]


@pytest.mark.parametrize(("policy", "stays"), [(DELETING, False), (KEEPING, True)])
def test_what_is_replaced_goes_by_its_own_policy(
    account: Account, policy: str, stays: bool
) -> None:
    """UpdateReplacePolicy, whatever DeletionPolicy says: another name is another table."""
    stack, old, new = unique("stack"), unique("old"), unique("new")
    other = DELETING if stays else KEEPING
    account.deploy(stack, {"Table": {**table(old, other), "UpdateReplacePolicy": policy}})
    account.put(old)
    account.deploy(stack, {"Table": {**table(new, other), "UpdateReplacePolicy": policy}})
    assert (account.has_table(old), account.has_table(new)) == (stays, True)
