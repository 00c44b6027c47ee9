"""Which granted statements were used: what is granted and never used can be taken away."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from local.rights.identities import RoleRights
from local.rights.judge import decide
from local.rights.model import Access, Principal
from local.rights.patterns import action_matches, resource_matches
from local.rights.policies import Effect, Policy, Statement


@dataclass(frozen=True, order=True)
class UsedGrant:
    """One action on one resource as a role's policy grants it: names and patterns of the policy.

    `statement`, `resource_number`: their places in the document, which are those in the template.
    """

    role: str
    policy: str
    statement: int
    action: str
    resource_number: int


class Used:
    """The grants that some allowed access relied on."""

    def __init__(self) -> None:
        self._used: set[UsedGrant] = set()
        self._settled: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()

    def note(
        self, role: RoleRights, access: Access, who: Principal, resource_policy: Policy | None
    ) -> None:
        """Note every grant that allows this access; a key's policy counts besides."""
        besides = resource_policy if access.action.startswith("kms:") else None
        key = (role.name, access.action, access.resource)
        if key in self._settled:
            return
        settled = True
        for grant, statement in _candidates(role, access):
            if grant in self._used:
                continue
            alone = (Policy((statement,)),)
            if decide(access, who, identity=alone, resource_policy=besides).allowed:
                with self._lock:
                    self._used.add(grant)
            else:
                settled = False  # an unmet condition
        if settled:
            with self._lock:
                self._settled.add(key)

    def rows(self) -> list[dict[str, Any]]:
        """As JSON data."""
        with self._lock:
            return [asdict(grant) for grant in sorted(self._used)]


def _candidates(role: RoleRights, access: Access) -> Iterator[tuple[UsedGrant, Statement]]:
    for policy in role.identity:
        for number, statement in enumerate(policy.statements):
            if statement.effect is not Effect.ALLOW or statement.resources is None:
                continue
            for action in statement.actions.values:
                if not action_matches(action, access.action):
                    continue
                for place, resource in enumerate(statement.resources.values):
                    if resource_matches(resource, access.resource) or resource == "*":
                        yield UsedGrant(role.name, policy.name, number, action, place), statement
