"""Each test fails once the emulator does by itself what a gap of ours fills: then drop the gap."""

import json
import pathlib
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.clients import Clients
from tests.local.assemblies import reserving, status_of
from tests.local.conftest import (
    OTHER_REGION,
    REGION,
    ROLE,
    BareAws,
    eventually,
    function,
    machine,
    queue,
    received,
    run,
    unique,
    zipped,
)
from tests.local.test_embedded_metrics import PRINTS

pytestmark = pytest.mark.local_aws
PASSWORD = "Passw0rd!Passw0rd!"
BOOM = "class BoomError(Exception): pass\ndef handler(event, context): raise BoomError('no')"


def pool(bare: BareAws, **more: Any) -> tuple[Any, str, str]:
    cognito = bare.client("cognito-idp", REGION)
    pool_id = cognito.create_user_pool(PoolName=unique(), **more)["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="app")
    return cognito, pool_id, client["UserPoolClient"]["ClientId"]


def sign_up(cognito: Any, client: str, name: str = "ann") -> None:
    email = {"Name": "email", "Value": f"{name}@example.org"}
    cognito.sign_up(ClientId=client, Username=name, Password=PASSWORD, UserAttributes=[email])


TOKEN = pathlib.Path(tempfile.gettempdir()) / f"standby-token-{uuid.uuid4().hex}"
"""Of this process alone: other runs on the machine have their own."""

KEEP = f"""
import os, pathlib
def handler(event, context):
    path = {str(TOKEN)!r}
    pathlib.Path(path + ".part").write_text(event["token"])
    os.replace(path + ".part", path)  # whoever looks sees all of it or nothing
"""


def kept() -> str:
    """The token that a function of KEEP was given, once."""
    token = TOKEN.read_text() if TOKEN.exists() else ""
    TOKEN.unlink(missing_ok=True)
    return token


def test_a_template_reserves_no_concurrency(bare: BareAws) -> None:
    name = unique("reserved")
    formation = bare.client("cloudformation", REGION)
    formation.create_stack(StackName=name, TemplateBody=reserving(name, 3))
    eventually(lambda: status_of(formation, name) == "CREATE_COMPLETE")
    told = bare.client("lambda", REGION).get_function_concurrency(FunctionName=name)
    assert "ReservedConcurrentExecutions" not in told


def test_the_id_of_a_client_has_capitals(bare: BareAws) -> None:
    ids = "".join(pool(bare)[2] for _ in range(3))
    assert ids != ids.lower()


def waiting(arn: str) -> dict[str, Any]:
    """A task that waits a second for its token."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "TimeoutSeconds": 1,
        "Arguments": {
            "FunctionName": arn,
            "Payload": {"token": "{% $states.context.Task.Token %}"},
        },
        "End": True,
    }


def template(resources: dict[str, Any]) -> str:
    return json.dumps({"Resources": resources})


def deploy(bare: BareAws, resources: dict[str, Any]) -> str:
    formation = bare.client("cloudformation", REGION)
    name = unique("stack")
    formation.create_stack(StackName=name, TemplateBody=template(resources))

    def status() -> Any:
        found = formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        return None if found.endswith("PROGRESS") else found

    return str(eventually(status))


def test_any_code_confirms_and_nothing_is_verified(bare: BareAws) -> None:
    cognito, pool_id, client = pool(bare, AutoVerifiedAttributes=["email"])
    sign_up(cognito, client)
    cognito.confirm_sign_up(ClientId=client, Username="ann", ConfirmationCode="wrong")
    user = cognito.admin_get_user(UserPoolId=pool_id, Username="ann")
    assert "email_verified" not in {a["Name"] for a in user["UserAttributes"]}


def test_post_confirmation_does_not_fire(bare: BareAws) -> None:
    trigger = {"PostConfirmation": function(bare, BOOM)}
    cognito, _, client = pool(bare, LambdaConfig=trigger)
    sign_up(cognito, client)
    cognito.confirm_sign_up(ClientId=client, Username="ann", ConfirmationCode="123456")


def test_triggers_do_not_fire_or_cannot_refuse(bare: BareAws) -> None:
    """PreSignUp of an administrator's creation, sign-ins, tokens, and codes of a sign-up."""
    names = ("PreSignUp", "PreAuthentication", "PostAuthentication", "PreTokenGeneration")
    boom = function(bare, BOOM)
    cognito, pool_id, client = pool(bare, LambdaConfig=dict.fromkeys(names, boom))
    cognito.admin_create_user(UserPoolId=pool_id, Username="ann")
    password = {"UserPoolId": pool_id, "Username": "ann", "Password": PASSWORD, "Permanent": True}
    cognito.admin_set_user_password(**password)
    given = {"USERNAME": "ann", "PASSWORD": PASSWORD}
    answer = cognito.initiate_auth(
        ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
    )
    assert answer["AuthenticationResult"]
    assert answer.get("ChallengeParameters") is None
    cognito, _, client = pool(bare, LambdaConfig={"CustomMessage": boom})
    sign_up(cognito, client)


def test_strangers_are_not_asked_about(bare: BareAws) -> None:
    """UserMigration, at a sign-in and at ForgotPassword."""
    cognito, _, client = pool(bare, LambdaConfig={"UserMigration": function(bare, BOOM)})
    given = {"USERNAME": "ann", "PASSWORD": PASSWORD}
    with pytest.raises(ClientError, match="User does not exist"):
        cognito.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    with pytest.raises(ClientError, match="UserNotFoundException"):
        cognito.forgot_password(ClientId=client, Username="ann")


def test_update_user_pool_keeps_what_it_is_not_sent(bare: BareAws) -> None:
    given = {"PreSignUp": function(bare, BOOM)}
    cognito, pool_id, _ = pool(bare, LambdaConfig=given, SmsAuthenticationMessage="{####}")
    cognito.update_user_pool(UserPoolId=pool_id)
    told = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    assert told["LambdaConfig"]
    assert told["SmsAuthenticationMessage"]


def test_codes_go_where_nothing_is_verified_and_addresses_are_shown(bare: BareAws) -> None:
    cognito, _, client = pool(bare)
    email = {"Name": "email", "Value": "ann@example.org"}
    told = cognito.sign_up(
        ClientId=client, Username="ann", Password=PASSWORD, UserAttributes=[email]
    )
    assert told["CodeDeliveryDetails"]["Destination"] == "ann@example.org"
    told = cognito.forgot_password(ClientId=client, Username="ann")
    assert told["CodeDeliveryDetails"]["Destination"] == "a****@e****"


def test_required_mfa_asks_for_nothing(bare: BareAws) -> None:
    cognito, pool_id, client = pool(bare, MfaConfiguration="ON")
    cognito.admin_create_user(UserPoolId=pool_id, Username="ann", TemporaryPassword=PASSWORD)
    answer = cognito.respond_to_auth_challenge(
        ClientId=client,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        ChallengeResponses={"USERNAME": "ann", "NEW_PASSWORD": PASSWORD},
    )
    assert answer["AuthenticationResult"]


def test_no_sign_in_begins_with_a_choice(bare: BareAws) -> None:
    cognito, pool_id, client = pool(bare)
    cognito.admin_create_user(UserPoolId=pool_id, Username="ann")
    with pytest.raises(ClientError, match="Unsupported AuthFlow"):
        cognito.initiate_auth(
            ClientId=client, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "ann"}
        )
    with pytest.raises(ClientError, match="InvalidAction"):
        cognito.admin_get_user_auth_factors(UserPoolId=pool_id, Username="ann")


