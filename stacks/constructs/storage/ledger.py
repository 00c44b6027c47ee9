"""The ledger: a Region's own table of who is who and what was written to its pool."""

from __future__ import annotations

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from cognito_standby.core.domain.ledger_keys import BY_ATTENTION, BY_SHARD
from stacks.constructs.storage.keeping import Keep
from stacks.constructs.storage.tables import own_table, string
from stacks.names import Names

ATTENTION_ATTRIBUTES = ("state", "reason", "lease_holder", "lease_expires_at")
SHARD_ATTRIBUTES = (
    *("state", "local_sub", "summary", "record_fingerprint", "lease_expires_at"),
    *("confirmed_epoch", "confirmed_region", "confirmed_revision"),
)


class LedgerTable(Construct):
    """One item a user or group, by `subject`; never replicated to the other Region."""

    def __init__(self, scope: Construct, *, names: Names, key: kms.IKey | None, keep: Keep) -> None:
        super().__init__(scope, "Ledger")
        self.table = own_table(self, names.ledger_table, by="subject", key=key, keep=keep)
        # Sparse: only rows with the attribute `attention` are in it, those that are not settled.
        self.table.add_global_secondary_index(
            index_name=BY_ATTENTION,
            partition_key=string("attention"),
            sort_key=string("subject"),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=list(ATTENTION_ATTRIBUTES),
        )
        # By this one the reconciliation reads a whole shard of rows without their bodies.
        self.table.add_global_secondary_index(
            index_name=BY_SHARD,
            partition_key=string("shard_id"),
            sort_key=string("subject"),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=list(SHARD_ATTRIBUTES),
        )
