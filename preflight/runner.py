"""Every check in every Region. One that cannot look says so, and stops no other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from cognito_standby.core.settings import BACKUP_PROFILE
from preflight.checks import account as of_account
from preflight.checks import messages as of_messages
from preflight.checks import pools as of_pools
from preflight.checks import stacks as of_stacks
from preflight.findings import Finding, PreflightVerdict, Severity, preflight_verdict
from preflight.key_judge import KEYS, judge_key
from preflight.ports import Account, NoCredentialsError, NotAllowedError, NotSeenError
from preflight.wanted import Mail, Wanted
from stacks.names import DATA, REPLICA

Look = Callable[[], list[Finding]]
Accounts = Mapping[str, Account]
"""Region -> the account that the installation has there."""


@dataclass(frozen=True)
class Check:
    """One look: `needs` are the rights that it takes, to be told where it cannot look."""

    name: str
    region: str
    needs: str
    look: Look


ACCEPTABLE = (
    *(of_account.BOOTSTRAP, of_account.CONCURRENCY, of_account.QUOTAS),
    *(of_messages.MAIL, of_messages.SMS, of_messages.ALARMS),
    *(of_stacks.STACKS, of_stacks.KEPT, of_stacks.LOG_ROLE, of_pools.POOLS, KEYS),
)
"""Names that `--accept` knows: all checks but that of the credentials."""


def examine(
    account: Account,
    wanted: Wanted,
    accepted: Collection[str] = (),
    beside: Account | None = None,
) -> PreflightVerdict:
    """Look at everything. Without the right credentials nothing else is looked at: it would be
    somebody else's account. `beside`: the backup Region's, where that is another one."""
    nobody = examine_caller(account, wanted, beside)
    if nobody.refusing:
        return nobody
    primary, backup = wanted.regions
    of = {primary: account, backup: beside or account}
    found = [each for check in _checks(of, wanted) for each in _looked(check)]
    return preflight_verdict(found, accepted)


def examine_caller(
    account: Account, wanted: Wanted, beside: Account | None = None
) -> PreflightVerdict:
    """Whether these are credentials of the right account, or of both; nothing else is looked at."""
    found = _who(account, wanted, wanted.account, "AWS_PROFILE")
    if wanted.two_accounts and beside is None:
        found.append(of_account.no_backup_profile(wanted))
    elif wanted.two_accounts and beside is not None:
        found += _who(beside, wanted, wanted.backup_account, BACKUP_PROFILE)
    return preflight_verdict(found)


def _who(account: Account, wanted: Wanted, expected: str, variable: str) -> list[Finding]:
    try:
        return of_account.judge_caller(wanted, expected, account.caller(), variable)
    except NoCredentialsError as error:
        return [of_account.no_credentials(str(error))]
    except NotSeenError as error:
        return [of_account.unknown_caller(str(error))]


def _looked(check: Check) -> list[Finding]:
    try:
        return check.look()
    except NotSeenError as error:
        return [_unchecked(check, error)]


def _unchecked(check: Check, error: NotSeenError) -> Finding:
    denied = isinstance(error, NotAllowedError)
    return Finding(
        check.name,
        check.region,
        Severity.UNCHECKED,
        f"could not be checked: {error}",
        "Nothing is known of it: what it warns of would show in the deployment, or later.",
        advice=f"let the caller look: {check.needs}"
        if denied
        else f"run it again; on AWS it takes {check.needs}",
    )


def _checks(of: Accounts, wanted: Wanted) -> Iterable[Check]:
    for region in wanted.regions:
        yield from _of_region(of[region], wanted, region)
        yield from _of_messages(of[region], wanted, region)
    yield from _of_stacks(of, wanted)
    for region, pool in wanted.pools.items():
        yield Check(
            of_pools.POOLS,
            region,
            "cognito-idp:DescribeUserPool",
            partial(_look_at_pool, of[region], region, pool),
        )
    for region, arn in wanted.keys.items():
        yield Check(
            KEYS,
            region,
            "kms:DescribeKey, kms:GetKeyPolicy",
            # A third replica's is the primary Region's account's.
            partial(_look_at_key, of.get(region, of[wanted.regions[0]]), wanted, region, arn),
        )


def _of_region(account: Account, wanted: Wanted, region: str) -> Iterable[Check]:
    def bootstrap() -> list[Finding]:
        version = account.bootstrap_version(region, wanted.qualifier)
        return of_account.judge_bootstrap(wanted, region, version)

    def concurrency() -> list[Finding]:
        limit = account.lambda_concurrency(region)
        return of_account.judge_concurrency(region, limit, wanted.reserved_concurrency)

    def quotas() -> list[Finding]:
        return of_account.judge_quotas(wanted, region, account.cognito_quotas(region))

    def log_role() -> list[Finding]:
        return of_stacks.judge_log_role(wanted, region, account.gateway_log_role(region))

    yield Check(of_account.BOOTSTRAP, region, "ssm:GetParameter on /cdk-bootstrap/*", bootstrap)
    yield Check(of_account.CONCURRENCY, region, "lambda:GetAccountSettings", concurrency)
    yield Check(of_account.QUOTAS, region, "servicequotas:ListServiceQuotas", quotas)
    yield Check(of_stacks.LOG_ROLE, region, "apigateway:GET on /account", log_role)


def _of_messages(account: Account, wanted: Wanted, region: str) -> Iterable[Check]:
    mail, sender = wanted.mail.get(region), wanted.sms.get(region)

    def alarms() -> list[Finding]:
        heard = account.subscribers(of_messages.topic_arn(wanted, region))
        return of_messages.judge_alarms(wanted, region, heard)

    def sms(at: str) -> list[Finding]:
        return of_messages.judge_sms(region, at, account.sms_sandbox(at))

    if mail is not None:
        yield from _of_mail(account, mail, region)
    elif wanted.creates_pools:
        yield Check(of_messages.MAIL, region, "", lambda: [of_messages.no_mail(wanted, region)])
    if sender:
        rights = "sns:GetSMSSandboxAccountStatus"
        yield Check(of_messages.SMS, region, rights, partial(sms, sender))
    yield Check(of_messages.ALARMS, region, "sns:ListSubscriptionsByTopic", alarms)


def _of_mail(account: Account, mail: Mail, region: str) -> Iterable[Check]:
    def identity() -> list[Finding]:
        verified = account.mail_identity_verified(mail.region, mail.identity)
        return of_messages.judge_identity(mail, region, verified)

    def sending() -> list[Finding]:
        return of_messages.judge_sending(mail, region, account.mail_sending(mail.region))

    def configuration_set(name: str) -> list[Finding]:
        there = account.has_configuration_set(mail.region, name)
        return of_messages.judge_configuration_set(mail, region, there)

    of_mail = partial(Check, of_messages.MAIL, region)
    yield of_mail("ses:GetEmailIdentity", identity)
    yield of_mail("ses:GetAccount", sending)
    if chosen := mail.configuration_set:
        yield of_mail("ses:GetConfigurationSet", partial(configuration_set, chosen))


def _of_stacks(of: Accounts, wanted: Wanted) -> Iterable[Check]:
    primary, backup = wanted.regions
    yield Check(
        of_stacks.STACKS,
        backup,
        "cloudformation:DescribeStacks, dynamodb:DescribeTable",
        partial(_look_for_standby, of[primary], wanted),
    )
    for region, name in wanted.stacks():
        account = of[region]
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
            partial(_look_for_kept, of, wanted, region, name),
        )


def _look_for_standby(account: Account, wanted: Wanted) -> list[Finding]:
    """In the primary Region's account: the standby of one account is there, that of two is not."""
    (primary, backup), names = wanted.regions, wanted.names
    made = not of_stacks.never_made(account.stack(primary, names.stack(DATA)))
    replica = made and account.has_table(backup, names.records_table)
    if not wanted.two_accounts:
        return of_stacks.judge_left_out(wanted, replica=replica or not made)
    # Without the data stack a table there was disassociated.
    stack = account.stack(backup, names.stack(backup)) is not None
    return of_stacks.judge_former(wanted, stack=stack, replica=replica)


