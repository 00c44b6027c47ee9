"""First judge: the emulator's interpreter, with the gaps that concern it filled.

It runs in a process of its own, because a process can hold the emulator only once. Waits and
retry delays take no time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from types import SimpleNamespace
from typing import Any

from tests.workflows.judges import (
    ACCOUNT,
    REGION,
    Job,
    JudgeVerdict,
    Stub,
    TaskError,
    jobs_from_json,
    jobs_to_json,
)

_ENVIRONMENT = {
    "MINISTACK_ACCOUNT_ID": ACCOUNT,
    "MINISTACK_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "SFN_WAIT_SCALE": "0",
    "LOG_LEVEL": "CRITICAL",
}
_RUN_SECONDS = 600
_HEARD: dict[str, Stub] = {}
"""The stub of the run that goes on."""
_DEFINED: dict[str, Any] = {}
"""Machines that stand, and their definitions."""
_ENDED = threading.Semaphore(0)
"""Released at the end of each run."""


def judge(jobs: list[Job]) -> list[JudgeVerdict]:
    """Run the jobs, one after the other."""
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=jobs_to_json(jobs),
        env={**os.environ, **_ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return [JudgeVerdict(**raw) for raw in json.loads(done.stdout.splitlines()[-1])]


def _run(sf: Any, job: Job) -> JudgeVerdict:
    stub = Stub(job)

    def invoke(resource: str, arguments: Any) -> Any:
        try:
            return stub.call(resource, arguments)
        except TaskError as error:
            raise sf._ExecutionError(*error.args) from None

    sf._invoke_resource = invoke
    sf._invoke_resource_with_timeout = lambda resource, given, _: invoke(resource, given)
    sf._invoke_with_callback = lambda resource, given, *_: invoke(resource, given)
    sf._read_map_items = lambda reader, *_: _items(sf, stub, reader)
    _HEARD["stub"] = stub
    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{job.machine}"
    _create(sf, machine, job)
    _accepted(
        sf._start_execution(
            {"stateMachineArn": machine, "name": job.name, "input": json.dumps(job.given)}
        )
    )
    execution = sf._executions[job.arn]
    assert _ENDED.acquire(timeout=_RUN_SECONDS), execution["events"][-5:]
    succeeded = execution["status"] == "SUCCEEDED"
    return JudgeVerdict(
        status=execution["status"],
        output=json.loads(execution["output"]) if succeeded else None,
        error="" if succeeded else str(execution.get("error")),
        trace=stub.steps,
    )


def _create(sf: Any, arn: str, job: Job) -> None:
    """Only what the job before did not leave: all expressions of a definition are parsed then."""
    if _DEFINED.get(arn) == job.definition:
        return
    sf._state_machines.pop(arn, None)
    role, text = f"arn:aws:iam::{ACCOUNT}:role/any", json.dumps(job.definition)
    _accepted(sf._create_state_machine({"name": job.machine, "definition": text, "roleArn": role}))
    _DEFINED[arn] = job.definition


def _accepted(answer: Any) -> None:
    assert answer[0] == 200, answer


def _items(sf: Any, stub: Stub, reader: Any) -> Any:
    try:
        return stub.items(reader["Parameters"])
    except TaskError as error:
        raise sf._ExecutionError(*error.args) from None


def _hear(sf: Any) -> None:
    """Tell the stub of every state that is entered, and of the end. Children of a Map leave no
    events of it."""
    add, execute, run = sf._add_event, sf._execute_task, sf._run_execution

    def added(execution: Any, kind: str, details: Any) -> Any:
        if kind.endswith("StateEntered"):
            _HEARD["stub"].enter(details["stateEnteredEventDetails"]["name"])
        return add(execution, kind, details)

    def executed(state: Any, given: Any, execution: Any, ctx: Any) -> Any:
        if "mapRunArn" in execution:
            _HEARD["stub"].enter(ctx["State"]["Name"])
        return execute(state, given, execution, ctx)

    def ran(arn: str) -> None:
        try:
            run(arn)
        finally:
            _ENDED.release()

    sf._add_event, sf._execute_task, sf._run_execution = added, executed, ran


def main() -> None:
    """Jobs on standard input, verdicts on standard output."""
    from ministack.services import stepfunctions as sf  # noqa: PLC0415 - reads its environment

    from local.gaps import (  # noqa: PLC0415
        execution_lifecycle,
        jsonata_distributed_map,
        parsed_expressions,
        retry_delays,
        task_tokens,
    )

    for gap in (retry_delays, execution_lifecycle, jsonata_distributed_map, task_tokens):
        gap.install()
    parsed_expressions.install()
    _hear(sf)
    unhurried = {name: getattr(time, name) for name in dir(time) if not name.startswith("_")}
    sf.time = SimpleNamespace(**{**unhurried, "sleep": lambda _: None})
    verdicts = [vars(_run(sf, job)) for job in jobs_from_json(sys.stdin.read())]
    sys.stdout.write("\n" + json.dumps(verdicts) + "\n")


if __name__ == "__main__":
    main()
