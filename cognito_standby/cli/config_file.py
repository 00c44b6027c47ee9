"""The configuration of a checkout: judged by the deployment's own model, then written, and never
over another one unasked.

It is in cdk.json, or in a file of its own, which then is the configuration and nothing else: as a
deployment reads it (`stacks/config/source.py`). The command does not know the stacks, whose model
it is: the checkout's own code judges, in a process of its own (`python -m stacks.config`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_KEY = "standby"
_CDK = "cdk.json"
_JUDGE = Path("stacks") / "config" / "__main__.py"
_SECONDS = 120


class NotWrittenError(Exception):
    """Nothing was written; the text says why."""


@dataclass(frozen=True)
class ConfigFile:
    """`folder`: that of the checkout; `named`: a file of the configuration's own, or None."""

    folder: Path
    named: Path | None = None

    @property
    def path(self) -> Path:
        """Of the file."""
        return self.folder / (self.named or _CDK)

    @property
    def called(self) -> str:
        """As a person is told of it."""
        return str(self.named or _CDK)

    def require(self) -> None:
        """NotWrittenError: this folder is no checkout, or the file cannot be read."""
        if not (self.folder / _JUDGE).exists() or not (self.folder / _CDK).exists():
            raise NotWrittenError(
                f"{self.folder} is no checkout of cognito-standby: run it in the folder of one, "
                "whose own code judges the configuration before it is written"
            )
        if not self.path.parent.is_dir():
            raise NotWrittenError(f"{self.path.parent} is no folder")
        self._read()

    def standing(self) -> Mapping[str, Any]:
        """The configuration that is there; empty: none. NotWrittenError."""
        if self.named:
            return self._read()
        found = self._read().get("context", {})
        told = found.get(_KEY, {}) if isinstance(found, dict) else {}
        return told if isinstance(told, dict) else {}

    def judge(self, config: Mapping[str, Any]) -> None:
        """NotWrittenError: the deployment would refuse it, with every fault."""
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "proposed.json"
            path.write_text(json.dumps(config), encoding="utf-8")
            proposed = f"what would be written to {self.called}"
            done = subprocess.run(
                [sys.executable, "-m", "stacks.config", str(path), proposed],
                cwd=self.folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=_SECONDS,
            )
        if done.returncode:
            raise NotWrittenError(done.stderr.strip() or "the configuration could not be judged")

    def write(self, config: Mapping[str, Any]) -> None:
        """All of it or nothing: whoever reads meanwhile sees the old file or the new one."""
        whole: dict[str, Any] = dict(config)
        if not self.named:
            whole = self._read()
            context = whole.get("context")
            kept = context if isinstance(context, dict) else {}
            whole["context"] = {**kept, _KEY: dict(config)}
        text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
        # Where the path is a link, the file that it leads to: the link would go otherwise.
        real = Path(os.path.realpath(self.path))
        part = real.with_suffix(f"{real.suffix}.part")
        try:
            part.write_text(text, encoding="utf-8")
            os.replace(part, real)  # noqa: PTH105 - over what is there
        except OSError as error:
            raise NotWrittenError(f"{self.path} cannot be written: {error.strerror}") from None

    def _read(self) -> dict[str, Any]:
        """Empty: it is a file of its own, and not there yet."""
        if self.named and not self.path.exists():
            return {}
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise NotWrittenError(f"{self.path} cannot be read: {error}") from None
        if not isinstance(found, dict):
            raise NotWrittenError(f"{self.path} is no JSON object")
        return found