def test_a_factor_is_preferred_that_nobody_has(bare: BareAws) -> None:
    cognito, pool_id, _ = pool(bare)
    cognito.admin_create_user(UserPoolId=pool_id, Username="ann")
    wanted = {"Enabled": True, "PreferredMfa": True}
    cognito.admin_set_user_mfa_preference(
        UserPoolId=pool_id, Username="ann", SoftwareTokenMfaSettings=wanted
    )


def test_what_nobody_can_link_is_linked(bare: BareAws) -> None:
    cognito, pool_id, _ = pool(bare)
    cognito.admin_create_user(UserPoolId=pool_id, Username="ann")
    source = {
        "ProviderName": "Google",
        "ProviderAttributeName": "email",
        "ProviderAttributeValue": "ann@example.org",
    }
    for _ in range(2):  # without such a provider, by what it cannot be linked by, and again
        cognito.admin_link_provider_for_user(
            UserPoolId=pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "ann"},
            SourceUser=source,
        )


def test_import_jobs_are_not_known(bare: BareAws) -> None:
    cognito, pool_id, _ = pool(bare)
    with pytest.raises(ClientError):
        cognito.get_csv_header(UserPoolId=pool_id)


@pytest.mark.parametrize(
    "operation",
    [
        *("describe_risk_configuration", "get_log_delivery_configuration", "list_terms"),
        *("get_user_pool_session_configuration", "list_cimd_policies"),
        "list_user_pool_replicas",
    ],
)
def test_settings_beside_a_pool_are_not_known(bare: BareAws, operation: str) -> None:
    cognito, pool_id, _ = pool(bare)
    with pytest.raises(ClientError, match="InvalidAction"):
        getattr(cognito, operation)(UserPoolId=pool_id)


