"""Every policy, statement by statement: named actions, named resources, or a written reason."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cognito_standby.configuration.domain.operations import READ
from cognito_standby.recovery.domain.rehearsal_marks import TAG
from tests.stacks.templates import Assembly, Template, listed, without_hash
from tests.stacks.variants import VARIANTS

XRAY = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
SAMPLING = {"xray:GetSamplingRules", "xray:GetSamplingTargets"}
DELIVERY = {
    *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery"),
    *("logs:ListLogDeliveries", "logs:UpdateLogDelivery", "logs:DescribeLogGroups"),
    *("logs:DescribeResourcePolicies", "logs:PutResourcePolicy"),
}
GATEWAY_LOGS = {
    *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams"),
    *("logs:PutLogEvents", "logs:GetLogEvents", "logs:FilterLogEvents"),
}
LIMITS = {f"cognito-idp:{name}ProvisionedLimit" for name in ("Get", "Update")}
WITHOUT_RESOURCE = {
    **dict.fromkeys(XRAY | SAMPLING, "X-Ray's actions know no resources"),
    **dict.fromkeys(DELIVERY, "log delivery is the account's, not a log group's"),
    "dynamodb:ListStreams": "lists the account's streams",
    "dynamodb:ListTables": "lists the account's tables",
    **dict.fromkeys(GATEWAY_LOGS, "API Gateway's role for all APIs of the account"),
    "cloudwatch:ListMetrics": "figures are no resources",
    "cloudwatch:GetMetricData": "figures are no resources",
    **dict.fromkeys(LIMITS, "a limit is the account's, in a Region, and no resource"),
    "cognito-idp:CreateUserPool": "the pool is not there yet: the tag that it is given decides",
    "cognito-idp:ListUserPools": "lists the account's pools",
    "cognito-idp:DescribeUserPoolDomain": "a domain is asked for by its name",
    "sns:Publish": "an SMS has no ARN; the role that sends them is denied every topic",
}
"""Action -> why its resource must be *. (AWS service authorization reference.)"""

ANY_OF_A_KIND = {
    "iam:GetRole": "the log role that an account has is of any name",
    "wafv2:GetWebACLForResource": "the pool's owner chooses the web ACL",
    "wafv2:GetWebACL": "the same",
}
"""Action -> why its resource is a pattern."""


def _allowed(assembly: Assembly) -> list[tuple[str, dict[str, Any]]]:
    templates = (assembly.data, *assembly.regions)
    return [
        (holder, statement)
        for template in templates
        for holder, statement in template.statements()
        if statement["Effect"] == "Allow"
    ]


def _fixed(resource: Any) -> str:
    """A resource without an execution's generated name, without that of a trail's file, and
    without those of a run's files; without the moment at which a stream was made, without the
    restore that a table of a time is of, and without the end of a stack's ARN."""
    resource = re.sub(r"(stack/[a-z]+-[a-z0-9-]+)/\*", r"\1", str(resource))
    resource = re.sub(r"(table/[a-z0-9-]+-records/stream)/\*", r"\1", str(resource))
    resource = re.sub(r"(table/[a-z0-9-]+\.past\.)\*", r"\1", resource)
    named = re.sub(r":execution:[a-z]+-[a-z_]+[:/]\*", ":execution", str(resource))
    named = re.sub(r"-reconcile-\d{12}-[a-z0-9-]+/(runs|reports|drills)/\*", "-reconcile", named)
    return re.sub(r"/AWSLogs/\d{12}/\*", "/AWSLogs", named)


DR = "DisasterRecoveryRoleDefaultPolicy"
"""Of both Regions at once, so that the Region in its ARNs is a pattern."""


DRILL = "DrillRoleDefaultPolicy"


def _is_tagged(statement: dict[str, Any]) -> bool:
    """Whether it is about pools with the tag of a rehearsal alone, which have no id yet."""
    asked = statement.get("Condition", {}).get("StringEquals", {})
    return list(asked) == [f"aws:ResourceTag/{TAG}"]


