"""A sound little machine, for tests to break."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from workflows.lint.facts import Facts, load_facts

Definition = dict[str, Any]
Break = Callable[[Definition], object]

LOADED = load_facts()
POLICIES = LOADED.policies
FACTS = Facts(
    policies=POLICIES,
    holder=LOADED.holder,
    fails_in_place={"small": {"Look Up": ["SecondError"], "Tell All": ["SecondError"]}},
    taxonomy=frozenset(
        {"ServiceUnavailableError", "ThrottledError", "PlanStaleError", "SecondError"}
    ),
    function_seconds={"look_up": 30, "tell_all": 30, "do_one": 30},
)


def task(name: str, **more: Any) -> Definition:
    return {
        "Comment": f"Calls {name}.",
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "TimeoutSeconds": 60,
        "Arguments": {"FunctionName": f"${{{name}_arn}}", "Payload": {"who": "{% $who %}"}},
        "Output": "{% $states.result.Payload %}",
        "Retry": [POLICIES[name] for name in ("service", "unsure", "throttled", "replan")],
        **more,
    }


def distributed(inner: Definition) -> Definition:
    return {
        "Comment": "One execution for each.",
        "Type": "Map",
        "Items": "{% $states.input.people %}",
        "ItemSelector": {"who": "{% $states.context.Map.Item.Value %}"},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
            "StartAt": "Do One",
            "States": {"Do One": inner},
        },
        "Next": "Done",
    }


def sound() -> Definition:
    """No rule has anything to say about it."""
    one = task("do_one", End=True, Catch=[{"ErrorEquals": ["SecondError"], "Next": "Give Up"}])
    one["Arguments"]["Payload"] = {"who": "{% $states.input.who %}"}
    each = distributed(one)
    each["ItemProcessor"]["States"]["Give Up"] = {"Comment": "Stop.", "Type": "Fail"}
    look_up = task("look_up", Next="Route", Assign={"found": "{% $states.result.Payload.found %}"})
    look_up["Arguments"]["Payload"] = {"who": "{% $states.input.who %}", "holder": LOADED.holder}
    tell_all = task("tell_all", Next="Done")
    tell_all["Arguments"]["Payload"] = {"found": "{% $found %}"}
    small = {
        "Comment": "A small machine.",
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": 3600,
        "StartAt": "Look Up",
        "States": {
            "Look Up": look_up,
            "Route": {
                "Comment": "Many or one.",
                "Type": "Choice",
                "Choices": [{"Condition": "{% $found > 1 %}", "Next": "For Each"}],
                "Default": "Tell All",
            },
            "For Each": each,
            "Tell All": tell_all,
            "Done": {"Comment": "The end.", "Type": "Succeed"},
        },
    }
    return copy.deepcopy(small)


def broken(breaking: Break) -> str:
    """The sound machine after a change, as the text of a file."""
    definition = sound()
    breaking(definition["States"])
    return json.dumps(definition)
