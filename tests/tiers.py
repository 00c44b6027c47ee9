"""What `make test` leaves to `make test-full`, in one place: each entry with its reason.

Continuous integration runs both. A test belongs here when it takes many seconds and a smaller one
of its kind stays in `make test`. A test may also carry the mark `full` itself.
"""

from __future__ import annotations

import re

FULL: dict[str, str] = {
    "tests/chaos/": "sixty people, a minute and a half; the parts: tests/local",
    "tests/saga/test_outcomes": "plays all faults to write a page's table",
    "tests/saga/test_faults.py::test_every_call_fails_in_every_way[create]": "update stays",
    "tests/saga/test_faults.py::test_every_call_fails_in_every_way[delete]": "update stays",
    "tests/saga/test_faults.py::test_every_call_fails_in_every_way[erase]": "update stays",
    "tests/stacks/test_judges.py::test_cfn_lint_is_content[existing]": "a near twin of `standard`",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[wake groups before": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[contain only when": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[note the pool as": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[each run of": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[wait out an": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[look again": "slow",
    "tests/property/test_regressions.py::test_stays_mended[a group is not woken": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[a put that outlives": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[sign-up and deletion": "large",
    "tests/property/test_explorer.py::test_merging_calls_that_commute_hides_nothing[a change": (
        "large; two smaller ones stay"
    ),
    "tests/e2e/test_reconciliation.py::test_a_mass_deletion": "the commands' test stays",
}
"""Beginning of a test's id -> why it may wait."""


_THIRD_OPINION = re.compile(r"tests/contract/.*\[(.*-)?moto(-.*)?\]")
"""The contract suites on moto: twin and local AWS stay, which the product's own tests lean on."""


def is_full(nodeid: str) -> bool:
    """Whether `make test` leaves this test out."""
    return nodeid.startswith(tuple(FULL)) or bool(_THIRD_OPINION.match(nodeid))
