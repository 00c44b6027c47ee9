"""The configs that are synthesized for the tests: together they use every key."""

from __future__ import annotations

from typing import Any

ACCOUNT = "111111111111"

MINIMAL: dict[str, Any] = {
    "installation": "alpha",
    "account": ACCOUNT,
    "primary_region": "us-east-1",
    "backup_region": "us-west-2",
    "pools": {"create": True},
}

STANDARD = MINIMAL | {
    "custom_attributes": [
        {"name": "plan", "type": "string", "max_length": 64},
        {"name": "seats", "type": "number", "mutable": False},
    ],
}
"""Usernames, MREC, everything else by default."""

EMAIL = MINIMAL | {
    "installation": "beta",
    "sign_in": "email",
    "allow_password_auth": True,
    "consistency": "MRSC",
    "witness_region": "us-east-2",
    "protect_data": False,
    "email": {
        "primary_identity": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/example.org",
        "backup_identity": f"arn:aws:ses:us-west-2:{ACCOUNT}:identity/example.org",
        "from_address": "Example <no-reply@accounts.example.org>",
        "reply_to": "help@example.org",
        "configuration_set": "sign-in",
    },
    "sms": {"external_id": "beta-sms"},
    "plan": "essentials",
    "federated": "skip",
    "failover": {"arc_region_switch": True},
    "on_demand": {"backup": True},
    "triggers": {
        "origin_sub_claim": "https://example.org/origin_sub",
        "post_confirmation": {
            "primary_function": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:welcome",
            "backup_function": f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:welcome",
        },
        "pre_sign_up": {
            "primary_function": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:sign-ups",
            "backup_function": f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:sign-ups",
        },
        "pre_token_generation": {
            "primary_function": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:claims:live",
            "backup_function": f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:claims:live",
            "event": "V2_0",
            "concurrency": 0,
        },
    },
}
"""E-mail as username, mail by SES and SMS, a claim in access tokens beside the owner's claims, MRSC
with a witness, a standby that is filled on demand, in the account and Regions of STANDARD."""


def _key(region: str) -> str:
    return f"arn:aws:kms:{region}:{ACCOUNT}:key/00000000-1111-4222-8333-444444444444"


EXISTING = MINIMAL | {
    "installation": "gamma",
    "primary_region": "eu-west-1",
    "backup_region": "eu-central-1",
    "pools": {
        "primary_user_pool_id": "eu-west-1_Primary01",
        "backup_user_pool_id": "eu-central-1_Backup01",
        "primary_client_id": "1example23456789",
        "clients": [{"name": "web", "primary": "1web23456789", "backup": "2web23456789"}],
    },
    "consistency": "MRSC",
    "third_replica_region": "eu-west-2",
    "kms_keys": {
        "primary": _key("eu-west-1"),
        "backup": _key("eu-central-1"),
        "third_replica": _key("eu-west-2"),
    },
    "permissions_boundary": f"arn:aws:iam::{ACCOUNT}:policy/boundary",
    "bootstrap_qualifier": "custom1",
    "tags": {"team": "identity"},
    "alarm_email": "oncall@example.com",
    "retention": {"logs_days": 90, "dead_letters_days": 7, "reports_days": 30},
    "reconcile": {"quota_share": 0.25, "quotas": {"UserList": 100}, "concurrency": 4},
    "group_roles": [
        {
            "primary": f"arn:aws:iam::{ACCOUNT}:role/staff-ireland",
            "backup": f"arn:aws:iam::{ACCOUNT}:role/staff-frankfurt",
        },
    ],
    "trail": "existing",
    "admin_api": {
        "authorization": "cognito",
        "primary_admin_pools": [f"arn:aws:cognito-idp:eu-west-1:{ACCOUNT}:userpool/eu-west-1_Ad1"],
        "backup_admin_pools": [
            f"arn:aws:cognito-idp:eu-central-1:{ACCOUNT}:userpool/eu-central-1_Ad1"
        ],
        "primary_address": "https://admin.example.org/standby",
        "wait_seconds": 5,
        "requests_per_second": 5,
        "burst": 10,
    },
    "on_demand": {
        "primary": True,
        "primary_old_pool": {"user_pool_id": "us-east-1_Former01", "client_id": "1ask23456789"},
        "concurrency": 50,
    },
    "failover": {
        "dr_principals": [f"arn:aws:iam::{ACCOUNT}:role/on-call"],
        "authentication_limit": 600,
        "document_requests_per_second": 20,
    },
}
"""Existing pools and trail, MRSC with a third replica, own keys, boundary, qualifier, tags,
a reconciliation of its own speed, a pool that is filled on demand from a former one."""

DETACHED = MINIMAL | {"installation": "delta", "attach_trigger": False}
DETACHED["admin_api"] = {"log_role": "existing"}
DETACHED["schedules"] = {"canary": None, "reconcile": "cron(0 3 ? * SUN *)"}
DETACHED["retention"] = {"reports_days": 13}
DETACHED["trigger_concurrency"] = 0
DETACHED["failover"] = {"public_document": "off"}
DETACHED["triggers"] = {"origin_sub_claim": None}
DETACHED |= {"aliases": ["email", "preferred_username"], "case_sensitive": True}
"""Before an uninstallation that keeps the pools; without a canary, reconciled once
a week, in an account that reserves nothing; pools with aliases that know upper from lower case."""

APART = STANDARD | {
    "installation": "omega",
    "backup_account": "222222222222",
    "permissions_boundary": f"arn:aws:iam::{ACCOUNT}:policy/boundary",
    "tags": {"team": "identity"},
    "failover": {
        "dr_principals": [
            f"arn:aws:iam::{ACCOUNT}:role/on-call",
            "arn:aws:iam::222222222222:role/on-call",
            "arn:aws:iam::333333333333:role/people",
        ]
    },
}
"""A standby in an account of its own."""

VARIANTS = {"standard": STANDARD, "email": EMAIL, "existing": EXISTING, "detached": DETACHED}
EVERY = VARIANTS | {"apart": APART}
"""With what only tests of its own synthesize."""
