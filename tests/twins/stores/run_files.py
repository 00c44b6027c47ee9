"""The files of the runs, in a dictionary."""

from __future__ import annotations

from collections.abc import Sequence

from cognito_standby.core.domain.errors import InvalidRecordError, MisconfiguredError


class InMemoryRunFiles:
    """RunFiles."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.types: dict[str, str] = {}

    def write(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """Put a whole file."""
        self.bodies[name], self.types[name] = bytes(body), content_type

    def read(self, name: str) -> bytes | None:
        """A whole file; None: there is none."""
        return self.bodies.get(name)

    def read_range(self, name: str, start: int, length: int) -> bytes:
        """Some bytes of a file that exists. MisconfiguredError: there is no such file.
        InvalidRecordError: it ends before or within the range."""
        if length <= 0:
            return b""
        body = self.bodies.get(name)
        if body is None:
            raise MisconfiguredError(f"no such file: {name}")
        if start + length > len(body):
            raise InvalidRecordError(f"{name} is shorter than it was written")
        return body[start : start + length]

    def names(self, prefix: str) -> Sequence[str]:
        """The names of all files that begin so, sorted."""
        return sorted(name for name in self.bodies if name.startswith(prefix))
