"""What the functions are told: the environment of each role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from cognito_standby.configuration.settings import ConfigurationSettings
from cognito_standby.core.domain.after_failover import AfterFailover
from cognito_standby.core.domain.changed_passwords import AfterFailback
from cognito_standby.core.domain.hints import EARLY
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.domain.ledger import LEASE_SECONDS
from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.core.domain.sign_in_names import SignInNames
from cognito_standby.core.settings import (
    ApiSettings,
    CanarySettings,
    ChangeSettings,
    Filled,
    FilledSettings,
    MembersSettings,
    NoteSettings,
    OtherAccountSettings,
    PasswordSettings,
    PlanSettings,
    SweepSettings,
    SyncSettings,
    TriggerSettings,
)
from cognito_standby.failures.domain.failures import RECONCILE_MACHINE
from cognito_standby.reconciliation.settings import ReconcileSettings
from cognito_standby.recovery.domain.past_tables import RESTORE_POOL
from cognito_standby.recovery.domain.requests import FAIL_OVER, STAND_DOWN
from cognito_standby.recovery.settings import (
    FailoverSettings,
    PastSettings,
    PublishSettings,
    RestoreSettings,
    SwitchSettings,
)
from cognito_standby.triggers.services.role import KEEP_SECONDS
from cognito_standby.triggers.settings import (
    ElsewhereSettings,
    Fence,
    FenceSettings,
    OldPool,
    OldPoolSettings,
    OwnerSettings,
    Parts,
    SignInSettings,
    SlotSettings,
    TokenSettings,
)
from stacks.config.cadence import longest_gap_seconds
from stacks.config.model import Config
from stacks.constructs.arns import machine_arn
from stacks.constructs.functions.task_list import Role, Task
from stacks.constructs.machines.state_machines import TREATED
from stacks.names import Names

Environment = Mapping[str, str]
_LOOKING = (
    *(Role.PLAN, Role.SYNC, Role.REPLAY, Role.CANARY, Role.CHANGE, Role.API, Role.PASSWORDS),
    *(Role.RESTORE, Role.RECONCILE, Role.REPAIR),
)
"""Whoever looks at a pool and its records, by SyncSettings or what is made of them."""


@dataclass(frozen=True)
class Resources:
    """What the functions of a Region work with."""

    bus: events.IEventBus
    parked_hints: sqs.IQueue
    ledger: dynamodb.ITable
    changes: dynamodb.ITable
    run_bucket: s3.IBucket
    alarm_topic: sns.ITopic
    dead_letters: sqs.IQueue


def of_triggers(
    config: Config, names: Names, resources: Resources, region: str
) -> dict[Role, Environment]:
    """Those of the triggers: they are made before the pool, and are told of none."""
    hints = TriggerSettings(
        bus_name=resources.bus.event_bus_name, parked_hints_url=resources.parked_hints.queue_url
    )
    fence = FenceSettings(_fence(config, names), KEEP_SECONDS).to_env()
    tokens = Parts(
        config.owner_function("pre_token_generation", region) or "",
        config.triggers.origin_sub_claim or "",
        # An existing pool may lack the attribute, and replays make people there all the same.
        marked=config.pools.create,
        # Elsewhere they are only who was first seen here if they are compared with the records.
        home=config.is_primary(region) or FederatedWay(config.federated).completes,
    )
    apart = config.subject_types and not config.is_primary(region)
    elsewhere = ElsewhereSettings(config.subject_types).to_env() if apart else {}
    told = TokenSettings(tokens, resources.ledger.table_name).to_env() | elsewhere
    filled = _filled(config, region)
    migration: dict[Role, Environment] = {}
    if filled:
        migration[Role.MIGRATION] = {**_arrivals(config, names, resources, region), **fence}
    return {
        Role.TRIGGER: hints.to_env(),
        Role.TOKENS: told | fence | filled,
        Role.SIGN_UP: fence | filled | (_sign_in(config) if filled else {}),
        Role.DOOR: fence,
        **migration,
    }


def _filled(config: Config, region: str) -> dict[str, str]:
    """Told only where a pool is filled on demand."""
    return FilledSettings(Filled.ON_DEMAND).to_env() if config.fills_on_demand(region) else {}


def _sign_in(config: Config) -> dict[str, str]:
    """Nothing of existing pools: they may differ from what the config says of created ones."""
    known = config.known_by
    names = SignInNames(known.usernames, known.aliases, config.case_sensitive)
    return SignInSettings(names).to_env() if config.pools.create else {}


def _arrivals(config: Config, names: Names, resources: Resources, region: str) -> Environment:
    """A step of sync_user's but for the pool, which is made later: Cognito names it."""
    told = _sync(config, names, resources, region, "").to_env()
    del told["USER_POOL_ID"]
    old = config.on_demand.old_pool(primary=config.is_primary(region))
    asked = OldPool(old.user_pool_id, old.client_id) if old else OldPool()
    return {**told, **_filled(config, region), **OldPoolSettings(asked).to_env()}


