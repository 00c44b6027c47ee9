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
    "tests/saga/test_faults.py::test_both_at_once[create]": "update and delete stay",
    "tests/saga/test_faults.py::test_both_at_once[erase]": "update and delete stay",
    "tests/stacks/test_judges.py::test_cfn_lint_is_content[False-existing]": "a near twin",
    "tests/stacks/test_judges.py::test_cfn_lint_is_content[True-existing]": "a near twin",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[wake groups before": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[contain only when": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[note the pool as": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[each run of": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[wait out an": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[look again": "slow",
    "tests/property/test_regressions.py::test_stays_mended[a group is not woken": "large",
    "tests/property/test_regressions.py::test_stays_mended[a swap in capitals": "`a swap` stays",
    "tests/property/test_explorer.py::test_what_is_assumed_is_needed[failback": "one stays",
    "tests/property/test_explorer.py::test_merging_calls_that_commute_hides_nothing[sign-up": (
        "large; a smaller one stays"
    ),
    "tests/property/test_housework.py::test_all_is_well_within[strip and purge in any": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[a put that outlives": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[sign-up and deletion": "large",
    "tests/property/test_explorer.py::test_merging_calls_that_commute_hides_nothing[a change": (
        "large; a smaller one stays"
    ),
    "tests/e2e/test_reconciliation": "a stage of its own; tests/e2e/test_reconcile_commands stays",
    "tests/e2e/test_tutorial": "a stage of its own; tests/e2e/test_operator stays",
}
"""Beginning of a test's id -> why it may wait."""


_THIRD_OPINION = re.compile(r"tests/contract/.*\[(.*-)?moto(-.*)?\]")
"""The contract suites on moto: twin and local AWS stay, which the product's own tests lean on."""


def is_full(nodeid: str) -> bool:
    """Whether `make test` leaves this test out."""
    return nodeid.startswith(tuple(FULL)) or bool(_THIRD_OPINION.match(nodeid))