def _look_at_key(account: Account, wanted: Wanted, region: str, arn: str) -> list[Finding]:
    return judge_key(wanted, region, arn, account.key(arn))


def _look_at_pool(account: Account, region: str, pool: str) -> list[Finding]:
    return of_pools.judge_pool(region, pool, account.pool_triggers(region, pool))


def _look_at_stack(account: Account, region: str, name: str) -> list[Finding]:
    return of_stacks.judge_stack(region, account.stack(region, name))


def _look_for_kept(of: Accounts, wanted: Wanted, region: str, stack: str) -> list[Finding]:
    account = of[region]
    if not of_stacks.never_made(account.stack(region, stack)):
        return []
    names = wanted.names
    kept: list[of_stacks.Kept] = []
    if stack in (names.stack(DATA), names.stack(REPLICA)):
        # The global table's replicas bear the same name in their Regions. In another account the
        # replica is of another stack.
        places = (region,) if wanted.two_accounts else wanted.regions
        kept = [
            of_stacks.Kept("the table", f"{names.records_table} ({at})")
            for at in places
            if account.has_table(at, names.records_table)
        ]
        return of_stacks.judge_kept(region, stack, tuple(kept))
    tables = (names.ledger_table, names.changes_table)
    kept += [of_stacks.Kept("the table", t) for t in tables if account.has_table(region, t)]
    bucket = names.run_bucket(wanted.account_of(region), region)
    if account.has_bucket(region, bucket):
        kept.append(of_stacks.Kept("the bucket", bucket))
    taking_over = ""
    if wanted.creates_pools:
        pools = account.pools_named(region, names.user_pool)
        kept += [of_stacks.Kept(of_stacks.POOL, f"{names.user_pool} ({one})") for one in pools]
        taking_over = _taking_over(of, wanted) if pools else ""
    return of_stacks.judge_kept(region, stack, tuple(kept), taking_over)


def _taking_over(of: Accounts, wanted: Wanted) -> str:
    """How the pools of both Regions are named in the config. Nothing where the other Region does
    not tell: what was found in this one is a finding all the same."""
    try:
        named = [of[each].pools_named(each, wanted.names.user_pool) for each in wanted.regions]
    except NotSeenError:
        return ""
    return of_stacks.name_pools(wanted, named)
