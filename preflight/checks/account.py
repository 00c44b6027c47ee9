"""Credentials, CDK's bootstrap, quotas. Pure: from what was seen to findings."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_standby.core.settings import BACKUP_PROFILE
from cognito_standby.replication.domain.trigger_load import UNRESERVED_AT_LEAST, account_concurrency
from preflight.findings import Finding, Severity
from preflight.ports import Caller
from preflight.wanted import DEFAULT_QUALIFIER, Wanted

CREDENTIALS, BOOTSTRAP = "credentials", "bootstrap"
CONCURRENCY, QUOTAS = "lambda-concurrency", "cognito-quotas"

NEEDED_BOOTSTRAP = 8
"""Version of the bootstrap stack that the synthesized manifests demand; a test compares."""

WANTED_CONCURRENCY = 1000
"""The quota that accounts have by default; new ones are given less until they ask."""

_CONCURRENCY_CODE = "L-B99A9384"
"""Concurrent executions, in Service Quotas."""


def no_credentials(reason: str) -> Finding:
    """Nobody to ask as."""
    return Finding(
        CREDENTIALS,
        "",
        Severity.REFUSES,
        f"AWS takes no credentials of this shell: {reason}",
        "Nothing can be looked at, and nothing deployed.",
        "aws configure sso\naws sts get-caller-identity",
        binding=True,
    )


def unknown_caller(reason: str) -> Finding:
    """STS did not answer. It needs no right (AWS STS API reference, GetCallerIdentity), so it is
    the way to it that fails, and whatever else was seen could be of another account."""
    return Finding(
        CREDENTIALS,
        "",
        Severity.REFUSES,
        f"AWS did not say whose credentials these are: {reason}",
        "It could be the wrong account; nothing else is looked at, and nothing deployed.",
        "aws sts get-caller-identity",
        binding=True,
    )


def no_backup_profile(wanted: Wanted) -> Finding:
    """Nobody said with which credentials the second account is reached."""
    return Finding(
        CREDENTIALS,
        wanted.regions[1],
        Severity.REFUSES,
        f"backup_account is {wanted.backup_account}, and {BACKUP_PROFILE} names no profile of it",
        "The backup Region's stacks are deployed with credentials of their own account.",
        f"export {BACKUP_PROFILE}=<profile of that account>",
        binding=True,
    )


def judge_caller(
    wanted: Wanted, expected: str, caller: Caller, variable: str = "AWS_PROFILE"
) -> list[Finding]:
    """The account of the credentials is the expected one. `variable` names another profile."""
    if caller.account == expected:
        return []
    return [
        Finding(
            CREDENTIALS,
            "",
            Severity.REFUSES,
            f"these credentials are of account {caller.account}; "
            f"{wanted.config_file} names {expected}",
            "The stacks would be looked for, or made, in the wrong account.",
            "aws sts get-caller-identity --profile <profile of that account>\n"
            f"export {variable}=<profile of that account>",
            binding=True,
        )
    ]


def judge_bootstrap(wanted: Wanted, region: str, version: int | None) -> list[Finding]:
    """CDK's bootstrap stack is there and new enough."""
    if version is not None and version >= NEEDED_BOOTSTRAP:
        return []
    had = "is not bootstrapped" if version is None else f"has version {version} of the bootstrap"
    return [
        Finding(
            BOOTSTRAP,
            region,
            Severity.REFUSES,
            f"{region} {had}; version {NEEDED_BOOTSTRAP} is needed (qualifier {wanted.qualifier})",
            "The CDK has no bucket for the code and no roles to deploy with.",
            "make bootstrap",
        )
    ]


def bootstrap_arguments(wanted: Wanted, of: str = "") -> list[str]:
    """What `make bootstrap` hands to the CDK: the Regions of an account, by default of the primary
    Region's, with the configured qualifier. No account trusts another one's deployments."""
    account = of or wanted.account
    own = [region for region in wanted.regions if wanted.account_of(region) == account]
    arguments = [f"aws://{account}/{region}" for region in own]
    if wanted.qualifier != DEFAULT_QUALIFIER:
        # A second bootstrap stack in a Region needs a name of its own.
        arguments += ["--qualifier", wanted.qualifier]
        arguments += ["--toolkit-stack-name", f"CDKToolkit-{wanted.qualifier}"]
    return arguments


def judge_concurrency(region: str, limit: int, reserved: int) -> list[Finding]:
    """Enough for what the config reserves for the trigger, and for the machines beside it."""
    if limit >= WANTED_CONCURRENCY:
        return []
    least = max(account_concurrency(reserved), UNRESERVED_AT_LEAST)
    refuses = limit < least
    consequence = (
        f"The {reserved} that trigger_concurrency and triggers reserve need a limit of {least}: "
        "Lambda would refuse the reservation, and the deployment fail. With trigger_concurrency 0 "
        "it works, but a burst of changes, or a reconciliation, can throttle the function that "
        "Cognito calls at sign-up, and people see errors."
        if refuses and reserved
        else "A burst of changes, or a reconciliation, throttles the function that Cognito calls "
        "at sign-up, and people see errors."
        if refuses
        else "Reconciliation and a backlog of changes share it with everything else in the account."
    )
    return [
        Finding(
            CONCURRENCY,
            region,
            Severity.REFUSES if refuses else Severity.WARNS,
            f"Lambda runs {limit} invocations at once for this account",
            consequence,
            "aws service-quotas request-service-quota-increase --service-code lambda "
            f"--quota-code {_CONCURRENCY_CODE} --desired-value {WANTED_CONCURRENCY} "
            f"--region {region}",
        )
    ]


def judge_quotas(wanted: Wanted, region: str, told: Mapping[str, float]) -> list[Finding]:
    """Cognito's quotas are as the config believes: a reconciliation paces itself by it."""
    findings = []
    for category, believed in sorted(wanted.quotas.items()):
        if category in told and told[category] < believed:
            findings.append(
                Finding(
                    QUOTAS,
                    region,
                    Severity.WARNS,
                    f"Cognito allows {told[category]:g} {category} requests a second; "
                    f"reconcile.quotas says {believed}",
                    "A reconciliation asks for more than there is and takes it from sign-ups.",
                    advice=f'edit {wanted.config_file}: "reconcile": {{"quotas": '
                    f'{{"{category}": {int(told[category])}}}}}',
                )
            )
    known = ", ".join(f"{name} {told[name]:g}" for name in sorted(wanted.quotas) if name in told)
    if known:
        findings.append(
            Finding(
                QUOTAS,
                region,
                Severity.TELLS,
                f"Cognito's quotas in requests a second: {known}",
                "They are shared with people. UserAccountRecovery bounds recovery: two requests a "
                "person.",
                "aws service-quotas list-service-quotas --service-code cognito-idp "
                f"--region {region}",
            )
        )
    return findings
