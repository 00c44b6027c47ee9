"""The owner's file of password hashes, on this machine."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

from cognito_standby.recovery.domain.password_hashes import (
    Algorithm,
    Hashes,
    NotedChange,
    read_hashes,
)
from cognito_standby.recovery.services.transfer_ports import TransferRefusedError

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def hashes_in(
    path: Path, algorithm: Algorithm, changes: Mapping[str, NotedChange], *, vouched: bool
) -> Hashes:
    """Read it; `changes` of passwords, by origin sub.

    TransferRefusedError: others can read it, it is not there, or is no such file.
    """
    try:
        if path.stat().st_mode & _OTHERS:
            raise TransferRefusedError(f"others can read {path}: chmod 600 {path}")
        with path.open(encoding="utf-8", newline="") as file:
            return read_hashes(file, algorithm, changes, vouched=vouched)
    except (OSError, UnicodeDecodeError) as error:
        raise TransferRefusedError(f"{path} cannot be read: {type(error).__name__}") from None
    except ValueError as error:
        raise TransferRefusedError(str(error)) from None
