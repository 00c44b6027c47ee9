"""What whoever runs the doctor may: the least with which nothing is "unread". Pure.

Source: AWS service authorization reference, one page a service: which actions know which resources.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cognito_standby.configuration.domain.operations import OF_WAF, READ

_WITHOUT_POOL = frozenset({"DescribeUserPoolDomain"})
"""Cognito's that know no resource: `*`."""
ANYWHERE = (
    *("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"),
    *("cognito-identity:DescribeIdentityPool", "cognito-identity:ListIdentityPools"),
    *("kms:DescribeKey", "lambda:GetFunctionConfiguration", "lambda:GetPolicy"),
    *("servicequotas:ListServiceQuotas", "ses:GetAccount", "ses:GetEmailIdentity"),
    *("sns:GetSMSSandboxAccountStatus", "wafv2:GetWebACL", f"wafv2:{OF_WAF}"),
)
"""Which functions, keys, trails and identity pools bear on a pool is what is looked for, so they
cannot be named beforehand. GetWebACL is asked by AWS WAF itself where an ACL is found. All of it
reads settings, and none reads anybody's data."""
STACKS = ("cloudformation:DescribeStacks",)
PEOPLE = ("iam:ListAccessKeys", "iam:SimulatePrincipalPolicy")


def policy(
    account: str,
    pools: Sequence[tuple[str, str]],
    installation: str,
    *,
    breaks_glass: bool = True,
) -> dict[str, Any]:
    """An IAM policy of one account.

    pools         Region and id of each that is in it
    installation  empty: there is none
    breaks_glass  whether the backup's failover role, whose users are looked at, is in it
    """
    reads = sorted(name for name in READ if name not in _WITHOUT_POOL)
    anywhere = [*ANYWHERE, *(f"cognito-idp:{name}" for name in _WITHOUT_POOL)]
    statements = [
        _allow(
            "ThePools",
            [f"cognito-idp:{name}" for name in (*reads, OF_WAF)],
            [f"arn:aws:cognito-idp:{at}:{account}:userpool/{pool}" for at, pool in pools],
        ),
        _allow("WhatIsAroundThem", sorted(anywhere), ["*"]),
    ]
    if installation:
        of = f"arn:aws:cloudformation:{{}}:{account}:stack/{installation}-{{}}/*"
        roles = [f"arn:aws:iam::{account}:role/{installation}-dr-{at}" for at, _ in pools]
        statements += [
            _allow("TheStacks", list(STACKS), [of.format(at, at) for at, _ in pools]),
            _allow("WhoFailsOver", ["iam:GetRole"], roles),
        ]
    if installation and breaks_glass:
        users = [f"arn:aws:iam::{account}:user/*"]
        statements.append(_allow("TheirUsers", list(PEOPLE), users))
    return {"Version": "2012-10-17", "Statement": statements}


def _allow(name: str, actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Sid": name, "Effect": "Allow", "Action": actions, "Resource": resources}