def test_a_style_of_managed_login_is_not_known(bare: BareAws) -> None:
    cognito, pool_id, client = pool(bare)
    with pytest.raises(ClientError, match="InvalidAction"):
        cognito.describe_managed_login_branding_by_client(UserPoolId=pool_id, ClientId=client)


def test_some_settings_are_forgotten(bare: BareAws) -> None:
    cognito, pool_id, _ = pool(bare, IssuerConfiguration={"Type": "UPDATED"})
    assert "IssuerConfiguration" not in cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
    made = cognito.create_user_pool_client(
        UserPoolId=pool_id, ClientName="rotating", RefreshTokenRotation=rotation
    )
    assert "RefreshTokenRotation" not in made["UserPoolClient"]


def test_lambda_errors_lose_their_class(bare: BareAws) -> None:
    task = {"Type": "Task", "Resource": function(bare, BOOM), "End": True}
    assert run(bare, machine(bare, {"Task": task}))["error"] == "Runtime.HandlerError"


def test_an_error_costs_the_worker_its_life(bare: BareAws) -> None:
    source = (
        "import os\n"
        "def handler(event, context):\n  if event: raise ValueError\n  return os.getpid()"
    )
    arn, client = function(bare, source), bare.client("lambda", REGION)

    def call(payload: str) -> bytes:
        return bytes(client.invoke(FunctionName=arn, Payload=payload)["Payload"].read())

    before = call("0")
    call("1")
    assert call("0") != before


def test_a_metric_in_a_log_is_no_metric(bare: BareAws) -> None:
    event = json.dumps({"namespace": "printed", "values": [1]})
    reply = bare.client("lambda", REGION).invoke(FunctionName=function(bare, PRINTS), Payload=event)
    assert "FunctionError" not in reply
    metrics = bare.client("cloudwatch", REGION)
    assert not metrics.list_metrics(Namespace="printed")["Metrics"]


def test_a_period_of_figures_begins_with_a_full_hour(bare: BareAws) -> None:
    metrics, hour = bare.client("cloudwatch", REGION), datetime.now(UTC).replace(minute=0, second=0)
    for minutes in (-10, 10):
        at = hour + timedelta(minutes=minutes)
        datum = {"MetricName": "Lag", "Timestamp": at, "Value": 1.0}
        metrics.put_metric_data(Namespace="periods", MetricData=[datum])
    stat = {
        "Metric": {"Namespace": "periods", "MetricName": "Lag"},
        "Period": 3600,
        "Stat": "Maximum",
    }
    told = metrics.get_metric_data(
        MetricDataQueries=[{"Id": "lag", "MetricStat": stat}],
        StartTime=hour - timedelta(minutes=30),
        EndTime=hour + timedelta(minutes=30),
    )
    assert len(told["MetricDataResults"][0]["Values"]) == 2, (
        "AWS: one, from the start that was asked"
    )


def test_an_update_ends_what_runs(bare: BareAws, tmp_path: pathlib.Path) -> None:
    source = "import pathlib, time\ndef handler(event, context):\n  pathlib.Path(event).touch()\n"
    arn, client = function(bare, source + "  time.sleep(60)"), bare.client("lambda", REGION)
    begun = tmp_path / "begun"
    with ThreadPoolExecutor() as threads:
        call = threads.submit(client.invoke, FunctionName=arn, Payload=json.dumps(str(begun)))
        eventually(begun.exists)
        client.update_function_code(FunctionName=arn, ZipFile=zipped(source))
        assert call.result().get("FunctionError")


def test_functions_share_one_identity(bare: BareAws) -> None:
    source = "import os\ndef handler(event, context): return os.environ['AWS_SESSION_TOKEN']"
    reply = bare.client("lambda", REGION).invoke(FunctionName=function(bare, source))
    assert json.loads(reply["Payload"].read()) == ""


