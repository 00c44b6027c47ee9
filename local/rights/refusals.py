"""Refusals in the shape, with the code and the status that each service gives them.

Sources: each service's API reference, "Common errors"; SNS and SQS answer with 403 and names of
their own, the services that speak JSON with 400.
"""

from __future__ import annotations

from collections.abc import Mapping

from local.faults.model import INTERNAL
from local.faults.replies import error_reply
from local.protocol import Reply
from local.rights.enforcing import Denial

_FORBIDDEN = 403
_CODES = {
    "cloudwatch": "AccessDenied",
    "s3": "AccessDenied",
    "sns": "AuthorizationError",
    "sqs": "AccessDenied",
    "sts": "AccessDenied",
}
_OF_KEYS = {"sns": "KMSAccessDenied", "sqs": "KMS.AccessDeniedException"}
"""How a missing right on the key is told."""
_WITH_403 = ("cloudwatch", "lambda", "s3", "sns", "sqs", "sts", "xray")
_SIGNED = {"stepfunctions": "states", "cloudwatch": "monitoring", "dynamodbstreams": "dynamodb"}
"""botocore's name -> that of signatures, which the replies go by."""


def refusal(
    service: str, headers: Mapping[str, str], denied: Denial, *, head: bool = False
) -> Reply:
    """The service's own error. `head`: the answer to a HEAD request has no body."""
    code = _CODES.get(service, "AccessDeniedException")
    status = _FORBIDDEN if service in _WITH_403 else 400
    if denied.action.startswith("kms:") and service in _OF_KEYS:
        code, status = _OF_KEYS[service], 400
    reply = error_reply(_signed(service), headers, code, status, denied.text)
    return Reply(reply.status, reply.headers, b"") if head else reply


def internal_error(service: str, headers: Mapping[str, str], text: str) -> Reply:
    """For what cannot be judged: neither allowed nor refused."""
    return error_reply(_signed(service), headers, INTERNAL, 500, text)


def _signed(service: str) -> str:
    return _SIGNED.get(service, service)
