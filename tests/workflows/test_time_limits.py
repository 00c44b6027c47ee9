"""Time limits fit into each other: call < task < state < lease < take-over."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

import pytest

import workflows
from cognito_standby.core.adapters import clients
from cognito_standby.core.domain.hints import EARLY
from cognito_standby.core.domain.ledger import LEASE_SECONDS
from cognito_standby.failures.domain.failures import TAKE_OVER_AFTER
from cognito_standby.failures.services.sweep import STRANDED_AFTER
from cognito_standby.operator.services.redrive_job import WAIT_SECONDS
from cognito_standby.reconciliation.adapters.run_register import LOCK_DAYS
from stacks.packaged_node import use_packaged_node
from tasks.reconcile_step import RESERVE_SECONDS
from tests.workflows.scenarios import definition_of
from workflows.lint.facts import load_facts
from workflows.lint.walk import ASKING, function_of, states

use_packaged_node()

POLICIES = load_facts().policies
LONGEST_BACKOFF_SECONDS = 20
"""botocore's standard retry mode: random up to 1, 2, 4 ... s, at most 20 (boto3 guide,
"Standard retry mode")."""


def seconds_of_a_call() -> float:
    """The longest that one hung call of a task can take, all its attempts together."""
    config: Any = clients._TASK
    attempts = config.retries["total_max_attempts"]
    pauses = sum(min(2.0**number, LONGEST_BACKOFF_SECONDS) for number in range(attempts - 1))
    return float((config.connect_timeout + config.read_timeout) * attempts + pauses)


def seconds_of_retries(policy: Any) -> float:
    """The longest that the pauses of a policy can take together."""
    interval, rate = policy["IntervalSeconds"], policy["BackoffRate"]
    pauses = [interval * rate**number for number in range(policy["MaxAttempts"])]
    return float(sum(min(pause, policy["MaxDelaySeconds"]) for pause in pauses))


def chance_of_giving_up(policy: Any, within: float) -> float:
    """The probability that the pauses of a policy, each random from zero to its length, take less
    time together than `within`. Rounded down to half seconds, so the true one is smaller."""
    chances = [1.0]
    for number in range(policy["MaxAttempts"]):
        pause = policy["IntervalSeconds"] * policy["BackoffRate"] ** number
        slots = int(min(pause, policy["MaxDelaySeconds"]) * 2)
        up_to = list(accumulate(chances, initial=0.0))
        chances = [
            (up_to[min(total, len(chances) - 1) + 1] - up_to[max(total - slots + 1, 0)]) / slots
            for total in range(len(chances) + slots - 1)
        ]
    return sum(chances[: int(within * 2)])


TRIGGERS = (
    *("post_confirmation", "pre_sign_up", "pre_token_generation"),
    *("pre_authentication", "custom_message", "user_migration"),
)
"""Called by Cognito, with clients of their own; no state waits for them."""


def time_limits() -> dict[str, int]:
    from stacks.constructs.functions.task_list import TASKS  # noqa: PLC0415 - starts Node

    return {task.name: task.timeout_seconds for task in TASKS}


def test_a_service_that_hangs_is_told_as_such() -> None:
    """One hung call ends before the task does, with an error that is retried. Where several hang
    in a row, the task's own limit comes first, and that is retried, too."""
    limits = time_limits()
    assert seconds_of_a_call() <= min(s for name, s in limits.items() if name not in TRIGGERS)
    retried = set(POLICIES["service"]["ErrorEquals"])
    assert {"Sandbox.Timedout", "Lambda.Unknown", "States.Timeout"} <= retried


def test_a_function_that_was_killed_is_tried_again() -> None:
    """What Lambda reports of a process that ended by itself, or of which it knows nothing (Step
    Functions developer guide, "Handling errors", Lambda.Unknown)."""
    assert {"Runtime.ExitError", "Lambda.Unknown"} <= set(POLICIES["service"]["ErrorEquals"])


@pytest.mark.parametrize("machine", workflows.names())
def test_every_function_that_runs_out_of_time_is_tried_again(machine: str) -> None:
    for name, state in states(definition_of(machine)):
        if function_of(state):
            waits = state["Resource"] == ASKING
            assert POLICIES["asking" if waits else "service"] in state["Retry"], name
            unsure = (POLICIES["unsure"], POLICIES["unsure_of_long"])
            assert any(each in state["Retry"] for each in unsure), name


def test_a_lease_outlives_every_call_of_its_holder() -> None:
    for name, state in states(definition_of("sync_user")):
        if state["Type"] == "Task":
            assert state["TimeoutSeconds"] < LEASE_SECONDS, name


def test_containment_begins_when_the_lease_has_run_out() -> None:
    wait = definition_of("contain_failure")["States"]["Wait Out Task"]["Seconds"]
    assert wait > LEASE_SECONDS > time_limits()["replay_record"]


def test_nobody_gives_up_while_two_dead_leases_run_out() -> None:
    """Who failed held one; whoever took it next, a containment for one, died holding another. The
    third is a living execution's, which ends."""
    policy, task = POLICIES["waiting"], time_limits()["replay_record"]
    assert chance_of_giving_up(policy, 2 * LEASE_SECONDS + task) < 1e-4
    assert chance_of_giving_up({**policy, "MaxAttempts": 24}, 2 * LEASE_SECONDS + task) > 0.01


