"""What a survey of all records has seen so far, a part after the other. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.recovery.domain.standing import Tally

_NOTHING = Tally(0, 0)


@dataclass(frozen=True)
class Seen:
    """Of the parts that were read: the records of one Region, and the highest epoch of all."""

    tally: Tally = _NOTHING
    highest: Epoch | None = None

    def more(self, tally: Tally, highest: Epoch | None) -> Seen:
        """With another part."""
        both = [each for each in (self.highest, highest) if each is not None]
        added = Tally(self.tally.records + tally.records, self.tally.revisions + tally.revisions)
        return Seen(added, max(both, default=None))

    def to_dict(self) -> dict[str, Any]:
        """As the machine keeps it."""
        return {
            "records": self.tally.records,
            "revisions": self.tally.revisions,
            "highest": None
            if self.highest is None
            else {"number": self.highest.number, "region": self.highest.region},
        }


def seen_from(raw: Any) -> Seen:
    """What `to_dict` wrote; of {} and None nothing was seen. InvalidRecordError."""
    if not raw:
        return Seen()
    try:
        highest = raw["highest"]
        epoch = None if highest is None else Epoch(int(highest["number"]), str(highest["region"]))
        return Seen(Tally(int(raw["records"]), int(raw["revisions"])), epoch)
    except (KeyError, TypeError, ValueError):
        raise InvalidRecordError("what a survey has seen does not have its shape") from None


def tally_from(raw: Any) -> Tally | None:
    """A tally as a machine keeps it; None of {} and None. InvalidRecordError."""
    if not raw:
        return None
    try:
        return Tally(int(raw["records"]), int(raw["revisions"]))
    except (KeyError, TypeError, ValueError):
        raise InvalidRecordError("a tally of records does not have its shape") from None


def tally_to(tally: Tally | None) -> dict[str, int] | None:
    """As a machine or an item keeps it."""
    return None if tally is None else {"records": tally.records, "revisions": tally.revisions}
