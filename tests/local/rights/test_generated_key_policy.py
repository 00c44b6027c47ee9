"""The policy that the preflight prints for a customer's key, before the judge of the local AWS."""

from __future__ import annotations

from typing import Any

import pytest

from local.rights.judge import decide
from local.rights.keys_behind import with_keys
from local.rights.model import Access, RoleSession, ServicePrincipal
from local.rights.policies import Policy, parse
from local.rights.surroundings import Place, Surroundings
from preflight.key_policy import key_policy
from tests.unit.preflight.worlds import ACCOUNT, PRIMARY, WITH_KEYS, key_arn

KEY = key_arn(PRIMARY)
WORKER = RoleSession(f"arn:aws:iam::{ACCOUNT}:role/worker", "one")
RULES = ServicePrincipal("events.amazonaws.com")


def queue(name: str) -> str:
    return f"arn:aws:sqs:{PRIMARY}:{ACCOUNT}:{name}"


def of_key(who: Any, name: str, *identity: Policy) -> list[bool]:
    """Whether the key lets somebody send a message to a queue, right by right."""
    place = Place(PRIMARY, ACCOUNT, Surroundings(customer_keys={queue(name): KEY}))
    _, *needed = with_keys([Access("sqs:SendMessage", queue(name))], place)
    policy = parse(key_policy(WITH_KEYS, PRIMARY), "key")
    return [decide(one, who, identity=identity, resource_policy=policy).allowed for one in needed]


def test_roles_are_let_in_by_their_own_policies() -> None:
    actions = ["kms:Decrypt", "kms:GenerateDataKey"]
    allowed = {"Effect": "Allow", "Action": actions, "Resource": KEY}
    own = parse({"Version": "2012-10-17", "Statement": [allowed]}, "own")
    assert of_key(WORKER, WITH_KEYS.names.dead_letters, own) == [True, True]
    assert of_key(WORKER, WITH_KEYS.names.dead_letters) == [False, False]


@pytest.mark.parametrize(
    ("name", "expected"), [(WITH_KEYS.names.dead_letters, True), ("others", False)]
)
def test_rules_write_letters_to_the_installations_queue_alone(name: str, expected: bool) -> None:
    assert of_key(RULES, name) == [expected, expected]
