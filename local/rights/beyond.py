"""What an administrator of one account asks of another: that account's policies say whether it
happens. At home they may do anything, and nothing is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.rights.enforcing import Denial, Rights
from local.rights.identities import Deployed
from local.rights.judge import decide
from local.rights.model import Access, Administrator, UnknownToJudgeError
from local.rights.requests import accesses_of


def denied_beyond(
    rights: Rights,
    account: str,
    call: tuple[str, str, Mapping[str, Any]],
    region: str,
) -> Denial | None:
    """None: it is about nothing of another account, or it may happen. `call`: service, operation
    and parameters, named as botocore has them."""
    from ministack.core.responses import request_scope  # noqa: PLC0415

    who, deployed = Administrator(account), Deployed()
    with request_scope(account, region):
        for access in _needed(deployed, account, call, region):
            owner = deployed.owner_of(access.resource)
            if owner in ("", account):
                continue
            policy = deployed.policy_of(access)
            verdict = decide(access, who, resource_policy=policy, owner=owner)
            if not verdict.allowed:
                name = f"arn:aws:iam::{account}:root"
                denial = Denial(name, access.action, access.resource, verdict.reason)
                return rights.noted(denial)
    return None


def _needed(
    deployed: Deployed, account: str, call: tuple[str, str, Mapping[str, Any]], region: str
) -> tuple[Access, ...]:
    """Nothing of what no rule tells: operators and deployments ask for much that nobody else does,
    of their own account."""
    try:
        return accesses_of(
            *call, region=region, account=account, surroundings=deployed.surroundings
        )
    except (UnknownToJudgeError, KeyError, TypeError, AttributeError, ValueError):
        return ()
