"""Gap: a global table whose replicas are in several accounts.

On AWS, CreateTable with `GlobalTableSourceArn` makes a replica of another account's table, if that
table's policy lets the account join it (`dynamodb:AssociateTableReplica`) and both tables' policies
let the replication service read, write and replicate settings for each of them. Data are replicated
both ways, the last writer wins, settings are one for all. Who takes the service's rights away stops
the replication: the status becomes REPLICATION_NOT_AUTHORIZED, what is written meanwhile arrives
when they are given back, and after 20 hours the replica is a table of its own for good; so it is
with a key that the service may not use (INACCESSIBLE_ENCRYPTION_CREDENTIALS). AWS publishes
`ReplicationLatency` for each pair, which then says nothing any more; no event is documented.
Sources: DynamoDB developer guide, "DynamoDB multi-account global tables", its pages "How DynamoDB
global tables work", "Tutorials" and "DynamoDB global tables security", and "Disassociating a global
table replica"; API reference, CreateTable, UpdateTable, ReplicaDescription.

The emulator takes the parameter and makes a table that stands alone.

Limits: replication is immediate but for faults; rights count at once (AWS: within a while);
texts of refusals are guesses; replicas lie in different Regions; of the settings, indexes, billing,
streams' images and time to live are replicated; service-linked roles are not asked for.
"""

from local.gaps.multi_account_table.installing import install
from local.gaps.multi_account_table.tables import MultiAccountTables

__all__ = ["MultiAccountTables", "install"]
