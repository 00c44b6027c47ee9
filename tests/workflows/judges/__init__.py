"""Interpreters that run the machines on scripted answers, and what they say of a run.

A judge is handed a job: a definition without placeholders, an input, and what each called
function answers, one answer a call. Everything in a job and in a verdict is plain JSON, because
one judge lives in a process of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

ACCOUNT, REGION = "111111111111", "us-east-1"
MADE_UP = {"token": "TOKEN", "name": "NAME", "started_at": "START"}
"""Fields of a payload that each interpreter makes up: the task token, the execution's name and
start."""
EXECUTION = "EXECUTION"
"""Stands for the execution's ARN in what was called."""

Answer = dict[str, Any]


def returns(value: Any) -> Answer:
    return {"returns": value}


def fails(error: str) -> Answer:
    return {"fails": error}


@dataclass(frozen=True)
class Job:
    """One run. `script`: what is called -> its answers, in order."""

    machine: str
    definition: dict[str, Any]
    given: Any
    script: dict[str, list[Answer]]
    name: str = "run"

    @property
    def arn(self) -> str:
        return f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{self.machine}:{self.name}"


@dataclass(frozen=True)
class JudgeVerdict:
    """What became of a run. `trace` has ["enter", state] and ["call", name, payload, error]."""

    status: str
    output: Any = None
    error: str = ""
    trace: list[list[Any]] = field(default_factory=list)

    @property
    def entered(self) -> list[str]:
        return [step[1] for step in self.trace if step[0] == "enter"]

    @property
    def calls(self) -> list[tuple[str, Any]]:
        return [(step[1], step[2]) for step in self.trace if step[0] == "call"]


class TaskError(Exception):
    """What a stub raises; `args` are the error's name and its cause."""


class Stub:
    """Stands for everything that a machine can call, and remembers the calls."""

    def __init__(self, job: Job) -> None:
        self._lock = Lock()
        self._left = {name: list(answers) for name, answers in job.script.items()}
        self._arn = job.arn
        self.steps: list[list[Any]] = []
        """The trace: states entered, those of a Map's children included, and calls, in order."""

    def call(self, resource: str, arguments: Any) -> Any:
        """The result of a Task as Step Functions sees it."""
        is_lambda = resource.endswith((":lambda:invoke", ":lambda:invoke.waitForTaskToken"))
        name = arguments["FunctionName"] if is_lambda else resource
        answer = self._answer(
            str(name).split(":::")[-1].split(":function:")[-1],
            arguments.get("Payload") if is_lambda else arguments,
        )
        # What a task that waited for its token gets is what was given back with it.
        wrapped = resource.endswith(":lambda:invoke")
        return {"StatusCode": 200, "Payload": answer} if wrapped else answer

    def enter(self, name: str) -> None:
        """A state was entered."""
        self.steps.append(["enter", name])

    def items(self, arguments: Any) -> list[Any]:
        """What a Map's ItemReader reads: scripted as `s3:getObject <key>`; no call of a Task."""
        name = f"s3:getObject {arguments['Key']}"
        left = self._left.get(name)
        answer = left.pop(0) if left else fails("States.ItemReaderFailed")
        error = answer.get("fails", "")
        self.steps.append(["read", name, error])
        if error:
            raise TaskError(error, f"no file {arguments}")
        found: list[Any] = answer["returns"]
        return found

    def _answer(self, name: str, payload: Any) -> Any:
        left = self._left.get(name)
        answer = left.pop(0) if left else fails("NothingIsScripted")
        error = answer.get("fails", "")
        seen = json.loads(json.dumps(payload).replace(self._arn, EXECUTION))
        if isinstance(seen, dict):
            seen |= {name: made for name, made in MADE_UP.items() if name in seen}
        with self._lock:
            self.steps.append(["call", name, seen, error])
        if error:
            raise TaskError(error, json.dumps({"errorType": error, "errorMessage": "scripted"}))
        return answer["returns"]


def jobs_to_json(jobs: list[Job]) -> str:
    return json.dumps([vars(job) for job in jobs])


def jobs_from_json(text: str) -> list[Job]:
    return [Job(**raw) for raw in json.loads(text)]