def of_owner(task: Task, config: Config, region: str) -> Environment:
    """What differs between the triggers of one role."""
    owner = config.owner_function(task.name, region) or ""
    if task.role is Role.TRIGGER:
        return OwnerSettings(owner).to_env() if owner else {}
    if task.role not in (Role.SIGN_UP, Role.DOOR):
        return {}
    return SlotSettings(Parts(owner, marked=config.pools.create)).to_env()


def _fence(config: Config, names: Names) -> Fence:
    return Fence(
        on=config.fenced,
        installation=config.installation,
        primary_region=config.primary_region,
        backup_region=config.backup_region,
        records_table=names.records_table,
        # Its name and not a reference: this is JSON, and a reference no text yet.
        ledger_table=names.ledger_table,
    )


def by_role(
    stack: Stack, names: Names, config: Config, resources: Resources, user_pool_id: str
) -> dict[Role, Environment]:
    """Those of all other roles."""
    sync = _sync(config, names, resources, stack.region, user_pool_id)
    change = ChangeSettings(**asdict(sync), changes_table=resources.changes.table_name)
    api = ApiSettings(**asdict(change), wait_seconds=config.admin_api.wait_seconds)
    compares = _reconcile(config, sync, resources)
    restores = {**vars(compares), "changes_table": resources.changes.table_name}
    restores["past_tables"] = names.past_tables
    members = MembersSettings(resources.bus.event_bus_name, names.records_table)
    told: dict[Role, Environment] = {
        Role.PLAN: _plan(config, sync).to_env(),
        Role.PASSWORDS: _passwords(config, sync).to_env(),
        Role.SYNC: sync.to_env(),
        Role.REPLAY: sync.to_env(),
        Role.CANARY: _canary(config, sync).to_env(),
        Role.CHANGE: change.to_env(),
        Role.API: api.to_env(),
        Role.MEMBERS: members.to_env(),
        Role.NOTE: _note(config, resources).to_env(),
        Role.SWEEP: _sweep(stack, names, resources, user_pool_id).to_env()
        | _other_account(config, stack.region),
        Role.FAILOVER: _failover(stack, names, config, resources).to_env(),
        Role.PAST: PastSettings(names.records_table, names.past_tables).to_env(),
        Role.PUBLISH: _publish(config, names, resources).to_env(),
        Role.CONFIGURATION: _configuration(stack, names, config, user_pool_id).to_env(),
        **_switch(stack, names, config),
        Role.RESTORE: RestoreSettings(**restores).to_env(),
        **dict.fromkeys((Role.RECONCILE, Role.REPAIR), compares.to_env()),
    }
    filled = _filled(config, stack.region)
    return {role: {**each, **filled} if role in _LOOKING else each for role, each in told.items()}


def _sync(
    config: Config, names: Names, resources: Resources, region: str, user_pool_id: str
) -> SyncSettings:
    return SyncSettings(
        primary_region=config.primary_region,
        backup_region=config.backup_region,
        records_table=names.records_table,
        ledger_table=resources.ledger.table_name,
        user_pool_id=user_pool_id,
        bus_name=resources.bus.event_bus_name,
        lease_seconds=LEASE_SECONDS,
        group_roles=config.roles_in(region),
        after_failover=AfterFailover(config.after_failover),
        federated=FederatedWay(config.federated),
        subject_types=config.subject_types,
    )


def _plan(config: Config, sync: SyncSettings) -> PlanSettings:
    early = int(EARLY.total_seconds())
    return PlanSettings(**asdict(sync), early_seconds=early, replay_rates=config.replay_rates)


def _canary(config: Config, sync: SyncSettings) -> CanarySettings:
    expression = config.schedules.canary
    seconds = longest_gap_seconds(expression) if expression else 0
    return CanarySettings(**asdict(sync), canary_seconds=seconds)


