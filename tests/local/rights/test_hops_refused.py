"""What services hand over by themselves does not arrive without its right, and the judge notes it.

Each test lets pass, in the end, what it had refused: nothing else kept it from arriving.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest

from local.emulator import LocalAws
from local.rights.enforcing import Rights
from local.rights.hops import Hops
from tests.local.conftest import REGION, document, eventually, trial, unique, zipped
from tests.local.rights.holders import allow, messages, put_policy, queue, refusals, role

pytestmark = pytest.mark.local_aws
LONG_AGO = "at(2020-01-01T00:00:00)"
ECHO = "def handler(event, context):\n    return {'statusCode': 200, 'body': '{}'}"
PASSED_ON = """
import boto3
def handler(event, context):
    body = event["Records"][0]["Sns"]["Message"]
    boto3.client("sqs").send_message(QueueUrl="QUEUE", MessageBody=body)
"""


def schedule(aws: LocalAws, **target: Any) -> str:
    """A schedule that was due long ago, and has been carried out; returns its name."""
    from ministack.services import scheduler  # noqa: PLC0415 - once it is started

    name = unique("schedule")
    aws.client("scheduler", REGION).create_schedule(
        Name=name,
        ScheduleExpression=LONG_AGO,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
    )
    scheduler._tick_schedules()  # it looks only every ten seconds by itself
    return name


def bodies(found: Any) -> list[str]:
    return [one["Body"] for one in found or ()]


def test_a_schedule_needs_its_role_for_a_queue(aws: LocalAws) -> None:
    (url, arn), by = queue(aws), role(aws, trusts="scheduler")
    name = schedule(aws, Arn=arn, RoleArn=by, Input='"refused"')
    eventually(lambda: refusals(aws, "sqs:SendMessage", arn) or messages(aws, url))
    (who,) = refusals(aws, "sqs:SendMessage", arn)
    assert who.endswith(f"/{by.rsplit('/', 1)[-1]}/{name}")
    put_policy(aws, by, allow("sqs:SendMessage", arn))
    schedule(aws, Arn=arn, RoleArn=by, Input='"taken"')
    assert bodies(eventually(lambda: messages(aws, url))) == ['"taken"']
    assert not messages(aws, url)


def test_a_schedule_needs_a_role_that_the_scheduler_may_assume(aws: LocalAws) -> None:
    url, arn = queue(aws)
    sends = allow("sqs:SendMessage", arn)
    others, own = role(aws, sends, trusts="events"), role(aws, sends, trusts="scheduler")
    schedule(aws, Arn=arn, RoleArn=others, Input='"refused"')
    eventually(lambda: refusals(aws, "sts:AssumeRole", others) or messages(aws, url))
    assert refusals(aws, "sts:AssumeRole", others)
    schedule(aws, Arn=arn, RoleArn=own, Input='"taken"')
    assert bodies(eventually(lambda: messages(aws, url))) == ['"taken"']
    assert not messages(aws, url)


def test_a_schedule_needs_its_role_for_a_dead_letter(aws: LocalAws) -> None:
    """Scheduler user guide, "Configuring a dead-letter queue": the schedule's role sends it."""
    (there, target), (url, dead), by = queue(aws), queue(aws), role(aws, trusts="scheduler")
    given = {"Arn": target, "RoleArn": by, "DeadLetterConfig": {"Arn": dead}}
    first = schedule(aws, **given)

    def seen() -> Any:
        arrived = messages(aws, url) or messages(aws, there)
        return arrived or refusals(aws, "sqs:SendMessage", dead)

    eventually(seen)
    (who,) = refusals(aws, "sqs:SendMessage", dead)
    assert who.endswith(f"/{by.rsplit('/', 1)[-1]}/{first}")
    put_policy(aws, by, allow("sqs:SendMessage", dead))
    name = schedule(aws, **given)
    (letter,) = eventually(lambda: messages(aws, url))
    told = {k: v["StringValue"] for k, v in letter["MessageAttributes"].items()}
    assert told["ERROR_CODE"] == "NO_PERMISSIONS"
    assert told["RULE_ARN"].endswith(f"/{name}"), "the first one's was sent"
    assert not messages(aws, url)


