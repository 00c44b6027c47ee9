"""What is deployed without protections first, and when nothing is."""

from __future__ import annotations

import pytest

from deploying.plan import NotNowError, plan
from stacks.deployment import deployment, variables

STANDING = {"data": "CREATE_COMPLETE", "us-east-1": "UPDATE_ROLLBACK_COMPLETE"}


def test_a_first_deployment_protects_last() -> None:
    first = plan({"data": "", "us-east-1": "", "us-west-2": ""})
    assert first.passes == (frozenset({"data", "us-east-1", "us-west-2"}), frozenset())


def test_what_stands_is_never_unprotected() -> None:
    assert plan(STANDING).passes == (frozenset(),)
    assert plan({**STANDING, "us-west-2": ""}).unprotected == {"us-west-2"}


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])
def test_what_was_rolled_back_is_released_and_begun_again(status: str) -> None:
    again = plan({**STANDING, "us-west-2": status})
    assert again.unprotected == again.release == {"us-west-2"}


@pytest.mark.parametrize("status", ["", "REVIEW_IN_PROGRESS", "DELETE_COMPLETE"])
def test_what_is_not_there_is_not_released(status: str) -> None:
    assert not plan({"data": status}).release


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("DELETE_FAILED", "delete it"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
        ("CREATE_IN_PROGRESS", "wait"),
    ],
)
def test_what_hangs_is_named(status: str, advice: str) -> None:
    with pytest.raises(NotNowError, match=f"data is {status}: .*{advice}"):
        plan({"data": status})


def test_a_throw_away_installation_is_deployed_once() -> None:
    assert plan({"data": "", "us-east-1": ""}, protect=False).passes == (frozenset(),)


def test_a_synthesis_reads_what_a_deployment_tells() -> None:
    told = variables(frozenset({"data", "us-east-1"}), {"us-east-1": "arn"})
    assert deployment(told) == (frozenset({"data", "us-east-1"}), {"us-east-1": "arn"})
    assert deployment({}) == (frozenset(), {})
