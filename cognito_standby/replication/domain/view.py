"""One look at everything that bears on a subject: what decisions are made from. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from cognito_standby.core.domain.absence import Proof, proof_of_presence
from cognito_standby.core.domain.epochs import Claims, is_active
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.pools import Observation, PoolSchema
from cognito_standby.core.domain.records import Partition, Record, resolve
from cognito_standby.core.domain.subjects import Fields, Subject


@dataclass(frozen=True)
class Kin:
    """A subject whose living winner names the identity of somebody who is not known yet. `free`:
    this pool has nobody for them."""

    subject: Subject
    free: bool


@dataclass(frozen=True)
class View:
    """One look at everything that bears on a subject in one Region.

    `taken` are addresses that the winner has unverified, and by which another user of this pool
    rightly signs in: field -> address.
    """

    subject: Subject
    region: str
    partition: Partition
    claims: Claims
    ledger: LedgerRow
    observed: Observation
    schema: PoolSchema
    user_pool_id: str = ""
    """This Region's pool; the ledger's row is what it tells about this one."""
    asked: bool = False
    """An operator was asked about who is gone and who is back, and said yes."""
    wanted: bool = False
    """An operator asked that whoever is missing here is made again from their living record."""
    taken: Fields = field(default_factory=dict)
    kin: tuple[Kin, ...] = ()
    """Of a provider's user whom neither ledger nor records know."""
    federated: FederatedWay = FederatedWay.ON_SIGN_IN
    """What becomes of a provider's user whom this pool lacks."""
    on_demand: bool = False
    """Whoever never was in this pool is made when they first come (`domain.on_demand`)."""
    filling: bool = False
    """An operator asked that who is awaited is made now."""

    @property
    def proof(self) -> Proof:
        """Whether the user was in this pool, so that an absence means something."""
        return proof_of_presence(self.ledger, self.partition.own, self.user_pool_id)

    @property
    def winner(self) -> Record | None:
        """The record that the world should look like."""
        return resolve(self.partition)

    @property
    def active(self) -> bool:
        """Whether this Region is active for this subject."""
        return is_active(self.region, self.claims, self.partition.epochs)
