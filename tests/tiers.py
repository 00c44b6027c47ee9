"""What `make test` leaves to `make test-full`, and `make test-quick` to `make test`, in one place:
each entry with its reason.

A test belongs to the long tier when it takes many seconds and a smaller one of its kind stays in
`make test`. A test may also carry the mark `full` itself.
"""

from __future__ import annotations

import re

FULL: dict[str, str] = {
    "tests/chaos/": "sixty people, a minute and a half; the parts: tests/local",
    "tests/workflows/test_branches.py::test_both_judges_agree_on": "each holds to what is wanted",
    "tests/saga/test_outcomes": "plays all faults to write a page's table",
    "tests/stacks/test_judges.py::test_cfn_lint_is_content[data-existing]": "a near twin",
    "tests/stacks/test_judges.py::test_every_acknowledgement": (
        "synthesizes once more; that nothing is unexplained stays"
    ),
    "tests/stacks/test_keeping.py::test_a_stack_that_does_not_stand": (
        "synthesizes once more; `a stack that stands` stays"
    ),
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[put over the seen": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[recognise an unf": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[wake groups before": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[contain only when": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[note the pool as": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[each run of": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[wait out an": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[look again": "slow",
    "tests/property/test_regressions.py::test_stays_repaired[a group is not woken": "large",
    "tests/property/test_regressions.py::test_stays_repaired[a swap in capitals": "near twin",
    "tests/property/test_explorer.py::test_what_is_assumed_is_needed[failback": "one stays",
    "tests/property/test_explorer.py::test_merging_calls_that_commute_hides_nothing[sign-up": (
        "large; smaller ones stay"
    ),
    "tests/property/test_housework.py::test_all_is_well_within[the last strips": (
        "`strip, failover` stays"
    ),
    "tests/property/test_housework.py::test_all_is_well_within[strip and purge in any": "large",
    "tests/property/test_housework.py::test_all_is_well_within[strip to the end, a late": "large",
    "tests/property/test_housework.py::test_all_is_well_within[purge, changed and let in": "large",
    "tests/property/test_standby.py::test_all_is_well_within[a stray in the old active": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[disabled and enabled": (
        "`first seen disabled` stays"
    ),
    "tests/property/test_explorer.py::test_all_is_well_within[a change, failover, a late": (
        "`a lost lease` stays"
    ),
    "tests/property/test_explorer.py::test_all_is_well_within[a put that outlives": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[swap of addresses": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[newest of a swap": (
        "large; `containment between unverified addresses` and tests/unit/replication stay"
    ),
    "tests/property/test_explorer.py::test_all_is_well_within[containment right after": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[a redrive right after": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[a change, failover, a fault": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[chain of addresses, a": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[a stray change, failover": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[sign-up and deletion": "large",
    "tests/property/test_explorer.py::test_merging_calls_that_commute_hides_nothing[a change": (
        "large; smaller ones stay"
    ),
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[compare names as": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[wait for a name without": "slow",
    "tests/property/test_regressions.py::test_stays_repaired[a deletion overtakes": "large",
    "tests/property/test_doubts.py::test_all_is_well_within[another table knows": "large",
    "tests/stacks/test_admin_api.py::test_no_config_has_an_open_method[detached": "standard stays",
    "tests/stacks/test_admin_api.py::test_no_config_has_an_open_method[existing": "standard stays",
    "tests/property/test_explorer.py::test_all_is_well_within[address used again": (
        "`alias used again` stays"
    ),
    "tests/property/test_explorer.py::test_all_is_well_within[username used again": (
        "`alias used again` stays"
    ),
    "tests/property/test_explorer.py::test_all_is_well_within[containment of a change": (
        "`containment of a sign-up` stays"
    ),
    "tests/property/test_explorer.py::test_all_is_well_within[sign-up, failover, a visit": (
        "`sign-up, failover, a fault` stays"
    ),
    "tests/property/test_explorer.py::test_merging_calls_that_commute_hides_nothing[address": (
        "large; smaller ones stay"
    ),
    "tests/property/test_housework.py::test_all_is_well_within[deletion, purge and strip": (
        "`strip, failover` stays"
    ),
    "tests/property/test_standby.py::test_all_is_well_within[a stray of one born there": (
        "`changes of one who is cut off` stays"
    ),
    "tests/property/test_standby.py::test_a_broken_rule_is_caught[who is made again": "slow",
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[write under the own": "slow",
    "tests/property/test_restore.py::test_all_is_well_within[restore beside a deletion, a": (
        "large; `restore, changed meanwhile` and `restore in the standby` stay"
    ),
    "tests/property/test_explorer.py::test_merging_calls_that_commute_hides_nothing[containment": (
        "large; `recovery after failover` stays"
    ),
    "tests/property/test_memberships.py::test_all_is_well_within[joined in the active pool": (
        "large; `left under a replay, failover` stays"
    ),
    "tests/property/test_standby.py::test_a_broken_rule_is_caught[go on with what was": "slow",
    "tests/property/test_standby.py::test_a_broken_rule_is_caught[list it before it": (
        "slow; `list what a local change overrides` stays"
    ),
    "tests/property/test_planned.py::test_a_broken_rule_is_caught[claim only once": "slow",
    "tests/property/test_on_demand.py::test_all_is_well_within[comes twice, a fault": (
        "`comes twice` and `comes, a fault` stay"
    ),
    "tests/bench/test_backlog.py::test_without_a_line": "plays a whole backlog",
    "tests/bench/test_backlog.py::test_a_backlog": "the same; a small account's share stays",
    "tests/bench/reconcile/test_reconcile_bench.py::test_the_planted": "plays a whole run",
    "tests/bench/reconcile/test_reconcile_bench.py::test_the_quota": "the same",
    "tests/bench/reconcile/test_reconcile_bench.py::test_the_unchanged": "the same",
    "tests/bench/reconcile/test_reconcile_bench.py::test_the_same_run": "the same",
    "tests/bench/reconcile/test_reconcile_bench.py::test_the_picture": "the same",
    "tests/unit/operator/test_cost.py::test_a_change_takes": "plays the bench",
    "tests/bench/test_life.py::test_the_fence_turns_within_its_seconds_at_120_sign_ins_a_second"
    "[True]": "[False] stays",
    "tests/local/test_canaries.py": (
        "of the emulator alone, which only a new lock changes: `make lock` says to run them"
    ),
    "tests/local/test_triggers.py::test_a_sign_in_can_be_refused[slow-UnexpectedLambdaException"
    ".*: {} invocation failed due to error Socket-P": "of three slow triggers one stays",
    "tests/local/test_lambda_gaps.py::test_the_time_in_the_queue": "waits half a minute",
    "tests/contract/pool/test_groups.py::test_a_user_in_very_many_groups_is_read_whole[email-l": (
        "a near twin: `plain` stays"
    ),
    "tests/e2e/test_operator.py::test_redrive_with_a_dark": "waits; status of a dark Region stays",
    "tests/e2e/test_reconciliation": "a stage of its own; test_new_account reconciles",
    "tests/e2e/test_reconcile_commands": (
        "a stage of its own; test_new_account reconciles, tests/unit/cli has the commands"
    ),
    "tests/e2e/test_failover": (
        "minutes; a Region that stands down (test_fence), the command and the machines stay"
    ),
    "tests/e2e/test_operator.py::test_poison_is_left": "waits; `letters of every kind` stays",
    "tests/e2e/test_user_show": "tests/unit/operator and the contract of names stay",
    "tests/e2e/test_restore": "test_undelete brings somebody back; twins hold the rest",
    "tests/e2e/test_config": "waits for a dark Region; tests/unit/cli and twins stay",
    "tests/e2e/test_changed_passwords": "twins and the templates' rules stay",
    "tests/e2e/test_containment.py::test_an_execution_that_times": (
        "waits for its end; who fails and who is stopped stay"
    ),
    "tests/e2e/test_containment.py::test_what_timed_out": "the same",
    "tests/e2e/test_admin_changes.py::test_a_change_that_was_stopped": (
        "waits for a lease; a failure that is redriven stays, and tests/saga"
    ),
    "tests/local/test_faults_inside.py::test_a_dark_regions": "waits; other faults stay",
    "tests/bench/test_life.py::test_15": "one of them stays",
    "tests/bench/test_life.py::test_more_than_15": "one of them stays",
    "tests/bench/test_life.py::test_from_nothing": "one of them stays",
    "tests/bench/test_life.py::test_120": "one of them stays",
    "tests/former/test_worlds.py::test_the_adapters": "the twins' worlds stay",
    "tests/unit/console/test_in_a_browser.py::test_axe": "the keyboard stays",
    "tests/unit/console/test_in_a_browser.py::test_a_page_renews": "waits; an action's end is seen",
    "tests/unit/console/test_in_a_browser.py::test_what_did_not_change": "waits",
    "tests/unit/console/test_in_a_browser.py::test_what_comes_while": "waits",
    "tests/unit/console/test_acts_in_a_browser.py::test_a_repair": "a run that asks stays",
    "tests/e2e/test_federated": "twins, and tests/local of federation and linking stay",
    "tests/e2e/test_second_factors": "twins, and tests/local of second factors stay",
    "tests/e2e/test_past_table": "the contract's, without a deployment, stay",
    "tests/e2e/test_drill": "tests/unit/recovery, tests/unit/drill and the contract stay",
    "tests/local/test_table_recovery": "of the emulator; the contract of past tables stays",
    "tests/contract/operator/test_dead_letters.py::test_holding_on[local": "waits; memory stays",
    "tests/property/test_housework.py::test_all_is_well_within[purge of the": (
        "`strip, failover` stays"
    ),
    "tests/property/test_standby.py::test_all_is_well_within[a sign-up in": (
        "`changes of one who is cut off` stays"
    ),
    "tests/property/test_undelete.py::test_all_is_well_within[undelete while": "large",
    "tests/property/test_explorer.py::test_all_is_well_within[half a replay": (
        "`first seen disabled, failover, a fault` stays"
    ),
    "tests/unit/console/test_acts_in_a_browser.py::test_a_conflict": "a failover and a run stay",
    "tests/unit/console/test_acts_in_a_browser.py::test_a_run_that_asks_is_answered[Approve": (
        "[Reject] stays"
    ),
    "tests/unit/console/test_acts_in_a_browser.py::test_a_failover_is_given": "a failover stays",
    "tests/e2e/test_completed": "twins complete in every order",
    "tests/e2e/test_status_figures": "tests/unit/operator stays",
    "tests/e2e/test_console": "tests/unit/console has every page and action, in a browser, too",
    "tests/e2e/test_preflight": "tests/unit/preflight stays",
    "tests/unit/console/test_recorded": "of a picture of the docs",
    "tests/unit/reconciliation/test_interruptions.py::test_no_hostile": "poisoned parts stay",
    "tests/unit/reconciliation/test_interruptions.py::test_an_interrupted_run_gives_the_same"
    "_result[0.2]": "[0.5] stays",
    "tests/unit/reconciliation/test_interruptions.py::test_workers_with_little": "[0.5] stays",
    "tests/property/test_housework.py::test_all_is_well_within[strip, two chores": (
        "`strip, failover` stays"
    ),
    "tests/property/test_memberships.py::test_all_is_well_within[profile and departure": (
        "`left under a replay, failover` stays"
    ),
    "tests/property/test_memberships.py::test_a_broken_rule_is_caught[a plan that a": "slow",
    "tests/property/test_on_demand.py::test_a_broken_rule_is_caught[only who was never": "slow",
    "tests/property/test_on_demand.py::test_all_is_well_where_an_operator_asks_about_who_is_awaited"
    "[comes, changed by an": "large",
    "tests/property/test_binding.py::test_all_is_well_within[comes, and is changed": (
        "`comes after a failover` stays"
    ),
    "tests/property/test_planned.py::test_all_is_well_within[a change, by plan against": (
        "`planned failover, a fault` stays"
    ),
    "tests/property/test_restore.py::test_a_broken_rule": "slow",
    "tests/property/test_explorer.py::test_all_is_well_within[an invocation without an answer": (
        "`first seen disabled, failover, a fault` stays"
    ),
    "tests/property/test_planned.py::test_all_is_well_within[changes wherever the door is open": (
        "large"
    ),
    "tests/property/test_mutants.py::test_a_broken_rule_is_caught[records are evidence": "slow",
    "tests/e2e/test_email_sign_in": "a stage of its own; rules and twin hold the other modes",
    "tests/e2e/test_tutorial": "a stage of its own; tests/e2e/test_operator stays",
}
"""Beginning of a test's id -> why it may wait."""


_OTHER_OPINIONS = re.compile(
    r"tests/contract/.*\[(.*-)?moto(-.*)?\]"
    r"|tests/workflows/test_branches\.py.*[\[-]moto\b"
    r"|tests/saga/test_faults\.py::test_every_call_fails_in_every_way\[.*-(update|create|erase|undelete)\]"
    r"|tests/saga/test_faults\.py::test_every_call_fails_in_every_way"
    r"\[(throttled|unavailable for good, after|stopped before|killed before)"
    r"|tests/saga/test_faults\.py::test_somebody_else_acts_at_every_call"
    r"\[(?!(another administrator|the person changes the same field)-update)"
    r"|tests/stacks/.*\[(.*-)?email(-.*)?\]"
)
"""moto's, of the ports and of the machines: twin, local AWS and the local AWS's interpreter stay,
which the product's own tests lean on. Of who acts beside a change, another administrator and the
person stay, beside an update. Of the ways in which a call fails,
those that differ in kind stay, in a deletion. Of the templates, `email` differs from `standard` in
a pool's settings."""


_NEAR_POOLS = re.compile(
    r"tests/local/(test_attaching\.py::test_there_and_back_leaves_each_pool_as_it_was"
    r"|test_pool_making\.py::test_the_round_trip_is_equal)"
    r"\[(classic|custom_senders|devices|email_names|lite|logs|machines|messages|mfa_by_mail"
    r"|mfa_optional|password_policy|passwordless|phone_names|plus|protected|tags"
    r"|without_clients)\]"
)
"""Pools that differ from `plain` in a setting or two, which are told and set as the others are:
pools with more parts of their own stay (attributes, clients, providers, groups, triggers, managed
login, new features), and `aliases` and `mfa_required` of these."""


UNHURRIED: dict[str, str] = {
    "tests/unit/console/test_in_a_browser": "a browser",
    "tests/unit/console/test_acts_in_a_browser": "a browser",
    "tests/unit/console/test_serving": "serves",
    "tests/unit/cli/test_console": "serves",
    "tests/unit/preflight/test_aws": "the models of all services",
    "tests/unit/replication/test_post_confirmation": "stubs of services on loopback",
    "tests/unit/triggers/test_fence_reads": "stubs of services on loopback",
    "tests/unit/test_declared": "reads every source",
    "tests/unit/recovery/test_restore_interrupted": "dies at every third write",
    "tests/unit/reconciliation/test_interruptions": "dozens of whole runs",
    "tests/unit/reconciliation/test_broken_files": "dozens of whole runs",
    "tests/unit/reconciliation/test_repairing": "a whole run in each test",
    "tests/unit/reconciliation/test_federated": "a whole run in each test",
    "tests/unit/reconciliation/test_housework": "a whole run in each test",
}
"""Beginning of the id of a unit test -> why `make test-quick` leaves it out."""


def is_unhurried(nodeid: str) -> bool:
    """Whether `make test-quick` leaves this test out."""
    return nodeid.startswith(tuple(UNHURRIED))


def is_full(nodeid: str) -> bool:
    """Whether `make test` leaves this test out."""
    patterns = (_OTHER_OPINIONS, _NEAR_POOLS)
    return nodeid.startswith(tuple(FULL)) or any(each.match(nodeid) for each in patterns)
