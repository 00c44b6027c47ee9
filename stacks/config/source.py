"""Where the config comes from, and how its faults are told: one message, no traceback."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from stacks.config import shapes as config_shapes
from stacks.config.model import Config

ENVIRONMENT_VARIABLE = "COGNITO_STANDBY_CONFIG"
"""Names a JSON file that replaces the config in cdk.json."""

CDK_JSON = "cdk.json"
CONTEXT_KEY = "standby"
"""Key in cdk.json's context."""


class ConfigError(Exception):
    """The config cannot be used; the message says where it is and what is wrong."""


def find_config(root: Path, argv: Sequence[str], environ: Mapping[str, str]) -> Config:
    """The config of this run: `-c config=FILE`, else COGNITO_STANDBY_CONFIG, else cdk.json.

    `cdk -c` reaches an app in the variable CDK_CONTEXT_JSON, `python app.py -c` in its arguments.
    """
    if named := named_file(argv, environ):
        return parse(_read_json(Path(named)), named)
    raw = read_context(root).get(CONTEXT_KEY)
    return parse(raw, f"cdk.json, context key `{CONTEXT_KEY}`")


def named_file(argv: Sequence[str], environ: Mapping[str, str]) -> str | None:
    """The file that the config of this run is in; None: cdk.json, with other things."""
    return _option(argv) or _cdk_option(environ) or environ.get(ENVIRONMENT_VARIABLE)


def read_context(root: Path) -> dict[str, Any]:
    """The context of cdk.json, which the CDK CLI would pass and `python app.py` must read."""
    context = _read_json(root / CDK_JSON).get("context", {})
    return dict(context) if isinstance(context, dict) else {}


def parse(raw: Any, where: str) -> Config:
    """Validate. ConfigError: every fault, each with the key that it is at."""
    try:
        return Config.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        faults = "\n".join(f"  - {_told(fault)}" for fault in error.errors(include_url=False))
        raise ConfigError(f"The config in {where} cannot be used:\n{faults}") from None


def _told(fault: Any) -> str:
    path = ".".join(str(part) for part in fault["loc"])
    match fault["type"]:
        case "extra_forbidden":
            text = "unknown key"
        case "missing":
            text = "is required"
        case "string_pattern_mismatch":
            text = config_shapes.told(fault["ctx"]["pattern"])
        case _:
            text = str(fault["msg"]).removeprefix("Value error, ")
    return f"{path}: {text}" if path else text


def _read_json(path: Path) -> dict[str, Any]:
    try:
        parsed = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"The config {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"The config {path} is not JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise ConfigError(f"The config {path} must be a JSON object")
    return parsed


def _option(argv: Sequence[str]) -> str | None:
    for flag, value in pairwise(argv):
        if flag in ("-c", "--context") and value.startswith("config="):
            return value.removeprefix("config=")
    return None


def _cdk_option(environ: Mapping[str, str]) -> str | None:
    named: str | None = json.loads(environ.get("CDK_CONTEXT_JSON", "{}")).get("config")
    return named
