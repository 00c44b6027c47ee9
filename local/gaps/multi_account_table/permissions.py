"""Whether the replication service may replicate for a table: its policy's word, and its key's.

What the judge does not know is not allowed, and noted: the run fails.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from local.gaps.multi_account_table.group import Hindrance, Member
from local.rights.enforcing import Rights
from local.rights.judge import decide
from local.rights.model import (
    Access,
    Administrator,
    Principal,
    ServicePrincipal,
    UnknownToJudgeError,
)
from local.rights.own_policies import as_text, at, policy_text
from local.rights.policies import parse

SERVICE = "replication.dynamodb.amazonaws.com"
_DATA = ("ReadDataForReplication", "WriteDataForReplication", "ReplicateSettings")
"""Each replica lets the service do this for all replicas, itself included."""
_KEY = ("Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "DescribeKey")


def missing(rights: Rights, member: Member, members: tuple[Member, ...], policy: Any = None) -> str:
    """The first right on a table that the service lacks for one of the members; "": none.
    `policy`: that of a table that is yet to be made."""
    text = as_text(policy or _own(member.arn))
    return _lacking(rights, text, member.arn, "dynamodb", _DATA, members)


def missing_on_key(rights: Rights, key: str, members: tuple[Member, ...]) -> str:
    """The same of a customer's key; "" without one."""
    return _lacking(rights, _own(key), key, "kms", _KEY, members) if key else ""


def may_join(rights: Rights, member: Member, account: str) -> bool:
    """Whether a member's policy lets an account associate a replica."""
    who = Administrator(account)
    return _may(rights, _own(member.arn), "dynamodb:AssociateTableReplica", member.arn, who)


def hindrance(
    rights: Rights, member: Member, members: tuple[Member, ...], key: str
) -> Hindrance | None:
    """What keeps a replica from replicating now."""
    if missing(rights, member, members):
        return Hindrance.NOT_AUTHORIZED
    return Hindrance.KEY if missing_on_key(rights, key, members) else None


def _own(arn: str) -> str:
    with at(arn):
        return as_text(policy_text(arn) or "")


def _lacking(
    rights: Rights,
    text: str,
    resource: str,
    service: str,
    names: tuple[str, ...],
    members: tuple[Member, ...],
) -> str:
    for action in (f"{service}:{name}" for name in names):
        for source in members:
            who = ServicePrincipal(SERVICE, source.arn, source.account)
            if not _may(rights, text, action, resource, who):
                return f"{action} (source {source.arn})"
    return ""


def _may(rights: Rights, text: str, action: str, resource: str, who: Principal) -> bool:
    if not rights.enforced:
        return True
    try:
        return _allowed(text, action, resource, who)
    except UnknownToJudgeError as error:
        rights.unknown(f"{error} (asked for replication)")
        return False


@lru_cache(maxsize=2048)
def _allowed(text: str, action: str, resource: str, who: Principal) -> bool:
    policy = parse(json.loads(text), f"the policy of {resource}") if text else None
    return decide(Access(action, resource), who, resource_policy=policy).allowed
