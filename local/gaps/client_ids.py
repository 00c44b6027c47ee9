"""Gap: ids of app clients, which the emulator makes of capitals, too.

Cognito makes them of 26 lower-case letters and digits, as its API reference shows them
(CreateUserPoolClient: `1example23456789`). The configuration takes no others, so that a secret or a
name that was pasted in the place of an id is refused.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable

from local.patching import replace

_LETTERS = string.ascii_lowercase + string.digits
_LENGTH = 26


def install() -> None:
    """For clients made by calls and by templates."""
    from ministack.services import cognito  # noqa: PLC0415

    replace(cognito, "_client_id", _in_lower_case)


def _in_lower_case(_original: Callable[[], str]) -> Callable[[], str]:
    return lambda: "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
