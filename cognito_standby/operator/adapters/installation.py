"""Finding an installation by its stacks' outputs, and building a Region's operator context."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.changes.adapters.events import EventBridgeChangeBus
from cognito_standby.changes.services.submit import ApiContext
from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.configuration_notes import DynamoConfigurationNotes
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.name_items import NameItems, SecretHasher
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.settings import names_secret
from cognito_standby.failures.adapters.executions import SfnExecutions
from cognito_standby.failures.domain.failures import RECONCILE_MACHINE
from cognito_standby.operator.adapters.conflicts import DynamoConflictFinder
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.events import DynamoStreamRecords, EventBridgeArchive
from cognito_standby.operator.adapters.gauges import AwsGauges
from cognito_standby.operator.adapters.letters import SqsDeadLetters
from cognito_standby.operator.adapters.people import CognitoPeople
from cognito_standby.operator.adapters.reconciliations import SfnReconciliations
from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.reconciliation.adapters.listing import CognitoPoolListing
from cognito_standby.reconciliation.adapters.run_files import S3RunFiles
from cognito_standby.reconciliation.adapters.run_register import DynamoRunRegister

Outputs = Mapping[str, str]
_MACHINE = "StateMachine"
_NO_LEASE = 0
"""An operator's commands read the ledger and never take a lease."""


def read_outputs(connection: Connection, region: str, installation: str) -> Outputs:
    """Outputs of a Region's stack, `<installation>-<region>`; with no installation named, of the
    only stack there that is one (the local AWS).

    MisconfiguredError: no such stack, profile or credentials. ServiceUnavailableError: the Region
    does not answer.
    """
    name = {"StackName": f"{installation}-{region}"} if installation else {}
    with translated():
        client = connection.client("cloudformation", region)
        try:
            stacks = client.describe_stacks(**name)["Stacks"]
        except ClientError as error:
            if code_of(error) == "ValidationError":
                where = connection.called(region)
                raise MisconfiguredError(
                    f"there is no stack {installation}-{region}{where}: deploy it, or say which "
                    "installation and account are meant (--installation, --regions, --profile)"
                ) from None
            raise
    for stack in stacks:
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
        if outputs.get("Region") == region and "LedgerTable" in outputs:
            return outputs
    raise MisconfiguredError(f"no stack of cognito-standby in {region}")


def machines_of(outputs: Outputs) -> dict[str, str]:
    """Machine name, as in workflows/ -> ARN."""
    prefix = f"{outputs['Installation']}-"
    arns = [arn for key, arn in outputs.items() if key.startswith(_MACHINE)]
    return {arn.rsplit(":", 1)[-1].removeprefix(prefix): arn for arn in sorted(arns)}


def pair_of(outputs: Outputs, other_region: str) -> Installation:
    """Both Regions, the primary first."""
    region = outputs["Region"]
    if outputs["Role"] == "primary":
        return Installation(region, other_region)
    return Installation(other_region, region)


def open_context(
    connection: Connection,
    outputs: Outputs,
    other_region: str,
    pause: Callable[[float], None] = time.sleep,
) -> OperatorContext:
    """A Region's operator context. MisconfiguredError: the stack lacks an output."""
    try:
        return _context(connection, outputs, other_region, pause)
    except KeyError as error:
        raise MisconfiguredError(f"the stack has no output {error}") from None


def _context(
    connection: Connection, outputs: Outputs, other: str, pause: Callable[[float], None]
) -> OperatorContext:
    region, clock = outputs["Region"], SystemClock()
    names = ("sqs", "stepfunctions", "dynamodb", "dynamodbstreams", "events", "cloudwatch")
    clients: dict[str, Any] = {name: connection.client(name, region) for name in names}
    pair = pair_of(outputs, other)
    archive = outputs.get("ArchiveName", "")
    context = OperatorContext(
        region=region,
        letters=SqsDeadLetters(clients["sqs"], outputs["DeadLetterQueueUrl"]),
        executions=SfnExecutions(clients["stepfunctions"], machines_of(outputs)),
        stream=DynamoStreamRecords(clients["dynamodbstreams"]),
        archive=EventBridgeArchive(clients["events"], archive) if archive else None,
        gauges=AwsGauges(
            clients,
            installation=outputs["Installation"],
            ledger_table=outputs["LedgerTable"],
            parked_hints_url=outputs.get("ParkedHintsQueueUrl", ""),
        ),
        records=DynamoRecordStore(clients["dynamodb"], outputs["RecordsTable"], region, pair),
        ledger=DynamoLedger(clients["dynamodb"], outputs["LedgerTable"], clock, _NO_LEASE),
        clock=clock,
        pause=pause,
    )
    changes = outputs.get("ChangesTable", "")
    records = outputs["RecordsTable"]
    secrets = SecretHasher(
        lambda: connection.client("secretsmanager", region), names_secret(records)
    )
    store = DynamoChangeStore(clients["dynamodb"], changes, clock) if changes else None
    return replace(
        context,
        conflicts=DynamoConflictFinder(clients["dynamodb"], outputs["LedgerTable"]),
        admin=_admin(connection, outputs, clients, context, store) if store else None,
        names=NameItems(clients["dynamodb"], records, region, secrets),
        runs=_run_context(connection, outputs, clients, context),
        people=CognitoPeople(connection.client("cognito-idp", region), outputs["UserPoolId"]),
        changes=store,
        configuration=DynamoConfigurationNotes(clients["dynamodb"], records, region),
        fenced=outputs["Fence"] == "on" if "Fence" in outputs else None,
        existing=outputs["PoolsAre"] == "existing" if "PoolsAre" in outputs else None,
    )


def _admin(
    connection: Connection,
    outputs: Outputs,
    clients: Mapping[str, Any],
    context: OperatorContext,
    store: DynamoChangeStore,
) -> ApiContext:
    """As the Admin API's handler has it, with the operator's own rights."""
    cognito, pool = connection.client("cognito-idp", context.region), outputs["UserPoolId"]
    return ApiContext(
        region=context.region,
        directory=CognitoUserDirectory(cognito, pool),
        records=context.records,
        ledger=context.ledger,
        changes=store,
        bus=EventBridgeChangeBus(clients["events"], outputs["BusName"]),
        clock=context.clock,
        addresses={},
        new_id=lambda: str(uuid.uuid4()),
        pause=context.pause,
    )


def _run_context(
    connection: Connection,
    outputs: Outputs,
    clients: Mapping[str, Any],
    context: OperatorContext,
) -> RunContext | None:
    """None: the stack is from a release without reconciliation."""
    machine, bucket = machines_of(outputs).get(RECONCILE_MACHINE), outputs.get("ReconcileBucket")
    if machine is None or bucket is None:
        return None
    region, pool = context.region, outputs["UserPoolId"]
    clock, executions = context.clock, context.executions
    return RunContext(
        region=region,
        user_pool_id=pool,
        files=S3RunFiles(connection.client("s3", region), bucket),
        register=DynamoRunRegister(clients["dynamodb"], outputs["LedgerTable"], clock, executions),
        machine=SfnReconciliations(clients["stepfunctions"], machine),
        executions=executions,
        listing=CognitoPoolListing(connection.client("cognito-idp", region), pool),
        clock=clock,
        pause=context.pause,
    )
