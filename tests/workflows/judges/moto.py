"""Second judge: moto's interpreter, with its gaps filled for the time of the runs.

Gaps of moto 5.2.5, each with its patch below:

evaluator    it has no JSONata evaluator (the call ends in `None`): jsonata-python takes its place
strings      a variable's string is pasted between quotes unescaped: encoded as JSON
retries      counts and delays of Retry rules are kept for the whole execution: AWS counts anew
             whenever a state is entered
time         waits and retry delays take their full time: here they take none
grammar      Express children and whole percentages are not parsed: written otherwise
reader       an ItemReader calls S3: here it reads what is scripted

Limits: a Task's `TimeoutSeconds` is judged by moto on a thread of its own; Distributed Map never
fails as a whole.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import jsonata

from tests.workflows.judges import ACCOUNT, REGION, Job, JudgeVerdict, Stub, TaskError

_ASL = "moto.stepfunctions.parser.asl."
_TASK = _ASL + "component.state.exec.state_task.service.state_task_service."
_READER = _ASL + "component.state.exec.state_map.item_reader.item_reader_decl."
_WAIT = _ASL + "component.state.wait.wait_function.wait_function."
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/any"


def judge(jobs: list[Job]) -> list[JudgeVerdict]:
    """Run the jobs, one after the other."""
    logging.getLogger("moto").setLevel(logging.CRITICAL)
    with _gaps_filled():
        return [_run(job) for job in jobs]


def evaluate(expression: str) -> Any:
    """What `eval_jsonata_expression` should answer: plain JSON, None for null and undefined."""
    assert not _CHANGES.search(expression), "an answer that is not kept"
    return json.loads(_evaluated(expression))


_CHANGES = re.compile(r"\$(now|millis|random|uuid|shuffle)\b")


@cache
def _evaluated(expression: str) -> str:
    """Half of what a run asks was asked before: it asks for the type first, then for the value."""
    return json.dumps(jsonata.Jsonata.jsonata(expression).evaluate(None))


def declare(bindings: dict[str, Any]) -> str:
    """What `encode_jsonata_variable_declarations` should answer."""
    return "".join(f"{name}:={_literal(value)};" for name, value in bindings.items())


def _literal(value: Any) -> str:
    return json.dumps(value, default=lambda other: other.isoformat())


@contextmanager
def _gaps_filled() -> Iterator[None]:
    from moto.stepfunctions.parser.asl.component.state.state import (  # noqa: PLC0415
        CommonStateField,
    )

    enter = CommonStateField._eval_body

    def entered_anew(state: Any, env: Any) -> None:
        env.heap.clear()
        enter(state, env)

    strings = _ASL + "component.common.string.string_expression."
    with ExitStack() as patches:
        for target, replacement in (
            (strings + "eval_jsonata_expression", evaluate),
            (_ASL + "jsonata.validations.eval_jsonata_expression", evaluate),
            (_ASL + "eval.states.encode_jsonata_variable_declarations", declare),
            (_ASL + "eval.variable_store.encode_jsonata_variable_declarations", declare),
            (_ASL + "component.common.retry.retrier_decl.time", SimpleNamespace(sleep=_no_wait)),
            (_WAIT + "WaitFunction._wait_interval", _no_wait),
        ):
            patches.enter_context(patch(target, replacement))
        patches.enter_context(patch.object(CommonStateField, "_eval_body", entered_anew))
        yield


def _no_wait(*_: Any, **__: Any) -> None:
    pass


def _run(job: Job) -> JudgeVerdict:
    from moto.stepfunctions.parser.asl.eval.program_state import ProgramError  # noqa: PLC0415

    stub, env = Stub(job), _environment(job)
    with _calling(stub):
        _program(_parsable(json.dumps(job.definition))).eval(env)
    state, trace = env.program_state(), stub.steps
    if isinstance(state, ProgramError):
        return JudgeVerdict("FAILED", error=str((state.error or {}).get("error")), trace=trace)
    return JudgeVerdict("SUCCEEDED", output=env.states.get_input(), trace=trace)


@cache
def _program(text: str) -> Any:
    from moto.stepfunctions.parser.asl.parse.asl_parser import (  # noqa: PLC0415
        AmazonStateLanguageParser,
    )

    return AmazonStateLanguageParser.parse(text)[0]


def _parsable(text: str) -> str:
    """With what the grammar takes: it knows no Express children, and no whole percentages."""
    text = text.replace('"ExecutionType": "EXPRESS"', '"ExecutionType": "STANDARD"')
    return re.sub(r'("ToleratedFailurePercentage": \d+)(?=[,}])', r"\1.0", text)


def _environment(job: Job) -> Any:
    from moto.stepfunctions.parser.api import StateMachineType  # noqa: PLC0415
    from moto.stepfunctions.parser.asl.eval.environment import Environment  # noqa: PLC0415
    from moto.stepfunctions.parser.asl.eval.evaluation_details import (  # noqa: PLC0415
        AWSExecutionDetails,
    )
    from moto.stepfunctions.parser.asl.eval.event.event_manager import (  # noqa: PLC0415
        EventHistoryContext,
    )

    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{job.machine}"
    context: Any = {
        "Execution": {
            "Id": job.arn,
            "Input": job.given,
            "Name": job.name,
            "RoleArn": _ROLE,
            "StartTime": datetime.now(UTC).isoformat(),
        },
        "StateMachine": {"Id": machine, "Name": job.machine},
    }
    return Environment(
        aws_execution_details=AWSExecutionDetails(ACCOUNT, REGION, _ROLE),
        execution_type=StateMachineType.STANDARD,
        context=context,
        event_history_context=EventHistoryContext.of_program_start(),
        cloud_watch_logging_session=None,
        activity_store={},
    )


@contextmanager
def _calling(stub: Stub) -> Iterator[None]:
    """Let every Task call the stub in place of a service, and every Map read from it."""
    from moto.stepfunctions.parser.asl.component.state.state import (  # noqa: PLC0415
        CommonStateField,
    )

    evaluate_state = CommonStateField._eval_body

    def entered(state: Any, env: Any) -> None:
        stub.enter(state.name)
        evaluate_state(state, env)

    def read(reader: Any, env: Any) -> None:
        reader.parargs.eval(env=env)
        try:
            env.stack.append(stub.items(env.stack.pop()))
        except TaskError as error:
            raise _failure(env, *error.args) from None

    def execution(task: Any, env: Any) -> None:
        task.resource.eval(env=env)
        env.stack.pop()
        arguments = task._eval_parameters(env=env)
        try:
            env.stack.append(stub.call(task.resource.resource_arn, arguments))
        except TaskError as error:
            raise _failure(env, *error.args) from None

    with (
        patch(_TASK + "StateTaskService._eval_execution", execution),
        patch(_READER + "ItemReader._eval_body", read),
        patch.object(CommonStateField, "_eval_body", entered),
    ):
        yield


def _failure(env: Any, error: str, cause: str) -> Exception:
    from moto.stepfunctions.parser.api import HistoryEventType  # noqa: PLC0415
    from moto.stepfunctions.parser.asl.component.common.error_name import (  # noqa: PLC0415
        custom_error_name,
        failure_event,
        states_error_name,
    )

    name: Any = (
        states_error_name.StatesErrorName.from_name(error)
        if error.startswith("States.")
        else custom_error_name.CustomErrorName(error)
    )
    details: Any = {"taskFailedEventDetails": {"error": error, "cause": cause}}
    event = failure_event.FailureEvent(env, name, HistoryEventType.TaskFailed, details)
    raised: Exception = failure_event.FailureEventException(event)
    return raised
