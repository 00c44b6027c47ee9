"""`Rights`: who may do what in one local AWS, what was asked, refused, used, and not understood.

Callers that are no function and no deployed service, and have assumed no role by STS (tests,
operators, whoever deploys), are their account's administrators and are not judged. What the judge
does not know is never allowed and never forgotten: the caller gets an internal error, and the run
fails at its end.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.rights.identities import Deployed, RoleRights
from local.rights.judge import decide
from local.rights.keys_behind import with_keys
from local.rights.model import (
    Access,
    RightsVerdict,
    RoleSession,
    ServicePrincipal,
    UnknownToJudgeError,
    account_of,
    context_of,
)
from local.rights.policies import Policy
from local.rights.recording import Used
from local.rights.requests import accesses_of
from local.rights.surroundings import Place

logger = logging.getLogger(__name__)
Needed = Callable[[Deployed], tuple[Access, ...]]


class RightsError(RuntimeError):
    """The run asked something that the judge does not know."""


@dataclass(frozen=True)
class Holder:
    """A deployed thing that acts by a role. `service` assumes the role for it."""

    role_arn: str
    service: str
    session: str
    source_arn: str = ""
    """What it is, for trust policies that ask."""


Who = Holder | ServicePrincipal | RoleSession
"""The last one is a person, or their program, who assumed a role by STS: whether they might is not
judged, what they do is."""


@dataclass(frozen=True)
class Denial:
    """A refused access, or one that the judge does not understand."""

    who: str
    """ARN of the session, or name of the service."""
    action: str
    resource: str
    reason: str
    unknown: bool = False

    @property
    def text(self) -> str:
        """AWS's words (IAM User Guide, "Troubleshoot access denied error messages")."""
        if self.unknown:
            return f"the local AWS cannot judge this: {self.reason}"
        told = f"User: {self.who} is not authorized to perform: {self.action}"
        if self.resource != "*":
            told += f" on resource: {self.resource}"
        if self.reason.startswith("denied explicitly"):
            return f"{told} with an explicit deny"
        kind = "permissions boundary" if "boundary" in self.reason else "identity-based policy"
        kind = "resource-based policy" if "resource's" in self.reason else kind
        return f"{told} because no {kind} allows the {self.action} action"


