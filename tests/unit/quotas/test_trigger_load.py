"""How much of an account's concurrency sign-ups need: found by simulation, in virtual time.

People confirm as fast as Cognito admits, every run of the trigger lasts as long as it can, and
whatever else is in the account takes all that it is given.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

import pytest

from cognito_standby.replication.domain import trigger_load
from cognito_standby.triggers.services.role import SECONDS
from cognito_standby.triggers.services.slots import COLD_START
from local.quotas.concurrency import UNRESERVED_AT_LEAST as OF_THE_ACCOUNT
from local.quotas.concurrency import Concurrency, refused_reservation
from local.quotas.requests import Requests
from tasks import post_confirmation

NORMAL_SECONDS = 0.1
_TRIGGER, _HOG, _TICK = "post_confirmation", "everybody else", 0.05


@dataclass
class Outcome:
    """`deployed`: the account can make the reservation."""

    deployed: bool
    fired: int = 0
    refused: int = 0
    peak: int = 0


_ASKED = ("ConfirmSignUp", "ConfirmForgotPassword")


def play(
    limit: int,
    reserved: int,
    *,
    run: float,
    hogged: bool = True,
    operations: tuple[str, ...] = _ASKED,
) -> Outcome:
    """20 seconds of as many calls as Cognito admits: confirmations and recoveries, or others."""
    if refused_reservation(limit, 0, reserved):
        return Outcome(deployed=False)
    account, asked, outcome = Concurrency(limit), Requests(), Outcome(deployed=True)
    share = {_TRIGGER: reserved} if reserved else {}
    ends: list[float] = []
    for tick in range(round(20 / _TICK)):
        now = tick * _TICK
        while ends and ends[0] < now - 1e-9:  # in the moment in which it ends it still counts
            heapq.heappop(ends)
            account.leave(_TRIGGER)
        while hogged and account.enter(_HOG, share) is None:
            pass
        for operation in operations:
            while asked.admits(operation, "pool", now):
                outcome.fired += 1
                if account.enter(_TRIGGER, share):
                    outcome.refused += 1
                else:
                    heapq.heappush(ends, now + run)
    outcome.peak = account.peaks[_TRIGGER]
    return outcome


LONGEST = float(trigger_load.LONGEST_SECONDS)


def sufficient(limit: int) -> bool:
    """Whether some reservation keeps every sign-up of this account alive."""
    return any(
        (told := play(limit, reserved, run=LONGEST)).deployed and not told.refused
        for reserved in {max(0, limit - OF_THE_ACCOUNT), trigger_load.trigger_concurrency(), 0}
    )


def test_the_reservation_is_the_most_that_can_run_and_no_more() -> None:
    needed = trigger_load.trigger_concurrency()
    assert needed == 400
    free = play(100_000, 0, run=LONGEST, hogged=False)
    assert (free.peak, free.refused) == (needed, 0)
    assert play(1000, needed, run=LONGEST).refused == 0
    assert play(1000, needed - 1, run=LONGEST).refused > 0, "a reservation is a cap, too"


def test_the_smallest_sufficient_account() -> None:
    least = trigger_load.account_concurrency(trigger_load.trigger_concurrency())
    low, high = 1, 2000
    while low < high:  # what suffices suffices with more
        middle = (low + high) // 2
        low, high = (low, middle) if sufficient(middle) else (middle + 1, high)
    assert low == least == 500


@pytest.mark.parametrize(("asks_owner", "most"), [(False, 150), (True, 250)])
def test_what_is_reserved_for_sign_ups_is_the_most_that_can_be_asked(
    asks_owner: bool, most: int
) -> None:
    """An owner's function may take what Cognito waits, less a cold start. The fence waits for two
    answers at most, after a cold start."""
    assert trigger_load.SIGN_UP_SECONDS >= COLD_START + 2 * SECONDS
    run = float(trigger_load.OWNER_SECONDS if asks_owner else trigger_load.SIGN_UP_SECONDS)
    needed = trigger_load.sign_up_concurrency(asks_owner=asks_owner)
    free = play(100_000, 0, run=run, hogged=False, operations=("SignUp",))
    assert (free.peak, free.refused, needed) == (needed, 0, most)
    assert play(1000, needed, run=run, operations=("SignUp",)).refused == 0
    assert play(1000, needed - 1, run=run, operations=("SignUp",)).refused > 0


@pytest.mark.parametrize(("asks_owner", "most"), [(False, 240), (True, 400)])
def test_what_is_reserved_for_messages_is_the_most_of_sign_ups_and_recoveries(
    asks_owner: bool, most: int
) -> None:
    run = float(trigger_load.OWNER_SECONDS if asks_owner else trigger_load.SIGN_UP_SECONDS)
    needed = trigger_load.message_concurrency(asks_owner=asks_owner)
    asked = ("SignUp", "ForgotPassword")
    free = play(100_000, 0, run=run, hogged=False, operations=asked)
    assert (free.peak, free.refused, needed) == (needed, 0, most)
    assert play(1000, needed, run=run, operations=asked).refused == 0
    assert play(1000, needed - 1, run=run, operations=asked).refused > 0


def test_all_together() -> None:
    reserved = trigger_load.trigger_concurrency() + trigger_load.sign_up_concurrency()
    reserved += trigger_load.message_concurrency()
    assert trigger_load.account_concurrency(reserved) == 890


@pytest.mark.parametrize("limit", [10, 100, 500, 1000, 10_000])
def test_without_a_reservation_no_account_is_large_enough(limit: int) -> None:
    assert play(limit, 0, run=NORMAL_SECONDS).refused > 0


def test_an_account_of_ten_reserves_nothing_and_fails_even_when_all_is_well() -> None:
    assert not play(10, 1, run=NORMAL_SECONDS).deployed
    quiet = play(10, 0, run=NORMAL_SECONDS, hogged=False)
    assert 0 < quiet.refused < quiet.fired


def test_runs_of_the_usual_length_need_less() -> None:
    usual = play(1000, trigger_load.trigger_concurrency(), run=NORMAL_SECONDS)
    assert usual.refused == 0
    assert usual.peak <= 100


def test_raised_quotas_need_more() -> None:
    assert trigger_load.trigger_concurrency(creations=500) == 2650


def test_the_longest_run_is_that_of_the_triggers_own_time_outs() -> None:
    config: Any = post_confirmation._CLIENT
    one_round = 2 * (config.connect_timeout + config.read_timeout)
    longest = post_confirmation._QUICKLY + max(post_confirmation._PAUSES) + one_round
    assert longest <= trigger_load.LONGEST_SECONDS
    assert trigger_load.UNRESERVED_AT_LEAST == OF_THE_ACCOUNT
