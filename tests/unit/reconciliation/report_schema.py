"""The JSON Schema of the drift report, made from its dataclasses: `make schema` writes it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from cognito_standby.reconciliation.domain import drift_report

PATH = Path(__file__).parents[3] / "docs" / "drift-report.schema.json"


def schema() -> dict[str, Any]:
    """Draft 2020-12. Descriptions are the docstrings of the classes and their fields."""
    for each in vars(drift_report).values():
        if dataclasses.is_dataclass(each):
            each.__pydantic_config__ = ConfigDict(use_attribute_docstrings=True)  # type: ignore[union-attr]
    made = TypeAdapter(drift_report.DriftReport).json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_without_titles(made)}


def _without_titles(node: Any) -> Any:
    """They only repeat the names."""
    if isinstance(node, dict):
        kept = {k: v for k, v in node.items() if k != "title" or isinstance(v, dict)}
        return {key: _without_titles(value) for key, value in kept.items()}
    return [_without_titles(each) for each in node] if isinstance(node, list) else node


def text() -> str:
    """As it stands in the file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(text())