def unpermitted(aws: LocalAws, source: str) -> str:
    """A function that no service may invoke; returns its ARN."""
    made = aws.client("lambda", REGION).create_function(
        FunctionName=unique("closed"),
        Runtime="python3.13",
        Handler="index.handler",
        Role=trial(aws),
        Timeout=60,
        Code={"ZipFile": zipped(source)},
    )
    return str(made["FunctionArn"])


def permit(aws: LocalAws, arn: str, service: str, source: str) -> None:
    aws.client("lambda", REGION).add_permission(
        FunctionName=arn,
        StatementId=unique("permitted"),
        Action="lambda:InvokeFunction",
        Principal=f"{service}.amazonaws.com",
        SourceArn=source,
    )


def api(aws: LocalAws, function_arn: str) -> str:
    """A REST API whose root asks this function; returns its number."""
    gateway = aws.client("apigateway", REGION)
    made = gateway.create_rest_api(name=unique("api"))["id"]
    root = gateway.get_resources(restApiId=made)["items"][0]["id"]
    at = {"restApiId": made, "resourceId": root, "httpMethod": "GET"}
    gateway.put_method(**at, authorizationType="NONE")
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function_arn}/invocations"
    gateway.put_integration(**at, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
    gateway.create_deployment(restApiId=made, stageName="v1")
    return str(made)


def asked(aws: LocalAws, api_id: str) -> int:
    """The status of an API's answer."""
    url = f"{aws.endpoint}/_aws/execute-api/{api_id}/v1/"
    try:
        with urllib.request.urlopen(url, timeout=120) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_an_api_needs_the_functions_permission(aws: LocalAws) -> None:
    """And one for another API is none. API Gateway answers 500 to its caller."""
    arn = unpermitted(aws, ECHO)
    ours, other = api(aws, arn), api(aws, arn)
    whose = f"arn:aws:execute-api:{REGION}:{aws.account}"
    permit(aws, arn, "apigateway", f"{whose}:{other}/*/GET/")
    assert asked(aws, ours) == 500
    assert refusals(aws, "lambda:InvokeFunction", arn) == ["apigateway.amazonaws.com"]
    permit(aws, arn, "apigateway", f"{whose}:{ours}/*/GET/")
    assert asked(aws, ours) == 200


def test_a_topic_needs_the_functions_permission(aws: LocalAws) -> None:
    url, _ = queue(aws)
    sns, arn = aws.client("sns", REGION), unpermitted(aws, PASSED_ON.replace("QUEUE", url))
    topic = sns.create_topic(Name=unique("topic"))["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="refused")
    eventually(lambda: refusals(aws, "lambda:InvokeFunction", arn) or messages(aws, url))
    assert refusals(aws, "lambda:InvokeFunction", arn) == ["sns.amazonaws.com"]
    permit(aws, arn, "sns", topic)
    sns.publish(TopicArn=topic, Message="taken")
    assert bodies(eventually(lambda: messages(aws, url))) == ["taken"]
    assert not messages(aws, url)


@pytest.mark.parametrize("key", ["aws:SourceArn", "aws:SourceAccount"])
def test_a_trust_policy_may_ask_for_whom_the_service_acts(aws: LocalAws, key: str) -> None:
    """IAM user guide, "The confused deputy problem": the rule, and the account that it is in."""
    rule, account = f"arn:aws:events:{REGION}:{aws.account}:rule/ours", aws.account
    _, arn = queue(aws)
    sends = allow("sqs:SendMessage", arn)
    told = {"aws:SourceArn": (rule, f"{rule}-not"), "aws:SourceAccount": (account, "2" * 12)}
    ours, others = (only_for(aws, {key: value}, sends) for value in told[key])
    hops = Hops(Rights())
    assert hops.to_target({"Arn": arn, "RoleArn": ours}, rule) is None
    denied = hops.to_target({"Arn": arn, "RoleArn": others}, rule)
    assert denied
    assert (denied.action, denied.resource) == ("sts:AssumeRole", others)


def only_for(aws: LocalAws, source: dict[str, str], *statements: dict[str, Any]) -> str:
    """A role with these statements that EventBridge may assume for one source; its ARN."""
    arn = role(aws, *statements)
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": source},
    }
    aws.client("iam", REGION).update_assume_role_policy(
        RoleName=arn.rsplit("/", 1)[-1], PolicyDocument=document(trust)
    )
    return arn
