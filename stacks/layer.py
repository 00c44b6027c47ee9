"""Where the built layer of third-party packages lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stacks.config.source import ConfigError

ENVIRONMENT_VARIABLE = "COGNITO_STANDBY_LAYER_DIR"
"""Overrides the place; tests and local runs need no real layer."""


def find_layer(root: Path, environ: Mapping[str, str]) -> Path:
    """The directory that holds `python/`, by default build/layer.

    ConfigError: it has not been built.
    """
    path = Path(environ.get(ENVIRONMENT_VARIABLE) or root / "build" / "layer")
    if not (path / "python").is_dir():
        raise ConfigError(
            f"The layer has not been built: there is no {path / 'python'}. Run: make setup"
        )
    return path