def _of_both_regions(resource: Any) -> str:
    """An ARN of the DR role, with a Region, and without what is made as things go on."""
    text = re.sub(
        r"(:(?:states|dynamodb|sqs|cloudformation|cloudwatch)):\*:", r"\1:R:", str(resource)
    )
    text = re.sub(r"(execution:[a-z_-]+):\*", r"\1", text)
    text = re.sub(r"(stack/[a-z0-9-]+)/\*", r"\1", text)
    text = re.sub(r"(-reconcile-\d{12})-\*(/reports/\*)?", r"\1", text)
    return text.replace(":alarm:*", ":alarm")


def test_no_wildcards_without_a_reason(assembly: Assembly) -> None:
    for holder, statement in _allowed(assembly):
        actions = listed(statement["Action"])
        assert not [name for name in actions if "*" in name], (holder, statement)
        if "*" in listed(statement["Resource"]):
            assert set(actions) <= set(WITHOUT_RESOURCE), (holder, statement)
        if set(actions) <= set(ANY_OF_A_KIND) or (holder == DRILL and _is_tagged(statement)):
            continue
        for resource in listed(statement["Resource"]):
            told = _of_both_regions(resource) if holder == DR else resource
            assert resource == "*" or "*" not in _fixed(told), (holder, statement)


def test_nobody_is_a_principal_but_services(assembly: Assembly) -> None:
    for holder, statement in _allowed(assembly):
        for principal in listed(statement.get("Principal", {"Service": "none"})):
            assert set(principal) == {"Service"}, (holder, statement)


def test_no_managed_policies(assembly: Assembly) -> None:
    for template in assembly.regions:
        for name, role in template.resources.items():
            if role["Type"] != "AWS::IAM::Role":
                continue
            told = role["Properties"]
            assert "ManagedPolicyArns" not in told
            if without_hash(name) == "DisasterRecoveryRole":
                # In an emergency it is typed from memory. Its name has installation and Region.
                continue
            assert "RoleName" not in told, "a role's name is global: generated ones cannot collide"


def _actions(template: Template, policy: str) -> set[str]:
    properties = template.named(f"{policy}RoleDefaultPolicy")["Properties"]
    statements = properties["PolicyDocument"]["Statement"]
    return {name for one in statements for name in listed(one["Action"])}


LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
LOOK = {f"dynamodb:{name}Item" for name in ("Get", "BatchGet", "Put", "Update")}
LOOK |= {f"cognito-idp:{name}" for name in ("DescribeUserPool", "AdminGetUser", "GetGroup")}
PROVIDERS = {"cognito-idp:ListIdentityProviders"}
PROVIDERS |= {"cognito-idp:GetUserPoolMfaConfig", "cognito-idp:AdminGetUserAuthFactors"}
"""What every look asks for besides: providers, and factors where the pool has any."""
LOOK |= {"cognito-idp:AdminListGroupsForUser", "cognito-idp:ListUsers"} | PROVIDERS
SYNC = LOOK | {"dynamodb:DeleteItem"}
USERS = LOOK - {"cognito-idp:GetGroup"}
STEP = SYNC - {"cognito-idp:GetGroup"}
GIVEN_BACK = {"cognito-idp:AdminLinkProviderForUser", "cognito-idp:AdminSetUserMFAPreference"}
TABLE = {"dynamodb:DescribeTable"}
PRECONDITIONS = TABLE | {"cognito-idp:ListPointInTimeRecoveries"}
PROFILE = {"AdminCreateUser", "AdminUpdateUserAttributes", "AdminDeleteUserAttributes"}
PROFILE |= {"AdminEnableUser", "AdminDisableUser", "AdminSetUserPassword", "AdminDeleteUser"}
PROFILE |= {"CreateGroup", "UpdateGroup", "DeleteGroup"}
LINKS = {"AdminLinkProviderForUser", "AdminDisableProviderForUser", "AdminSetUserMFAPreference"}
MEMBERSHIPS = {"AdminAddUserToGroup", "AdminRemoveUserFromGroup"}
NOTE = {f"dynamodb:{name}Item" for name in ("Get", "BatchGet", "Put", "Update")}
NOTE |= {"states:DescribeExecution"}
ALTER = {f"cognito-idp:{name}" for name in PROFILE | MEMBERSHIPS if not name.endswith("Group")}
ALTER |= {f"cognito-idp:{name}" for name in MEMBERSHIPS}
CREATE = {"cognito-idp:AdminCreateUser", "cognito-idp:AdminSetUserPassword"}
CONTAIN = {"AdminUpdateUserAttributes", "AdminDeleteUserAttributes", "AdminEnableUser"}
CONTAIN |= {"AdminDisableUser", *MEMBERSHIPS, *LINKS}
CANARY = {"dynamodb:BatchGetItem", "cognito-idp:DescribeUserPool", "cognito-idp:AdminGetUser"}
CANARY |= {"cognito-idp:AdminListGroupsForUser"} | PROVIDERS
CANARY |= {"cognito-idp:AdminCreateUser", "cognito-idp:AdminUpdateUserAttributes"}
CANARY |= {"dynamodb:Query", "secretsmanager:GetSecretValue"}
SWEEP = {f"dynamodb:{name}Item" for name in ("Get", "BatchGet", "Put", "Delete")}
CLEARS = {f"dynamodb:{name}" for name in ("ListTables", "DescribeTable", "DeleteTable")}
SWEEP |= {"dynamodb:Query", "states:ListExecutions", "states:StartExecution", "events:PutEvents"}


