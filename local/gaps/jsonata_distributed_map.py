"""Gap: a Distributed Map of a JSONata machine.

AWS evaluates `Items`, `ItemSelector`, `MaxConcurrency` and the tolerances of a JSONata Map as
JSONata (AWS Step Functions developer guide, "Map state in Distributed mode" and "Transforming data
with JSONata"). The emulator's distributed branch reads only the JSONPath spellings, so a JSONata
machine silently runs on the wrong items. Here the fields are evaluated first and the emulator is
given a plain Map over the finished inputs.

A child workflow does not see its parent's variables, as on AWS. When the parent is stopped, no
child begins any more; what the children answer may have 256 KiB together (Step Functions service
quotas, "Maximum input or output size").

Limits: `ItemBatcher` and `ResultWriter` are refused rather than ignored; an Express child may take
longer than 5 minutes; a child that runs when its parent is stopped runs to its end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from local.patching import replace, require

_NUMBERS = ("MaxConcurrency", "ToleratedFailurePercentage", "ToleratedFailureCount")
_MOST_BYTES = 256 * 1024
_REFUSED = ("ItemBatcher", "ResultWriter")


def install() -> None:
    """Evaluate a JSONata Distributed Map's fields before the emulator runs it."""
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    for name in ("_jsonata_state_field", "_apply_jsonata_template", "_apply_jsonata_output"):
        require(hasattr(sf, name), f"stepfunctions.{name} is gone")
    replace(sf, "_run_distributed_map", lambda run: _Distributed(sf, run))
    replace(sf, "_run_sub_machine", lambda run: _of_the_living(sf, run))


def _of_the_living(sf: Any, run: Callable[..., Any]) -> Callable[..., Any]:
    """A child begins only while its parent runs."""

    def running(states: Any, start: str, given: Any, execution: Any, ctx: Any) -> Any:
        map_run = sf._map_runs.get(execution.get("mapRunArn")) or {}
        parent = sf._executions.get(map_run.get("executionArn")) or {}
        if parent and parent["status"] != "RUNNING":
            raise sf._ExecutionError("States.Runtime", "the parent was stopped")
        return run(states, start, given, execution, ctx)

    return running


class _Distributed:
    def __init__(self, sf: Any, run: Callable[..., Any]) -> None:
        self._sf, self._run = sf, run

    def __call__(
        self, state: Any, given: Any, effective: Any, iterator: Any, execution: Any, ctx: Any
    ) -> Any:
        sf = self._sf
        if sf._state_query_language(state, ctx) != "JSONata":
            return self._run(state, given, effective, iterator, execution, ctx)
        for field in _REFUSED:
            if field in state:
                raise sf._ExecutionError("States.Runtime", f"the local AWS has no {field}")
        inputs = self._inputs(state, given, ctx)
        plain = {"ItemsPath": "$.items", "ResultPath": "$", "End": True}
        for field in _NUMBERS:
            if field in state:
                plain[field] = sf._jsonata_state_field(state, field, "number", given, ctx)
        if "Label" in state:
            plain["Label"] = state["Label"]
        child = {**ctx, "variables": {}}
        results, _ = self._run(plain, {}, {"items": inputs}, iterator, execution, child)
        if len(json.dumps(results, separators=(",", ":"))) > _MOST_BYTES:
            raise sf._ExecutionError("States.DataLimitExceeded", "the children answer too much")
        output = sf._apply_jsonata_output(state, given, ctx, result=results, default=results)
        sf._apply_state_assign(state, given, ctx, result=results)
        return output, sf._next_or_end(state)

    def _inputs(self, state: Any, given: Any, ctx: Any) -> list[Any]:
        sf = self._sf
        if "ItemReader" in state:
            reader = sf._apply_jsonata_template(state["ItemReader"], given, ctx)
            reader = {**reader, "Parameters": reader.get("Arguments", {})}
            items = sf._read_map_items(reader, given, ctx)
        elif "Items" in state:
            items = sf._jsonata_state_field(state, "Items", "array", given, ctx)
        else:
            items = given
        selector = state.get("ItemSelector")
        if not selector:
            return list(items)
        return [
            sf._apply_jsonata_template(
                selector, given, {**ctx, "Map": {"Item": {"Index": index, "Value": value}}}
            )
            for index, value in enumerate(items)
        ]
