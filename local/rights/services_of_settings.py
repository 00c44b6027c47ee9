"""More tables as in `services.py`: what reads settings around a user pool, which only operators do.

Source: AWS service authorization reference, one page a service.
"""

from __future__ import annotations

SETTING_KINDS: dict[str, str] = {
    "cloudtrail:trail": r"arn:[a-z-]+:cloudtrail:[^:]*:[^:]*:trail/.+",
    "cognito-identity:identitypool": r"arn:[a-z-]+:cognito-identity:[^:]*:[^:]*:identitypool/.+",
    "iam:user": r"arn:[a-z-]+:iam::[^:]*:user/.+",
    "ses:identity": r"arn:[a-z-]+:ses:[^:]*:[^:]*:identity/.+",
}
"""Type -> regular expression of its ARNs."""

SETTING_ACTIONS: dict[str, tuple[str, ...]] = {
    "cloudtrail": ("DescribeTrails", "GetEventSelectors GetTrailStatus | trail"),
    "cognito-identity": ("ListIdentityPools", "DescribeIdentityPool | identitypool"),
    "iam": ("ListAccessKeys SimulatePrincipalPolicy | user",),
    "lambda": ("GetFunctionConfiguration GetPolicy | function",),
    "servicequotas": ("ListServiceQuotas",),
    "ses": ("GetAccount", "GetEmailIdentity | identity"),
    "sns": ("GetSMSSandboxAccountStatus",),
}
"""Service -> its actions."""
