"""What is missing is found, by name, Region and severity, with a command that exists; what is not
missing is not; and what cannot be looked at stops nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from preflight.checks.account import bootstrap_arguments
from preflight.findings import Severity
from preflight.findings import preflight_verdict as accepting
from preflight.ports import NoCredentialsError, NotAllowedError, NotSeenError, Sending, Stack
from preflight.runner import ACCEPTABLE, examine
from preflight.wanted import Mail, Wanted
from tests.aws_commands import faults
from tests.twins.account import MemoryAccount
from tests.unit.preflight.worlds import ACCOUNT, BACKUP, PLAIN, PRIMARY, found, ready

REFUSES, WARNS, UNCHECKED = Severity.REFUSES, Severity.WARNS, Severity.UNCHECKED
TOPIC = f"arn:aws:sns:{PRIMARY}:{ACCOUNT}:standby-alarms"
OTHER_ACCOUNT = "222222222222"
DATA, STACK = "standby-data", f"standby-{PRIMARY}"
OURS = f"arn:aws:iam::{ACCOUNT}:role/{STACK}-AdminApiLogRole-AB12"
OTHER = f"arn:aws:iam::{ACCOUNT}:role/other-apis"
SANDBOX = Sending(production=False, enabled=True, mails_a_day=200)
STOPPED = Sending(production=True, enabled=False, mails_a_day=50_000)
FEW = Sending(production=True, enabled=True, mails_a_day=500)


PROGRAMS = ("aws", "make", "export")
"""What a command can begin with; the rest is advice."""


def _stack(status: str, *, protected: bool = False) -> Stack:
    return Stack(STACK, status, protected)


Change = Callable[[MemoryAccount], object]


@dataclass(frozen=True)
class Case:
    """What is changed in a ready account, for what is wanted, and what is told of it."""

    name: str
    change: Change
    wanted: Wanted
    check: str = ""
    region: str = ""
    severity: Severity = REFUSES
    remedy: str = ""

    def gives(self, check: str, region: str, severity: Severity, remedy: str) -> Case:
        """`remedy`: a part of the command or of the advice."""
        return replace(self, check=check, region=region, severity=severity, remedy=remedy)


def _nothing(account: MemoryAccount) -> None:
    """It is missing already."""


def _set(field: str, key: object, value: object) -> Change:
    return lambda account: getattr(account, field).update({key: value})


def _add(field: str, value: object) -> Change:
    return lambda account: getattr(account, field).add(value)


WITH_SET = replace(PLAIN, mail={PRIMARY: Mail(PRIMARY, "example.org", "codes")})
EXISTING_ROLE = replace(PLAIN, sets_log_role=False)
RESERVING = replace(PLAIN, reserved_concurrency=400)
IDENTITY = (PRIMARY, "example.org")
THERE = (f"{PRIMARY}_Users", f"{BACKUP}_Users")
EXISTING = replace(
    PLAIN, creates_pools=False, pools=dict(zip((PRIMARY, BACKUP), THERE, strict=True))
)


def _triggers(**of_backup: str) -> Change:
    return lambda account: account.triggers.update({THERE[0]: {}, THERE[1]: of_backup})


CASES: list[Case] = [
    Case(
        "a PreSignUp of theirs", _triggers(PreSignUp="arn:x", PostConfirmation="y"), EXISTING
    ).gives("user-pools", BACKUP, WARNS, "PreSignUp_AdminCreateUser"),
    Case("migration at sign-in", _triggers(UserMigration="arn:x"), EXISTING).gives(
        "user-pools", BACKUP, WARNS, "LambdaConfig"
    ),
    Case("no such pool", lambda a: a.triggers.update({THERE[0]: {}}), EXISTING).gives(
        "user-pools", BACKUP, WARNS, "describe-user-pool"
    ),
    Case("other account", lambda a: setattr(a, "account", "222222222222"), PLAIN).gives(
        "credentials", "", REFUSES, "sts get-caller-identity"
    ),
    Case("not bootstrapped", _set("bootstrapped", (PRIMARY, PLAIN.qualifier), None), PLAIN).gives(
        "bootstrap", PRIMARY, REFUSES, "make bootstrap"
    ),
    Case("old bootstrap", _set("bootstrapped", (BACKUP, PLAIN.qualifier), 7), PLAIN).gives(
        "bootstrap", BACKUP, REFUSES, "make bootstrap"
    ),
    Case("a new account's Lambda", _set("concurrency", PRIMARY, 10), PLAIN).gives(
        "lambda-concurrency", PRIMARY, REFUSES, "request-service-quota-increase"
    ),
    Case("a small Lambda", _set("concurrency", BACKUP, 400), PLAIN).gives(
        "lambda-concurrency", BACKUP, WARNS, "--desired-value 1000"
    ),
    Case("less than is reserved", _set("concurrency", BACKUP, 499), RESERVING).gives(
        "lambda-concurrency", BACKUP, REFUSES, "--desired-value 1000"
    ),
    Case("just what is reserved", _set("concurrency", BACKUP, 500), RESERVING).gives(
        "lambda-concurrency", BACKUP, WARNS, "--desired-value 1000"
    ),
    Case("less than believed", _set("quotas", BACKUP, {"UserList": 10.0}), PLAIN).gives(
        "cognito-quotas", BACKUP, WARNS, '"UserList": 10'
    ),
    Case("no SES configured", _nothing, replace(PLAIN, mail={})).gives(
        "mail", PRIMARY, WARNS, "docs/mail.md"
    ),
    Case("no identity", lambda a: a.identities.pop(IDENTITY), PLAIN).gives(
        "mail", PRIMARY, REFUSES, "create-email-identity"
    ),
    Case("not verified", _set("identities", IDENTITY, False), PLAIN).gives(
        "mail", PRIMARY, REFUSES, "get-email-identity"
    ),
    Case("sandbox", _set("sending", PRIMARY, SANDBOX), PLAIN).gives(
        "mail", PRIMARY, WARNS, "--production-access-enabled"
    ),
    Case("stopped", _set("sending", PRIMARY, STOPPED), PLAIN).gives(
        "mail", PRIMARY, WARNS, "sesv2 get-account"
    ),
    Case("few", _set("sending", PRIMARY, FEW), PLAIN).gives(
        "mail", PRIMARY, WARNS, "service-code ses"
    ),
    Case("no configuration set", _nothing, WITH_SET).gives(
        "mail", PRIMARY, REFUSES, "--configuration-set-name codes"
    ),
    Case(
        "SMS sandbox", _add("sandboxes", "eu-west-2"), replace(PLAIN, sms={PRIMARY: "eu-west-2"})
    ).gives("sms", PRIMARY, WARNS, "--region eu-west-2"),
    Case("nobody hears", _nothing, replace(PLAIN, alarm_email=None)).gives(
        "alarms", PRIMARY, WARNS, f"sns subscribe --topic-arn {TOPIC}"
    ),
    Case("not confirmed", _set("topics", TOPIC, 0), PLAIN).gives(
        "alarms", PRIMARY, WARNS, "list-subscriptions-by-topic"
    ),
    Case("rolled back", _set("stacks", (PRIMARY, STACK), _stack("ROLLBACK_COMPLETE")), PLAIN).gives(
        "stacks", PRIMARY, WARNS, "describe-stack-events"
    ),
    Case(
        "protected",
        _set("stacks", (PRIMARY, STACK), _stack("ROLLBACK_FAILED", protected=True)),
        PLAIN,
    ).gives("stacks", PRIMARY, REFUSES, "--no-enable-termination-protection"),
    Case("stuck", _set("stacks", (PRIMARY, STACK), _stack("UPDATE_ROLLBACK_FAILED")), PLAIN).gives(
        "stacks", PRIMARY, REFUSES, "continue-update-rollback"
    ),
    Case("in use", _set("stacks", (PRIMARY, STACK), _stack("UPDATE_IN_PROGRESS")), PLAIN).gives(
        "stacks", PRIMARY, REFUSES, "describe-stack-events"
    ),
    Case("a kept table", _add("tables", (BACKUP, "standby-ledger")), PLAIN).gives(
        "kept-resources", BACKUP, WARNS, "reinstall.md"
    ),
    Case("a kept replica", _add("tables", (BACKUP, "standby-records")), PLAIN).gives(
        "kept-resources", PRIMARY, WARNS, "reinstall.md"
    ),
    Case(
        "a kept bucket", _add("buckets", (BACKUP, f"standby-reconcile-{ACCOUNT}-{BACKUP}")), PLAIN
    ).gives("kept-resources", BACKUP, WARNS, "reinstall.md"),
    Case("a kept pool", _set("pools", "eu-west-1_A", (PRIMARY, "standby-users")), PLAIN).gives(
        "kept-resources", PRIMARY, REFUSES, "reinstall.md"
    ),
    Case("no log role", lambda a: a.log_roles.update({PRIMARY: OTHER}), EXISTING_ROLE).gives(
        "gateway-log-role", BACKUP, REFUSES, "apigateway update-account"
    ),
]


def test_a_ready_account_is_ready() -> None:
    assert found(ready()) == []
    assert not examine(ready(), PLAIN).refusing


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_missing_is_told(case: Case) -> None:
    account = ready(case.wanted)
    case.change(account)
    told = found(account, case.wanted)
    (finding,) = [one for one in told if (one.check, one.region) == (case.check, case.region)]
    assert finding.severity is case.severity
    assert case.remedy in f"{finding.command}\n{finding.advice}"
    assert not any(line.split()[0] not in PROGRAMS for line in finding.command.splitlines())
    assert finding.what
    assert finding.consequence
    assert bool(examine(account, case.wanted).refusing) is (case.severity is REFUSES)
    assert [fault for line in finding.command.splitlines() for fault in faults(line)] == []


@pytest.mark.parametrize(
    "status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"]
)
def test_a_standing_stack_is_updated_and_its_tables_are_its_own(status: str) -> None:
    account = ready()
    for region, name in PLAIN.stacks():
        account.stacks[(region, name)] = Stack(name, status, protected=True)
    account.tables = {
        (each, f"standby-{t}") for each in PLAIN.regions for t in ("records", "ledger")
    }
    account.pools = {"eu-west-1_A": (PRIMARY, "standby-users")}
    account.log_roles = {PRIMARY: OURS, BACKUP: OTHER}  # whichever is there is kept
    account.topics = {TOPIC: 1, TOPIC.replace(PRIMARY, BACKUP): 2}
    assert found(account) == []


def test_existing_pools_need_no_mail_and_may_have_any_name() -> None:
    account = ready()
    account.pools = {"eu-west-1_A": (PRIMARY, "standby-users")}
    assert found(account, replace(PLAIN, creates_pools=False, mail={})) == []


def test_the_wrong_account_is_not_looked_at() -> None:
    account = ready()
    account.account = "222222222222"
    account.concurrency = {PRIMARY: 10}
    assert [each.check for each in found(account)] == ["credentials"]


def test_without_credentials_there_is_one_finding() -> None:
    account = ready()
    account.failing = {"caller": NoCredentialsError("ExpiredToken")}
    (finding,) = found(account)
    assert (finding.check, finding.severity) == ("credentials", REFUSES)
    assert "ExpiredToken" in finding.what


def test_an_existing_pool_without_such_triggers_is_as_it_should_be() -> None:
    account = ready(EXISTING)
    _triggers(PostConfirmation="arn:ours", CustomMessage="arn:theirs")(account)
    assert found(account, EXISTING) == []


def test_a_pool_that_may_not_be_looked_at_is_unknown() -> None:
    account = ready(EXISTING)
    account.deny("pool_triggers")
    assert {(each.check, each.severity) for each in found(account, EXISTING)} == {
        ("user-pools", UNCHECKED)
    }


@pytest.mark.parametrize(
    "error", [NotSeenError("EndpointConnectionError"), NotAllowedError("GetCallerIdentity: 403")]
)
def test_where_nobody_says_whose_account_it_is_nothing_else_is_looked_at(
    error: NotSeenError,
) -> None:
    account = ready()
    account.concurrency = {PRIMARY: 10}
    account.failing = {"caller": error}
    (finding,) = found(account)
    assert (finding.check, finding.severity) == ("credentials", REFUSES)
    assert str(error) in finding.what


def test_what_makes_all_others_meaningless_cannot_be_accepted() -> None:
    account = ready()
    account.account = "222222222222"
    verdict = examine(account, PLAIN, ["credentials"])
    assert [each.check for each in verdict.refusing] == ["credentials"]
    assert verdict.accepted == ()
    assert accepting(verdict.findings, ["credentials"]).refusing == verdict.findings


METHODS = (
    *("bootstrap_version", "lambda_concurrency", "cognito_quotas", "gateway_log_role"),
    *("mail_identity_verified", "mail_sending", "subscribers", "stack"),
    *("has_table", "has_bucket", "pools_named"),
)


@pytest.mark.parametrize("method", METHODS)
def test_what_may_not_be_looked_at_is_unknown_and_stops_nothing(method: str) -> None:
    account = ready()
    account.bootstrapped = {(PRIMARY, PLAIN.qualifier): None}
    account.concurrency = {PRIMARY: 10}
    account.deny(method)
    findings = found(account)
    unknown = [each for each in findings if each.severity is UNCHECKED]
    assert unknown
    assert all("let the caller look: " in each.advice for each in unknown)
    seen = {each.check for each in findings if each.severity is REFUSES}
    expected = {"bootstrap": "bootstrap_version", "lambda-concurrency": "lambda_concurrency"}
    assert seen == {check for check, by in expected.items() if by != method}


def test_a_failed_look_is_no_refusal() -> None:
    account = ready()
    account.failing = {method: NotSeenError("EndpointConnectionError") for method in METHODS}
    unknown = found(account)
    assert {each.severity for each in unknown} == {UNCHECKED}
    (quotas,) = {each.advice for each in unknown if each.check == "cognito-quotas"}
    assert quotas == "run it again; on AWS it takes servicequotas:ListServiceQuotas"
    assert not examine(account, PLAIN).refusing


NAMED = replace(PLAIN, config_file="mine.json", mail={}, alarm_email=None, sets_log_role=False)


@pytest.mark.parametrize("check", ["mail", "alarms", "gateway-log-role", "cognito-quotas"])
def test_the_file_to_edit_is_the_one_in_use(check: str) -> None:
    account = ready(NAMED)
    account.quotas[PRIMARY] = {"UserList": 10.0}
    account.log_roles.clear()
    told = [one for one in found(account, NAMED) if (one.check, one.region) == (check, PRIMARY)]
    assert [one for one in told if 'edit mine.json: "' not in one.advice] == []
    assert told


def test_kept_pools_are_told_as_the_config_names_them() -> None:
    account = ready()
    account.pools = {"eu-west-1_A": (PRIMARY, "standby-users")}
    account.pools["eu-central-1_B"] = (BACKUP, "standby-users")
    named = (
        'to take both over, edit cdk.json: "pools": '
        '{"primary_user_pool_id": "eu-west-1_A", "backup_user_pool_id": "eu-central-1_B"}'
    )
    assert [named in one.advice for one in found(account)] == [True, True]
    account.pools["eu-central-1_C"] = (BACKUP, "standby-users")
    assert not any("edit" in one.advice for one in found(account)), "which of the two is meant?"


def test_a_kept_pool_is_told_where_the_other_region_tells_nothing() -> None:
    """What is refused must not hang on what only makes the advice longer."""
    account, beside = ready(), ready(replace(PLAIN, account=OTHER_ACCOUNT))
    account.pools = {"eu-west-1_A": (PRIMARY, "standby-users")}
    beside.deny("pools_named")
    apart = replace(PLAIN, backup_account=OTHER_ACCOUNT)
    told = examine(account, apart, beside=beside).findings
    (kept,) = [one for one in told if one.check == "kept-resources" and one.severity is REFUSES]
    assert (kept.region, "edit" in kept.advice) == (PRIMARY, False)


def test_what_is_accepted_does_not_refuse() -> None:
    account = ready()
    account.concurrency = {PRIMARY: 10, BACKUP: 10}
    assert examine(account, PLAIN, ["lambda-concurrency"]).refusing == ()
    assert len(examine(account, PLAIN, ["mail"]).refusing) == 2


def test_every_check_but_that_of_the_credentials_can_be_accepted_by_its_name() -> None:
    assert {case.check for case in CASES} | {"key-policy"} == {*ACCEPTABLE, "credentials"}
    assert "credentials" not in ACCEPTABLE


def test_bootstrap_of_a_qualifier_has_a_stack_of_its_own() -> None:
    environments = [f"aws://{ACCOUNT}/{PRIMARY}", f"aws://{ACCOUNT}/{BACKUP}"]
    assert bootstrap_arguments(PLAIN) == environments
    own = bootstrap_arguments(replace(PLAIN, qualifier="abc"))
    assert own == [*environments, "--qualifier", "abc", "--toolkit-stack-name", "CDKToolkit-abc"]
