"""JSON in the files of a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain import file_names as names_of
from cognito_standby.reconciliation.ports import RunFiles

_JSON = "application/json"


@dataclass(frozen=True)
class JsonFiles:
    """JSON in files; names are whole."""

    files: RunFiles

    def read(self, name: str) -> Any:
        """None: there is none, or it holds null. InvalidRecordError: it is not JSON."""
        body = self.files.read(name)
        return None if body is None else loaded(body, name)

    def read_list(self, name: str) -> list[Any] | None:
        """A file that holds a list; None: there is none."""
        body = self.files.read(name)
        if body is None:
            return None
        raw = loaded(body, name)
        if not isinstance(raw, list):
            raise InvalidRecordError(f"{name} holds no list")
        return raw

    def write(self, name: str, content: Any) -> None:
        """As repairs have been written since the first release."""
        self.files.write(name, json.dumps(content).encode(), _JSON)

    def write_compact(self, name: str, content: Any) -> None:
        """As everything before repairs has been written."""
        body = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
        self.files.write(name, body.encode(), _JSON)


@dataclass(frozen=True)
class Folder:
    """The files of one run."""

    files: RunFiles
    run_id: str

    @property
    def _json(self) -> JsonFiles:
        return JsonFiles(self.files)

    def _file(self, name: str) -> str:
        return f"{names_of.RUNS}{self.run_id}/{name}"

    def _read(self, name: str) -> Any:
        return self._json.read(self._file(name))

    def _note(self, name: str, content: Any) -> None:
        self._json.write_compact(self._file(name), content)


def loaded(body: bytes, name: str) -> Any:
    """InvalidRecordError: it is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidRecordError(f"{name} is not JSON") from None
