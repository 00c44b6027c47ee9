"""The gaps between the emulator and AWS, one module each, and how they are put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from local.cognito_store import CognitoStore
from local.control import PASSKEYS, REPLICATION, SIGN_INS, Control
from local.faults import Faults
from local.gaps import (
    attribute_operations,
    bounded_workers,
    case_insensitive_names,
    client_ids,
    cloudformation_types,
    cognito_races,
    embedded_metrics,
    empty_secrets,
    execution_lifecycle,
    faithful_pipe,
    federation,
    file_integration,
    forked_workers,
    function_identity,
    function_updates,
    global_table,
    group_listing,
    group_operations,
    import_jobs,
    jsonata_distributed_map,
    metric_periods,
    multi_account_table,
    multi_factor,
    parsed_expressions,
    pool_configuration,
    pool_keys,
    provider_resources,
    redrive,
    reserved_concurrency,
    rest_api,
    retry_delays,
    rule_targets,
    sqs_races,
    stack_lifecycle,
    table_recovery,
    task_tokens,
    time_to_live,
    triggers,
    typed_errors,
    user_listing,
)
from local.gaps.cloudtrail import CloudTrail
from local.gaps.code_delivery import CodeDelivery
from local.gaps.confirmation_code import ConfirmationCode
from local.gaps.pool_accounts import PoolAccounts
from local.gaps.pool_recovery import PoolRecovery
from local.gaps.provisioned_limits import ProvisionedLimits
from local.gaps.strict_cognito import StrictCognito
from local.gateway import Emulator, Gateway, Layer
from local.protocol import App
from local.quotas import sign_ups
from local.quotas.enforcing import enforce
from local.rights import machines, services_inside
from local.rights.enforcing import Rights
from local.rights.gate import RightsGate
from local.rights.hops import Hops
from local.settings import LocalSettings
from local.trail import Trail


@dataclass(frozen=True)
class FilledGaps:
    """The emulator's app with the layers in front, and the handles that tests turn."""

    app: App
    trail: Trail
    cloudtrail: CloudTrail
    tables: multi_account_table.MultiAccountTables
    invoker: triggers.Invoker
    functions: forked_workers.Functions

    def close(self) -> None:
        """Stop the background work of the gaps."""
        self.cloudtrail.close()


class Emulated(Protocol):
    """What the gaps need to know of the AWS that they are filled in."""

    account: str
    settings: LocalSettings
    faults: Faults
    rights: Rights

    @property
    def endpoint(self) -> str:
        """The URL every AWS client is pointed at."""


def fill(app: App, aws: Emulated) -> FilledGaps:
    """Patch the emulator's modules and wrap its app; once per process."""
    from local.faults import installing  # noqa: PLC0415 - looks at callers as a gap names them

    settings = aws.settings
    hops = Hops(aws.rights)
    _patch(settings, aws.endpoint, aws.faults, hops)
    tables = multi_account_table.install(aws.rights)
    app = rest_api.RawPaths(app)
    store, emulator = CognitoStore(), Emulator(app, hops.trigger_denied)
    enforced = enforce(settings.quotas, store, aws.account) if settings.quotas else None
    trail = Trail(settings.trail_delay, settings.trail_drop)
    cloudtrail = CloudTrail(store, trail)
    invoker = triggers.Invoker(
        emulator,
        seconds=settings.trigger_seconds,
        workers=settings.workers_per_function,
        admission=enforced.trigger if enforced else triggers.admitted,
    )
    inside = triggers.install(invoker)
    if enforced:
        sign_ups.install()
    multi_factor.install(inside)
    federation.install(inside.cognito)
    pool_configuration.install()
    layers: list[Layer] = [PoolAccounts(store, aws.account)]
    layers += [enforced.rates] if enforced else []
    jobs = import_jobs.Jobs()
    imports = import_jobs.ImportJobs(store, emulator, jobs, aws.endpoint, hops.import_logs)
    layers += [cloudtrail, ProvisionedLimits(), PoolRecovery(store), imports]
    layers.append(pool_configuration.BesidePools(store))
    layers += [enforced.mails] if enforced else []
    layers.append(triggers.UserMigration(store, invoker))
    layers += [triggers.PostConfirmation(store, invoker), CodeDelivery(store, invoker)]
    layers.append(cognito_races.OneAtATime(store))
    layers.append(multi_factor.ExclusiveSettings(store))
    if settings.strict_cognito:
        layers.append(StrictCognito(store, emulator))
    layers.append(ConfirmationCode(store, emulator))
    judged = RightsGate(import_jobs.Uploads(Gateway(app, layers), jobs), aws.rights)
    gate = installing.install(judged, aws.faults, store)
    state = enforced.state if enforced else dict
    acts = {
        ("PUT", PASSKEYS): multi_factor.Passkeys(store).mark,
        ("GET", REPLICATION): tables.told,
        ("PUT", REPLICATION): tables.turned,
        ("POST", SIGN_INS): federation.ProviderSignIn(store, inside).play,
    }
    control = Control(gate, trail, aws.faults, aws.rights, state, acts)
    functions = forked_workers.install()
    return FilledGaps(control, trail, cloudtrail, tables, invoker, functions)


def _patch(settings: LocalSettings, endpoint: str, faults: Faults, hops: Hops) -> None:
    bounded_workers.install(settings.workers_per_function)
    typed_errors.install()
    embedded_metrics.install()
    metric_periods.install()
    function_identity.install(endpoint)
    function_updates.install()
    sqs_races.install()
    retry_delays.install()
    execution_lifecycle.install()
    jsonata_distributed_map.install()
    parsed_expressions.install()
    task_tokens.install()
    redrive.install()
    rule_targets.install(faults, hops)
    cloudformation_types.install()
    provider_resources.install()
    reserved_concurrency.install()
    empty_secrets.install()
    global_table.install()
    time_to_live.install()
    table_recovery.install(settings.restore_seconds, settings.restorable_lag)
    faithful_pipe.install(settings.pipe_poll_seconds, faults, hops)
    stack_lifecycle.install()
    client_ids.install()
    pool_keys.install()
    cognito_races.install()
    attribute_operations.install()
    case_insensitive_names.install()
    user_listing.install()
    group_operations.install()
    rest_api.install()
    file_integration.install(hops)
    group_listing.install()
    machines.install(hops)
    services_inside.install(hops)
