"""What keeps AWS from answering, in words; the class and the code stand behind them. Pure."""

from __future__ import annotations

import re

from cognito_standby.core.domain.errors import (
    MisconfiguredError,
    ServiceUnavailableError,
    StandbyError,
    ThrottledError,
)

CREDENTIALS = re.compile(
    r"Expired\w*|InvalidClientTokenId|UnrecognizedClient\w*|InvalidSignature\w*|\w*Credential\w*"
    r"|\w*TokenRetrieval\w*|SSO\w*|UnauthorizedSSO\w*"
)
"""Codes and exceptions of the SDK by which AWS or the machine says that nobody is who asks."""
_SILENT = "no answer from AWS"


def in_words(error: StandbyError) -> str:
    """An error as an operator reads it: `no answer from AWS: ConnectTimeoutError
    (ServiceUnavailableError)`. Of what has no words of its own the class comes first."""
    name, told = type(error).__name__, str(error)
    words = _words(error, told)
    if not words:
        return f"{name}: {told}"
    return f"{told if told.startswith(words) else f'{words}: {told}'} ({name})"


def _words(error: StandbyError, told: str) -> str:
    match error:
        case ServiceUnavailableError():
            return _SILENT if told.startswith(_SILENT) else "AWS is not available"
        case ThrottledError():
            return "AWS takes no more calls for now"
        case MisconfiguredError() if found := CREDENTIALS.search(told):
            ended = found[0].startswith("Expired")
            return "credentials have ended" if ended else "there are no credentials that AWS takes"
        case _:
            return ""
