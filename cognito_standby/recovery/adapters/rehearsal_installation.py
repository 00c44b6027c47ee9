"""A Region's context for a rehearsal, from its stack's outputs, with the rights of its own role."""

from __future__ import annotations

import time
from dataclasses import replace

from botocore.config import Config

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.erasures import DynamoErasureList
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import RandomPasswords, SystemClock
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs, pair_of
from cognito_standby.reconciliation.adapters.listing import CognitoPoolListing
from cognito_standby.reconciliation.adapters.pacing import SharePacer
from cognito_standby.reconciliation.adapters.run_files import S3RunFiles
from cognito_standby.reconciliation.adapters.shard_indexes import DynamoRecordIndex
from cognito_standby.recovery.adapters.rehearsal_pools import CognitoRehearsalPools
from cognito_standby.recovery.domain.rehearsal_cost import RATES
from cognito_standby.recovery.services.rehearsal_context import RehearsalContext

_SESSION = "standby-drill"
_LONG = 12 * 3600.0
"""Until when the pacer may wait: longer than the role's session lasts."""
_ONCE = Config(
    connect_timeout=2, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 1}
)
"""Of the calls about pools: a creation that is tried again makes a second pool."""
_AGAIN = Config(
    connect_timeout=2, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 3}
)


def open_rehearsal(connection: Connection, outputs: Outputs, other_region: str) -> RehearsalContext:
    """Whoever runs it has to be allowed to assume the role, and nothing more. MisconfiguredError:
    they are not, or the stack has no such role."""
    try:
        return _context(connection, outputs, other_region)
    except KeyError as error:
        raise MisconfiguredError(
            f"the stack has no output {error}: deploy this release first"
        ) from None


def assuming(connection: Connection, role_arn: str, session: str, region: str) -> Connection:
    """The account that has a Region, with the rights of a role for an hour. MisconfiguredError:
    this person may not assume it."""
    with translated():
        answer = connection.client("sts", region).assume_role(
            RoleArn=role_arn, RoleSessionName=session
        )
    told = answer["Credentials"]
    keys = {
        "aws_access_key_id": told["AccessKeyId"],
        "aws_secret_access_key": told["SecretAccessKey"],
        "aws_session_token": told["SessionToken"],
    }
    return connection.acting(keys, region)


def _context(connection: Connection, outputs: Outputs, other: str) -> RehearsalContext:
    region, pool, clock = outputs["Region"], outputs["UserPoolId"], SystemClock()
    role = assuming(connection, outputs["DrillRoleArn"], _SESSION, region)
    once, again = replace(role, config=_ONCE), replace(role, config=_AGAIN)
    dynamodb, cognito = again.client("dynamodb", region), again.client("cognito-idp", region)
    records, pair = outputs["RecordsTable"], pair_of(outputs, other)
    tables = (records, outputs["LedgerTable"])
    return RehearsalContext(
        installation=outputs["Installation"],
        region=region,
        other=other,
        user_pool_id=pool,
        pools=CognitoRehearsalPools(once.client("cognito-idp", region)),
        standby=CognitoPoolListing(cognito, pool),
        directory=lambda pool_id: CognitoUserDirectory(cognito, pool_id),
        records=DynamoRecordStore(dynamodb, records, region, pair),
        index=DynamoRecordIndex(dynamodb, records),
        erasures=DynamoErasureList(dynamodb, tables, region, pair, clock),
        files=S3RunFiles(again.client("s3", region), outputs["ReconcileBucket"]),
        pacer=SharePacer(
            RATES, deadline=time.monotonic() + _LONG, now=time.monotonic, sleep=time.sleep
        ),
        clock=clock,
        passwords=RandomPasswords(),
        seconds=time.monotonic,
        pause=time.sleep,
    )
