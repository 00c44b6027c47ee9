"""The project's own judge of the state machines, for what the public ones let pass.

`python -m workflows.lint` judges every definition; `tests/workflows` holds each rule to a
definition that breaks it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import workflows
from workflows.lint import data, flow, leases, tasks
from workflows.lint.facts import Facts, LintFinding, Rule

RULES: tuple[Rule, ...] = (*flow.RULES, *tasks.RULES, *data.RULES, *leases.RULES)
"""Every rule. The name of a rule is the name of its function."""


def lint(name: str, text: str, facts: Facts) -> list[LintFinding]:
    """What is wrong with a definition, given as the loader's text.

    `facts` is what it is judged against.
    """
    definition: Mapping[str, Any] = json.loads(text)
    return [
        LintFinding(rule.__name__, name, where, what)
        for rule in RULES
        for where, what in rule(name, definition, facts)
    ]


def lint_all(facts: Facts, directory: Path = workflows.DIRECTORY) -> list[LintFinding]:
    """What is wrong with any machine.

    DefinitionError: the loader refuses one, or what they share.
    """
    machines = workflows.load_all(directory)
    return [finding for one in machines for finding in lint(one.name, one.text, facts)]
