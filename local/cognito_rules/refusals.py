"""How the rules say no."""

from __future__ import annotations


class CognitoError(Exception):
    """One of Cognito's error answers.

    code      as in the API reference
    message   what Cognito says with it
    reveals   that a user exists: a client that hides who exists is told something else instead
    """

    def __init__(self, code: str, message: str = "", *, reveals: bool = False) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code, self.message, self.reveals = code, message, reveals


def invalid(message: str, *, reveals: bool = False) -> CognitoError:
    """InvalidParameterException."""
    return CognitoError("InvalidParameterException", message, reveals=reveals)


def not_authorized(message: str, *, reveals: bool = False) -> CognitoError:
    """NotAuthorizedException."""
    return CognitoError("NotAuthorizedException", message, reveals=reveals)


def constraint(member: str, wanted: str) -> CognitoError:
    """What breaks a limit of the service model itself."""
    return invalid(
        f"1 validation error detected: Value at '{member}' failed to satisfy constraint: "
        f"Member must {wanted}"
    )
