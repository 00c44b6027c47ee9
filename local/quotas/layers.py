"""Cognito's quotas where its calls pass: request rates outermost, mails where a pool is known."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

from local.cognito_store import CognitoStore
from local.gaps.function_identity import caller_from
from local.gateway import Forward
from local.protocol import Call, Reply, signed_for
from local.quotas import mail, sign_ups
from local.quotas.account import AccountQuotas, Place
from local.quotas.buckets import Daily
from local.quotas.categories import CATEGORY_OF, category_of
from local.quotas.counts import APPS, Counts
from local.quotas.requests import Requests

MAIL = "mails a day"


def caller_of(call: Call) -> str:
    """The deployed function, or everybody else."""
    caller = caller_from(call.headers.get("x-amz-security-token", ""))
    return caller.function if caller else APPS


class RequestRates:
    """Refuses what exceeds a category's rate: TooManyRequestsException, and nothing happened.

    `account`: whose a call is that names none.
    """

    def __init__(
        self,
        store: CognitoStore,
        quotas: AccountQuotas,
        counts: Counts,
        account: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._counts, self._clock = store, counts, clock
        self._account = account
        self._places: defaultdict[Place, Requests] = defaultdict(lambda: Requests(quotas.rates))

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Let the call through, or not. An unknown operation is the emulator's to refuse."""
        place = self._place(call) if call.operation in CATEGORY_OF else None
        if place is None:
            return await forward(call)
        challenge = str(call.params.get("ChallengeName", ""))
        category = category_of(call.operation, challenge)
        pool = str(call.params.get("UserPoolId", ""))
        requests = self._places[place]
        admitted = requests.admits(call.operation, pool, self._clock(), challenge)
        for quota in (category, f"{category}: {call.operation}"):
            self._counts.note(place.region, quota, caller_of(call), refused=not admitted)
        if not admitted:
            return Reply.refusal("TooManyRequestsException", "Rate exceeded")
        return await forward(call)

    def _place(self, call: Call) -> Place | None:
        """An app's calls are not signed: their pool says where they are."""
        if signed := signed_for(call.headers):
            return Place(call.account or self._account, signed[0])
        pool = self._store.pool_of(call)
        return Place(pool.account, pool.region) if pool else None


class Mails:
    """Refuses the 51st mail of a day by Cognito's own sender: LimitExceededException.

    Limits: the refused call had no effect here; AWS does not document whether a sign-up whose mail
    is refused leaves its user behind. The day is UTC's.
    """

    def __init__(
        self,
        store: CognitoStore,
        quotas: AccountQuotas,
        counts: Counts,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._counts, self._clock = store, counts, clock
        self._days: defaultdict[Place, Daily] = defaultdict(lambda: Daily(quotas.mails_a_day))

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Count the call's mail, or refuse it."""
        pool = self._store.pool_of(call)
        if pool is None or not mail.own_sender(pool):
            return await forward(call)
        if not mail.sends_mail(call, pool, self._store.user_of(call, pool)):
            return await forward(call)
        day, counted = self._days[Place(pool.account, pool.region)], False

        def admits() -> bool:
            nonlocal counted
            counted = day.take(self._clock())
            self._counts.note(pool.region, MAIL, caller_of(call), refused=not counted)
            return counted

        reply = await _send(
            call, forward, admits, may_be_confirmed=mail.may_be_confirmed(call, pool)
        )
        if counted and not reply.ok:
            day.give_back()
        return reply


async def _send(
    call: Call, forward: Forward, admits: Callable[[], bool], *, may_be_confirmed: bool
) -> Reply:
    refusal = Reply.refusal("LimitExceededException", mail.REFUSAL)
    if may_be_confirmed:
        with sign_ups.asking_after_the_trigger(admits, refusal):
            return await forward(call)
    return await forward(call) if admits() else refusal
