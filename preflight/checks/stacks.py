"""Stacks that cannot be deployed over, what was kept of earlier ones, the log role. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from deploying.plan import ROLLED_BACK
from preflight.findings import Finding, Severity
from preflight.ports import Stack
from preflight.wanted import Wanted
from stacks.names import DATA

STACKS, KEPT, LOG_ROLE = "stacks", "kept-resources", "gateway-log-role"

_DELETE_FIRST = (*ROLLED_BACK, "CREATE_FAILED", "DELETE_FAILED")
_NEVER_MADE = (*ROLLED_BACK, "CREATE_FAILED", "REVIEW_IN_PROGRESS")
"""Nothing of such a stack is in use: what bears its names was there before, or was kept."""


def judge_stack(region: str, stack: Stack | None) -> list[Finding]:
    """The state of a stack lets it be deployed."""
    if stack is None:
        return []
    severity = Severity.REFUSES
    if stack.status in ROLLED_BACK and not stack.protected:
        severity = Severity.WARNS
        consequence = "The deployment deletes it first; whatever failed may fail again."
        command = _events(region, stack)
    elif stack.status in _DELETE_FIRST:
        consequence = "A stack in this state cannot be deployed again."
        command = _deletion(region, stack)
    elif stack.status == "UPDATE_ROLLBACK_FAILED":
        consequence = "A stack in this state cannot be updated until its rollback ends."
        command = (
            f"aws cloudformation continue-update-rollback --stack-name {stack.name} "
            f"--region {region}"
        )
    elif stack.status.endswith("_IN_PROGRESS") and stack.status != "REVIEW_IN_PROGRESS":
        consequence = "Somebody is changing it: a deployment now would fail."
        command = _events(region, stack)
    else:
        return []
    what = f"the stack {stack.name} is in {stack.status}"
    return [Finding(STACKS, region, severity, what, consequence, command)]


def _events(region: str, stack: Stack) -> str:
    return f"aws cloudformation describe-stack-events --stack-name {stack.name} --region {region}"


def _deletion(region: str, stack: Stack) -> str:
    where = f"--stack-name {stack.name} --region {region}"
    unlock = (
        "aws cloudformation update-termination-protection --no-enable-termination-protection "
        f"{where}\n"
        if stack.protected
        else ""
    )
    return (
        f"{unlock}aws cloudformation delete-stack {where}\n"
        f"aws cloudformation wait stack-delete-complete {where}"
    )


@dataclass(frozen=True)
class Kept:
    """Something that bears a name of ours and belongs to no stack."""

    kind: str
    name: str


def never_made(stack: Stack | None) -> bool:
    """Whether a deployment will create the stack."""
    return stack is None or stack.status in _NEVER_MADE


def judge_kept(region: str, stack: str, kept: tuple[Kept, ...], pools: str = "") -> list[Finding]:
    """What has the names that a new stack is about to give. Tables and buckets are taken into the
    stack; a pool cannot be, because its name is not what identifies it.

    pools  how the kept pools are taken over; "": it is not known which
    """
    return [
        Finding(
            KEPT,
            region,
            Severity.REFUSES if one.kind == POOL else Severity.WARNS,
            f"{one.kind} {one.name} is there, and the stack {stack} is not",
            _WHY_POOL if one.kind == POOL else _WHY,
            advice=f"{pools if one.kind == POOL else ''}{_RUNBOOK}",
        )
        for one in kept
    ]


def name_pools(wanted: Wanted, named: Sequence[Sequence[str]]) -> str:
    """The pools of both Regions as the config has them. `named`: the ids of all that have the name,
    by Region; "" where a person has to choose, or to make one."""
    if [len(ids) for ids in named] != [1, 1]:
        return ""
    keys = ("primary_user_pool_id", "backup_user_pool_id")
    told = json.dumps(dict(zip(keys, (ids[0] for ids in named), strict=True)))
    return f'to take both over, edit {wanted.config_file}: "pools": {told}\n'


_RUNBOOK = "docs/runbooks/reinstall.md tells how to take it over, or to be rid of it"
POOL = "the user pool"
_WHY = "The deployment takes it into the stack with all that is in it."
_WHY_POOL = "A second pool of the same name would be made, empty, beside the people in this one."


def judge_former(wanted: Wanted, *, stack: bool, replica: bool) -> list[Finding]:
    """No standby of before is left in the primary Region's account, where two accounts are wanted.

    stack    the backup Region's stack stands there
    replica  the data stack stands there, and in the backup Region a table of its name
    """
    region = wanted.regions[1]
    if not (stack or replica):
        return []
    what = f"the stack {wanted.names.stack(region)}" if stack else "a replica of the records table"
    return [
        Finding(
            STACKS,
            region,
            Severity.REFUSES,
            f"{what} is in {wanted.account}, and backup_account is {wanted.backup_account}",
            "The deployment would take the replica out of the table, and delete it with its items; "
            "no second account joins a table that has one.",
            advice="docs/runbooks/second-account.md tells how an installation is moved",
        )
    ]


def judge_left_out(wanted: Wanted, *, replica: bool) -> list[Finding]:
    """Of one account: the data stack that stands has its replica here. Otherwise that is in a
    second account, which the config does not name any more."""
    region = wanted.regions[1]
    if replica:
        return []
    return [
        Finding(
            STACKS,
            region,
            Severity.REFUSES,
            f"{wanted.names.stack(DATA)} stands, and {region} has no table "
            f"{wanted.names.records_table} in {wanted.account}",
            f"Was backup_account taken out of {wanted.config_file}? A second, empty standby would "
            "be made beside the one there.",
            advice="docs/runbooks/second-account.md tells the way back to one account",
        )
    ]


def judge_log_role(wanted: Wanted, region: str, role: str | None) -> list[Finding]:
    """API Gateway can write its access log. A role that is there is never replaced: the stack that
    makes one sets it only where there is none (tasks/gateway_log_role.py)."""
    if wanted.sets_log_role or role:
        return []
    return [
        Finding(
            LOG_ROLE,
            region,
            Severity.REFUSES,
            'API Gateway has no role for its logs, and admin_api.log_role is "existing"',
            "The Admin API's stage, which has an access log, cannot be made.",
            "aws apigateway update-account --patch-operations "
            f"op=replace,path=/cloudwatchRoleArn,value=<role ARN> --region {region}",
            advice=f'or edit {wanted.config_file}: "admin_api": {{"log_role": "create"}}',
        )
    ]
