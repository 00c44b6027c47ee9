"""A deployment: the CDK's command line, once or twice (see `deploying.plan`)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cognito_standby.core.adapters import clients
from deploying import account, cdk
from deploying.plan import plan
from stacks.config.model import Config
from stacks.deployment import variables
from stacks.names import Names

Run = Callable[[Sequence[str], bool, Mapping[str, str]], int]
Client = Callable[[str, str], Any]


def deploy(
    config: Config, *, terminal: bool, run: Run = cdk.run, client: Client | None = None
) -> int:
    """Deploy; the exit code of the command line that failed, or 0.

    NotNowError: from a stack's state nothing can be deployed. Errors of boto3 as they come, an
    answer that is cut among them: half of one would say that there is no stream.
    """
    ask = client or clients.of
    names, regions = Names(config.installation), (config.primary_region, config.backup_region)
    stacks = {region: (names.stack(region), region) for region in regions}
    stacks["data"] = (names.stack("data"), config.primary_region)
    doing = plan(account.statuses(ask, stacks), protect=config.protect_data)
    for part in sorted(doing.release):
        account.release(ask, *stacks[part])
    # The same in both deployments, so that the second changes nothing but protections.
    streams = account.streams(ask, names.records_table, regions)
    for number, unprotected in enumerate(doing.passes):
        if number:
            sys.stdout.write("Everything stands: switching the protections on.\n")
        arguments = cdk.deploy_arguments(asking=terminal and not number)
        if status := run(arguments, True, variables(unprotected, streams)):
            return status
    return 0
