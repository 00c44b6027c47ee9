"""Why the look at the configuration may do what a run of the tests' installations did not."""

from __future__ import annotations

from tests.rights.reason import Reason

_LOOKS = "tests/local/test_pool_configuration.py"
_WHOSE = ("function", "snapshotconfiguration")
CONFIGURATION: tuple[Reason, ...] = (
    Reason(
        *(*_WHOSE, "cognito-idp:DescribeTerms cognito-idp:DescribeCIMDPolicy", "pool"),
        "of what the listings tell; the pools of these runs have none",
        _LOOKS,
    ),
    Reason(
        *(*_WHOSE, "cognito-idp:DescribeUserPoolDomain", "*"),
        "of each domain of the pool; the pools of these runs have none",
        _LOOKS,
    ),
    Reason(
        *(*_WHOSE, "cognito-idp:DescribeIdentityProvider", "pool"),
        "of each provider, and some pools have none when they are looked at",
        _LOOKS,
    ),
    Reason(
        *(*_WHOSE, "wafv2:GetWebACLForResource wafv2:GetWebACL", "any web ACL"),
        "AWS WAF asks for it where the pool has one; the judge does not know which it is",
    ),
    Reason(
        *(*_WHOSE, "dynamodb:DeleteItem", "records"),
        "more snapshots than are kept",
        "tests/contract/core/test_configuration_items.py",
    ),
)