HINT = {"events:PutEvents"}
API = {f"dynamodb:{name}" for name in ("GetItem", "BatchGetItem", "PutItem", "Query")} | HINT
API |= {f"cognito-idp:{name}" for name in ("DescribeUserPool", "AdminGetUser", "ListUsers")}
API |= {"cognito-idp:AdminListGroupsForUser"} | PROVIDERS
LOCK = {"dynamodb:GetItem", "dynamodb:PutItem"}
ASKED = {"dynamodb:PutItem", "dynamodb:UpdateItem"}
SETTLED = {"dynamodb:UpdateItem", "dynamodb:DeleteItem"}
FILES = {"s3:ListBucket", "s3:GetObject", "s3:PutObject"}
PLAN = LOCK | FILES | {"states:DescribeExecution"}
CLAIMS = {"dynamodb:BatchGetItem"}
PROBE = {f"cognito-idp:{name}" for name in ("DescribeUserPool", "ListUsers", "ListGroups")}
LIST = {f"cognito-idp:{name}" for name in ("DescribeUserPool", "ListUsers", "ListUsersInGroup")}
REPAIR = (
    SYNC
    | HINT
    | FILES
    | {"dynamodb:DeleteItem"}
    | {f"cognito-idp:{name}" for name in PROFILE | MEMBERSHIPS | LINKS}
)
NAMES = {"secretsmanager:GetSecretValue", "dynamodb:BatchWriteItem"}
KIN = {"dynamodb:Query"}
RECORD = NAMES | KIN
REPLAY = SYNC | HINT | TABLE | RECORD
REPLAY |= {f"cognito-idp:{name}" for name in PROFILE | MEMBERSHIPS | LINKS}
ASK = ASKED | (FILES - {"s3:PutObject"}) | {"sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"}
PUBLISH = CLAIMS | FILES | {"dynamodb:UpdateItem", "ssm:GetParameter", "ssm:PutParameter"}
PUBLISH |= {"sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"}


DOOR = {"dynamodb:BatchGetItem", "ssm:GetParameter"}


RESETS = {
    *("dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:UpdateItem"),
    *("cognito-idp:DescribeUserPool", "cognito-idp:ListIdentityProviders"),
    *("cognito-idp:GetUserPoolMfaConfig", "cognito-idp:AdminGetUser", "cognito-idp:ListUsers"),
    *("cognito-idp:AdminGetUserAuthFactors", "cognito-idp:AdminSetUserPassword"),
    "cognito-idp:AdminUserGlobalSignOut",
}

