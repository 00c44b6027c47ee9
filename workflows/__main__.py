"""`python -m workflows NAME`: a machine as AWS gets it, without names; to paste into Workflow
Studio, say."""

from __future__ import annotations

import json
import sys

import workflows

if len(sys.argv) != 2:  # noqa: PLR2004 - the command and one name
    sys.exit(f"one of: {', '.join(workflows.names())}")
try:
    machine = workflows.load(sys.argv[1])
except workflows.DefinitionError as error:
    sys.exit(str(error))
sys.stdout.write(json.dumps(machine.parsed, indent=2, ensure_ascii=False) + "\n")
