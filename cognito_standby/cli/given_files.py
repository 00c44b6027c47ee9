"""Files that a person gives to a command; what is wrong with one ends it."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cognito_standby.cli.arguments import refuse
from cognito_standby.configuration.domain.document import PoolConfiguration, document_from
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.operator.domain.price_list import BUILT_IN, Prices, PricesError, given


def require_writable(option: str, path: Path) -> None:
    """That a file can be written at the end: said before anything is done, which leaves nothing."""
    if path.is_dir():
        refuse(f"{option}: {path} is a folder: name a file")
    if not path.parent.is_dir():
        refuse(f"{option}: {path.parent} is no folder")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        refuse(f"{option}: {path} cannot be written")


def secrets_in(path: Path | None) -> Mapping[str, Mapping[str, str]]:
    """Of identity providers: provider -> name of the secret -> its value; none without a file."""
    if path is None:
        return {}
    data = _read(path)
    good = isinstance(data, dict) and all(
        isinstance(each, dict) and all(isinstance(value, str) for value in each.values())
        for each in data.values()
    )
    if not good:
        refuse(f'{path}: not of the form {{"PROVIDER": {{"client_secret": "..."}}}}')
    secrets: Mapping[str, Mapping[str, str]] = data
    return secrets


def prices_in(path: Path | None) -> Prices:
    """The built-in ones without a file."""
    if path is None:
        return BUILT_IN
    try:
        return given(_read(path))
    except PricesError as error:
        return refuse(f"{path}: {error}")


def document_in(path: Path) -> PoolConfiguration:
    """A copy of a snapshot. NewerDocumentError."""
    try:
        return document_from(_read(path))
    except InvalidRecordError as error:
        return refuse(f"{path}: {error}")


def _once(path: Path, pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A key that stands twice would count once."""
    keys = Counter(key for key, _ in pairs)
    if twice := [key for key, number in keys.items() if number > 1]:
        refuse(f"{path}: {', '.join(twice)} stands twice")
    return dict(pairs)


def _read(path: Path) -> Any:
    """JSON; what is wrong with it is told without what it says."""
    try:
        return json.loads(path.read_text(), object_pairs_hook=lambda pairs: _once(path, pairs))
    except OSError as error:
        return refuse(f"{path} cannot be read: {error.strerror}")
    except (ValueError, RecursionError):
        return refuse(f"{path} is no JSON")