PROVIDERS_OF_POOL = {"cognito-idp:DescribeUserPool", "cognito-idp:ListIdentityProviders"}
PROVIDERS_OF_POOL |= {"cognito-idp:GetUserPoolMfaConfig"}
RESTORE = (REPLAY | FILES | PRECONDITIONS | {"dynamodb:Scan"}) - {"dynamodb:DeleteItem"}

ROWS: list[tuple[str, set[str]]] = [
    (
        "openrun",
        PLAN
        | CLAIMS
        | {"cognito-idp:DescribeUserPool", "cognito-idp:GetUserPoolMfaConfig", "dynamodb:GetItem"}
        | (PRECONDITIONS - TABLE),
    ),
    ("planlisting", PLAN | PROBE | {"dynamodb:BatchGetItem"}),
    ("listpart", FILES | LIST | {"dynamodb:BatchGetItem"}),
    ("plancomparison", PLAN),
    ("comparebucket", FILES | {"dynamodb:Query", "dynamodb:BatchGetItem"}),
    ("judgedrift", PLAN | CLAIMS | PRECONDITIONS | HINT | {"dynamodb:UpdateItem"}),
    ("askoperator", ASK),
    ("planrepairs", PLAN | SETTLED),
    ("repairbatch", REPAIR | PRECONDITIONS | RECORD),
    ("writereport", SETTLED | FILES | {"dynamodb:BatchGetItem", "dynamodb:Query"}),
    ("closerun", SETTLED),
    ("postconfirmation", {"events:PutEvents", "sqs:SendMessage"}),
    ("presignup", DOOR | {"dynamodb:GetItem"}),
    ("pretokengeneration", DOOR),
    ("preauthentication", DOOR),
    ("custommessage", DOOR),
    ("plansync", SYNC | RECORD | {"dynamodb:UpdateItem"}),
    ("resetchangedpasswords", RESETS),
    ("capturerecord", SYNC | HINT | PRECONDITIONS | RECORD),
    ("replayrecord", REPLAY),
    *((former, REPLAY) for former in ("replayprofile", "replaymemberships", "confirmsync")),
    ("snapshotuser", STEP | HINT | PRECONDITIONS | RECORD | {"cognito-idp:GetGroup"}),
    ("applychange", USERS | ALTER | RECORD | GIVEN_BACK),
    ("writerecord", STEP | HINT | PRECONDITIONS | RECORD),
    ("compensatechange", STEP | HINT | PRECONDITIONS | RECORD | (ALTER - CREATE)),
    ("completechange", {"dynamodb:GetItem", "dynamodb:UpdateItem"}),
    ("adminapi", API),
    (
        "gatewaylogrole",
        {"apigateway:GET", "apigateway:PATCH", "iam:PassRole", "iam:GetRole"},
    ),
    ("announceapi", {"dynamodb:PutItem", "dynamodb:DeleteItem"}),
    ("announcepool", {"dynamodb:PutItem", "dynamodb:DeleteItem", "ssm:DeleteParameter"}),
    ("publishactive", PUBLISH),
    ("replicastreamarn", {"dynamodb:DescribeTable"}),
    ("notefailure", NOTE),
    (
        "containfailure",
        LOOK
        | HINT
        | {f"cognito-idp:{name}" for name in CONTAIN}
        | {"states:DescribeExecution", "secretsmanager:GetSecretValue"}
        | KIN,
    ),
    ("hintmembers", {"dynamodb:Scan", "events:PutEvents"}),
    (
        "sweepfailures",
        SWEEP | NAMES | CLEARS | {"dynamodb:UpdateItem", "dynamodb:Scan"},
    ),
    (
        "openpasttable",
        {f"dynamodb:{name}" for name in ("DescribeTable", "DescribeContinuousBackups", "Query")}
        | {f"dynamodb:{name}Item" for name in ("Get", "Put", "Update", "Delete", "BatchWrite")}
        | {"dynamodb:Scan", "dynamodb:RestoreTableToPointInTime"},
    ),
    ("closepasttable", {"dynamodb:DescribeTable", "dynamodb:DeleteTable"}),
    ("measurerpo", CANARY),
    (
        "snapshotconfiguration",
        {f"cognito-idp:{name}" for name in (*READ, "GetWebACLForResource")}
        | {f"wafv2:{name}" for name in ("GetWebACLForResource", "GetWebACL")}
        | {f"dynamodb:{name}" for name in ("BatchGetItem", "Query", "PutItem", "DeleteItem")}
        | {"cloudformation:DescribeStacks"},
    ),
    ("planfailover", CLAIMS),
    ("surveyrecords", {"dynamodb:Scan"}),
    ("settleregion", {"states:ListExecutions", "sqs:GetQueueAttributes"}),
    (
        "reconcileregion",
        {"states:StartExecution", "states:DescribeExecution", "s3:ListBucket", "s3:GetObject"},
    ),
    (
        "openrestore",
        PLAN | CLAIMS | PRECONDITIONS | PROVIDERS_OF_POOL | {"dynamodb:DescribeContinuousBackups"},
    ),
    ("planrestore", PLAN | CLAIMS),
    ("restorepart", RESTORE),
    ("closerestore", FILES | {"dynamodb:DeleteItem"}),
    ("claimregion", CLAIMS | {"dynamodb:PutItem"}),
    ("standdown", CLAIMS | {"dynamodb:PutItem"}),
]
"""Function -> what it may do, beside writing its log and its traces."""


