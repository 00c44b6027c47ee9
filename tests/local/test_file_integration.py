"""A REST API that hands out a file, on the local AWS; and a canary."""

from __future__ import annotations

import pytest

from local.emulator import LocalAws
from local.gaps.file_integration import answered
from tests.local.conftest import REGION, BareAws, unique
from tests.local.reading import get
from tests.local.rights.holders import allow, role

pytestmark = pytest.mark.local_aws
TEXT = '{"region":"us-east-1"}'


def _served(aws: LocalAws | BareAws, reader: str) -> str:
    """An address that reads a file by a role."""
    files, bucket = aws.client("s3", REGION), unique("files")
    files.create_bucket(Bucket=bucket)
    files.put_object(Bucket=bucket, Key="a/b.json", Body=TEXT.encode())
    gateway = aws.client("apigateway", REGION)
    api = gateway.create_rest_api(name=unique("api"))["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    item = gateway.create_resource(restApiId=api, parentId=root, pathPart="active")["id"]
    method = {"restApiId": api, "resourceId": item, "httpMethod": "GET"}
    gateway.put_method(**method, authorizationType="NONE")
    gateway.put_integration(
        **method,
        type="AWS",
        integrationHttpMethod="GET",
        uri=f"arn:aws:apigateway:{REGION}:s3:path/{bucket}/a/b.json",
        credentials=reader,
        requestParameters={
            "integration.request.header.If-None-Match": "method.request.header.If-None-Match"
        },
    )
    etag = {"method.response.header.ETag": "integration.response.header.ETag"}
    for status, pattern in (("200", "200"), ("304", "304"), ("404", r"4\d{2}")):
        gateway.put_integration_response(
            **method,
            statusCode=status,
            selectionPattern=pattern,
            responseParameters=etag if status != "404" else {},
            responseTemplates={"application/json": "none"} if status == "404" else {},
        )
    gateway.create_deployment(restApiId=api, stageName="v1")
    return f"{aws.endpoint}/_aws/execute-api/{api}/v1/active"


def _reader(aws: LocalAws, action: str) -> str:
    return role(aws, allow(action), trusts="apigateway")


def test_a_file_is_read_by_the_role_of_the_integration(aws: LocalAws) -> None:
    address = _served(aws, _reader(aws, "s3:GetObject"))
    status, headers, body = get(address)
    assert (status, body) == (200, TEXT)
    assert get(address, If_None_Match=headers["ETag"])[0] == 304


def test_without_the_right_it_is_told_as_the_template_has_it(aws: LocalAws) -> None:
    assert get(_served(aws, _reader(aws, "s3:ListBucket")))[::2] == (404, "none")


def test_a_status_that_nothing_stands_for_is_an_error_of_the_gateway() -> None:
    responses = {"200": {"statusCode": "200", "selectionPattern": "200"}}
    assert answered({"integrationResponses": responses}, 503, {}, b"")[0] == 500


def test_the_emulator_takes_a_file_for_a_function(bare: BareAws) -> None:
    """Fails once the emulator reads files: then drop `file_integration`."""
    assert get(_served(bare, "arn:aws:iam::111111111111:role/any"))[0] >= 500
