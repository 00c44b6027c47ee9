"""The CDK app: which stacks there are, in which order, and what checks them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from stacks.data_stack import DataStack
from stacks.names import Names
from stacks.region_stack import RegionStack
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
    """The data stack, then both Regions."""
    config = settings.config
    names = Names(config.installation)
    data = DataStack(app, names=names, settings=settings)
    for region in (config.primary_region, config.backup_region):
        stack = RegionStack(app, region, names=names, settings=settings)
        stack.add_stack_dependency(data, "The replica's stream must exist.")
    for key, value in {"cognito-standby": config.installation, **config.tags}.items():
        Tags.of(app).add(key, value)
