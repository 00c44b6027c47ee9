"""What a deployment has to do, from how CloudFormation says that the stacks are.

A stack that does not stand yet is deployed without its protections: its creation may fail, and
what is protected cannot be rolled back, nor the stack be deleted to be created again. Once all
stacks stand, a second deployment switches the protections on. Stacks that stand keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_STANDS = (
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
    *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE", "UPDATE_FAILED"),
)
ROLLED_BACK = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
"""Creations that failed. The CDK deletes such a stack and makes it anew, unless termination
protection keeps it."""
_ABSENT = ("", "REVIEW_IN_PROGRESS", "DELETE_COMPLETE", "CREATE_FAILED", *ROLLED_BACK)
_STUCK = {
    "DELETE_FAILED": "its deletion was not finished: delete it, or what holds it, first",
    "UPDATE_ROLLBACK_FAILED": "run `aws cloudformation continue-update-rollback` first",
}


class NotNowError(RuntimeError):
    """Nothing can be deployed from a stack's state; the text says which, and what to do."""


@dataclass(frozen=True)
class Plan:
    """unprotected  parts to deploy first without protections; none: one deployment will do
    release      parts rolled back at their creation: termination protection must not keep them
    """

    unprotected: frozenset[str]
    release: frozenset[str]

    @property
    def passes(self) -> tuple[frozenset[str], ...]:
        """The unprotected parts of each deployment, in order."""
        last: frozenset[str] = frozenset()
        return (self.unprotected, last) if self.unprotected else (last,)


def plan(statuses: Mapping[str, str], *, protect: bool = True) -> Plan:
    """From part -> stack status, "" if there is none. NotNowError: nothing can be done now."""
    for part, status in statuses.items():
        if status not in (*_STANDS, *_ABSENT):
            advice = _STUCK.get(status, "wait until it has ended")
            raise NotNowError(f"the stack of {part} is {status}: {advice}")
    absent = frozenset(part for part, status in statuses.items() if status in _ABSENT)
    rolled_back = frozenset(part for part, status in statuses.items() if status in ROLLED_BACK)
    return Plan(absent if protect else frozenset(), rolled_back)