class Rights:
    """The judge of one local AWS; may be used from any thread."""

    def __init__(self, *, enforced: bool = True) -> None:
        self.enforced = enforced
        self._deployed = Deployed()
        self._lock = threading.Lock()
        self._evaluated = 0
        self._refused: Counter[tuple[str, str, str]] = Counter()
        self._unknown: Counter[str] = Counter()
        self._used = Used()

    def session_of(self, access_key: str) -> RoleSession | None:
        """Who calls with this temporary key; None: somebody who assumed no role."""
        return self._deployed.session_of(access_key)

    def may(
        self, who: Who, service: str, operation: str, parameters: Mapping[str, Any], region: str
    ) -> Denial | None:
        """Judge one request; None: it may happen. Names as botocore has them."""

        def needed(deployed: Deployed) -> tuple[Access, ...]:
            return accesses_of(
                service,
                operation,
                parameters,
                region=region,
                account=_account(who),
                surroundings=deployed.surroundings,
            )

        return self._judged(who, region, needed, f"{service} {operation}")

    def may_all(self, who: Who, region: str, *accesses: Access) -> Denial | None:
        """Judge what no request of an SDK stands for, and what the keys behind it ask for."""
        told = {"aws:SecureTransport": "true", "aws:RequestedRegion": region}

        def needed(deployed: Deployed) -> tuple[Access, ...]:
            found = with_keys(accesses, Place(region, _account(who), deployed.surroundings))
            return tuple(Access(a.action, a.resource, context_of(told, a.context)) for a in found)

        return self._judged(who, region, needed, accesses[0].action)

    def unknown(self, what: str) -> Denial:
        """Note something that cannot be judged."""
        with self._lock:
            self._unknown[what] += 1
        logger.error("rights: the judge does not know %s", what)
        return Denial("", "", "", what, unknown=True)

    def state(self) -> dict[str, Any]:
        """What happened so far, as JSON data."""
        with self._lock:
            refused = [
                {"who": who, "action": action, "resource": resource, "times": times}
                for (who, action, resource), times in sorted(self._refused.items())
            ]
            return {
                "evaluated": self._evaluated,
                "refused": sum(self._refused.values()),
                "refusals": refused,
                "unknown": sorted(self._unknown),
                "used": self._used.rows(),
            }

    def check(self) -> None:
        """RightsError: something was asked that the judge does not know."""
        with self._lock:
            unknown = sorted(self._unknown)
        if unknown:
            raise RightsError("the judge of rights does not know: " + "; ".join(unknown))

    def _judged(self, who: Who, region: str, needed: Needed, what: str) -> Denial | None:
        from ministack.core.responses import request_scope  # noqa: PLC0415

        if not self.enforced:
            return None
        with request_scope(_account(who), region):
            try:
                return self._denial(who, needed(self._deployed))
            except (LookupError, TypeError, AttributeError, ValueError) as error:
                return self.unknown(f"a parameter of {what}: {type(error).__name__} {error}")
            except UnknownToJudgeError as error:
                return self.unknown(f"{error} (asked by {_name(who)})")

    def _denial(self, who: Who, accesses: tuple[Access, ...]) -> Denial | None:
        role = self._role(who)
        if isinstance(role, Denial):
            return self.noted(role)
        for access in accesses:
            policy = self._deployed.policy_of(access)
            owner = self._deployed.owner_of(access.resource)
            verdict = _verdict(who, role, access, policy, owner)
            with self._lock:
                self._evaluated += 1
            if not verdict.allowed:
                name = _name(who)
                return self.noted(Denial(name, access.action, access.resource, verdict.reason))
            if role:
                self._used.note(role, access, _principal(who), policy)
        return None

    def _role(self, who: Who) -> RoleRights | Denial | None:
        """The holder's role; a Denial where there is none or its service may not assume it."""
        if isinstance(who, ServicePrincipal):
            return None
        role, name = self._deployed.role(who.role_arn), _name(who)
        if role is None:
            return Denial(name, "sts:AssumeRole", who.role_arn, "there is no such role")
        if isinstance(who, RoleSession):
            return role
        service = ServicePrincipal(who.service, who.source_arn, _account(who))
        access = Access("sts:AssumeRole", who.role_arn)
        verdict = decide(access, service, resource_policy=role.trust)
        if not verdict.allowed:
            reason = f"{who.service} may not assume it: {verdict.reason}"
            return Denial(name, "sts:AssumeRole", who.role_arn, reason)
        return role

    def noted(self, denial: Denial) -> Denial:
        """Count a refusal, and tell it in the log."""
        with self._lock:
            self._refused[(denial.who, denial.action, denial.resource)] += 1
        words = json.dumps([denial.who, denial.action, denial.resource, denial.reason])
        logger.warning("rights: refused %s", words)
        return denial


def _principal(who: Who) -> RoleSession | ServicePrincipal:
    return RoleSession(who.role_arn, who.session) if isinstance(who, Holder) else who


def _name(who: Who) -> str:
    told = _principal(who)
    return told.name if isinstance(told, ServicePrincipal) else told.session_arn


def _account(who: Who) -> str:
    """Whose rights are judged: a role's account, or that for which a service acts."""
    if isinstance(who, ServicePrincipal):
        return who.source_account
    return account_of(who.role_arn)


def _verdict(
    who: Who, role: RoleRights | None, access: Access, policy: Policy | None, owner: str
) -> RightsVerdict:
    return decide(
        access,
        _principal(who),
        identity=role.identity if role else (),
        boundary=role.boundary if role else None,
        resource_policy=policy,
        owner=owner,
    )
