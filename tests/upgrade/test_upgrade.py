"""One Region after the other becomes this release while people go on; a failed update goes back.

What stands open in the meantime: `waiting.py`. Which release was before: `tests/former/release.py`.
"""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from tests.e2e.local_stage import deployed
from tests.upgrade.assemblies import WAITS, former, new_rights, present
from tests.upgrade.story import Story

pytestmark = [pytest.mark.local_aws, pytest.mark.full, pytest.mark.timeout(3600)]
OPTIONS = ("--wait-scale", str(WAITS), "--workers", "3")


@pytest.mark.parametrize("first", ["primary", "backup"])
def test_nothing_is_lost(first: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The primary Region is the active one: so each direction is tried in which one release reads
    what the other has written."""
    folder = tmp_path_factory.mktemp("upgrade")
    old, new = former(folder), present(folder)
    rights = new_rights(old, new)
    with deployed("username", folder, *OPTIONS, refusals=rights, assembly=old) as stage:
        story = Story(stage, folder)
        story.begin()
        outputs = stage.outputs
        order = [outputs.primary, outputs.backup]
        sooner, later = order if first == "primary" else order[::-1]
        with story.traffic.flowing():
            story.update(sooner, new)
            story.change_the_standby()
            with story.a_newer_record() if first == "primary" else nullcontext():
                story.traffic.goes_on(20, 4)
                story.fail_to_update(later, new)
                story.update(later, new)
            story.traffic.goes_on(20, 4)
        story.end()
