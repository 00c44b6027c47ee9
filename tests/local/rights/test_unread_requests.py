"""What cannot be read is not allowed, and fails the run at its end.

The judges here are the tests' own, so that only these fail; they see the same roles.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from local.emulator import LocalAws
from local.gaps.function_identity import token_for
from local.protocol import Receive, Reply, Scope, Send, exchange
from local.rights.enforcing import Holder, Rights, RightsError
from local.rights.gate import RightsGate
from tests.local.conftest import REGION
from tests.local.rights.holders import allow, role

pytestmark = pytest.mark.local_aws
SIGNED = f"AWS4-HMAC-SHA256 Credential=111111111111/20261121/{REGION}/dynamodb/aws4_request, x"
UNREADABLE: list[dict[str, Any]] = [
    {},
    {"TableName": None, "Key": {"id": {"S": "x"}}},
    {"RequestItems": None},
    {"RequestItems": ["table"]},
]


@pytest.fixture(scope="module")
def mighty(aws: LocalAws) -> str:
    """A role that may do everything."""
    return role(aws, allow("*"))


@pytest.mark.parametrize("given", UNREADABLE, ids=str)
def test_a_parameter_that_cannot_be_read_is_unknown(mighty: str, given: dict[str, Any]) -> None:
    rights, who = Rights(), Holder(mighty, "lambda.amazonaws.com", "caller")
    operation = "BatchGetItem" if "RequestItems" in given else "GetItem"
    denied = rights.may(who, "dynamodb", operation, given, REGION)
    assert denied
    assert denied.unknown
    with pytest.raises(RightsError, match=f"a parameter of dynamodb {operation}: "):
        rights.check()


def asked(role_arn: str, rights: Rights, body: bytes, **headers: str) -> tuple[Reply, list[str]]:
    """A function's request at the gate: the answer, and the paths that came through."""
    came = list[str]()

    async def behind(scope: Scope, _receive: Receive, send: Send) -> None:
        came.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    told = {
        "x-amz-security-token": token_for({"FunctionName": "caller", "Role": role_arn}),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    pairs = [(name.encode(), value.encode()) for name, value in told.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": pairs}
    reply = asyncio.run(exchange(RightsGate(behind, rights), scope, body))
    return reply, came


LISTS = {"x_amz_target": "DynamoDB_20120810.ListTables", "authorization": SIGNED}


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        (b"[]", LISTS, "a body that is no JSON object"),
        (b"{", LISTS, "a body that is no JSON object"),
        (b"{}", {}, "an unsigned request POST /"),
    ],
    ids=["list", "broken", "unsigned"],
)
def test_a_request_that_cannot_be_read_is_unknown(
    mighty: str, body: bytes, headers: dict[str, str], words: str
) -> None:
    rights = Rights()
    reply, came = asked(mighty, rights, body, **headers)
    assert (reply.status, came) == (500, [])
    with pytest.raises(RightsError, match=rf"{words} \(asked by caller\)"):
        rights.check()


def test_one_that_can_be_read_comes_through(mighty: str) -> None:
    rights = Rights()
    reply, came = asked(mighty, rights, b"{}", **LISTS)
    assert (reply.status, came) == (200, ["/"])
    rights.check()
