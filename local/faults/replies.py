"""Errors in the shape and with the status that each service gives them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from xml.sax.saxutils import escape

from local.faults.model import INTERNAL, THROTTLED, UNAVAILABLE
from local.protocol import Reply

_MESSAGE = "injected by the local AWS"
_SERVER_ERROR = 500
_NAMES: Mapping[str, Mapping[str, str]] = {
    "cognito-idp": {INTERNAL: "InternalErrorException", THROTTLED: "TooManyRequestsException"},
    "dynamodb": {
        INTERNAL: "InternalServerError",
        THROTTLED: "ProvisionedThroughputExceededException",
    },
    "sqs": {INTERNAL: "InternalFailure", THROTTLED: "RequestThrottled"},
    "events": {INTERNAL: "InternalException", THROTTLED: "ThrottlingException"},
    "lambda": {INTERNAL: "ServiceException", THROTTLED: "TooManyRequestsException"},
    "s3": {INTERNAL: "InternalError", THROTTLED: "SlowDown"},
}
_OTHERS = {INTERNAL: "InternalFailure", THROTTLED: "ThrottlingException"}
_STATUS = {
    **dict.fromkeys(
        ("InternalErrorException", "InternalServerError", "InternalFailure", "InternalException"),
        500,
    ),
    **dict.fromkeys(("InternalError", "ServiceException", "InternalServerException"), 500),
    **dict.fromkeys(("ServiceUnavailable", "ServiceUnavailableException", "SlowDown"), 503),
}
_JSON_1_0 = ("dynamodb", "sqs", "states")
_PREFIX = {"dynamodb": "com.amazonaws.dynamodb.v20120810#", "sqs": "com.amazonaws.sqs#"}


def code_for(service: str, code: str) -> str:
    """The service's own name of `internal`, `throttled` and `unavailable`; other codes as given."""
    if code == UNAVAILABLE:
        return "ServiceUnavailable"
    return {**_OTHERS, **_NAMES.get(service, {})}.get(code, code)


def status_for(service: str, code: str, given: int = 0) -> int:
    """The HTTP status; 429 is Lambda's own way to say throttled."""
    if given:
        return given
    if service == "lambda" and code == "TooManyRequestsException":
        return 429
    return _STATUS.get(code, 400)


def error_reply(
    service: str, headers: Mapping[str, str], code: str, status: int = 0, text: str = _MESSAGE
) -> Reply:
    """An error as the caller's SDK expects it."""
    code = code_for(service, code)
    status = status_for(service, code, status)
    if "rpc-v2-cbor" in headers.get("smithy-protocol", ""):
        return _cbor(code, status, text)
    if "x-amz-target" in headers or service in ("lambda", "xray"):
        return _json(service, code, status, text)
    return _xml(service, code, status, text)


def _json(service: str, code: str, status: int, text: str) -> Reply:
    version = "1.0" if service in _JSON_1_0 else "1.1"
    body = {"__type": _PREFIX.get(service, "") + code, "message": text}
    fault = "Receiver" if status >= _SERVER_ERROR else "Sender"
    headers = [
        (b"content-type", f"application/x-amz-json-{version}".encode()),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        (b"x-amzn-errortype", code.encode()),
    ]
    if service == "sqs":
        headers.append((b"x-amzn-query-error", f"{code};{fault}".encode()))
    return Reply(status, tuple(headers), json.dumps(body).encode())


def _xml(service: str, code: str, status: int, text: str) -> Reply:
    error = f"<Code>{code}</Code><Message>{escape(text)}</Message>"
    if service == "s3":
        body = f"<Error>{error}</Error>"
    else:
        kind = "Receiver" if status >= _SERVER_ERROR else "Sender"
        number = f"<RequestId>{uuid.uuid4()}</RequestId>"
        error = f"<Error><Type>{kind}</Type>{error}</Error>"
        body = f"<ErrorResponse>{error}{number}</ErrorResponse>"
    return Reply(status, ((b"content-type", b"text/xml"),), body.encode())


def _cbor(code: str, status: int, text: str) -> Reply:
    """A map of two texts: RFC 8949, major types 5 and 3."""
    pairs = (("__type", code), ("message", text))
    body = bytes([0xA0 + len(pairs)]) + b"".join(_text(part) for pair in pairs for part in pair)
    headers = ((b"content-type", b"application/cbor"), (b"smithy-protocol", b"rpc-v2-cbor"))
    return Reply(status, headers, body)


def _text(value: str) -> bytes:
    raw = value.encode()
    return b"\x79" + len(raw).to_bytes(2, "big") + raw