@pytest.mark.parametrize(("function", "expected"), ROWS)
def test_a_function_may_do_exactly_this(
    standard: Assembly, function: str, expected: set[str]
) -> None:
    for template in standard.regions:
        assert _actions(template, function) == expected | LOGS | XRAY


SWITCH = CLAIMS | {"states:StartExecution", "states:DescribeExecution"}


def test_who_wants_region_switch_lets_its_function_start_the_machines(email: Assembly) -> None:
    for template in email.regions:
        assert _actions(template, "arcregionswitch") == SWITCH | LOGS | XRAY


def test_every_function_has_a_row(assembly: Assembly) -> None:
    rows = [function for function, _ in ROWS]
    if assembly.config.get("failover", {}).get("arc_region_switch"):
        rows.append("arcregionswitch")
    filled = assembly.config.get("on_demand", {})
    for side, template in zip(("primary", "backup"), assembly.regions, strict=True):
        wanted = [*rows, *(["usermigration"] if filled.get(side) else [])]
        functions = template.of_type("AWS::Lambda::Function")
        named = {without_hash(key).removesuffix("Function") for key in functions}
        assert named == set(wanted)
        assert len(named) == len(functions) == len(wanted), "a row twice, or a name twice"


def test_containment_writes_no_records(standard: Assembly) -> None:
    policy = standard.primary.named("containfailureRoleDefaultPolicy")["Properties"]
    for statement in policy["PolicyDocument"]["Statement"]:
        if "table/alpha-records" in str(statement["Resource"]):
            assert set(listed(statement["Action"])) <= {
                *("dynamodb:BatchGetItem", "dynamodb:DescribeTable", "dynamodb:Query"),
            }


LEADING_KEYS = "dynamodb:LeadingKeys"
FENCED = ("presignup", "pretokengeneration", "preauthentication", "custommessage")


@pytest.mark.parametrize("holder", FENCED)
def test_the_fence_reads_claims_and_no_records(standard: Assembly, holder: str) -> None:
    for template in standard.regions:
        policy = template.named(f"{holder}RoleDefaultPolicy")["Properties"]["PolicyDocument"]
        found = [one for one in policy["Statement"] if "alpha-records" in str(one["Resource"])]
        assert [one["Action"] for one in found] == ["dynamodb:BatchGetItem"]
        keys = [one["Condition"]["ForAllValues:StringLike"][LEADING_KEYS] for one in found]
        assert [listed(each) for each in keys] == [["#claim"]]
        told = [one for one in policy["Statement"] if one["Action"] == "ssm:GetParameter"]
        assert [str(one["Resource"]).count("parameter/alpha/active") for one in told] == [1]


