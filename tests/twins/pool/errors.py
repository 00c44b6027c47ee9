"""What the strict pool answers in place of Cognito's error codes, and what the port makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

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


class CognitoError(Exception):
    """One of Cognito's error answers: `code` as in the API reference, and why."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(f"{code}: {why}" if why else code)
        self.code = code


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
def as_port_errors() -> Iterator[None]:
    """Raise the port's errors."""
    try:
        yield
    except CognitoError as error:
        raise _AS_PORT_ERROR.get(error.code, MisconfiguredError)(error.code) from None


def invalid(why: str) -> CognitoError:
    """InvalidParameterException."""
    return CognitoError("InvalidParameterException", why)


def not_authorized(why: str) -> CognitoError:
    """NotAuthorizedException."""
    return CognitoError("NotAuthorizedException", why)
