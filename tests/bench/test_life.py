"""Life after a failover at its smallest: counts, which no machine's pace changes."""

from __future__ import annotations

import pytest

from cognito_standby.triggers.services.role import KEEP_SECONDS, SECONDS
from local.quotas.categories import RATES, Category
from tasks import custom_message, pre_authentication, pre_token_generation
from tests.bench.life.flows import BY_CODE, Trigger
from tests.bench.life.region import FENCE
from tests.bench.life.scenarios import (
    CODE,
    CODES_A_SECOND,
    RECOVERIES_A_SECOND,
    RECOVERY,
    Rush,
    needed,
    play,
    turning,
)
from tests.bench.life.triggers import COGNITO_WAITS
from tests.unit.loopback import Service
from tests.unit.triggers.events import Context, attributes, event
from tests.unit.triggers.test_fence_reads import answered, item
from tests.unit.triggers.test_fence_reads import tables as tables  # noqa: PLC0414 - a fixture
from tests.unit.world import BACKUP, PRIMARY

SECONDS_OF_ONE, SETTLED = 8.0, 5.0
ONE_S_PACE = 0.02
"""Whoever begins needs a mail's time; people are whole numbers, and an edge cuts one off."""


def test_120_a_second_come_in_by_code_and_nobody_is_refused() -> None:
    rush = Rush(codes=CODES_A_SECOND, seconds=SECONDS_OF_ONE)
    out = play(rush)
    came = out.through.total()
    assert not out.refused
    assert (came, out.strangers) == (out.began.total(), 0), "each token names the origin sub"
    pace = out.pace(CODE, rush.begins + SETTLED, rush.begins + rush.seconds)
    assert pace == pytest.approx(RATES[Category.USER_AUTHENTICATION], rel=ONE_S_PACE)
    assert out.asked[Category.USER_AUTHENTICATION] == came, "the answer has a rate of its own"
    assert out.functions.invocations.total() == 3 * came
    assert out.reads["ledger"] == came
    assert out.reads["claims"] < came / 10
    assert not out.reads["parameter"]
    assert max(out.functions.longest.values()) < COGNITO_WAITS * 1000


def test_15_a_second_recover_and_no_other_quota_is_near() -> None:
    rush = Rush(recoveries=RECOVERIES_A_SECOND, seconds=SECONDS_OF_ONE)
    out = play(rush)
    came = out.through.total()
    assert not out.refused
    assert (came, out.strangers) == (out.began.total(), 0)
    share = {Category(name): n / came * 15 / RATES[Category(name)] for name, n in out.asked.items()}
    assert share.pop(Category.USER_ACCOUNT_RECOVERY) == 1
    assert max(share.values()) < 0.4, "our steps leave the rest to the app"
    assert out.functions.invocations[Trigger.POST_CONFIRMATION] == came
    assert out.functions.invocations["plan_sync"] == came


def test_more_than_15_are_refused_by_cognito_and_fewer_come_in() -> None:
    rush = Rush(recoveries=2 * RECOVERIES_A_SECOND, seconds=SECONDS_OF_ONE)
    out = play(rush)
    assert set(out.refused) == {f"Cognito: {Category.USER_ACCOUNT_RECOVERY}"}
    assert out.pace(RECOVERY, rush.begins, rush.begins + rush.seconds) <= RECOVERIES_A_SECOND


def test_from_nothing_an_account_of_a_thousand_is_short_for_some_seconds() -> None:
    rush = Rush(codes=CODES_A_SECOND, seconds=SECONDS_OF_ONE, warm=False)
    out = play(rush)
    assert 0 < out.for_our_sake.total() < out.functions.invocations.total() / 10
    assert out.through.total() == out.began.total(), "who repeats the call comes in"
    free = needed(rush)
    assert not free.refused
    assert 350 < free.peak < 400, "what docs/quotas.md says"
    assert free.peaks[Trigger.CUSTOM_MESSAGE] > 240, "what is reserved for it is a cap"


def test_tables_that_hang_cost_the_claim_and_the_parameters_quota() -> None:
    rush = Rush(codes=CODES_A_SECOND, seconds=SECONDS_OF_ONE)
    out = play(rush, hangs=True)
    assert out.strangers == out.through.total(), "no token claims what nobody could read"
    assert out.reads["parameter, refused"] > 0
    assert out.refused[FENCE] > 0, "whose process could read neither goes by the deployment"
    assert max(out.functions.longest.values()) < COGNITO_WAITS * 1000


@pytest.mark.parametrize("warm", [True, False])
def test_the_fence_turns_within_its_seconds_at_120_sign_ins_a_second(warm: bool) -> None:
    latest = KEEP_SECONDS + 2 * SECONDS
    taking, at = turning(BACKUP, warm=warm, seconds=KEEP_SECONDS + 1)
    assert min(taking.let_in) > at
    assert max(taking.kept_out, default=at) < at + latest
    assert not warm or taking.kept_out, "before the claim it refuses"
    former, at = turning(PRIMARY, warm=warm, seconds=KEEP_SECONDS + 1)
    assert min(former.kept_out) > at
    assert max(former.let_in, default=at) < at + latest
    assert bool(former.let_in) is warm
    for out in (taking, former):
        cold = out.functions.cold.total()
        assert out.reads["claims"] <= cold * (1 + out.at_last / KEEP_SECONDS), "one in 5 seconds"
    assert warm or not former.reads["ledger"], "nothing is read for whom the fence refuses"


HANDLERS = {
    Trigger.PRE_AUTHENTICATION: pre_authentication.handler,
    Trigger.CUSTOM_MESSAGE: custom_message.handler,
    Trigger.PRE_TOKEN_GENERATION: pre_token_generation.handler,
}


def test_the_deployed_handlers_ask_what_was_counted(
    tables: dict[str, Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sign-in by code on cold processes reads the claims thrice, a second one not at all."""
    from cognito_standby.triggers.settings import Parts, TokenSettings  # noqa: PLC0415

    for name, value in (
        TokenSettings(Parts("", "origin_sub", marked=True), "ledger").to_env().items()
    ):
        monkeypatch.setenv(name, value)
    tables["dynamodb"].answer = answered(item("us-east-1", 3))
    asked: list[list[str]] = []
    for _ in range(2):
        for step in BY_CODE:
            for trigger, source in step.asks:
                HANDLERS[trigger](event(source, attributes()), Context())
        bodies = tables["dynamodb"].bodies
        asked.append(sorted(table for body in bodies for table in body["RequestItems"]))
        bodies.clear()
    assert asked == [["ledger", "records", "records", "records"], ["ledger"]]
    assert not tables["ssm"].bodies