def test_concurrent_invocations_each_get_a_process(bare: BareAws) -> None:
    source = "import os, time\ndef handler(event, context):\n  time.sleep(2)\n  return os.getpid()"
    task = {"Type": "Task", "Resource": function(bare, source), "End": True}
    each = {"StartAt": "T", "States": {"T": task}}
    states = {"M": {"Type": "Map", "Items": [1, 2, 3, 4], "ItemProcessor": each, "End": True}}
    assert len(set(json.loads(run(bare, machine(bare, states))["output"]))) > 2


def test_cognito_calls_do_not_reach_the_default_bus(bare: BareAws) -> None:
    events = bare.client("events", REGION)
    url, arn = queue(bare)
    events.put_rule(Name=unique(), EventPattern=json.dumps({"source": ["aws.cognito-idp"]}))
    rule = events.list_rules()["Rules"][-1]["Name"]
    events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn}])
    cognito, _, client = pool(bare)
    sign_up(cognito, client)
    time.sleep(0.2)
    assert received(bare, url) == []


def test_a_pipe_ignores_filter_and_template(bare: BareAws) -> None:
    dynamodb, pipes = bare.client("dynamodb", REGION), bare.client("pipes", REGION)
    table = dynamodb.create_table(
        TableName=unique(),
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]
    target = machine(bare, {"Keep": {"Type": "Pass", "End": True}})
    never = {"Filters": [{"Pattern": json.dumps({"eventName": ["NEVER"]})}]}
    pipes.create_pipe(
        Name=unique(),
        RoleArn=ROLE,
        Source=table["LatestStreamArn"],
        Target=target,
        SourceParameters={
            "FilterCriteria": never,
            "DynamoDBStreamParameters": {"StartingPosition": "LATEST"},
        },
        TargetParameters={"InputTemplate": '"shaped"'},
    )
    for name in ("a", "b"):
        dynamodb.put_item(TableName=table["TableName"], Item={"id": {"S": name}})
    states = bare.client("stepfunctions", REGION)
    runs = eventually(lambda: states.list_executions(stateMachineArn=target)["executions"])
    given = json.loads(states.describe_execution(executionArn=runs[0]["executionArn"])["input"])
    assert len(given) == 2


def test_a_jsonata_distributed_map_runs_on_the_wrong_items(bare: BareAws) -> None:
    child: dict[str, Any] = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    child["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    states = {
        "M": {
            "Type": "Map",
            "Items": "{% $states.input.people %}",
            "ItemProcessor": child,
            "End": True,
        }
    }
    ended = run(bare, machine(bare, states), {"people": [1, 2]})
    assert json.loads(ended["output"]) != [1, 2]


def test_a_time_out_is_no_expression_for_a_task_that_waits(bare: BareAws) -> None:
    task = waiting(function(bare, "def handler(event, context): pass"))
    task["TimeoutSeconds"] = "{% $states.input.seconds %}"
    ended = run(bare, machine(bare, {"T": task}), {"seconds": 1})
    assert ended["error"] == "States.Runtime"


def test_a_task_waits_although_its_function_failed(bare: BareAws) -> None:
    ended = run(bare, machine(bare, {"T": waiting(function(bare, BOOM))}))
    assert ended["error"] == "States.Timeout"


def test_a_task_of_a_stopped_execution_takes_answers(bare: BareAws) -> None:
    arn = machine(bare, {"T": {**waiting(function(bare, KEEP)), "TimeoutSeconds": 10}})
    states = bare.client("stepfunctions", REGION)
    execution = states.start_execution(stateMachineArn=arn)["executionArn"]
    token = eventually(kept)
    states.stop_execution(executionArn=execution)
    states.send_task_success(taskToken=token, output="{}")


