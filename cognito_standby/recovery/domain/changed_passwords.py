"""What becomes of those who set a password in the other Region, before this one opens. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.pools import UserStatus


class Outcome(StrEnum):
    """What was done about one person."""

    RESET = "reset"
    """They have a password that nobody knows, and no session."""
    DONE_BEFORE = "done_before"
    """The same, by an earlier attempt, for the same epoch."""
    NOT_NEEDED = "not_needed"
    """They set one here since, or had none here that anybody knows."""
    ABSENT = "absent"
    """They are not in this pool, or are deleted: nobody signs in."""
    FEDERATED = "federated"
    """They sign in by their provider: a password would make them somebody else's user."""
    PASSWORDLESS = "passwordless"
    """No password opens this pool."""
    REFUSED = "refused"
    """Cognito did not take the password. Their sessions are ended; the next attempt tries again."""


class Stage(StrEnum):
    """How far somebody's reset has come, as the ledger notes it."""

    PASSWORD = "password"  # noqa: S105 - the name of a stage
    SIGNED_OUT = "signed_out"


@dataclass(frozen=True)
class ResetNote:
    """What the ledger's row tells of the last reset: which epoch it answers, and how far it is."""

    epoch: Epoch
    stage: Stage


def steps_left(noted: ResetNote | None, needed: Epoch) -> tuple[Stage, ...]:
    """What is still to be done for a change under an epoch. The password comes first: whoever knows
    the old one could sign in again right after their sessions were ended."""
    if noted is None or noted.epoch < needed:
        return (Stage.PASSWORD, Stage.SIGNED_OUT)
    return () if noted.stage is Stage.SIGNED_OUT else (Stage.SIGNED_OUT,)


def left_alone(status: UserStatus | None, *, deleted: bool, passwords: bool) -> Outcome | None:
    """Why somebody gets no password; None: they get one.

    status     None: they are not in this pool
    passwords  whether the pool takes any
    """
    if status is None or deleted:
        return Outcome.ABSENT
    if status is UserStatus.EXTERNAL_PROVIDER:
        return Outcome.FEDERATED
    return None if passwords else Outcome.PASSWORDLESS


Counts = Mapping[str, int]


@dataclass(frozen=True)
class Progress:
    """How far the resets of a Region are: the checkpoint of the task.

    since   the number under which this Region was active last; of later epochs are the changes
    shard   the next one to be gone through
    counts  outcome -> people, of the shards that are done
    """

    since: int
    shard: int = 0
    counts: Counts = field(default_factory=dict)


def progress_from(plain: Any) -> Progress | None:
    """A checkpoint as the machine hands it back; None: there is none yet. InvalidRecordError."""
    if plain is None:
        return None
    try:
        since, shard = plain["since"], plain["shard"]
        counts = {Outcome(name).value: number for name, number in plain["counts"].items()}
        numbers = (since, shard, *counts.values())
        if any(type(number) is not int or number < 0 for number in numbers):
            raise ValueError("no numbers")
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InvalidRecordError("the checkpoint of the resets is not of its shape") from None
    return Progress(since, shard, counts)
