"""REST APIs of the local AWS: signatures, paths as they were sent, validators; and a canary."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.emulator import LocalAws
from local.gaps.signed_requests import MOST_SKEW, SECRET, Sent, is_signed
from tests.local.conftest import REGION, BareAws, eventually, function, unique

ACCOUNT, NOW = "111111111111", datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "http://api.example/v1/users/a%2Fb?by=origin_sub"
ECHO = """
import json
def handler(event, context):
    told = {name: event[name] for name in ("path", "resource", "pathParameters", "body")}
    return {"statusCode": 200, "body": json.dumps(told)}
"""


def _signed(
    secret: str = SECRET, service: str = "execute-api", region: str = REGION, body: bytes = b"{}"
) -> AWSRequest:
    request = AWSRequest("POST", URL, {"Content-Type": "application/json"}, body)
    SigV4Auth(Credentials(ACCOUNT, secret), service, region).add_auth(request)
    return request


def _arrived(request: AWSRequest, **changed: Any) -> Sent:
    parts = urlsplit(str(request.url))
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    given = {
        "method": request.method,
        "target": f"{parts.path}?{parts.query}",
        "headers": {**headers, "host": parts.netloc},
        "body": request.data,
    }
    return Sent(**{**given, **changed})


def test_a_right_signature_is_believed() -> None:
    assert is_signed(_arrived(_signed()), REGION, datetime.now(UTC))


@pytest.mark.parametrize(
    "request_",
    [
        _arrived(_signed(secret="another")),
        _arrived(_signed(service="s3")),
        _arrived(_signed(region="us-west-2")),
        _arrived(_signed(), body=b'{"enabled":true}'),
        _arrived(_signed(), method="DELETE"),
        _arrived(_signed(), target="/v1/users/a%2Fc?by=origin_sub"),
        _arrived(_signed(), target="/v1/users/a%2Fb?by=username"),
        _arrived(_signed(), headers={"authorization": "Bearer x"}),
        _arrived(_signed(), headers={}),
    ],
    ids=["secret", "service", "region", "body", "method", "path", "query", "bearer", "none"],
)
def test_any_other_is_not(request_: Sent) -> None:
    assert not is_signed(request_, REGION, datetime.now(UTC))


def test_an_old_signature_is_not() -> None:
    late = datetime.now(UTC) + MOST_SKEW + timedelta(seconds=5)
    assert not is_signed(_arrived(_signed()), REGION, late)


def _deployed(aws: LocalAws | BareAws) -> str:
    """An API with one method, by CloudFormation; its base path."""
    arn = function(aws, ECHO)
    target = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations"
    api = {"RestApiId": {"Ref": "Api"}}
    schema = {"type": "object", "required": ["name"]}
    method = {
        **api,
        "HttpMethod": "POST",
        "ResourceId": {"Ref": "Item"},
        "AuthorizationType": "AWS_IAM",
        "RequestModels": {"application/json": {"Ref": "Model"}},
        "RequestValidatorId": {"Ref": "Validator"},
        "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": target},
    }
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    resources = {
        "Api": ("RestApi", {"Name": unique("api")}),
        "Item": ("Resource", {**api, "ParentId": root, "PathPart": "{item}"}),
        "Model": (
            "Model",
            {**api, "Name": "M", "ContentType": "application/json", "Schema": schema},
        ),
        "Validator": ("RequestValidator", {**api, "Name": "v", "ValidateRequestBody": True}),
        "Method": ("Method", method),
        "Deployment": ("Deployment", api),
        "Stage": ("Stage", {**api, "DeploymentId": {"Ref": "Deployment"}, "StageName": "v1"}),
    }
    body: dict[str, Any] = {
        "Resources": {
            name: {"Type": f"AWS::ApiGateway::{kind}", "Properties": properties}
            for name, (kind, properties) in resources.items()
        },
        "Outputs": {"Id": {"Value": {"Ref": "Api"}}},
    }
    body["Resources"]["Deployment"]["DependsOn"] = "Method"
    formation, name = aws.client("cloudformation", REGION), unique("stack")
    formation.create_stack(StackName=name, TemplateBody=json.dumps(body))
    stack = eventually(
        lambda: (
            (found := formation.describe_stacks(StackName=name)["Stacks"][0])["StackStatus"]
            == "CREATE_COMPLETE"
            and found
        )
    )
    return f"{aws.endpoint}/_aws/execute-api/{stack['Outputs'][0]['OutputValue']}/v1"


def _post(url: str, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    request = AWSRequest("POST", url, {"Content-Type": "application/json"}, body)
    if headers is None:
        SigV4Auth(Credentials(ACCOUNT, SECRET), "execute-api", REGION).add_auth(request)
    told = dict(request.headers) | (headers or {})
    sent = urllib.request.Request(url, body, told, method="POST")  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(sent, timeout=120) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, None


@pytest.mark.local_aws
def test_a_rest_api_verifies_validates_and_keeps_the_path(aws: LocalAws) -> None:
    base = _deployed(aws)
    status, told = _post(f"{base}/a%2Fb%20c", b'{"name": 1}')
    assert status == 200
    assert told["path"] == "/a%2Fb%20c"
    assert told["resource"] == "/{item}"
    assert _post(f"{base}/a", b"{}")[0] == 400, "the model demands a name"
    assert _post(f"{base}/a", b'{"name": 1}', {"Authorization": "nonsense"})[0] == 403


@pytest.mark.local_aws
def test_canary_the_bare_emulator_does_none_of_it(bare: BareAws) -> None:
    """Fails once the emulator does: then drop `rest_api`, or the part of it."""
    base = _deployed(bare)
    nonsense = {"Authorization": "nonsense"}
    assert _post(f"{base}/a", b"{}", nonsense)[0] == 200, "neither verified nor validated"
    assert _post(f"{base}/a%2Fb", b'{"name": 1}', nonsense)[0] == 403, "an encoded slash parts"
