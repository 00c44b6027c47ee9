"""An installation and an account that is ready for it."""

from __future__ import annotations

from dataclasses import replace

from preflight.findings import Finding, Severity
from preflight.key_policy import key_policy
from preflight.ports import Key
from preflight.runner import examine
from preflight.wanted import Mail, Wanted
from tests.twins.account import MemoryAccount

ACCOUNT = "111111111111"
PRIMARY, BACKUP, THIRD = "eu-west-1", "eu-central-1", "eu-west-2"

PLAIN = Wanted(
    installation="standby",
    account=ACCOUNT,
    regions=(PRIMARY, BACKUP),
    mail={each: Mail(each, "example.org", None) for each in (PRIMARY, BACKUP)},
    alarm_email="oncall@example.org",
    quotas={"UserList": 30, "UserAccountRecovery": 30},
)
"""Created pools with SES."""


def key_arn(region: str) -> str:
    return f"arn:aws:kms:{region}:{ACCOUNT}:key/0-1"


WITH_KEYS = replace(PLAIN, keys={each: key_arn(each) for each in (PRIMARY, BACKUP, THIRD)})


def ready(wanted: Wanted = PLAIN) -> MemoryAccount:
    """Nothing is missing but the confirmation of who hears the alarms."""
    account = MemoryAccount(account=wanted.account)
    account.identities = {(each.region, each.identity): True for each in wanted.mail.values()}
    for region, arn in wanted.keys.items():
        policy = key_policy(wanted, region, only_tables=region not in wanted.regions)
        account.keys[arn] = Key(enabled=True, symmetric=True, policy=policy)
    return account


def found(account: MemoryAccount, wanted: Wanted = PLAIN) -> list[Finding]:
    """What matters: notes are left out."""
    findings = examine(account, wanted).findings
    return [each for each in findings if each.severity is not Severity.TELLS]
