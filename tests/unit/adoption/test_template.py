"""What cfn-lint says of the proposed template of each odd pool."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cognito_standby.adoption.domain.proposal import proposed
from cognito_standby.adoption.domain.template import template_of
from tests.odd_pools import ODD_POOLS
from tests.unit.adoption.recorded import AWAY, HOME, odd


@pytest.mark.full
def test_cfn_lint_is_content(tmp_path: Path) -> None:
    for name in ODD_POOLS:
        template = template_of(proposed(odd(name, HOME), AWAY))
        (tmp_path / f"{name}.json").write_text(json.dumps(template))
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--format", "json"]
    paths = [str(path) for path in sorted(tmp_path.glob("*.json"))]
    run = subprocess.run(
        [*command, "--regions", AWAY, "--", *paths], capture_output=True, text=True, check=False
    )
    said = [
        (Path(each["Filename"]).stem, each["Message"]) for each in json.loads(run.stdout or "[]")
    ]
    assert said == [], run.stderr
