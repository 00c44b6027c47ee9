"""What of Cognito's questions is let through while a Region's door is closed. Pure.

Sources of the triggers: "Customizing user pool workflows with Lambda triggers", Amazon Cognito
Developer Guide. What asks no trigger at all, and so passes every fence: docs/fence.md.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import assert_never

from cognito_standby.triggers.domain.sign_ups import BY_ADMINISTRATOR

OF_AN_APP = "TokenGeneration_ClientCredentials"
"""An app's own token: nobody signs in, and no user is read or changed."""


class Need(Enum):
    """What a question needs."""

    OPEN_DOOR = auto()
    """People come in by it, or are sent a code with which they could."""
    INTENT = auto()
    """An open door, or an intent in this Region's ledger: replay makes its users so."""
    NOTHING = auto()


class Creation(Enum):
    """What the ledger says of a creation by an administrator's call."""

    INTENDED = auto()
    """A living run of ours has noted that it makes this user."""
    NOT_INTENDED = auto()
    UNREAD = auto()
    """The ledger could not be read in time."""
    UNMARKED = auto()
    """The call names nobody, in a pool whose creations by replay may name nobody."""


def need_of(source: str) -> Need:
    """What a question of this source needs; one that is not known needs an open door."""
    if source == BY_ADMINISTRATOR:
        return Need.INTENT
    return Need.NOTHING if source == OF_AN_APP else Need.OPEN_DOOR


def lets_in(creation: Creation) -> bool:
    """Whether a user is made by an administrator's call behind a closed door.

    Refusing a replay for good, because a read of the ledger was slow, would keep a person out of
    the standby. Nobody but administrators can make this call, so a doubt lets it pass.
    """
    match creation:
        case Creation.INTENDED | Creation.UNREAD | Creation.UNMARKED:
            return True
        case Creation.NOT_INTENDED:
            return False
        case _:
            assert_never(creation)


def refusal_text(region: str) -> str:
    """What an app is told, whatever the reason. Cognito puts "<trigger> failed with error" before
    it and a full stop behind it."""
    return f"Region {region} stands by; use the active Region"
