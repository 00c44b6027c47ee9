"""The same requests over the gateway of the local AWS, signed and not signed."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from botocore.awsrequest import AWSRequest

from tests.e2e.admin_client import AdminClient, Answer
from tests.e2e.local_stage import deployed
from tests.fuzz.harness import Raw, fuzz, operations

pytestmark = pytest.mark.local_aws
EXAMPLES = int(os.environ.get("FUZZ_DEPLOYED_EXAMPLES", "0"))
"""0: not in `make test`, for its length; `make fuzz` asks for some."""

SEED = int(os.environ.get("FUZZ_SEED", "0"))
USERS = ("ada", "bob", "cy")


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdminClient]:
    if not EXAMPLES:
        pytest.skip("runs by `make fuzz`")
    with deployed("username", tmp_path_factory.mktemp("fuzz")) as stage:
        client = AdminClient(stage, stage.outputs.primary)
        for name in USERS:
            assert client.call("POST", "/users", {"username": name}).status in (201, 202)
        yield client


def _sent(api: AdminClient, request: requests.PreparedRequest, *, signed: bool) -> Answer:
    body = request.body.encode() if isinstance(request.body, str) else request.body
    headers = {
        name: value
        for name, value in request.headers.items()
        if name.lower() in ("content-type", "idempotency-key", "if-match")
    }
    try:
        return api.send(AWSRequest(request.method, request.url, headers, body), signed=signed)
    except (ValueError, UnicodeError):
        return Answer(400, {"Content-Type": "application/problem+json"}, UNSENDABLE)


UNSENDABLE = json.dumps({"type": "x", "title": "no client sends this", "status": 400})
"""A header that HTTP cannot carry never leaves the client."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("operation", operations(), ids=lambda one: str(one.label))
def test_every_answer_is_as_documented(api: AdminClient, operation: Any) -> None:
    open_doors: Counter[int] = Counter()

    def send(request: requests.PreparedRequest) -> Raw:
        refused = _sent(api, request, signed=False)
        open_doors[refused.status] += 1
        assert refused.status in (400, 401, 403), "an unsigned request came in"
        answer = _sent(api, request, signed=True)
        return answer.status, dict(answer.headers), answer.text.encode()

    seen = fuzz(send, api.base, operation, EXAMPLES, USERS, SEED)
    assert not [status for status in seen if status >= 500], seen
    assert not [status for status in open_doors if status < 400]
    print(  # noqa: T201
        f"{operation.label}: {sum(seen.values())} signed {dict(sorted(seen.items()))}, "
        f"{sum(open_doors.values())} unsigned {dict(sorted(open_doors.items()))}"
    )
