"""Names and shapes that others lean on: alarms and dashboards, programs, callers, machines.

Like `today.py` it knows where things are in the code; here are those that only names need.
"""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cognito_standby.changes.api import openapi
from cognito_standby.changes.api.operations import OPERATIONS
from cognito_standby.changes.api.replies import ALL_PROBLEMS
from cognito_standby.changes.domain import changes as admin_changes
from cognito_standby.cli import regions as cli_regions
from cognito_standby.cli.main import app
from cognito_standby.core.domain import conflicts, hints, subjects
from cognito_standby.core.domain.errors import PermanentError, RetryableError, StandbyError
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.metrics import DIMENSION, NAMESPACE, Metric
from cognito_standby.failures.domain.failures import MarkerStage
from cognito_standby.reconciliation.domain import drift_report, repairs, work_items
from cognito_standby.reconciliation.domain.reconciliation import Drift, Housekeeping, Mode
from stacks.config.model import Config
from tests.cli_runner import CliRunner
from tests.former.world import ROOT
from tests.unit.cli.where import LOCAL
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.run_world import RunWorld
from tests.unit.reconciliation.made_up_run import missing
from tests.unit.reconciliation.report_schema import schema as report_schema
from tests.workflows.scenarios import definition_of

MACHINES = (
    *("sync_user", "hint_members", "apply_admin_change", "contain_failure", "sweep_failures"),
    *("reconcile_pool", "measure_rpo"),
)
_INPUT = re.compile(r"\$states\.context\.Execution\.Input\.(\w+)")
_READS = re.compile(r"\$states\.(?:input|result\.Payload)\.(\w+)")
_OUR_ERROR = re.compile(r"\w+Error")


def published() -> dict[str, Any]:
    """Section -> what is there today. Lists are names; an object is what its keys name."""
    return {
        "metrics": {"namespace": NAMESPACE, "dimension": DIMENSION, "names": values(Metric)},
        "errors": _errors(),
        "stored words": _words(),
        "events": {
            "hint": {"source": hints.SOURCE, "detail-type": hints.DETAIL_TYPE},
            "change": {"source": admin_changes.SOURCE, "detail-type": admin_changes.DETAIL_TYPE},
        },
        "problems": {each.code: each.status for each in ALL_PROBLEMS},
        "machines": {name: _machine(name) for name in MACHINES},
        "outputs": _outputs(),
        "transformers": _transformers(),
        "config": sorted(_config()),
        "api": _api(),
        "report": _properties(report_schema()),
        "commands": commands(),
    }


def texts() -> str:
    """All code of the package, with texts of several lines joined."""
    files = sorted((ROOT / "cognito_standby").rglob("*.py"))
    return re.sub(r'"\s*\n\s*f?"', "", "\n".join(each.read_text() for each in files))


def values(enum: Any) -> list[str]:
    """What is stored of an enumeration."""
    return sorted(each.value for each in enum)


def _errors() -> dict[str, list[str]]:
    """Machines match them by name; the family decides whether a retry can help."""
    families = {"retryable": RetryableError, "permanent": PermanentError}
    found = {family: _below(base) for family, base in families.items()}
    return {**found, "all": _below(StandbyError)}


def _below(base: type) -> list[str]:
    below: list[type] = base.__subclasses__()
    return sorted({each.__name__ for each in below} | {n for each in below for n in _below(each)})


def _words() -> dict[str, Any]:
    return {
        "state of a subject": values(SyncState),
        "kind of a conflict": values(conflicts.ConflictKind),
        "weight of a conflict": values(conflicts.Weight),
        "stage of a failure": values(MarkerStage),
        "kind of a change": values(admin_changes.ChangeKind),
        "status of a change": values(admin_changes.ChangeStatus),
        "drift": values(Drift),
        "housekeeping": values(Housekeeping),
        "mode of a run": values(Mode),
        "work item": values(work_items.ItemKind),
        "verdict of the brake": values(work_items.BrakeVerdict),
        "what a repair did": values(repairs.Did),
        "verdict of a report": values(drift_report.Verdict),
        "outcome of a finding": values(drift_report.FindingOutcome),
        "answer of an operator": values(drift_report.Answer),
        "beginnings of fields": [subjects.ATTRIBUTE, subjects.GROUP],
    }


def _machine(name: str) -> dict[str, Any]:
    """States, what each gives its function, what is read of answers, and known errors. A running
    execution keeps its definition and calls the new functions."""
    definition = definition_of(name)
    return {
        "input": sorted(set(_INPUT.findall(json.dumps(definition)))),
        "reads": sorted(set(_READS.findall(json.dumps(definition)))),
        "states": dict(sorted({**dict(_states(definition)), **_former_states(name)}.items())),
    }


