"""How CloudTrail delivers on the local AWS."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass
class Trail:
    """How CloudTrail delivers; may be changed while it runs.

    `delay` is in seconds; `drop` holds patterns of event names that are lost, `*` for all.
    """

    delay: float = 0.0
    drop: Sequence[str] = ()

    def loses(self, event_name: str) -> bool:
        """Whether an event never arrives."""
        return any(fnmatchcase(event_name, pattern) for pattern in self.drop)
