"""The CDK app: which stacks there are, in which order, and what checks them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from stacks.config import Config
from stacks.config_source import ConfigError
from stacks.data_stack import DataStack
from stacks.names import Names
from stacks.region_stack import RegionStack
from stacks.settings import StackSettings

LAYER_VARIABLE = "COGNITO_STANDBY_LAYER_DIR"
"""Overrides where the built layer is looked for; default build/layer."""


def synthesize(config: Config, *, root: Path, outdir: Path, context: Mapping[str, Any]) -> None:
    """Write the cloud assembly of an installation to `outdir`.

    ConfigError: the layer has not been built.
    """
    app = App(
        outdir=str(outdir),
        context=dict(context),
        analytics_reporting=False,
        tree_metadata=False,
    )
    add_stacks(app, config, root)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()


def add_stacks(app: App, config: Config, root: Path) -> None:
    """The data stack, then both Regions."""
    names = Names(config.installation)
    settings = StackSettings(config, root, _layer_directory(root))
    data = DataStack(app, config=config, names=names, settings=settings)
    for region in (config.primary_region, config.backup_region):
        stack = RegionStack(app, region, config=config, names=names, settings=settings)
        stack.add_stack_dependency(data, "The replica's stream must exist.")
    for key, value in {"cognito-standby": config.installation, **config.tags}.items():
        Tags.of(app).add(key, value)


def _layer_directory(root: Path) -> Path:
    path = Path(os.environ.get(LAYER_VARIABLE) or root / "build" / "layer")
    if not (path / "python").is_dir():
        raise ConfigError(f"The layer has not been built: there is no {path / 'python'}.")
    return path