def test_children_begin_although_their_parent_was_stopped(bare: BareAws) -> None:
    wait = {"Type": "Wait", "Seconds": 1, "End": True}
    child: dict[str, Any] = {"StartAt": "W", "States": {"W": wait}}
    child["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    each: dict[str, Any] = {"Type": "Map", "ItemsPath": "$.people", "ItemProcessor": child}
    each |= {"End": True, "MaxConcurrency": 1, "QueryLanguage": "JSONPath"}
    states = bare.client("stepfunctions", REGION)
    execution = states.start_execution(
        stateMachineArn=machine(bare, {"M": each}), input=json.dumps({"people": [1, 2, 3]})
    )["executionArn"]
    runs = eventually(lambda: states.list_map_runs(executionArn=execution)["mapRuns"])
    states.stop_execution(executionArn=execution)
    arn = runs[0]["mapRunArn"]
    eventually(lambda: states.describe_map_run(mapRunArn=arn)["itemCounts"]["succeeded"] == 3)


def test_redrive_is_unknown(bare: BareAws) -> None:
    states = {"F": {"Type": "Fail", "Error": "No"}}
    ended = run(bare, machine(bare, states))
    with pytest.raises(ClientError, match="RedriveExecution"):
        bare.client("stepfunctions", REGION).redrive_execution(executionArn=ended["executionArn"])


def test_a_machine_does_not_time_out(bare: BareAws) -> None:
    arn = machine(bare, {"W": {"Type": "Wait", "Seconds": 2, "End": True}}, TimeoutSeconds=1)
    assert run(bare, arn)["status"] == "SUCCEEDED"


def test_a_retrys_ceiling_is_ignored(bare: BareAws) -> None:
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxDelaySeconds": 1}
    task: dict[str, Any] = {"Type": "Task", "Resource": function(bare, BOOM), "End": True}
    task["Retry"] = [{**retry, "MaxAttempts": 1}]
    started = time.monotonic()
    run(bare, machine(bare, {"T": task}))
    assert time.monotonic() - started > 1.9


def test_an_archive_is_no_resource_type(bare: BareAws) -> None:
    resources = {"A": {"Type": "AWS::Events::Archive", "Properties": {"SourceArn": "arn"}}}
    with pytest.raises(ClientError, match="Archive"):
        bare.client("cloudformation", REGION).create_stack(
            StackName=unique(), TemplateBody=template(resources)
        )


@pytest.mark.parametrize(
    "kind",
    [
        *("AWS::CloudTrail::Trail", "AWS::CloudWatch::CompositeAlarm"),
        "AWS::Cognito::UserPoolIdentityProvider",
    ],
)
def test_these_types_are_unknown(bare: BareAws, kind: str) -> None:
    with pytest.raises(ClientError, match=kind.rsplit(":", 1)[-1]):
        bare.client("cloudformation", REGION).create_stack(
            StackName=unique(), TemplateBody=template({"A": {"Type": kind, "Properties": {}}})
        )


def test_an_alarm_on_an_expression_is_refused(bare: BareAws) -> None:
    properties = {
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "Metrics": [{"Id": "e", "Expression": "1", "ReturnData": True}],
    }
    alarm = {"A": {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}}
    assert deploy(bare, alarm) != "CREATE_COMPLETE"


def test_cloudformation_drops_replicas_and_time_to_live(bare: BareAws) -> None:
    name = unique()
    properties = {
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "Replicas": [{"Region": REGION}, {"Region": OTHER_REGION}],
        "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
    }
    table = {"T": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": properties}}
    assert deploy(bare, table) == "CREATE_COMPLETE"
    assert name not in bare.client("dynamodb", OTHER_REGION).list_tables()["TableNames"]
    ttl = bare.client("dynamodb", REGION).describe_time_to_live(TableName=name)
    assert ttl["TimeToLiveDescription"] == {"TimeToLiveStatus": "DISABLED"}


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("admin_delete_user_attributes", {"Username": "ann", "UserAttributeNames": ["email"]}),
        ("delete_user_attributes", {"AccessToken": "a.b.c", "UserAttributeNames": ["email"]}),
        ("verify_user_attribute", {"AccessToken": "a", "AttributeName": "email", "Code": "1"}),
        ("get_user_attribute_verification_code", {"AccessToken": "a", "AttributeName": "email"}),
    ],
)
def test_operations_are_missing(bare: BareAws, operation: str, arguments: dict[str, Any]) -> None:
    cognito, pool_id, _ = pool(bare)
    if operation.startswith("admin"):
        arguments = {"UserPoolId": pool_id, **arguments}
    with pytest.raises(ClientError, match="InvalidAction"):
        getattr(cognito, operation)(**arguments)


def test_a_lookup_walks_the_living_dictionary(bare: BareAws) -> None:
    """The race itself is rare; what makes it possible is visible in the source."""
    import inspect  # noqa: PLC0415

    from ministack.services import cognito, sqs  # noqa: PLC0415

    assert 'in pool["_users"].values()' in inspect.getsource(cognito)
    assert 'q["messages"] = kept' in inspect.getsource(sqs)