def _note(config: Config, resources: Resources) -> NoteSettings:
    return NoteSettings(
        installation_name=config.installation,
        ledger_table=resources.ledger.table_name,
        changes_table=resources.changes.table_name,
        letter_days=config.retention.dead_letters_days,
    )


def _sweep(stack: Stack, names: Names, resources: Resources, user_pool_id: str) -> SweepSettings:
    return SweepSettings(
        ledger_table=resources.ledger.table_name,
        bus_name=resources.bus.event_bus_name,
        contain_failure_machine_arn=machine_arn(stack, names, "contain_failure"),
        machine_arns=tuple(machine_arn(stack, names, name) for name in TREATED),
        user_pool_id=user_pool_id,
        records_table=names.records_table,
        past_tables=names.past_tables,
        restore_machine_arn=machine_arn(stack, names, RESTORE_POOL),
    )


def _other_account(config: Config, region: str) -> dict[str, str]:
    """Told only where the tables are of two accounts."""
    if not config.two_accounts:
        return {}
    other = config.backup_region if config.is_primary(region) else config.primary_region
    return OtherAccountSettings(other).to_env()


def _failover(stack: Stack, names: Names, config: Config, resources: Resources) -> FailoverSettings:
    return FailoverSettings(
        primary_region=config.primary_region,
        backup_region=config.backup_region,
        records_table=names.records_table,
        dead_letters_url=resources.dead_letters.queue_url,
        parked_hints_url=resources.parked_hints.queue_url,
        replaying_machines=tuple(machine_arn(stack, names, name) for name in TREATED),
        reconcile_machine_arn=machine_arn(stack, names, RECONCILE_MACHINE),
        run_bucket=resources.run_bucket.bucket_name,
    )


def _publish(config: Config, names: Names, resources: Resources) -> PublishSettings:
    return PublishSettings(
        primary_region=config.primary_region,
        backup_region=config.backup_region,
        records_table=names.records_table,
        ledger_table=resources.ledger.table_name,
        active_parameter=names.active_parameter,
        public_document=config.failover.public_document,
        document_bucket=resources.run_bucket.bucket_name,
        authentication_limit=config.failover.authentication_limit or 0,
        alarm_topic_arn=resources.alarm_topic.topic_arn,
    )


def _configuration(
    stack: Stack, names: Names, config: Config, user_pool_id: str
) -> ConfigurationSettings:
    return ConfigurationSettings(
        primary_region=config.primary_region,
        backup_region=config.backup_region,
        records_table=names.records_table,
        user_pool_id=user_pool_id,
        pool_origin="created" if config.pools.create else "existing",
        stack_name=names.stack(stack.region),
    )


def _switch(stack: Stack, names: Names, config: Config) -> dict[Role, Environment]:
    """Nothing, and so no function, where the config does not ask for it."""
    if not config.failover.arc_region_switch:
        return {}
    told = SwitchSettings(
        primary_region=config.primary_region,
        backup_region=config.backup_region,
        records_table=names.records_table,
        fail_over_machine_arn=machine_arn(stack, names, FAIL_OVER),
        stand_down_machine_arn=machine_arn(stack, names, STAND_DOWN),
    )
    return {Role.SWITCH: told.to_env()}


def _reconcile(config: Config, sync: SyncSettings, resources: Resources) -> ReconcileSettings:
    part, kept = config.reconcile, config.retention
    return ReconcileSettings(
        **asdict(sync),
        run_bucket=resources.run_bucket.bucket_name,
        deletion_grace_days=kept.deletion_grace_days,
        record_tombstone_days=kept.record_tombstone_days,
        quota_share=part.quota_share,
        quotas={**DEFAULTS, **part.quotas.model_dump()},
        concurrency=part.concurrency,
        brake=part.limits,
        bulk_above=part.bulk_above,
        approval_seconds=round(part.approval_hours * 3600),
        alarm_topic_arn=resources.alarm_topic.topic_arn,
        after_failback=AfterFailback(config.after_failback),
    )


def _passwords(config: Config, sync: SyncSettings) -> PasswordSettings:
    part = config.reconcile
    return PasswordSettings(
        **asdict(sync),
        after_failback=AfterFailback(config.after_failback),
        quota_share=part.quota_share,
        quotas={**DEFAULTS, **part.quotas.model_dump()},
    )
