"""Refuses an answer that was truncated or changed on its way.

botocore reads an answer's body without holding it to its Content-Length (`httpsession.py`,
`enforce_content_length=False`), and a JSON body that cannot be parsed counts as one without fields
(`parsers.py`, `_parse_body_as_json`): half of GetItem's answer says "there is no item", half of a
page "nothing follows". Only bodies that are streamed (GetObject) are held to their length. Of
checksums, DynamoDB's `x-amz-crc32` makes the SDK try again, and its last attempt counts whatever
the checksum says (`retries/special.py`). A chunked body that breaks off is noticed by urllib3.
"""

from __future__ import annotations

from binascii import crc32
from collections.abc import Mapping
from typing import Any, TypeVar

from botocore.exceptions import ConnectionError

_Client = TypeVar("_Client")
_WITHOUT_BODY = (204, 304)


class CutAnswerError(ConnectionError):
    """The service answered, and its answer is lost: the request may have taken effect or not, as
    when a connection breaks."""

    fmt = "The answer to {operation} is not whole."


def whole(client: _Client) -> _Client:
    """The client, which from now on looks at its answers before they are parsed."""
    made: Any = client
    made.meta.events.register("before-parse", _look, unique_id="cognito-standby-whole-answers")
    return client


def _look(operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    """CutAnswerError: the answer is not whole."""
    body, headers = response_dict["body"], response_dict["headers"]
    if not isinstance(body, bytes) or operation_model.http.get("method") == "HEAD":
        return
    length, checksum = headers.get("content-length"), headers.get("x-amz-crc32")
    cut = length is not None and response_dict["status_code"] not in _WITHOUT_BODY
    if (cut and str(len(body)) != str(length).strip()) or (
        checksum is not None and str(crc32(body)) != str(checksum).strip()
    ):
        raise CutAnswerError(operation=operation_model.name)
