"""What a rehearsal may do: make pools with its tag, work on those alone, and read.

Nothing here writes to a table, a parameter, the bus or a machine, and of the bucket only notes and
reports of rehearsals. The tag cannot be put onto a pool that exists: TagResource is not granted.

Condition keys: service authorization reference, "Amazon Cognito User Pools" (aws:RequestTag of
CreateUserPool, aws:ResourceTag of the resource userpool).
"""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from cognito_standby.core.domain.ledger_keys import BY_SHARD
from cognito_standby.core.domain.subjects import ERASED_KEY
from cognito_standby.recovery.domain.rehearsal_marks import NOTES, TAG
from stacks.names import Names
from stacks.permissions.core import allow, only_keys

_ON_ITS_POOLS = (
    "DescribeUserPool DeleteUserPool CreateUserPoolClient ListIdentityProviders "
    "GetGroup CreateGroup UpdateGroup AdminCreateUser AdminGetUser "
    "AdminUpdateUserAttributes AdminDisableUser AdminSetUserPassword AdminAddUserToGroup "
    "AdminListGroupsForUser AdminInitiateAuth"
)


def statements(
    stack: Stack, names: Names, *, user_pool: str, kms_key: str | None
) -> list[iam.PolicyStatement]:
    """In this Region."""

    def arn(service: str, resource: str, name: str) -> str:
        return stack.format_arn(service=service, resource=resource, resource_name=name)

    made = allow("cognito-idp", "CreateUserPool", "*")
    made.add_condition("StringEquals", {f"aws:RequestTag/{TAG}": names.installation})
    tagged = allow("cognito-idp", _ON_ITS_POOLS, arn("cognito-idp", "userpool", "*"))
    tagged.add_condition("StringEquals", {f"aws:ResourceTag/{TAG}": names.installation})
    records, ledger = (
        arn("dynamodb", "table", t) for t in (names.records_table, names.ledger_table)
    )
    bucket = f"arn:{stack.partition}:s3:::{names.run_bucket(stack.account, stack.region)}"
    listed = allow("s3", "ListBucket", bucket)
    listed.add_condition("StringLike", {"s3:prefix": f"{NOTES}*"})
    found = [
        made,
        tagged,
        allow("cognito-idp", "ListUserPools", "*"),
        allow("cognito-idp", "DescribeUserPool GetUserPoolMfaConfig ListGroups", user_pool),
        allow("dynamodb", "BatchGetItem", records),
        allow("dynamodb", "Query", f"{records}/index/{BY_SHARD}"),
        only_keys(allow("dynamodb", "BatchGetItem", ledger), f"{ERASED_KEY}*"),
        listed,
        allow("s3", "GetObject PutObject", f"{bucket}/{NOTES}*"),
    ]
    return [*found, allow("kms", "Decrypt GenerateDataKey", kms_key)] if kms_key else found
