"""Groups' IAM roles. The groups themselves are replicated (docs/fidelity.md)."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part
from cognito_standby.core.domain.groups import is_of_provider

UNMAPPED = Matter(
    *("group-role-unmapped", Severity.LOSES),
    "a group has an IAM role that is mapped to none of the backup's",
    "The group comes without a role: its people get no credentials, or other ones, from an "
    "identity pool.",
)
OTHER = Matter(
    *("group-role-other", Severity.INCONVENIENT),
    "a group has another IAM role in the backup than the configuration maps",
    "Its people have the rights of that role until a replay sets the mapped one.",
)


def roles(case: Case) -> Iterator[Finding]:
    """Where the configuration is not known, a role that the backup's group has counts as mapped."""
    theirs = case.backup[Part.GROUPS]
    for name, group in sorted(case.primary[Part.GROUPS].items()):
        role = group.get("RoleArn")
        if not role or is_of_provider(name):
            continue
        there = str((theirs.get(name) or {}).get("RoleArn") or "")
        meant = (case.plan.roles or {}).get(role)
        mend = (
            f'cdk.json, group_roles: {{"primary": "{role}", "backup": "<ARN of its role there>"}}',
        )
        if meant is None and (case.plan.roles is not None or not there):
            yield Finding(UNMAPPED, name, (role, there or "none"), mend)
        elif meant and there and there != meant:
            yield Finding(OTHER, name, (f"{role}, mapped to {meant}", there), mend)


RULES = (Rule(roles, (Part.GROUPS,)),)
