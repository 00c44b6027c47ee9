"""What the function that looks at the pool's configuration may do: read, and keep what it read.

Sources: service authorization reference, "Amazon Cognito User Pools" (DescribeUserPoolDomain knows
no resource); AWS WAF developer guide, "Permissions for GetWebACLForResource".
"""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from cognito_standby.configuration.domain.operations import READ
from cognito_standby.core.domain.subjects import CONFIGURATION_KEY
from stacks.permissions.core import Permission, Targets, allow, only_keys

WITHOUT_RESOURCE = "DescribeUserPoolDomain"


def read_configuration(targets: Targets) -> iam.PolicyStatement:
    """All that is set up in the pool, no user, and which web ACL it has."""
    told = sorted(READ.keys() - {WITHOUT_RESOURCE})
    return allow("cognito-idp", " ".join([*told, "GetWebACLForResource"]), targets.user_pool)


def read_domains(_: Targets) -> iam.PolicyStatement:
    """A domain is asked for by its name: the action knows no resource."""
    return allow("cognito-idp", WITHOUT_RESOURCE, "*")


def find_web_acl(targets: Targets) -> iam.PolicyStatement:
    """Which web ACL the pool has."""
    return allow("wafv2", "GetWebACLForResource", targets.user_pool)


def read_web_acl(targets: Targets) -> iam.PolicyStatement:
    """AWS WAF asks whether the caller may see the one it is; any of the account's may be it."""
    return allow("wafv2", "GetWebACLForResource GetWebACL", targets.web_acls)


def keep_configuration(targets: Targets) -> iam.PolicyStatement:
    """Snapshots and notes of them, and no other items of the records table."""
    actions = "BatchGetItem Query PutItem DeleteItem"
    return only_keys(allow("dynamodb", actions, targets.records), CONFIGURATION_KEY)


def see_deployments(targets: Targets) -> iam.PolicyStatement:
    """When the Region's own stack was last changed."""
    return allow("cloudformation", "DescribeStacks", targets.own_stack)


SNAPSHOT: tuple[Permission, ...] = (
    *(
        read_configuration,
        read_domains,
        find_web_acl,
        read_web_acl,
        keep_configuration,
        see_deployments,
    ),
)
