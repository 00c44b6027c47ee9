"""The lint has nothing to say about the machines, and each of its rules catches what it is for."""

from __future__ import annotations

import json
from typing import Any

import pytest

import workflows
from stacks.packaged_node import use_packaged_node
from tests.workflows.definitions import FACTS, Break, broken, sound
from workflows.lint import RULES, lint, lint_all
from workflows.lint.facts import load_facts, taxonomy
from workflows.lint.walk import variables

use_packaged_node()


def inner(states: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = states["For Each"]["ItemProcessor"]["States"]["Do One"]
    return found


BREAKS: list[tuple[str, Break, str]] = [
    (
        "targets_exist",
        lambda s: s["Look Up"].update(Next="Rout"),
        "Look Up: its next leads to 'Rout'",
    ),
    (
        "targets_exist",
        lambda s: s["Route"].update(Default="Nowhere"),
        "Route: its default leads to 'Nowhere'",
    ),
    (
        "targets_exist",
        lambda s: s["Route"]["Choices"][0].update(Next="For each"),
        "its choice 0 leads to 'For each'",
    ),
    (
        "targets_exist",
        lambda s: inner(s)["Catch"][0].update(Next="Done"),
        "Do One: its catch 0 leads to 'Done'",
    ),
    (
        "every_state_is_reachable",
        lambda s: s.update(Lost={"Comment": "?", "Type": "Succeed"}),
        "Lost: nothing leads there",
    ),
    (
        "every_state_leads_on_or_ends",
        lambda s: s["Route"].pop("Default"),
        "Route: a Choice without a Default",
    ),
    ("every_state_leads_on_or_ends", lambda s: s["Tell All"].pop("Next"), "Tell All: needs"),
    ("every_state_leads_on_or_ends", lambda s: s["Tell All"].update(End=True), "Tell All: needs"),
    ("every_state_leads_on_or_ends", lambda s: s["Done"].update(End=True), "Done: needs"),
    ("everything_is_explained", lambda s: inner(s).pop("Comment"), "Do One: has no Comment"),
    (
        "the_machine_is_bounded",
        lambda s: s["Route"].update(QueryLanguage="JSONPath"),
        "Route: has a QueryLanguage",
    ),
    ("tasks_time_out", lambda s: inner(s).pop("TimeoutSeconds"), "Do One: has no TimeoutSeconds"),
    (
        "tasks_time_out",
        lambda s: inner(s).update(TimeoutSeconds="{% $states.input.seconds %}"),
        "Do One: has no TimeoutSeconds",
    ),
    (
        "tasks_outlive_their_function",
        lambda s: s["Look Up"].update(TimeoutSeconds=30),
        "Look Up: gives up after its function's own 30 s",
    ),
    (
        "tasks_outlive_their_function",
        lambda s: s["Look Up"]["Arguments"].update(FunctionName="${look_upp_arn}"),
        "calls 'look_upp', which is no function of ours",
    ),
    (
        "tasks_are_named_after_their_function",
        lambda s: s["Look Up"]["Arguments"].update(FunctionName="${tell_all_arn}"),
        "Look Up: calls 'tell_all'",
    ),
    ("tasks_retry", lambda s: inner(s).update(Retry=[]), "Do One: has no Retry"),
    (
        "readers_are_retried",
        lambda s: s["For Each"].update(ItemReader={}),
        "For Each: does not retry States.ItemReaderFailed",
    ),
    (
        "readers_are_retried",
        lambda s: s["For Each"].update(ResultWriter={}),
        "For Each: does not retry States.ResultWriterFailed",
    ),
    (
        "functions_are_retried_when_lambda_fails",
        lambda s: s["Tell All"]["Retry"].pop(2),
        "Tell All: does not retry Lambda.TooManyRequestsException",
    ),
    (
        "quotas_are_treated_alike",
        lambda s: s["Tell All"]["Retry"][2]["ErrorEquals"].pop(0),
        "Tell All: a Retry tells Lambda.TooManyRequestsException from ThrottledError",
    ),
    (
        "quotas_are_treated_alike",
        lambda s: inner(s)["Catch"][0]["ErrorEquals"].append("ThrottledError"),
        "Do One: a Catch tells Lambda.TooManyRequestsException from ThrottledError",
    ),
    (
        "error_names_are_known",
        lambda s: inner(s)["Catch"].append({"ErrorEquals": ["SecondEror"], "Next": "Give Up"}),
        "'SecondEror' is neither of the taxonomy nor of AWS",
    ),
    (
        "error_names_are_not_shadowed",
        lambda s: inner(s)["Catch"].insert(0, {"ErrorEquals": ["States.ALL"], "Next": "Give Up"}),
        "'SecondError' is matched by an earlier Catch rule",
    ),
    (
        "every_error_has_a_fate",
        lambda s: inner(s)["Catch"].pop(),
        "Do One: SecondError is neither retried nor caught nor declared",
    ),
    (
        "every_error_has_a_fate",
        lambda s: s["Look Up"].update(Catch=[{"ErrorEquals": ["SecondError"], "Next": "Route"}]),
        "Look Up: SecondError is declared to fail in place, but is retried or caught",
    ),
    (
        "every_error_has_a_fate",
        lambda s: s["Look Up"].update(Type="Pass"),
        "Look Up: is declared in fails_in_place.json, but does not exist",
    ),
    (
        "functions_are_placeholders",
        lambda s: s["Look Up"]["Arguments"].update(
            FunctionName="arn:aws:lambda:us-east-1:111111111111:function:f"
        ),
        "its FunctionName is 'arn:aws:lambda",
    ),
    (
        "payloads_do_not_grow",
        lambda s: s["Look Up"].update(Output={"all": "{% $states.input %}", "more": 1}),
        "Look Up: its Output contains the whole input and more",
    ),
    (
        "payloads_do_not_grow",
        lambda s: s["Look Up"].update(Output="{% $merge([$states.input, {'more': 1}]) %}"),
        "Look Up: its Output contains",
    ),
    (
        "payloads_do_not_grow",
        lambda s: s["For Each"]["ItemSelector"].update(all="{% $states.context.Execution.Input %}"),
        "For Each: its ItemSelector contains",
    ),
    (
        "payloads_do_not_grow",
        lambda s: s["Look Up"]["Assign"].update(all="{% $states %}"),
        "Look Up: its Assign contains",
    ),
    ("payloads_do_not_grow", lambda s: inner(s).pop("Output"), "Do One: has no Output"),
    (
        "holders_name_their_run",
        lambda s: s["Look Up"]["Arguments"]["Payload"].update(
            holder="{% $states.context.Execution.Id %}"
        ),
        "Look Up: its holder is not @holder",
    ),
    (
        "first_runs_are_waited_for",
        lambda s: s["Look Up"]["Retry"][1].update(IntervalSeconds=40),
        "Look Up: repeats Lambda.AWSLambdaException",
    ),
    (
        "first_runs_are_waited_for",
        lambda s: s["Look Up"]["Retry"][1].update(JitterStrategy="FULL"),
        "Look Up: repeats Lambda.AWSLambdaException",
    ),
    (
        "first_runs_are_waited_for",
        lambda s: s["Look Up"]["Retry"][0].update(ErrorEquals=["States.TaskFailed"]),
        "Look Up: repeats Lambda.AWSLambdaException",
    ),
    (
        "variables_are_assigned",
        lambda s: s["Route"]["Choices"][0].update(Condition="{% $fuond > 1 %}"),
        "Route: $fuond is never assigned",
    ),
    (
        "distributed_children_stand_alone",
        lambda s: inner(s)["Arguments"]["Payload"].update(found="{% $found %}"),
        "Do One: $found is assigned outside of its Distributed Map",
    ),
]


def said(text: str) -> list[str]:
    return [str(finding) for finding in lint("small", text, FACTS)]


def test_the_machines_are_sound() -> None:
    from stacks.constructs.functions.task_list import TASKS  # noqa: PLC0415 - starts Node

    facts = load_facts({task.name: task.timeout_seconds for task in TASKS})
    assert [str(finding) for finding in lint_all(facts)] == []


def test_the_stacks_give_every_machine_what_it_asks_for() -> None:
    from stacks.constructs.machines.state_machines import MACHINES  # noqa: PLC0415 - starts Node

    assert sorted(machine.name for machine in MACHINES) == workflows.names()


def test_a_sound_machine_passes() -> None:
    assert said(json.dumps(sound())) == []


@pytest.mark.parametrize(
    ("rule", "breaking", "message"), BREAKS, ids=[f"{n}-{b[0]}" for n, b in enumerate(BREAKS)]
)
def test_a_broken_machine_is_caught(rule: str, breaking: Break, message: str) -> None:
    findings = [line for line in said(broken(breaking)) if line.endswith(f"[{rule}]")]
    assert any(message in line for line in findings), said(broken(breaking))


@pytest.mark.parametrize(("field", "message"), [("QueryLanguage", "JSONata"), ("StartAt", "''")])
def test_a_broken_head_is_caught(field: str, message: str) -> None:
    definition = sound()
    del definition[field]
    assert any(message in line for line in said(json.dumps(definition)))


def test_every_rule_is_held_to_a_broken_machine() -> None:
    assert {rule.__name__ for rule in RULES} == {rule for rule, _, _ in BREAKS}


def test_variables_are_told_from_functions_strings_and_locals() -> None:
    text = "($a := 1; $map($b, function($c, $d) { $c & $string($d) & '$e' & $a }); $states.input)"
    assert variables(text) == {"b"}


def test_the_taxonomy_has_leaves_only() -> None:
    assert {"ThrottledError", "PlanStaleError", "InvalidRecordError"} <= taxonomy()
    assert not taxonomy() & {"StandbyError", "RetryableError", "PermanentError"}
