"""What is asked of the judge, by whom, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Context = Mapping[str, tuple[str, ...]]
"""Condition key in lower case (keys know no case) -> its values; a key without a value is absent.
A key that is there with no values stands as (): `Null` takes it for absent."""


class UnknownToJudgeError(Exception):
    """An action, resource, condition key or operator, or an element of a policy that the judge
    does not know. Never an answer to a caller: whoever judges must let the run fail."""


@dataclass(frozen=True)
class Access:
    """One thing that a request needs. Most requests need one, some several."""

    action: str
    """As the service authorization reference writes it: `dynamodb:GetItem`."""
    resource: str
    """An ARN, or `*` for an action that knows no resources."""
    context: Context = field(default_factory=dict)
    """What the service tells about the request. `context_of` makes it."""


@dataclass(frozen=True)
class RoleSession:
    """Somebody who assumed a role."""

    role_arn: str
    session: str

    @property
    def account(self) -> str:
        """The role's."""
        return account_of(self.role_arn)

    @property
    def session_arn(self) -> str:
        """`arn:aws:sts::123456789012:assumed-role/name/session`; paths do not appear in it."""
        _, partition, _, _, account, name = self.role_arn.split(":", 5)
        role = name.rsplit("/", 1)[-1]
        return f"arn:{partition}:sts::{account}:assumed-role/{role}/{self.session}"


@dataclass(frozen=True)
class ServicePrincipal:
    """A service that acts by itself: only a resource's own policy can let it in."""

    name: str
    """`events.amazonaws.com`"""
    source_arn: str = ""
    """On whose behalf: the rule, the topic, the API; empty where the service tells none."""
    source_account: str = ""


@dataclass(frozen=True)
class Administrator:
    """Somebody of the account with AdministratorAccess: whoever deploys, and operators."""

    account: str


Principal = RoleSession | ServicePrincipal | Administrator


@dataclass(frozen=True)
class RightsVerdict:
    """Allowed or not, and which rule said so: for people and for lists, not for callers."""

    allowed: bool
    reason: str


def account_of(arn: str) -> str:
    """The account that an ARN names; "" where it names none, as a bucket's, or is no ARN."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""  # noqa: PLR2004 - an ARN has six parts


def context_of(*parts: Mapping[str, str] | Mapping[str, tuple[str, ...]]) -> Context:
    """Condition keys as the judge wants them; a later part overrules an earlier one."""
    found: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for key, value in part.items():
            found[key.lower()] = (value,) if isinstance(value, str) else tuple(value)
    return found
