"""Every check in every Region. One that cannot look says so, and stops no other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial

from preflight import checks_account as of_account
from preflight import checks_messages as of_messages
from preflight import checks_pools as of_pools
from preflight import checks_stacks as of_stacks
from preflight.findings import Finding, Severity, Verdict, verdict
from preflight.key_judge import KEYS, judge_key
from preflight.ports import Account, NoCredentialsError, NotAllowedError, NotSeenError
from preflight.wanted import Wanted

Look = Callable[[], list[Finding]]


@dataclass(frozen=True)
class Check:
    """One look: `needs` are the rights that it takes, to be told where it cannot look."""

    name: str
    region: str
    needs: str
    look: Look


CHECKS = (
    *(of_account.CREDENTIALS, of_account.BOOTSTRAP, of_account.CONCURRENCY, of_account.QUOTAS),
    *(of_messages.MAIL, of_messages.SMS, of_messages.ALARMS),
    *(of_stacks.STACKS, of_stacks.KEPT, of_stacks.LOG_ROLE, of_pools.POOLS, KEYS),
)
"""Names that `--accept` knows."""


def examine(account: Account, wanted: Wanted, accepted: Collection[str] = ()) -> Verdict:
    """Look at everything. Without the right credentials nothing else is looked at: it would be
    somebody else's account."""
    try:
        found = of_account.judge_caller(wanted, account.caller())
    except NoCredentialsError as error:
        found = [of_account.no_credentials(str(error))]
    except NotSeenError as error:
        found = [_unchecked(of_account.CREDENTIALS, "", "sts:GetCallerIdentity", error)]
    if any(each.severity is Severity.REFUSES for each in found):
        return verdict(found, accepted)
    for check in _checks(account, wanted):
        try:
            found += check.look()
        except NotSeenError as error:
            found.append(_unchecked(check.name, check.region, check.needs, error))
    return verdict(found, accepted)


def _unchecked(name: str, region: str, needs: str, error: NotSeenError) -> Finding:
    denied = isinstance(error, NotAllowedError)
    return Finding(
        name,
        region,
        Severity.UNCHECKED,
        f"could not be checked: {error}",
        "Nothing is known of it: what it warns of would show in the deployment, or later.",
        f"# let the caller look: {needs}" if denied else "",
    )


def _checks(account: Account, wanted: Wanted) -> Iterable[Check]:
    for region in wanted.regions:
        yield from _of_region(account, wanted, region)
        yield from _of_messages(account, wanted, region)
    yield from _of_stacks(account, wanted)
    for region, pool in wanted.pools.items():
        yield Check(
            of_pools.POOLS,
            region,
            "cognito-idp:DescribeUserPool",
            partial(_look_at_pool, account, region, pool),
        )
    for region, arn in wanted.keys.items():
        yield Check(
            KEYS,
            region,
            "kms:DescribeKey, kms:GetKeyPolicy",
            partial(_look_at_key, account, wanted, region, arn),
        )


def _of_region(account: Account, wanted: Wanted, region: str) -> Iterable[Check]:
    yield Check(
        of_account.BOOTSTRAP,
        region,
        "ssm:GetParameter on /cdk-bootstrap/*",
        lambda: of_account.judge_bootstrap(
            wanted, region, account.bootstrap_version(region, wanted.qualifier)
        ),
    )
    yield Check(
        of_account.CONCURRENCY,
        region,
        "lambda:GetAccountSettings",
        lambda: of_account.judge_concurrency(
            region, account.lambda_concurrency(region), wanted.reserved_concurrency
        ),
    )
    yield Check(
        of_account.QUOTAS,
        region,
        "servicequotas:ListServiceQuotas",
        lambda: of_account.judge_quotas(wanted, region, account.cognito_quotas(region)),
    )
    yield Check(
        of_stacks.LOG_ROLE,
        region,
        "apigateway:GET on /account",
        lambda: of_stacks.judge_log_role(wanted, region, account.gateway_log_role(region)),
    )


def _of_messages(account: Account, wanted: Wanted, region: str) -> Iterable[Check]:
    mail = wanted.mail.get(region)
    if mail is not None:
        name, rights = of_messages.MAIL, "ses:GetEmailIdentity, ses:GetAccount"
        yield Check(
            name,
            region,
            rights,
            lambda: of_messages.judge_identity(
                mail, region, account.mail_identity_verified(mail.region, mail.identity)
            ),
        )
        yield Check(
            name,
            region,
            rights,
            lambda: of_messages.judge_sending(mail, region, account.mail_sending(mail.region)),
        )
        if chosen := mail.configuration_set:
            yield Check(
                name,
                region,
                "ses:GetConfigurationSet",
                lambda: of_messages.judge_configuration_set(
                    mail, region, account.has_configuration_set(mail.region, chosen)
                ),
            )
    elif wanted.creates_pools:
        yield Check(of_messages.MAIL, region, "", lambda: [of_messages.no_mail(region)])
    if at := wanted.sms.get(region):
        yield Check(
            of_messages.SMS,
            region,
            "sns:GetSMSSandboxAccountStatus",
            lambda: of_messages.judge_sms(region, at, account.sms_sandbox(at)),
        )
    yield Check(
        of_messages.ALARMS,
        region,
        "sns:ListSubscriptionsByTopic",
        lambda: of_messages.judge_alarms(
            wanted, region, account.subscribers(of_messages.topic_arn(wanted, region))
        ),
    )


def _of_stacks(account: Account, wanted: Wanted) -> Iterable[Check]:
    for region, name in wanted.stacks():
        yield Check(
            of_stacks.STACKS,
            region,
            "cloudformation:DescribeStacks",
            partial(_look_at_stack, account, region, name),
        )
        yield Check(
            of_stacks.KEPT,
            region,
            "cloudformation:DescribeStacks, dynamodb:DescribeTable, s3:ListBucket, "
            "cognito-idp:ListUserPools",
            partial(_look_for_kept, account, wanted, region, name),
        )


def _look_at_key(account: Account, wanted: Wanted, region: str, arn: str) -> list[Finding]:
    return judge_key(wanted, region, arn, account.key(arn))


def _look_at_pool(account: Account, region: str, pool: str) -> list[Finding]:
    return of_pools.judge_pool(region, pool, account.pool_triggers(region, pool))


def _look_at_stack(account: Account, region: str, name: str) -> list[Finding]:
    return of_stacks.judge_stack(region, account.stack(region, name))


def _look_for_kept(account: Account, wanted: Wanted, region: str, stack: str) -> list[Finding]:
    if not of_stacks.never_made(account.stack(region, stack)):
        return []
    names = wanted.names
    kept: list[of_stacks.Kept] = []
    if stack == names.stack("data"):
        # The global table's replicas bear the same name in their Regions.
        kept = [
            of_stacks.Kept("the table", f"{names.records_table} ({at})")
            for at in wanted.regions
            if account.has_table(at, names.records_table)
        ]
        return of_stacks.judge_kept(region, stack, tuple(kept))
    tables = (names.ledger_table, names.changes_table)
    kept += [of_stacks.Kept("the table", t) for t in tables if account.has_table(region, t)]
    bucket = names.run_bucket(wanted.account, region)
    if account.has_bucket(region, bucket):
        kept.append(of_stacks.Kept("the bucket", bucket))
    if wanted.creates_pools:
        pools = account.pools_named(region, names.user_pool)
        kept += [of_stacks.Kept(of_stacks.POOL, f"{names.user_pool} ({one})") for one in pools]
    return of_stacks.judge_kept(region, stack, tuple(kept))
