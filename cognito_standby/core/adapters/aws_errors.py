"""From SDK errors to the project's taxonomy. Nothing else in the project knows SDK codes.

Only the operation and the code are carried on: an SDK message can quote attribute values, and a
task's error ends up in execution histories and logs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from cognito_standby.core.domain.errors import (
    MisconfiguredError,
    PoolPausedError,
    RefusedByPoolError,
    RefusedByTriggerError,
    ServiceUnavailableError,
    StandbyError,
    ThrottledError,
)

_SERVER_ERROR = 500
_PLACE = re.compile(r"userAttributes\.([1-9][0-9]*)\.member")
_FORMATS = {"Invalid phone number format": "phone_number", "Invalid email address": "email"}

_TRIGGER_FAILED = "UnexpectedLambdaException"
_NOT_REACHED = ("TooManyRequestsException", "Socket timeout")
"""In the text of a trigger's failure: Lambda had no room for it, or it was late. It has refused
nobody then, and is asked again. Another reason is about the trigger itself, until it is fixed."""

_BY_CODE: Mapping[str, type[StandbyError]] = {
    **dict.fromkeys(
        (
            "ProvisionedThroughputExceeded",
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "RequestThrottled",
            "SlowDown",
            "Throttling",
            "ThrottlingError",
            "ThrottlingException",
            "ThrottledException",
            "TooManyRequestsException",
        ),
        ThrottledError,
    ),
    **dict.fromkeys(
        (
            "ConcurrentModificationException",
            "InternalErrorException",
            "InternalFailure",
            "InternalServerError",
            "ReplicatedWriteConflictException",
            "RequestTimeout",
            "ServiceUnavailable",
            "TransactionConflict",
            "TransactionConflictException",
            "TransactionInProgressException",
        ),
        ServiceUnavailableError,
    ),
    **dict.fromkeys(
        (
            "CodeDeliveryFailureException",
            "InvalidParameterException",
            "InvalidPasswordException",
            "LimitExceededException",
            "PreconditionNotMetException",
            "UnsupportedUserStateException",
        ),
        RefusedByPoolError,
    ),
    # What Cognito answers to a write while the pool is being recovered is not documented. Every
    # write that we make lists this code, "not available ... for the current user pool
    # configuration", and no other that fits. Reads list it, too, and a secondary of Cognito's own
    # replication answers with it for good: then the waits end in a dead letter.
    "OperationNotEnabledException": PoolPausedError,
    **dict.fromkeys(
        (
            "InvalidLambdaResponseException",
            _TRIGGER_FAILED,
            "UserLambdaValidationException",
        ),
        RefusedByTriggerError,
    ),
}


def code_of(error: ClientError) -> str:
    """The error code of an SDK error."""
    return str(error.response.get("Error", {}).get("Code", "Unknown"))


def said_by(error: ClientError) -> str:
    """Operation and code, in words where the code is none: the SDK then gives the answer's HTTP
    status, as of an endpoint that does not know the service."""
    code = code_of(error)
    if not code.isdigit():
        return f"{error.operation_name}: {code}"
    return (
        f"{error.operation_name}: HTTP {code} without an error code; what answers there does not "
        "know this service, as the local AWS knows no Service Quotas"
    )


def cancelled_by(error: ClientError) -> frozenset[str]:
    """The reasons for which DynamoDB cancelled a transaction; empty for any other error."""
    reasons = error.response.get("CancellationReasons", [])
    return frozenset(reason.get("Code", "None") for reason in reasons) - {"None"}


def is_refused(error: ClientError) -> bool:
    """Whether the condition of a write to DynamoDB did not hold."""
    return code_of(error) == "ConditionalCheckFailedException"


def _was_not_reached(error: ClientError) -> bool:
    text = str(error.response.get("Error", {}).get("Message", ""))
    return any(reason in text for reason in _NOT_REACHED)


def named_in(message: str, given: Iterable[str]) -> tuple[str, ...]:
    """The attributes, of those that a call gave, which Cognito's message says it was refused for.

    Its message can quote a value, so nothing of it is carried on but names that we sent. What it
    looks like: "Attributes did not conform to the schema: custom:plan: String must ...", "user.sub:
    Attribute cannot be updated.", "Invalid phone number format.", and "Value ... at
    'userAttributes.2.member.value' failed to satisfy constraint".
    """
    names = tuple(given)
    if places := _PLACE.findall(message):
        return tuple(names[int(place) - 1] for place in places if int(place) <= len(names))
    found = [name for text, name in _FORMATS.items() if text in message and name in names]
    return tuple(found) or tuple(
        name
        for name in names
        if re.search(rf"(?:^|\s|user\.){re.escape(name)}(?::\s|\.?\s*$)", message)
    )


def to_standby_error(
    error: ClientError | BotoCoreError,
    also: Mapping[str, type[StandbyError]] | None = None,
    given: Iterable[str] = (),
) -> StandbyError:
    """The error of the taxonomy; an unforeseen one is a MisconfiguredError, which fails in place
    and so reaches an operator."""
    found = _found(error, also, given)
    if isinstance(error, ClientError):
        found.asked_again = error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0) > 0
    return found


def _found(
    error: ClientError | BotoCoreError,
    also: Mapping[str, type[StandbyError]] | None,
    given: Iterable[str],
) -> StandbyError:
    if not isinstance(error, ClientError):
        # botocore keeps what fails before a connection stands (time-out, refusal, DNS, TLS) and
        # what fails on it in two families.
        unreachable = isinstance(error, HTTPClientError | ConnectionError)
        kind = ServiceUnavailableError if unreachable else MisconfiguredError
        trouble = "no answer from AWS" if unreachable else "the SDK cannot call AWS"
        return kind(f"{trouble}: {type(error).__name__}")
    code = code_of(error)
    known = {**_BY_CODE, **(also or {})}
    if code == _TRIGGER_FAILED and _was_not_reached(error):
        return ThrottledError(f"{error.operation_name}: {code}")
    if reasons := cancelled_by(error):
        code = sorted(reasons)[0]
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code not in known and status >= _SERVER_ERROR:
        return ServiceUnavailableError(f"{error.operation_name}: {code}")
    text, family = f"{error.operation_name}: {code}", known.get(code, MisconfiguredError)
    if family is RefusedByPoolError:
        told = str(error.response.get("Error", {}).get("Message", ""))
        return RefusedByPoolError(text, named_in(told, given))
    return family(text)


@contextmanager
def translated(
    also: Mapping[str, type[StandbyError]] | None = None, given: Iterable[str] = ()
) -> Iterator[None]:
    """Raise SDK errors as the project's own; `also` adds codes for one call, `given` are the
    attributes that it gives, one of which a refusal may name."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise to_standby_error(error, also, given) from None


def unless_refused(call: Callable[[], object]) -> bool:
    """Make a conditional write to DynamoDB; False: its condition did not hold."""
    with translated():
        try:
            call()
        except ClientError as error:
            if is_refused(error):
                return False
            raise
    return True
