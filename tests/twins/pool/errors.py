"""What the strict pool answers in place of Cognito's error codes, and what the port makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from cognito_standby.core.adapters.aws_errors import named_in
from cognito_standby.core.domain.errors import (
    DependencyMissingError,
    MisconfiguredError,
    NameHeldError,
    NotYetVisibleError,
    PoolPausedError,
    RefusedByPoolError,
    RefusedByTriggerError,
    StandbyError,
    ThrottledError,
)
from local.cognito_rules.refusals import CognitoError

__all__ = ["CognitoError", "as_port_errors"]

_AS_PORT_ERROR: Mapping[str, type[StandbyError]] = {
    "UsernameExistsException": NameHeldError,
    "AliasExistsException": NameHeldError,
    "UserNotFoundException": NotYetVisibleError,
    "ResourceNotFoundException": DependencyMissingError,
    "TooManyRequestsException": ThrottledError,
    "InvalidParameterException": RefusedByPoolError,
    "InvalidPasswordException": RefusedByPoolError,
    "LimitExceededException": RefusedByPoolError,
    "NotAuthorizedException": RefusedByPoolError,
    "OperationNotEnabledException": PoolPausedError,
    "UserLambdaValidationException": RefusedByTriggerError,
}


@contextmanager
def as_port_errors(given: Iterable[str] = ()) -> Iterator[None]:
    """Raise the port's errors; `given`: the attributes of the call, one of which may be named."""
    try:
        yield
    except CognitoError as error:
        kind = _AS_PORT_ERROR.get(error.code, MisconfiguredError)
        if kind is RefusedByPoolError:
            raise RefusedByPoolError(error.code, named_in(error.message, given)) from None
        raise kind(error.code) from None
