"""`python -m workflows.lint`: judge every machine."""

from __future__ import annotations

import sys

from workflows import DefinitionError
from workflows.lint import RULES, lint_all
from workflows.lint.facts import load_facts

try:
    findings = lint_all(load_facts())
except DefinitionError as error:
    sys.exit(f"refused by the loader: {error}")
for finding in findings:
    sys.stdout.write(f"{finding}\n")
sys.stdout.write(f"{len(RULES)} rules, {len(findings)} findings\n")
sys.exit(1 if findings else 0)
