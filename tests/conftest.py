"""How the suite is spread over workers: tests that share something expensive stay together.

The distribution by `xdist_group` marks has no effect with the locked pytest (the marks do not reach
the scheduler), so the scope is told from the path.
"""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler.loadscope import LoadScopeScheduling

from local import scratch
from stacks.packaged_node import use_packaged_node
from tests.fewer_messages import pytest_plugin_registered as pytest_plugin_registered  # noqa: PLC0414 - a hook
from tests.tiers import is_full, is_unhurried

# Twelve thousand tests are collected by each worker, and none of them is garbage: looking for some
# takes a third of the time.
gc.disable()
use_packaged_node()
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

_TOGETHER = {
    "tests/chaos/": "chaos",
    "tests/contract/": "contract",
    "tests/e2e/test_admin": "e2e-second",
    "tests/e2e/test_failover": "e2e-second",
    "tests/e2e/test_operator": "e2e-second",
    "tests/e2e/test_reconciliation": "e2e-reconciliation",
    "tests/e2e/test_reconcile_commands": "e2e-commands",
    "tests/e2e/test_day_of_drill": "e2e-drill",
    "tests/e2e/test_email": "e2e-email",
    "tests/e2e/test_tutorial": "e2e-tutorial",
    "tests/e2e/test_new_account": "e2e-new-account",
    "tests/e2e/test_account_sizes": "e2e-account-sizes",
    "tests/e2e/test_pools_in_trouble": "e2e-pools",
    "tests/e2e/": "e2e",
    "tests/former/": "former",
    "tests/local/": "local",
    "tests/stacks/": "stacks",
    "tests/workflows/": "workflows",
}
"""Beginning of a path -> what its tests share: a running stage, an emulator, a synthesis. The
tests of one stage take longer than all else beside them, so that they have two."""

_FIRST = (
    *("e2e-drill", "tests/upgrade/test_upgrade.py", "e2e-reconciliation", "e2e-account-sizes"),
    *("chaos", "e2e", "local", "stacks", "e2e-second", "e2e-new-account", "e2e-pools"),
    *("contract", "e2e-commands", "workflows", "tests/adopt/test_adopt.py", "e2e-tutorial"),
    *("e2e-email", "tests/property/test_explorer.py"),
)
"""The longest scopes, of both tiers: the others are done beside and after them. Of those that need
the same synthesized stacks one comes first, and the others when these are there."""


def scope_of(nodeid: str) -> str:
    """Tests of one scope run one after the other on one worker; others go by file."""
    shared = (scope for start, scope in _TOGETHER.items() if nodeid.startswith(start))
    return next(shared, nodeid.split("::", 1)[0])


class ByWhatIsShared(LoadScopeScheduling):
    """Hands out whole scopes, in the order of the items."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def pytest_configure(config: pytest.Config) -> None:
    """All that a run leaves in the temporary folder lies in a folder of its own, workers' as well;
    but for pytest's folders, of which it keeps the last ones, to be looked at."""
    if not hasattr(config, "workerinput"):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
        scratch.enter()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first; every worker sorts alike. What tiers leave out is marked."""
    for item in items:
        if is_full(item.nodeid):
            item.add_marker(pytest.mark.full)
        if is_unhurried(item.nodeid):
            item.add_marker(pytest.mark.unhurried)
    rank = {scope: number for number, scope in enumerate(_FIRST)}
    items.sort(key=lambda item: (rank.get(scope_of(item.nodeid), len(rank)), item.path.parts))


def pytest_collection_finish() -> None:
    """Every worker collects every test: Node, which aws_cdk starts, is for those who synthesize.
    What was collected stays, so that no later look for garbage looks at it."""
    if "aws_cdk" in sys.modules:
        raise pytest.UsageError("a test imports aws_cdk at its top; import it where it is used")
    gc.freeze()
    gc.enable()


def pytest_xdist_make_scheduler(config: Any, log: Any) -> LoadScopeScheduling:
    """Called by xdist in the controlling process."""
    return ByWhatIsShared(config, log)