def _former_states(machine: str) -> dict[str, Any]:
    """States that the definition has no more, and whose functions answer as before."""
    from stacks.constructs.machines.state_machines import MACHINES as ALL_MACHINES  # noqa: PLC0415 - the CDK is slow to load

    former = next(each.former_tasks for each in ALL_MACHINES if each.name == machine)
    named = {task.replace("_", " ").title(): task for task in former}
    today = dict(_states(definition_of(machine)))
    return {state: {**today["Replay Record"], "function": task} for state, task in named.items()}


def _states(definition: Any) -> Iterator[tuple[str, Any]]:
    for name, state in definition["States"].items():
        given = state.get("Arguments", {})
        told: dict[str, Any] = {}
        if "Payload" in given:
            told["function"] = given["FunctionName"].rsplit(":", 1)[-1]
            told["payload"] = sorted(given["Payload"])
        rules = [*state.get("Retry", ()), *state.get("Catch", ())]
        known = {each for rule in rules for each in rule["ErrorEquals"]}
        told["errors"] = sorted(each for each in known if _OUR_ERROR.fullmatch(each))
        yield name, told
        if "ItemProcessor" in state:
            yield from _states(state["ItemProcessor"])


def _template() -> str:
    """The primary's, as it was reviewed: cheaper than to make it."""
    folder = ROOT / "tests/stacks/__snapshots__/test_judges"
    return (folder / "test_templates_are_as_reviewed[primary].txt").read_text()


def _transformers() -> list[str]:
    """What rules and pipes make of an event, and which records the pipe passes over."""
    told = re.findall(r'^ +(?:InputTemplate|Pattern): ("{.*")$', _template(), re.MULTILINE)
    own = re.findall(r'^ +EventPattern: ({.*"cognito-standby".*})$', _template(), re.MULTILINE)
    return sorted({*map(json.loads, told), *own})


def _outputs() -> list[str]:
    """By which commands find an installation."""
    section = _template().split("\n  Outputs: {\n", 1)[1].split("\n  }\n", 1)[0]
    return sorted(re.findall(r"^    (\w+):", section, re.MULTILINE))


def _config() -> Iterator[str]:
    schema = Config.model_json_schema()
    yield from _keys(schema, schema["$defs"], "")


def _keys(part: Any, parts: Any, before: str) -> Iterator[str]:
    for name, told in part.get("properties", {}).items():
        key = f"{before}{name}"
        yield key
        for found in re.findall(r'"#/\$defs/(\w+)"', json.dumps(told)):
            yield from _keys(parts[found], parts, f"{key}.")


def _api() -> dict[str, Any]:
    document = json.loads(openapi.text())
    operations: dict[str, Any] = {}
    for each in OPERATIONS:
        told = document["paths"][each.path][each.method.lower()]
        operations[f"{each.method} {each.path}"] = {
            "id": told["operationId"],
            "scope": each.scope,
            "parameters": sorted(json.dumps(p.get("name", p)) for p in told.get("parameters", ())),
            "answers": sorted(told["responses"]),
        }
    return {"operations": operations, "schemas": _properties(document["components"]["schemas"])}


def _properties(schema: Any) -> Any:
    """What of a JSON Schema others lean on: names, kinds, what must be given, allowed values."""
    if isinstance(schema, list):
        return [_properties(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    silent = ("description", "title", "default", "examples", "example")
    return {name: _properties(told) for name, told in schema.items() if name not in silent}


def commands() -> dict[str, Any]:
    """The shape of what commands print for programs."""
    with _installation() as run:
        return {
            "standby status --json": shape(run("status", "--json")),
            "standby reconcile --json": shape(run("reconcile", "--wait", "--json")),
            "standby reports --json": shape(run("reports", "--json")),
            "standby reports <run> --json": shape(run("reports", "--json", run.latest)),
        }


_ENVIRONMENT = {"COLUMNS": "200", "STANDBY_INSTALLATION": None, "STANDBY_REGIONS": None}


class _Runner:
    latest = ""

    def __call__(self, *arguments: str) -> Any:
        result = CliRunner().invoke(app, arguments, env=_ENVIRONMENT)
        told = json.loads(result.stdout)
        if arguments[0] == "reconcile":
            self.latest = told[0]["run"]
        return told


@contextlib.contextmanager
def _installation() -> Iterator[_Runner]:
    """Both Regions on twins, with drift to be reported."""
    made = {REGION: RunWorld(REGION), OTHER: RunWorld(OTHER, active=False)}
    for each in made.values():
        each.drift = missing(3)
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        patch.object(cli_regions, "open_region", lambda _, region: made[region].context),
    ):
        Path(".local").mkdir()
        Path(".local/outputs.json").write_text(json.dumps(LOCAL))
        yield _Runner()


def shape(value: Any) -> Any:
    """Keys, and kinds instead of values; of a list the shape of its first element."""
    match value:
        case dict():
            return {name: shape(each) for name, each in value.items()}
        case list():
            return [shape(each) for each in value[:1]]
        case None:
            return "null"
        case _:
            return type(value).__name__
