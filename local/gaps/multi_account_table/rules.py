"""What is refused of a replica in another account: code and text, or None.

Sources: DynamoDB developer guide, "How DynamoDB global tables work" and "DynamoDB global tables
security" (multi-account); API reference, CreateTable and UpdateTable. The texts are guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.gaps.multi_account_table.group import Group, Member

Refusal = tuple[str, str]
ENABLED = "ENABLED"
_DENIED = "AccessDeniedException"


@dataclass(frozen=True)
class Source:
    """The table that is to be joined."""

    member: Member
    replicates_settings: bool
    """Its `GlobalTableSettingsReplicationMode` is ENABLED."""
    of_one_account: bool
    """It has replicas in its own account."""
    strong: bool
    """MRSC."""
    managed_key: bool
    """It is encrypted with the account's own AWS managed key."""
    group: Group | None = None


def _invalid(text: str) -> Refusal:
    return "ValidationException", text


GONE = ("ResourceNotFoundException", "Requested resource not found: the source table is not there")


def joining(asked: Mapping[str, Any], replica: Member, source: Source | None) -> Refusal | None:
    """What the request itself, and where it comes from, forbids. `asked`: of CreateTable."""
    if asked.get("GlobalTableSettingsReplicationMode") != ENABLED:
        return _invalid(
            "GlobalTableSettingsReplicationMode must be ENABLED for another account's replica"
        )
    if source is None:
        return GONE
    if replica.name != source.member.name:
        return _invalid("A replica must have the name of its source table")
    if given := sorted(
        asked.keys()
        & {"KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"}
    ):
        return _invalid(
            f"{', '.join(given)} must not be given: a replica has those of its source table"
        )
    return _of_source(source) or _of_place(replica, source)


def _of_source(source: Source) -> Refusal | None:
    if source.strong:
        return _invalid(
            "Multi-Region strong consistency does not support replicas in several accounts"
        )
    if source.of_one_account:
        return _invalid(
            "The source table has replicas in its own account: it must be in a single Region"
        )
    if source.managed_key:
        return _invalid("Multi-account global tables do not support AWS managed keys")
    if not source.replicates_settings:
        return _invalid("The source table's GlobalTableSettingsReplicationMode is not ENABLED")
    return None


def _of_place(replica: Member, source: Source) -> Refusal | None:
    members = source.group.members if source.group else (source.member,)
    if replica.account in {each.account for each in members}:
        return _invalid(
            f"The account {replica.account} has a replica already: each needs an account of its own"
        )
    if replica.region in {each.region for each in members}:
        return _invalid(f"There is a replica in {replica.region} already")
    return None


def unlet(replica: Member, member: Member) -> Refusal:
    """A member's policy does not let the account join."""
    told = f"User: arn:aws:iam::{replica.account}:root is not authorized to perform: "
    told += f"dynamodb:AssociateTableReplica on resource: {member.arn}"
    return (
        _DENIED,
        f"{told} because no resource-based policy allows the dynamodb:AssociateTableReplica action",
    )


def unauthorized(member: Member, missing: str) -> Refusal:
    """A replica's policy, or its key's, does not let the replication service in."""
    return (
        _DENIED,
        f"The replication service is not authorized to perform {missing} on {member.arn}",
    )


OF_REPLICAS = _invalid(
    "Replicas in other accounts are made and deleted by those accounts: ReplicaUpdates cannot"
)
ALONE = _invalid("Disassociate must be the only replica update of the request")
"""UpdateTable, on a table with replicas in other accounts."""


def disassociating(
    wanted: Mapping[str, Any], region: str, *, protected: bool, associated: bool, able: bool
) -> Refusal | None:
    """UpdateTable with `Disassociate`: of the local replica, by its own account. `able`: what is
    under way can arrive, which is waited for."""
    if not associated or wanted.get("RegionName") != region:
        return _invalid("Only the local replica of a global table can be disassociated")
    if wanted.get("DisassociationMode") != "WAIT_FOR_REPLICATION":
        return _invalid("DisassociationMode must be WAIT_FOR_REPLICATION")
    if protected:
        return _invalid("The replica is protected: turn DisassociationProtectionEnabled off first")
    if not able:
        return _invalid("Replication is not authorized: resolve that before disassociating")
    return None