def test_without_a_fence_its_functions_read_nothing(existing: Assembly) -> None:
    for template in existing.regions:
        for holder in ("preauthentication", "custommessage"):
            assert not _actions(template, holder) & {*DOOR, "dynamodb:GetItem"}
    # The other Region's asks whose name is kept (`test_on_demand`).
    assert not _actions(existing.backup, "presignup") & {*DOOR, "dynamodb:GetItem"}


def test_machines_may_only_call_their_functions(standard: Assembly) -> None:
    for template in standard.regions:
        call = {"lambda:InvokeFunction"} | XRAY | SAMPLING | DELIVERY
        assert _actions(template, "syncuser") == call
        assert _actions(template, "sweepfailuresmachine") == call
        assert _actions(template, "measurerpomachine") == call
        assert _actions(template, "hintmembersmachine") == call
        more = {"sqs:SendMessage", "dynamodb:UpdateItem"}
        assert _actions(template, "containfailuremachine") == call | more


@pytest.mark.parametrize(
    ("holder", "keys"),
    [
        ("notefailure", {"#letter#*"}),
        ("containfailuremachine", {"#letter#*"}),
        ("sweepfailures", {"#cursor#*", "#once#*", "#pool#*"}),
    ],
)
def test_those_who_keep_notes_write_no_rows(
    standard: Assembly, holder: str, keys: set[str]
) -> None:
    policy = standard.primary.named(f"{holder}RoleDefaultPolicy")["Properties"]["PolicyDocument"]
    writing = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    found = [one for one in policy["Statement"] if writing & set(listed(one["Action"]))]
    found = [one for one in found if "LedgerTable" in str(one["Resource"])]
    assert found
    conditions = [
        statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        for statement in found
    ]
    assert {key for condition in conditions for key in listed(condition)} == keys


def test_no_condition_is_met_by_a_request_without_the_key(assembly: Assembly) -> None:
    """ForAllValues is true of nothing (IAM User Guide, "Set operators")."""
    found = 0
    for holder, statement in _allowed(assembly):
        conditions = statement.get("Condition", {})
        for operator, keys in conditions.items():
            if operator.startswith("ForAllValues:"):
                found += 1
                assert conditions.get("Null") == dict.fromkeys(keys, "false"), (holder, statement)
    assert found


