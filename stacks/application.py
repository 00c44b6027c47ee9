"""The CDK app: which stacks there are, in which order, and what checks them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from stacks.data_stack import DataStack
from stacks.names import Names
from stacks.region_stack import RegionStack
from stacks.replica_stack import ReplicaStack
from stacks.settings import StackSettings


def synthesize(
    settings: StackSettings, *, outdir: Path, context: Mapping[str, Any], validated: bool = True
) -> None:
    """Write the cloud assembly of an installation to `outdir`. `validated`: CDK looks at the
    templates itself, too, which takes half of the time; `CDK_VALIDATION=false` says no as well.

    RuntimeError: cdk-nag found something that nobody has explained; the report is printed.
    """
    app = App(
        outdir=str(outdir),
        context=dict(context),
        analytics_reporting=False,
        tree_metadata=False,
        stack_traces=False,
        builtin_cloud_formation_validation=validated,
    )
    add_stacks(app, settings)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()


def add_stacks(app: App, settings: StackSettings) -> None:
    """The data stack, that of a replica in an account of its own, then both Regions."""
    config = settings.config
    names = Names(config.installation)
    data: Stack = DataStack(app, names=names, settings=settings)
    if config.two_accounts:
        replica = ReplicaStack(app, names=names, settings=settings)
        replica.add_stack_dependency(data, "It joins that table.")
        data = replica
    for region in config.regions:
        stack = RegionStack(app, region, names=names, settings=settings)
        stack.add_stack_dependency(data, "The replica's stream must exist.")
    for key, value in settings.tags.items():
        Tags.of(app).add(key, value)