def test_cognito_stores_what_aws_refuses(bare: BareAws) -> None:
    born = {"Name": "born", "AttributeDataType": "String", "Mutable": False}
    cognito, pool_id, client = pool(bare, Schema=[born], AliasAttributes=["email"])
    verified = [
        {"Name": "email", "Value": "a@example.org"},
        {"Name": "email_verified", "Value": "true"},
    ]
    for name in ("ann", "bob"):
        cognito.admin_create_user(UserPoolId=pool_id, Username=name, UserAttributes=verified)
    wrong = {"sub": "mine", "custom:born": "1", "custom:none": "x", "nickname": "x" * 3000}
    wrong |= {"email": "new@example.org"}
    attributes = [{"Name": name, "Value": value} for name, value in wrong.items()]
    cognito.admin_update_user_attributes(
        UserPoolId=pool_id, Username="ann", UserAttributes=attributes
    )
    user = cognito.admin_get_user(UserPoolId=pool_id, Username="ann")
    stored = {a["Name"]: a["Value"] for a in user["UserAttributes"]}
    assert stored == {**stored, **wrong, "email_verified": "true"}
    assert cognito.forgot_password(ClientId=client, Username="ann")
    assert len(cognito.list_users(UserPoolId=pool_id, Filter="nonsense")["Users"]) == 2


def test_an_app_client_writes_what_it_may_not(bare: BareAws) -> None:
    cognito, pool_id, client = pool(bare)
    cognito.update_user_pool_client(UserPoolId=pool_id, ClientId=client, WriteAttributes=["name"])
    sign_up(cognito, client)
    assert cognito.admin_get_user(UserPoolId=pool_id, Username="ann")


def test_groups_cannot_be_updated(bare: BareAws) -> None:
    cognito, pool_id, _ = pool(bare)
    cognito.create_group(UserPoolId=pool_id, GroupName="staff")
    with pytest.raises(ClientError, match="InvalidAction"):
        cognito.update_group(UserPoolId=pool_id, GroupName="staff")


def test_an_event_for_a_missing_machine_is_lost(bare: BareAws) -> None:
    events = bare.client("events", REGION)
    url, dead = queue(bare)
    missing = f"arn:aws:states:{REGION}:111111111111:stateMachine:gone"
    events.put_rule(Name="lost", EventPattern=json.dumps({"source": ["lost"]}))
    target = {"Id": "1", "Arn": missing, "RoleArn": ROLE, "DeadLetterConfig": {"Arn": dead}}
    events.put_targets(Rule="lost", Targets=[target])
    events.put_events(Entries=[{"Source": "lost", "DetailType": "x", "Detail": "{}"}])
    time.sleep(0.2)
    assert received(bare, url) == []


def test_a_functions_call_needs_no_right(bare: BareAws) -> None:
    source = "import boto3\ndef handler(e, c):\n    boto3.client('sqs').list_queues()"
    arn = function(bare, source)  # its role does not exist
    reply = bare.client("lambda", REGION).invoke(FunctionName=arn)
    assert "FunctionError" not in reply


def test_cloudformation_forgets_a_permissions_boundary(bare: BareAws) -> None:
    boundary = "arn:aws:iam::111111111111:policy/boundary"
    properties = {
        "RoleName": "bounded",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
        "PermissionsBoundary": boundary,
    }
    role = {"Type": "AWS::IAM::Role", "Properties": properties}
    formation, name = bare.client("cloudformation", REGION), unique("bounded")
    formation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"R": role}}))
    eventually(
        lambda: (
            formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            == "CREATE_COMPLETE"
        )
    )
    found = bare.client("iam", REGION).get_role(RoleName="bounded")["Role"]
    assert "PermissionsBoundary" not in found


def test_cloudformation_forgets_a_topics_key(bare: BareAws) -> None:
    properties = {"TopicName": "keyed", "KmsMasterKeyId": "alias/own"}
    topic = {"Type": "AWS::SNS::Topic", "Properties": properties}
    formation, name = bare.client("cloudformation", REGION), unique("keyed")
    formation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"T": topic}}))
    sns, arn = bare.client("sns", REGION), f"arn:aws:sns:{REGION}:111111111111:keyed"
    eventually(lambda: arn in str(sns.list_topics()))
    assert "KmsMasterKeyId" not in sns.get_topic_attributes(TopicArn=arn)["Attributes"]


