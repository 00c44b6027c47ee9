"""What an administrator asks for: its table, and the rule that turns it into executions."""

from __future__ import annotations

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cognito_standby.changes.domain import changes
from cognito_standby.failures.domain.failures import CHANGE_MACHINE
from stacks.constructs.events.bus import start_execution
from stacks.constructs.storage.keeping import Keep
from stacks.constructs.storage.tables import own_table, string
from stacks.names import Names


class ChangesTable(Construct):
    """One item a change, by `id`; never replicated to the other Region."""

    def __init__(self, scope: Construct, *, names: Names, key: kms.IKey | None, keep: Keep) -> None:
        super().__init__(scope, "Changes")
        self.table = own_table(self, names.changes_table, by="id", key=key, keep=keep)
        self.table.add_global_secondary_index(
            index_name=changes.RECENT_INDEX,
            partition_key=string("listed"),
            sort_key=string("requested_at"),
            projection_type=dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=list(changes.LISTED_ATTRIBUTES),
        )


def start_on_changes(
    scope: Construct,
    *,
    names: Names,
    bus: events.IEventBus,
    machine: sfn.IStateMachine,
    dead_letters: sqs.IQueue,
) -> None:
    """Start the machine with the detail of every AdminChangeRequested, which is a change's id. The
    archive of the bus does not take these events: a change is not asked for twice."""
    detail = events.RuleTargetInput.from_event_path("$.detail")
    events.Rule(
        scope,
        "AdminChanges",
        rule_name=names.rule("admin-changes"),
        description=f"Every requested change starts an execution of {CHANGE_MACHINE}",
        event_bus=bus,
        event_pattern=events.EventPattern(
            source=[changes.SOURCE], detail_type=[changes.DETAIL_TYPE]
        ),
        targets=[start_execution(machine, dead_letters, detail)],
    )
