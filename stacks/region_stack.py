"""The Region stack: everything that captures and replays, the same in both Regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IConstruct

from cognito_standby.failures.domain.failures import CHANGE_MACHINE
from cognito_standby.recovery.domain.active_pool import DOCUMENT
from stacks.alarms.construct import Alarms, AlarmTopic
from stacks.alarms.definitions import Watched, alarm_specs
from stacks.config.accounts import principals_in
from stacks.config.parts import APP
from stacks.constructs.api.active_document import ActiveDocumentApi
from stacks.constructs.api.address import ApiAddress
from stacks.constructs.api.admin_api import AdminApi
from stacks.constructs.api.announced_pool import PoolAnnouncement
from stacks.constructs.arns import machine_arn
from stacks.constructs.events.bus import HintBus
from stacks.constructs.events.cloudtrail_rules import CloudTrailRules
from stacks.constructs.events.pipes import ParkedHintsPipe, ReplicaStreamPipe
from stacks.constructs.events.queues import Queues
from stacks.constructs.events.replica_stream import ReplicaStream
from stacks.constructs.events.schedules import add_schedules
from stacks.constructs.events.trail import Trail
from stacks.constructs.functions import environments
from stacks.constructs.functions.log_retention import log_retention
from stacks.constructs.functions.task_function import Packages, TaskFunction, dependencies, own_code
from stacks.constructs.functions.task_list import Role, Task, tasks_with
from stacks.constructs.machines import containment, reconciliation
from stacks.constructs.machines.changes import ChangesTable, start_on_changes
from stacks.constructs.machines.dr_role import DrRole
from stacks.constructs.machines.drill_role import DrillRole
from stacks.constructs.machines.state_machines import MACHINES, TREATED, Workflow
from stacks.constructs.monitoring.dashboard import Dashboard
from stacks.constructs.pool.arrivals import ArrivalRights
from stacks.constructs.pool.triggers import PERMISSIONS, PoolTriggers, user_pool_arn
from stacks.constructs.pool.user_pool import UserPool
from stacks.constructs.storage.keeping import Keep
from stacks.constructs.storage.ledger import LedgerTable
from stacks.constructs.storage.run_bucket import RunBucket
from stacks.constructs.targets import targets_of
from stacks.names import Names
from stacks.outputs import Told, add_outputs, outputs
from stacks.permissions.core import Targets
from stacks.settings import StackSettings

_OURS = (Role.REPLAY, Role.REPAIR, Role.CHANGE, Role.PASSWORDS, Role.RESTORE)
"""Whose calls to the pool are no hints."""
NO_CLIENT = "none"
"""Output ClientId of an existing pool whose client is not configured."""
NO_FUNCTION = "none"
"""Output ArcRegionSwitchArn, likewise."""
NO_DOCUMENT = "none"
"""Output ActiveDocumentUrl where the config wants none."""


class RegionStack(Stack):
    """One Region: pool or its id, bus, rules, pipes, queues, ledger, functions, machines."""

    def __init__(
        self, scope: Construct, region: str, *, names: Names, settings: StackSettings
    ) -> None:
        super().__init__(scope, names.stack(region), **settings.arguments(region, region))
        config = settings.config
        self._config, self._names = config, names
        keep = Keep(kept=config.protect_data, protected=settings.protects(region))
        self._protected, self._stream = keep.protected, settings.streams.get(region, "")
        self._key_arn = config.kms_key(region)
        key = kms.Key.from_key_arn(self, "Key", self._key_arn) if self._key_arn else None
        self._packages = Packages(
            code=own_code(settings.root),
            layer=dependencies(self, settings.layer),
            key=key,
            log_days=log_retention(config.retention.logs_days),
        )
        self._queues = Queues(self, names=names, retention=config.retention, key=key)
        self._hints = HintBus(self, names=names)
        self._archive = self._hints.keep(config.retention.archive_days, self._key_arn)
        self._ledger = LedgerTable(self, names=names, key=key, keep=keep)
        self._runs = RunBucket(
            self, names=names, retention=config.retention, key=key, protect=keep.kept
        )
        self._changes = ChangesTable(self, names=names, key=key, keep=keep)
        self._records_arn = self.format_arn(
            service="dynamodb", resource="table", resource_name=names.records_table
        )
        self._alarm_topic = AlarmTopic(self, names=names, config=config, account=self.account)
        self._functions: dict[str, TaskFunction] = {}
        self._resources = environments.Resources(
            bus=self._hints.bus,
            parked_hints=self._queues.parked_hints,
            ledger=self._ledger.table,
            changes=self._changes.table,
            run_bucket=self._runs.bucket,
            alarm_topic=self._alarm_topic.topic,
            dead_letters=self._queues.dead_letters,
        )
        self._pool_id, self._client_id = self._add_pool(region)
        self._let_arrive()
        created = {APP: self._client_id} if config.pools.create else {}
        self._clients = {**created, **config.clients(region)}
        told = environments.by_role(self, names, config, self._resources, self._pool_id)
        self._add_functions(told, self._pool_id)
        self._workflows = self._add_workflows()
        self._connect()
        self._treat_failures()
        self._api = AdminApi(
            self,
            names=names,
            config=config.admin_api,
            admin_pools=config.admin_pools(region),
            function=self._functions["admin_api"].function,
            packages=self._packages,
        )
        standing = ApiAddress(
            self,
            names=names,
            packages=self._packages,
            records_arn=self._records_arn,
            address=config.admin_address(region) or self._api.url,
            stream=self._stream,
        )
        standing.comes_after(*self._replicating, *(one.machine for one in self._workflows.values()))
        self._publish()
        beside = config.account_beside(region)
        DrRole(
            self,
            names=names,
            region=region,
            regions=(region,) if config.two_accounts else config.regions,
            principals=principals_in(config.failover.dr_principals, beside),
            user_pool=user_pool_arn(self, self._pool_id),
            kms_key=self._key_arn,
        )
        self._drill_role = DrillRole(
            self,
            names=names,
            principals=principals_in(config.failover.drill_principals, beside),
            user_pool=user_pool_arn(self, self._pool_id),
            kms_key=self._key_arn,
        ).role
        self._watch(region)
        self._add_outputs(region)

    def _add_pool(self, region: str) -> tuple[str, str]:
        self._called: tuple[lambda_.IFunction, ...] = ()
        self._callers: Sequence[IConstruct] = ()
        told = environments.of_triggers(self._config, self._names, self._resources, region)
        existing = self._config.user_pool_id(region)
        self._add_functions(told, existing or "")
        functions = self._triggers()
        triggers = PoolTriggers(self, functions, existing)
        if existing:
            self._called, self._callers = tuple(functions.values()), triggers.permissions
            return existing, self._config.client_id(region) or NO_CLIENT
        users = UserPool(
            self,
            config=self._config,
            names=self._names,
            triggers=triggers,
            protected=self._protected,
        )
        return users.pool.ref, users.client.ref

    def _add_functions(self, told: Mapping[Role, environments.Environment], pool: str) -> None:
        targets = self._targets(user_pool_arn(self, pool) if pool else "")
        for task in tasks_with(*told):
            own = environments.of_owner(task, self._config, self.region)
            self._add_function(task, {**told[task.role], **own}, targets)

    def _targets(self, pool_arn: str) -> Targets:
        return targets_of(
            self,
            self._names,
            self._resources,
            records=self._records_arn,
            user_pool=pool_arn,
            run_bucket=self._runs.arn,
            alarm_key=self._alarm_topic.key.key_arn,
            kms_key=self._key_arn,
            group_roles=tuple(sorted(set(self._config.roles_in(self.region).values()))),
            sets_limit=self._config.failover.authentication_limit is not None,
            fenced=self._config.fenced,
            on_demand=self._config.fills_on_demand(self.region),
            two_accounts=self._config.two_accounts,
        )

    def _add_function(self, task: Task, environment: Mapping[str, str], targets: Targets) -> None:
        self._functions[task.name] = TaskFunction(
            self,
            task,
            names=self._names,
            packages=self._packages,
            targets=targets,
            environment=environment,
            # Never 0, which would stop the function; what is not reserved is shared.
            reserved_concurrency=self._config.reserved_concurrency(task.name) or None,
            owner_function=self._config.owner_function(task.name, self.region),
        )

    def _triggers(self) -> dict[str, lambda_.IFunction]:
        made = self._functions
        return {name: made[name].function for name in PERMISSIONS if name in made}

    def _let_arrive(self) -> None:
        """Where the pool is filled on demand."""
        if function := self._functions.get("user_migration"):
            ArrivalRights(
                self,
                function.role,
                user_pool=user_pool_arn(self, self._pool_id),
                old_pool=self._config.on_demand.old_pool(
                    primary=self._config.is_primary(self.region)
                ),
            )

    def _add_workflows(self) -> dict[str, Workflow]:
        functions: dict[str, lambda_.IFunction] = {
            name: one.function for name, one in self._functions.items()
        }
        return {
            machine.name: Workflow(
                self,
                machine,
                names=self._names,
                functions=functions,
                services=containment.services(self._queues.dead_letters, self._ledger.table)
                | reconciliation.services(self, self._names, self._runs, machine.name),
                log_days=self._packages.log_days,
                key=self._packages.key,
            )
            for machine in MACHINES
        }

    def _connect(self) -> None:
        sync_user = self._workflows["sync_user"].machine
        letters = self._queues.dead_letters
        self._hints.start_on_hints(sync_user, letters)
        start_on_changes(
            self,
            names=self._names,
            bus=self._hints.bus,
            machine=self._workflows[CHANGE_MACHINE].machine,
            dead_letters=letters,
        )
        rules = CloudTrailRules(
            self,
            names=self._names,
            user_pool_id=self._pool_id,
            trigger_attached=self._config.pools.create and self._config.attach_trigger,
            own_roles=[self._functions[task.name].role.role_arn for task in tasks_with(*_OURS)],
            machines={name: built.machine for name, built in self._workflows.items()},
            dead_letters=letters,
        )
        if self._config.trail == "create":
            Trail(self, names=self._names, days=self._config.retention.trail_days)
        stream = ReplicaStream(
            self,
            names=self._names,
            packages=self._packages,
            table_arn=self._records_arn,
            seen=self._stream,
        )
        self._pipes = {
            "replica-stream": stream.pipe_name,
            "parked-hints": self._names.pipe("parked-hints"),
        }
        replayed = ReplicaStreamPipe(
            self,
            stream=stream,
            table_arn=self._records_arn,
            machine=sync_user,
            dead_letters=letters,
            key=self._key_arn,
            at_once=10 if self._config.reserved_for_trigger else 1,
        )
        parked = ParkedHintsPipe(
            self,
            names=self._names,
            queue=self._queues.parked_hints,
            machine=sync_user,
            key=self._key_arn,
        )
        self._replicating: tuple[Construct, ...] = (rules, replayed, parked)

    def _treat_failures(self) -> None:
        letters = self._queues.dead_letters
        containment.FailureRule(
            self,
            names=self._names,
            treated=[machine_arn(self, self._names, name) for name in TREATED],
            machine=self._workflows["contain_failure"].machine,
            dead_letters=letters,
        )
        reconciliation.warn_of_runs(self, self._config)
        add_schedules(
            self,
            names=self._names,
            schedules=self._config.schedules,
            machines={name: one.machine for name, one in self._workflows.items()},
            dead_letters=letters,
            key=self._packages.key,
        )

    def _publish(self) -> None:
        """The other Region publishes this pool when this one is active, and may not ask it then."""
        PoolAnnouncement(
            self,
            names=self._names,
            packages=self._packages,
            records_arn=self._records_arn,
            user_pool_id=self._pool_id,
            clients=self._clients,
            stream=self._stream,
            called=self._called,
            permissions=self._callers,
        )
        self._runs.let_write_alone(DOCUMENT, self._functions["publish_active"].role)
        self._document = (
            ActiveDocumentApi(
                self,
                names=self._names,
                config=self._config.failover,
                bucket=self._runs,
                key=DOCUMENT,
                kms_key=self._key_arn,
            )
            if self._config.failover.public_document == "on"
            else None
        )

    def _watch(self, region: str) -> None:
        machines = {
            name: built.machine.state_machine_arn for name, built in self._workflows.items()
        }
        watched = Watched(self._names, self._config, region, machines, self._pipes)
        topic = self._alarm_topic.topic
        alarms = Alarms(self, alarm_specs(watched), names=self._names, topic=topic)
        self._dashboard = Dashboard(self, watched, alarms.alarms)

    def _add_outputs(self, region: str) -> None:
        switch = self._functions.get("arc_region_switch")
        told = Told(
            pool_id=self._pool_id,
            client_id=self._client_id,
            queues=self._queues,
            machines={name: one.machine for name, one in self._workflows.items()},
            api=self._api,
            region_switch=switch.function.function_arn if switch else NO_FUNCTION,
            document=self._document.url if self._document else NO_DOCUMENT,
            dashboard=self._dashboard.name,
            drill_role=self._drill_role.role_arn,
            triggers=self._triggers(),
        )
        add_outputs(self, outputs(self._config, self._names, region, self._resources, told))