def test_pipes_may_only_read_and_start(standard: Assembly) -> None:
    stream = {f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator")}
    stream |= {"dynamodb:ListStreams", "states:StartExecution", "sqs:SendMessage"}
    assert _actions(standard.primary, "ReplicaStream") == stream
    queue = {f"sqs:{name}" for name in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")}
    assert _actions(standard.primary, "ParkedHints") == queue | {"states:StartExecution"}


def test_everybody_who_needs_the_key_may_use_it(existing: Assembly) -> None:
    functions = ("postconfirmation", "plansync", "capturerecord", "replayrecord")
    containment = ("notefailure", "containfailure", "containfailuremachine", "sweepfailures")
    pipes = ("ReplicaStream", "ParkedHints", "sweepschedule", "canaryschedule", "reconcileschedule")
    reconciliation = ("openrun", "repairbatch", "reconcilepool")
    for name in (
        *functions,
        *containment,
        *reconciliation,
        "replaymemberships",
        "confirmsync",
        *pipes,
    ):
        assert "kms:Decrypt" in _actions(existing.primary, name), name


def test_the_boundary_is_on_every_role(existing: Assembly) -> None:
    boundary = existing.config["permissions_boundary"]
    for template in existing.regions:
        for key, role in template.of_type("AWS::IAM::Role").items():
            assert role["PermissionsBoundary"] == boundary, key


def test_queues_topic_and_buckets_refuse_plain_http(assembly: Assembly) -> None:
    for template in assembly.regions:
        denied = [
            holder
            for holder, statement in template.statements()
            if statement["Effect"] == "Deny"
            and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        ]
        queues = ["QueuesDeadLettersPolicy", "QueuesParkedHintsPolicy"]
        trail = ["TrailLogsPolicy"] if template.of_type("AWS::CloudTrail::Trail") else []
        assert sorted(denied) == ["AlarmsTopicPolicy", *queues, "RunsBucketPolicy", *trail]


def test_permissions_are_made_from_their_targets() -> None:
    """Every permission is on the resource that its name says."""
    from stacks.permissions import containment as also_may  # noqa: PLC0415 - starts Node
    from stacks.permissions import core as may  # noqa: PLC0415

    targets = may.Targets("bus", "queue", "ledger", "records", "pool", "key")
    expected = {
        may.publish_hints: "bus",
        may.park_hints: "queue",
        may.keep_ledger: "ledger",
        may.read_records: "records",
        may.write_records: "records",
        may.read_pool: "pool",
        may.write_profiles: "pool",
        may.write_memberships: "pool",
        also_may.read_ledger: "ledger",
        may.forget_rows: "ledger",
        also_may.claim_letters: "ledger",
        also_may.remember_sweeps: "ledger",
        also_may.quarantine: "pool",
    }
    for permission, resource in expected.items():
        assert permission(targets).resources == [resource]


def test_actions_exist() -> None:
    """Spelled as the services spell them."""
    import botocore.session  # noqa: PLC0415

    from stacks.permissions import containment as also_may  # noqa: PLC0415 - starts Node
    from stacks.permissions import core as may  # noqa: PLC0415

    session = botocore.session.get_session()
    targets = may.Targets("b", "q", "l", "r", "p", "k")
    permissions = (may.keep_ledger, may.read_records, may.write_records, may.read_pool)
    more = (*also_may.NOTE, *also_may.SWEEP, also_may.quarantine, also_may.change_canary)
    services = {"states": "stepfunctions"}
    for permission in (*permissions, may.write_profiles, may.write_memberships, *more):
        statement = permission(targets)
        assert statement is not None
        for action in statement.actions:
            service, name = action.split(":")
            known = session.get_service_model(services.get(service, service)).operation_names
            assert name in known or name == "ConditionCheckItem", action


def test_functions_of_the_table_have_a_file() -> None:
    from pathlib import Path  # noqa: PLC0415

    from stacks.constructs.functions.task_list import TASKS  # noqa: PLC0415

    tasks = Path(__file__).parents[2] / "tasks"
    for task in TASKS:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", task.name)
        assert (tasks / f"{task.name}.py").is_file(), task.name
        assert without_hash(task.name) == task.name


def test_only_mapped_roles_may_be_given_to_a_group(existing: Assembly, standard: Assembly) -> None:
    """Whoever passes a role hands out its rights; without a mapping there is none to pass."""
    from stacks.constructs.functions.task_list import FORMER_REPLAY  # noqa: PLC0415

    mapped = VARIANTS["existing"]["group_roles"][0]
    for template, role in zip(existing.regions, (mapped["primary"], mapped["backup"]), strict=True):
        passing = _passing(template)
        assert {tuple(listed(statement["Resource"])) for _, statement in passing} == {(role,)}
        replaying = ("replay_record", *FORMER_REPLAY, "repair_batch", "restore_part")
        holders = tuple(task.replace("_", "") for task in replaying)
        assert len(passing) == len(holders)
        assert all(policy.lower().startswith(holders) for policy, _ in passing)
    for template in standard.regions:
        assert all("gatewaylogrole" in policy.lower() for policy, _ in _passing(template))


def _passing(template: Template) -> list[tuple[str, dict[str, Any]]]:
    told = [(p, s) for p, s in template.statements() if "iam:PassRole" in listed(s["Action"])]
    return [(policy, statement) for policy, statement in told if "logrole" not in policy.lower()]
