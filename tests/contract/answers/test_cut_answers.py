"""An answer that breaks off is an error of the taxonomy and never a shorter answer: botocore takes
half a JSON body for one without fields, and half of "here is the item" for "there is none"."""

from __future__ import annotations

import re
from binascii import crc32
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config

from cognito_standby.core.adapters import clients, trigger_clients
from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.whole_answers import CutAnswerError
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.reconciliation.adapters.run_files import S3RunFiles
from tests.contract.answers.cutting import Answer, answering
from tests.contract.answers.every_call import CALLS
from tests.contract.backends import PRIMARY

ITEM = '{"Item": {"origin_sub": {"S": "o-ann"}, "name": {"S": "Zoë"}}}'.encode()
ROWS = b"one row\nanother\n"
CUT = {
    "nothing of it": Answer(b"", len(ITEM)),
    "half": Answer(ITEM[:20], len(ITEM)),
    "half of a letter": Answer(ITEM[: ITEM.index("ë".encode()) + 1], len(ITEM)),
    "what looks whole": Answer(b"{}", len(ITEM)),
    "in chunks": Answer(ITEM[:20], None),
}

pytestmark = pytest.mark.usefixtures("no_credentials")


@pytest.mark.parametrize("cut", CUT)
def test_no_call_takes_a_cut_answer(cut: str) -> None:
    """Of reads and writes alike: whether a write was done is not known, as where a connection
    breaks, and every step looks again before it goes on."""
    with answering(CUT[cut]) as service:
        for name, call in CALLS.items():
            with pytest.raises(ServiceUnavailableError) as caught:
                call(service.make)
            assert "no answer from AWS" in str(caught.value), name


def test_a_refusal_that_is_cut_is_no_refusal() -> None:
    """Its code is lost, and what nobody foresaw would fail for good."""
    body = b'{"__type": "TooManyRequestsException"}'
    answer = Answer(body[:12], len(body), status=400)
    with answering(answer) as service, pytest.raises(ServiceUnavailableError):
        CALLS["pool: user"](service.make)


@pytest.mark.parametrize("attempts", [1, 2])
def test_a_wrong_checksum_is_not_taken_at_the_last_attempt(attempts: int) -> None:
    """As botocore does: it tries again, and then hands out what it has."""
    changed = ITEM.replace(b"o-ann", b"o-ben")
    with answering(Answer(changed, len(changed), {"x-amz-crc32": str(crc32(ITEM))})) as service:
        client = service.make("dynamodb", attempts)
        with pytest.raises(ServiceUnavailableError), translated():
            client.get_item(TableName="records", Key={"origin_sub": {"S": "o-ann"}})


def test_a_whole_answer_is_taken() -> None:
    with answering(Answer(ITEM, len(ITEM), {"x-amz-crc32": str(crc32(ITEM))})) as service:
        client = service.make("dynamodb")
        answer = client.get_item(TableName="records", Key={"origin_sub": {"S": "o-ann"}})
        assert answer["Item"]["name"] == {"S": "Zoë"}
    with answering(Answer(b"", 0)) as service:
        service.make("cognito-idp").admin_delete_user(UserPoolId="us-east-1_abc", Username="ann")


FILES: dict[str, tuple[Answer, Callable[[S3RunFiles], Any]]] = {
    "rows, where one ends": (
        Answer(ROWS[:8], len(ROWS)),
        lambda files: files.read_range("runs/one/p.rows", 0, len(ROWS)),
    ),
    "a whole file": (Answer(ROWS[:8], len(ROWS)), lambda files: files.read("runs/one/p.rows")),
    "in chunks": (Answer(ROWS[:8], None), lambda files: files.read("runs/one/p.rows")),
    "not what was written": (
        Answer(ROWS, len(ROWS), {"x-amz-checksum-crc32": "AAAAAA=="}),
        lambda files: files.read("runs/one/p.rows"),
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_breaks_off_is_named(case: str) -> None:
    answer, read = FILES[case]
    named = pytest.raises(ServiceUnavailableError, match=re.escape("runs/one/p.rows"))
    with answering(answer) as service, named:
        read(S3RunFiles(service.make("s3"), "bucket"))


def test_half_a_list_of_files_is_none() -> None:
    page = b"<ListBucketResult><Contents><Key>runs/one/a</Key></Contents></ListBucketResult>"
    answer = Answer(page[:20], len(page))
    with answering(answer) as service, pytest.raises(ServiceUnavailableError):
        S3RunFiles(service.make("s3"), "bucket").names("runs/")


@pytest.mark.parametrize(
    "make",
    [
        *(clients.s3, clients.sns, clients.cognito),
        *(clients.dynamodb, clients.events, clients.stepfunctions),
        lambda: Connection().client("cloudformation", PRIMARY),
        lambda: clients.of("dynamodb"),
        lambda: trigger_clients.of("events", Config()),
    ],
)
def test_every_client_of_ours_looks(make: Callable[[], Any], monkeypatch: Any) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", PRIMARY)
    client = make()
    operation = client.meta.service_model.operation_model(
        client.meta.service_model.operation_names[0]
    )
    cut = {"body": b"{}", "headers": {"content-length": "9"}, "status_code": 200}
    with pytest.raises(CutAnswerError):
        client.meta.events.emit("before-parse.x.y", operation_model=operation, response_dict=cut)


def test_what_the_sdk_does_by_itself() -> None:
    """The reason for all of this: fails when the SDK learns it, and `whole_answers` can go."""
    with answering(CUT["half"]) as service:
        made: Any = boto3.client
        url = f"http://127.0.0.1:{service.server_port}"
        config = Config(retries={"total_max_attempts": 1})
        client = made("dynamodb", region_name=PRIMARY, endpoint_url=url, config=config)
        answer = client.get_item(TableName="records", Key={"origin_sub": {"S": "o-ann"}})
        assert "Item" not in answer