def test_nobody_gives_up_on_a_person_who_may_not_be_visible_yet() -> None:
    policy = POLICIES["waiting"]
    assert chance_of_giving_up(policy, EARLY.total_seconds()) < 1e-4
    assert chance_of_giving_up(policy, 3 * EARLY.total_seconds()) > 0.01, "as where only waits are"


def test_a_shortage_of_concurrency_is_ridden_out_for_the_better_part_of_an_hour() -> None:
    """Another user of the account takes all that Lambda has. A policy of minutes, as that for other
    faults of Lambda's, would give up within three."""
    (policy,) = [
        POLICIES[name]
        for name in ("service", "unsure", "throttled")
        if "Lambda.TooManyRequestsException" in POLICIES[name]["ErrorEquals"]
    ]
    assert seconds_of_retries(policy) == 10_110
    assert chance_of_giving_up(policy, 50 * 60) < 1e-4
    assert seconds_of_retries(POLICIES["service"]) == 183


@pytest.mark.parametrize("machine", workflows.names())
def test_a_machine_outlives_its_wait_for_concurrency(machine: str) -> None:
    """Not so the children of a reconciliation: an Express execution ends after 5 minutes, and the
    next plan finds its item missing."""
    definition = definition_of(machine)
    for name, state in definition["States"].items():
        for rule in state.get("Retry", ()) if state["Type"] == "Task" else ():
            if "Lambda.TooManyRequestsException" in rule["ErrorEquals"]:
                waits = state["TimeoutSeconds"]
                last = waits if isinstance(waits, int) else 0
                assert seconds_of_retries(rule) + last < definition["TimeoutSeconds"], name


def test_a_scheduled_sweep_gives_up_before_the_next_one_begins() -> None:
    """Every 5 minutes (cdk.json). Otherwise a shortage of an hour would end with twelve at once."""
    state = definition_of("sweep_failures")["States"]["Sweep Failures"]
    (rule,) = [r for r in state["Retry"] if "Lambda.TooManyRequestsException" in r["ErrorEquals"]]
    assert seconds_of_retries(rule) + state["TimeoutSeconds"] < 300


def test_a_redriven_change_outwaits_the_lease_of_its_stopped_run() -> None:
    """Who gives up compensates: a change that only had to wait would be taken back."""
    policy = POLICIES["turn"]
    assert chance_of_giving_up(policy, LEASE_SECONDS) < 1e-4
    assert chance_of_giving_up({**policy, "MaxAttempts": 20}, LEASE_SECONDS) > 0.01


def test_an_operators_redrive_waits_until_a_dead_lease_has_run_out() -> None:
    """After a stop: the lease, the pause before the next look at it, and the run itself."""
    longest = LEASE_SECONDS + POLICIES["waiting"]["MaxDelaySeconds"] + 60
    assert longest <= WAIT_SECONDS


def test_nobody_takes_a_letter_over_that_is_still_being_sent() -> None:
    machine, total = definition_of("contain_failure")["States"], 0.0
    for name in ("Send Letter", "Mark Letter"):
        (policy,) = machine[name]["Retry"]
        attempts = 1 + policy["MaxAttempts"]
        total += machine[name]["TimeoutSeconds"] * attempts + seconds_of_retries(policy)
    assert total < TAKE_OVER_AFTER.total_seconds()


def test_no_living_execution_is_taken_for_stranded() -> None:
    longest = max(
        POLICIES[name]["MaxDelaySeconds"] for name in ("throttled", "service", "unsure", "waiting")
    )
    assert longest + 60 + LEASE_SECONDS < STRANDED_AFTER.total_seconds() + LEASE_SECONDS


EXPRESS_SECONDS = 300
"""How long an Express execution can take (Step Functions service quotas)."""


def test_no_answer_in_time_is_an_answer_and_not_tried_again() -> None:
    state = definition_of("reconcile_pool")["States"]["Ask Operator"]
    assert not [rule for rule in state["Retry"] if "States.Timeout" in rule["ErrorEquals"]]
    asking, service = (set(POLICIES[name]["ErrorEquals"]) for name in ("asking", "service"))
    assert asking == service - {"States.Timeout"}


def test_children_end_within_an_express_execution() -> None:
    limits, found = time_limits(), []
    for state in definition_of("reconcile_pool")["States"].values():
        for name, child in state.get("ItemProcessor", {}).get("States", {}).items():
            limit = limits[name.lower().replace(" ", "_")]
            assert limit < child["TimeoutSeconds"] < EXPRESS_SECONDS, name
            found.append(limit)
    assert len(found) == 3
    longest_pause_and_call = 10 + seconds_of_a_call()
    assert longest_pause_and_call <= RESERVE_SECONDS < min(found) / 2


def test_a_run_outlives_every_question_and_its_notes_outlive_the_run() -> None:
    from stacks.config.model import Config  # noqa: PLC0415 - starts Node

    run = definition_of("reconcile_pool")["TimeoutSeconds"]
    schema = Config.model_json_schema()["$defs"]
    hours = schema["Reconcile"]["properties"]["approval_hours"]["maximum"]
    days = schema["Retention"]["properties"]["runs_days"]["minimum"]
    assert hours * 3600 < run < days * 86_400
    assert run < LOCK_DAYS * 86_400