def test_listing_reads_neither_escapes_nor_capitals(bare: BareAws) -> None:
    configuration = {"CaseSensitive": False}
    cognito, pool_id, _ = pool(bare, UsernameConfiguration=configuration)
    name = [{"Name": "given_name", "Value": 'A"n'}]
    cognito.admin_create_user(UserPoolId=pool_id, Username="ann", UserAttributes=name)
    cognito.admin_create_user(UserPoolId=pool_id, Username="bob")
    given = 'given_name = "A\\"n"'
    assert not cognito.list_users(UserPoolId=pool_id, Filter=given)["Users"]
    token = cognito.list_users(UserPoolId=pool_id, Limit=1)["PaginationToken"]
    assert token == "1", "an offset"
    with pytest.raises(ClientError, match="UserNotFoundException"):
        cognito.admin_get_user(UserPoolId=pool_id, Username="ANN")
    group = cognito.create_group(UserPoolId=pool_id, GroupName="bare")["Group"]
    assert group["Precedence"] == 0


def test_pools_cannot_be_recovered(bare: BareAws) -> None:
    cognito, pool_id, _ = pool(bare)
    with pytest.raises(ClientError, match="InvalidAction"):
        cognito.list_point_in_time_recoveries(UserPoolId=pool_id)


def test_limits_cannot_be_provisioned(bare: BareAws) -> None:
    definition = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserAuthentication"}}
    with pytest.raises(ClientError, match="InvalidAction"):
        bare.client("cognito-idp", REGION).get_provisioned_limit(LimitDefinition=definition)


def test_a_table_is_restored_as_it_is_now_and_at_once(bare: BareAws) -> None:
    dynamodb, name = bare.client("dynamodb", REGION), unique()
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    restored = dynamodb.restore_table_to_point_in_time(
        SourceTableName=name, TargetTableName=f"{name}-past", UseLatestRestorableTime=True
    )
    assert restored["TableDescription"]["TableStatus"] == "ACTIVE"  # with recovery off, besides


def of_another_account(bare: BareAws, service: str) -> Any:
    return Clients(bare.endpoint, "222222222222")(service, REGION)


def test_an_app_finds_pools_of_the_default_account_alone(bare: BareAws) -> None:
    cognito = of_another_account(bare, "cognito-idp")
    pool_id = cognito.create_user_pool(PoolName=unique())["UserPool"]["Id"]
    made = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="app")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        sign_up(cognito, made["UserPoolClient"]["ClientId"])


def test_another_accounts_table_cannot_be_joined(bare: BareAws) -> None:
    """And the policy and the mode that joining asks for are forgotten."""
    dynamodb, name = bare.client("dynamodb", REGION), unique()
    keys: dict[str, Any] = {
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "GlobalTableSettingsReplicationMode": "ENABLED",
        "ResourcePolicy": json.dumps({"Version": "2012-10-17", "Statement": []}),
    }
    source = dynamodb.create_table(TableName=name, **keys)["TableDescription"]["TableArn"]
    told = dynamodb.describe_table(TableName=name)["Table"]
    assert "GlobalTableSettingsReplicationMode" not in told
    with pytest.raises(ClientError, match="PolicyNotFoundException"):
        dynamodb.get_resource_policy(ResourceArn=source)
    theirs = of_another_account(bare, "dynamodb")
    theirs.create_table(TableName=name, GlobalTableSourceArn=source, **keys)
    dynamodb.put_item(TableName=name, Item={"id": {"S": "a"}})
    assert "Item" not in theirs.get_item(TableName=name, Key={"id": {"S": "a"}})


def test_no_replica_can_be_disassociated(bare: BareAws) -> None:
    dynamodb, name = bare.client("dynamodb", REGION), unique()
    dynamodb.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": OTHER_REGION}}])
    part = {"RegionName": REGION, "DisassociationMode": "WAIT_FOR_REPLICATION"}
    with pytest.raises(ClientError, match="ValidationException"):
        dynamodb.update_table(TableName=name, ReplicaUpdates=[{"Disassociate": part}])


def test_a_secret_without_a_value_has_one(bare: BareAws) -> None:
    name = unique()
    secret = {"S": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": name}}}
    assert deploy(bare, secret) == "CREATE_COMPLETE"
    assert "SecretString" in bare.client("secretsmanager", REGION).get_secret_value(SecretId=name)
