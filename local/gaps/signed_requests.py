"""Gap: a REST API method that demands IAM lets in everybody who sends any Authorization header.

API Gateway verifies the Signature Version 4 of such calls, for the service execute-api in its own
Region, and refuses one that is wrong or more than five minutes old ("Control access to a REST API
with IAM permissions", API Gateway developer guide; "Signing AWS API requests", IAM user guide).
Here the signature is computed again with the one secret that the local AWS has.

Limits: one secret for everybody; the caller's right to invoke is not judged; a signature in
the query is refused.
"""

from __future__ import annotations

import hmac
import re
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SECRET = "local"  # noqa: S105 - the local AWS has no other
SERVICE = "execute-api"
MOST_SKEW = timedelta(minutes=5)
_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,\s]+)/(?P<day>\d{8})/(?P<region>[a-z0-9-]+)/"
    r"(?P<service>[a-z0-9-]+)/aws4_request,\s*SignedHeaders=(?P<names>[a-z0-9;-]+),\s*"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Sent:
    """A request as it was sent. `target`: path and query, still encoded."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


sent: ContextVar[Sent | None] = ContextVar("sent", default=None)
"""The request that is being answered."""


def is_signed(request: Sent, region: str, now: datetime) -> bool:
    """Whether the request bears a valid signature for the Region's execute-api."""
    found = _HEADER.fullmatch(request.headers.get("authorization", "").strip())
    if found is None or (found["service"], found["region"]) != (SERVICE, region):
        return False
    names = found["names"].split(";")
    stamp = request.headers.get("x-amz-date", "")
    if not {"host", "x-amz-date"} <= set(names) or not _recent(stamp, found["day"], now):
        return False
    return hmac.compare_digest(_signature(request, names, stamp, found), found["signature"])


def _recent(stamp: str, day: str, now: datetime) -> bool:
    try:
        signed_at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return stamp.startswith(day) and abs(now - signed_at) <= MOST_SKEW


def _signature(request: Sent, names: list[str], stamp: str, found: re.Match[str]) -> str:
    host = request.headers.get("host", "")
    headers = {name: request.headers.get(name, "") for name in names}
    again = AWSRequest(request.method, f"http://{host}{request.target}", headers, request.body)
    again.context["timestamp"] = stamp
    signer = SigV4Auth(Credentials(found["key"], SECRET), SERVICE, found["region"])
    text = signer.string_to_sign(again, signer.canonical_request(again))
    return str(signer.signature(text, again))


def now() -> datetime:
    """The time that signatures are held against."""
    return datetime.now(UTC)
