"""The role of `standby drill`, which assumes it: whoever rehearses needs no other right."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.explained import explain, explain_patterns
from stacks.constructs.machines.dr_role import trusted
from stacks.names import Names
from stacks.permissions.drill import statements

_NO_RESOURCES = (
    "Of no pool in particular: CreateUserPool is bound to the tag that it gives, and ListUserPools "
    "tells names and ids alone."
)


class DrillRole(Construct):
    """The stack's output names it. Who may assume it is said as with the role of a failover."""

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        principals: Sequence[str],
        user_pool: str,
        kms_key: str | None,
    ) -> None:
        super().__init__(scope, "Drill")
        self.role = iam.Role(
            self,
            "Role",
            description="Rehearses in a throw-away pool; writes to nothing else",
            assumed_by=trusted(principals),
        )
        allowed = statements(Stack.of(self), names, user_pool=user_pool, kms_key=kms_key)
        for statement in allowed:
            self.role.add_to_policy(statement)
        explain_patterns(self.role, allowed)
        explain(self.role, "*", _NO_RESOURCES)
