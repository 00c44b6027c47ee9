"""A deployment: the CDK's command line, once or twice (see `deploying.plan`), and for each account
(see `deploying.legs`)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cognito_standby.core.adapters import clients
from deploying import account, cdk
from deploying.legs import legs
from deploying.names_key import share_names_key
from deploying.plan import plan
from stacks.config.model import Config
from stacks.deployment import variables
from stacks.names import DATA, REPLICA, Names

Run = Callable[[Sequence[str], bool, Mapping[str, str]], int]
Client = Callable[[str, str], Any]


def deploy(
    config: Config,
    *,
    terminal: bool,
    backup_profile: str = "",
    run: Run = cdk.run,
    client: Client | None = None,
) -> int:
    """Deploy; the exit code of the command line that failed, or 0.

    backup_profile  of the backup Region's account, where that is another one
    client          makes clients of the account that has a Region

    NotNowError: from a stack's state nothing can be deployed. ValueError: no such profile is told.
    Errors of boto3 as they come, an answer that is cut among them: half of one would say that there
    is no stream.
    """
    runs = legs(config, backup_profile)
    ask = client or _clients(config, backup_profile)
    names, regions = Names(config.installation), config.regions
    stacks = {region: (names.stack(region), region) for region in regions}
    stacks[DATA] = (names.stack(DATA), config.primary_region)
    if config.two_accounts:
        stacks[REPLICA] = (names.stack(REPLICA), config.backup_region)
    doing = plan(account.statuses(ask, stacks), protect=config.protect_data)
    for part in sorted(doing.release):
        account.release(ask, *stacks[part])
    # The same in all runs, so that the second deployment changes nothing but protections.
    streams = _streams(config, ask)
    for number, unprotected in enumerate(doing.passes):
        if number:
            sys.stdout.write("Everything stands: switching the protections on.\n")
        for leg in runs:
            arguments = cdk.deploy_arguments(asking=terminal and not number, leg=leg)
            if status := run(arguments, True, variables(unprotected, streams)):
                return status
            if leg.profile and not number:
                _share_names_key(config, names, ask)
    return 0


def difference(
    config: Config,
    *,
    backup_profile: str = "",
    run: Run = cdk.run,
    client: Client | None = None,
) -> int:
    """Show what `deploy` would end with; the exit code of a command line that failed, or 0.

    The stacks have to be told of the same streams as in a deployment: without them they describe
    another first deployment, and each resource that was given a stream differs.
    Errors and arguments as those of `deploy`.
    """
    runs = legs(config, backup_profile)
    streams = _streams(config, client or _clients(config, backup_profile))
    told = variables(frozenset(), streams)
    codes = [run(["diff", *cdk.chosen(leg)], True, told) for leg in runs]
    return next(filter(None, codes), 0)


def _streams(config: Config, ask: Client) -> dict[str, str]:
    return account.streams(ask, Names(config.installation).records_table, config.regions)


def _share_names_key(config: Config, names: Names, ask: Client) -> None:
    source, target = (ask("secretsmanager", region) for region in config.regions)
    if share_names_key(source, target, names.names_secret):
        sys.stdout.write(f"Brought the key of the index of names to {config.backup_region}.\n")


def _clients(config: Config, backup_profile: str) -> Client:
    if not config.two_accounts:
        return clients.of
    beside = clients.of_profile(backup_profile)
    return lambda service, region: (
        beside(service, region) if region == config.backup_region else clients.of(service, region)
    )
