"""Whoever asked for a change is told of every error that is caught as their answer."""

from __future__ import annotations

from cognito_standby.changes.domain.problems import GAVE_UP, THROTTLED, problem_after
from tests.workflows.scenarios import definition_of
from workflows.lint.walk import errors_of

OWN = {"ChangeRefusedError"}
"""It carries its problem."""


def test_what_the_snapshot_catches_is_a_problem_of_its_own() -> None:
    state = definition_of("apply_admin_change")["States"]["Snapshot User"]
    told = {error: problem_after(error, planned=False) for error in errors_of(state, "Catch")}
    assert {error for error, problem in told.items() if problem is GAVE_UP} == OWN


def test_an_account_without_concurrency_is_told_as_throttling() -> None:
    assert problem_after("Lambda.TooManyRequestsException", planned=False) is THROTTLED
