"""Which actions there are, on what, and under which conditions; what is not here raises.

The tables are in `services.py` and `services_of_settings.py`; source: AWS service authorization
reference, "Actions, resources, and condition keys for ...". Only what this project uses or grants
is listed. Of the condition keys only those are listed which `requests.py` tells: a key that AWS
knows and nobody here tells would silently count as missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from local.rights.model import Access, UnknownToJudgeError
from local.rights.patterns import action_matches
from local.rights.policies import Patterns, Policy, Statement
from local.rights.services import ACTIONS, KIND_KEYS
from local.rights.services import KINDS as KINDS_OF_WORK
from local.rights.services_of_settings import SETTING_ACTIONS, SETTING_KINDS

KINDS = {**KINDS_OF_WORK, **SETTING_KINDS}

_GLOBAL = frozenset(
    {
        *("aws:principalarn", "aws:principalaccount", "aws:principaltype"),
        *("aws:principalisawsservice", "aws:principalservicename"),
        *("aws:sourcearn", "aws:sourceaccount", "aws:securetransport", "aws:requestedregion"),
    }
)
"""Global condition keys that the judge or `requests.py` tells."""


@dataclass(frozen=True)
class Action:
    """One action."""

    name: str
    kinds: tuple[str, ...]
    """Types of resources; none: the resource must be `*`."""
    keys: frozenset[str]
    """Condition keys of its own and of its resources, in lower case; what ends in a slash is the
    beginning of keys, each for a tag."""

    def fits(self, resource: str) -> bool:
        """Whether an ARN, or a pattern of one, can be a resource of this action."""
        if resource == "*":
            return True
        return any(re.fullmatch(KINDS[kind], resource) for kind in self.kinds)


def _read() -> dict[str, Action]:
    found: dict[str, Action] = {}
    for service, lines in (*ACTIONS.items(), *SETTING_ACTIONS.items()):
        for line in lines:
            names, kinds, keys = ([*map(str.strip, line.split("|")), "", ""])[:3]
            for name in names.split():
                action = f"{service}:{name}"
                of = tuple(f"{service}:{kind}" for kind in kinds.split())
                told = [*keys.split(), *(key for kind in of for key in KIND_KEYS.get(kind, ()))]
                lower = frozenset(key.lower() for key in told)
                found[action.lower()] = Action(action, of, lower)
    return found


_KNOWN = _read()


def action_of(name: str) -> Action:
    """The entry of one action. UnknownToJudgeError."""
    found = _KNOWN.get(name.lower())
    if found is None:
        raise UnknownToJudgeError(f"the action {name}")
    return found


def check_access(access: Access) -> None:
    """UnknownToJudgeError: an action, a resource or a condition key that is not known."""
    action = action_of(access.action)
    if "*" in access.resource and access.resource != "*":
        raise UnknownToJudgeError(f"{access.action} asked on the pattern {access.resource}")
    if (access.resource == "*") is not (not action.kinds) or not action.fits(access.resource):
        raise UnknownToJudgeError(f"{access.action} on {access.resource}")
    for key in access.context:
        check_key(action.name, key)


def check_key(action: str, key: str) -> None:
    """UnknownToJudgeError: the action does not know this condition key."""
    if not _is_among(key, action_of(action).keys):
        raise UnknownToJudgeError(f"the condition key {key} for {action}")


def _is_among(key: str, keys: frozenset[str]) -> bool:
    lower = key.lower()
    of_tags, _, tag = lower.partition("/")
    return lower in _GLOBAL | keys or (tag != "" and f"{of_tags}/" in keys)


def check_policy(policy: Policy) -> None:
    """Whether everything in a policy is known, and fits together: each action is granted on a
    resource of a type that it has, each resource serves an action. UnknownToJudgeError."""
    for statement in policy.statements:
        try:
            _check_statement(statement)
        except UnknownToJudgeError as error:
            raise UnknownToJudgeError(f"{policy.name or 'a policy'}: {error}") from None


def _check_statement(statement: Statement) -> None:
    named, meant = _actions(statement.actions)
    for condition in statement.conditions:
        for action in named:
            check_key(action.name, condition.key)
        if not any(_is_among(condition.key, action.keys) for action in meant):
            raise UnknownToJudgeError(f"the condition key {condition.key}")
    resources = statement.resources
    if resources is None or resources.inverted or statement.actions.inverted:
        return
    for action in named:
        if not any(action.fits(one) for one in resources.values):
            raise UnknownToJudgeError(f"{action.name} on {', '.join(resources.values)}")
    for resource in resources.values:
        if not any(action.fits(resource) for action in meant):
            raise UnknownToJudgeError(f"{resource} for {', '.join(statement.actions.values)}")


def _actions(patterns: Patterns) -> tuple[list[Action], list[Action]]:
    """Those that are named in full, and all that is meant, by a wildcard as well.

    UnknownToJudgeError: a name or a pattern that means nothing.
    """
    named, meant = list[Action](), list[Action]()
    for pattern in patterns.values:
        if "*" not in pattern and "?" not in pattern:
            named.append(action_of(pattern))
            continue
        found = [one for one in _KNOWN.values() if action_matches(pattern, one.name)]
        if not found:
            raise UnknownToJudgeError(f"the action {pattern}")
        meant += found
    return named, named + meant
