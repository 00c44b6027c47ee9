"""The role of whoever fails over, apart from administration."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.explained import explain
from stacks.constructs.machines.state_machines import MACHINES
from stacks.names import Names
from stacks.permissions.disaster_recovery import statements

_HOURS = 4
"""A session outlasts the longest look that one person takes at a failover."""

_REASON = (
    "Its Region, because it is for both and must work while one is dark; its machines' executions "
    "and reports, whose names are made as they go; CloudWatch's figures know no resources."
)


class DrRole(Construct):
    """`<installation>-dr-<Region>`: each Region's stack has one, so that neither needs the other.

    IAM itself is global, but roles that exist are assumed by a Region's own STS, whatever else is
    dark (IAM user guide, "Manage AWS STS in an AWS Region").
    """

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        region: str,
        regions: Sequence[str],
        principals: Sequence[str],
        user_pool: str,
        kms_key: str | None,
    ) -> None:
        super().__init__(scope, "DisasterRecovery")
        self.role = iam.Role(
            self,
            "Role",
            role_name=names.dr_role(region),
            description="Fails over: starts fail_over and stand_down, and reads what is checked",
            assumed_by=trusted(principals),
            max_session_duration=Duration.hours(_HOURS),
        )
        allowed = statements(
            Stack.of(self),
            names,
            regions=regions,
            machines=[machine.name for machine in MACHINES],
            user_pool=user_pool,
            kms_key=kms_key,
        )
        for statement in allowed:
            self.role.add_to_policy(statement)
        for resource in sorted({one for each in allowed for one in each.resources if "*" in one}):
            explain(self.role, resource, _REASON)


def trusted(principals: Sequence[str]) -> iam.CompositePrincipal:
    """Who may assume a role of ours. Without principals the account's own policies decide, and
    nobody has that right but administrators, until one is given it."""
    named = [iam.ArnPrincipal(arn) for arn in principals]
    return iam.CompositePrincipal(*(named or [iam.AccountRootPrincipal()]))
