"""Each test fails once the emulator refuses by itself what our gap refuses: then drop that part."""

import json
from typing import Any

import pytest

from tests.local.conftest import REGION, BareAws, eventually, unique
from tests.local.lifecycle.trials import KEEPING, bucket, global_table, pool, table

pytestmark = pytest.mark.local_aws


def create(bare: BareAws, resources: dict[str, Any], name: str = "") -> tuple[str, str]:
    """A stack, and the status it ends in."""
    client, name = bare.client("cloudformation", REGION), name or unique("stack")
    client.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))
    return name, settled(bare, name)


def settled(bare: BareAws, name: str) -> str:
    client = bare.client("cloudformation", REGION)

    def status() -> Any:
        found = client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        return None if found.endswith("IN_PROGRESS") else found

    return str(eventually(status))


def deleted(bare: BareAws, name: str) -> bool:
    """Whether the deletion of a stack went through."""
    client = bare.client("cloudformation", REGION)
    stack_id = client.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
    client.delete_stack(StackName=name)
    return settled(bare, stack_id) == "DELETE_COMPLETE"


def test_a_taken_name_is_taken_again(bare: BareAws) -> None:
    wanted = {"Table": table(unique("table"))}
    assert [create(bare, wanted)[1] for _ in range(2)] == ["CREATE_COMPLETE"] * 2


def test_a_protected_table_goes(bare: BareAws) -> None:
    name, _ = create(bare, {"Table": table(unique("table"), DeletionProtectionEnabled=True)})
    assert deleted(bare, name)


def test_a_protected_pool_goes(bare: BareAws) -> None:
    name, _ = create(bare, {"Pool": pool(protected=True)})
    assert deleted(bare, name)
    cognito = bare.client("cognito-idp", REGION)
    made = cognito.create_user_pool(PoolName=unique(), DeletionProtection="ACTIVE")
    cognito.delete_user_pool(UserPoolId=made["UserPool"]["Id"])


def test_a_full_bucket_goes(bare: BareAws) -> None:
    held = unique("bucket")
    name, _ = create(bare, {"Bucket": bucket(held)})
    bare.client("s3", REGION).put_object(Bucket=held, Key="one", Body=b"1")
    assert deleted(bare, name)


def test_a_rolled_back_stack_is_created_over(bare: BareAws) -> None:
    held = unique("bucket")
    create(bare, {"Bucket": bucket(held)})
    name, status = create(bare, {"Bucket": bucket(held)})
    assert status == "ROLLBACK_COMPLETE"
    assert create(bare, {"Table": table(unique("table"))}, name)[1] == "CREATE_COMPLETE"


def test_a_global_table_is_not_imported(bare: BareAws) -> None:
    held, client = unique("table"), bare.client("cloudformation", REGION)
    wanted = {"Table": global_table(held, KEEPING, REGION)}
    name, _ = create(bare, wanted)
    assert deleted(bare, name)
    stack = unique("stack")
    made = client.create_change_set(
        StackName=stack,
        ChangeSetName="one",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps({"Resources": wanted}),
        ImportExistingResources=True,
    )
    told = eventually(lambda: _changes(client, made["Id"]))
    assert [one["ResourceChange"]["Action"] for one in told] == ["Add"]


def _changes(client: Any, change_set: str) -> Any:
    return client.describe_change_set(ChangeSetName=change_set).get("Changes")


def test_a_global_table_is_replaced_and_a_schema_changed(bare: BareAws) -> None:
    client = bare.client("cloudformation", REGION)
    table_of = global_table(unique("table"), KEEPING, REGION)
    one = {"Name": "one", "AttributeDataType": "String", "Mutable": True}
    people = pool(protected=False)
    people["Properties"]["Schema"] = [one]
    name, _ = create(bare, {"Table": table_of, "Pool": people})
    numbers = [{"AttributeName": "id", "AttributeType": "N"}]
    table_of["Properties"]["AttributeDefinitions"] = numbers
    people["Properties"]["Schema"] = [{**one, "Mutable": False}]
    wanted = {"Resources": {"Table": table_of, "Pool": people}}
    client.update_stack(StackName=name, TemplateBody=json.dumps(wanted))
    assert settled(bare, name) == "UPDATE_COMPLETE"
