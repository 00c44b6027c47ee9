"""What the other triggers of a pool that is filled on demand need of its ledger and records.

Imported only there: reading records costs a cold start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from botocore.config import Config

from cognito_standby.core.adapters import trigger_clients
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.name_items import NameItems, SecretHasher
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.ledger import LEASE_SECONDS
from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.core.domain.sign_in_names import SignInNames
from cognito_standby.core.ports import Ledger, RecordStore
from cognito_standby.core.settings import names_secret, region
from cognito_standby.replication.services import on_demand
from cognito_standby.triggers.adapters.in_time import in_time
from cognito_standby.triggers.adapters.pool_names import DescribedNames
from cognito_standby.triggers.domain.sign_ups import Typed
from cognito_standby.triggers.settings import FenceSettings, SignInSettings

CLIENT = Config(connect_timeout=0.5, read_timeout=0.7, retries={"total_max_attempts": 2})
"""Two tries: a connection that a frozen process kept may be dead."""


@dataclass(frozen=True)
class _Context:
    user_pool_id: str
    ledger: Ledger
    records: RecordStore


def bind(user_pool_id: str, user: PoolUser, seconds: float) -> str:
    """The origin sub of somebody who was just made, noted; "": nothing is certain.

    TimeoutError, StandbyError.
    """
    ctx = _context(user_pool_id)
    return in_time(seconds, lambda: on_demand.bind(ctx, user))


def kept(user_pool_id: str, typed: Typed, seconds: float) -> bool:
    """Whether somebody who is awaited has one of these names. TimeoutError, StandbyError."""
    ctx, pool = _context(user_pool_id), _names_of(user_pool_id)
    asked = (typed.names, typed.preferred)
    return in_time(seconds, lambda: on_demand.keeps_one_of(ctx, *asked, pool))


@lru_cache(maxsize=2)
def _names_of(user_pool_id: str) -> Callable[[], SignInNames]:
    """By what people sign in: the template says it of a created pool, an existing one is asked."""
    told = SignInSettings.told()
    if told is not None:
        return lambda: told
    return DescribedNames(lambda: trigger_clients.of("cognito-idp", CLIENT), user_pool_id)


@lru_cache(maxsize=2)
def _context(user_pool_id: str) -> _Context:
    told, own = FenceSettings.from_env().fence, region()
    dynamodb = trigger_clients.of("dynamodb", CLIENT)
    secrets = cache(lambda: trigger_clients.of("secretsmanager", CLIENT))
    hasher = SecretHasher(secrets, names_secret(told.records_table))
    names = NameItems(dynamodb, told.records_table, own, hasher)
    regions = Installation(told.primary_region, told.backup_region)
    return _Context(
        user_pool_id,
        DynamoLedger(dynamodb, told.ledger_table, SystemClock(), LEASE_SECONDS, user_pool_id),
        DynamoRecordStore(dynamodb, told.records_table, own, regions, names=names),
    )
