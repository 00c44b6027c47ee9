"""Gap: names in other capitals are not found in a case-insensitive pool.

In a pool with `UsernameConfiguration.CaseSensitive` false, a username, an e-mail address or a
preferred username signs in and is found in any capitals (Amazon Cognito developer guide, "User pool
case sensitivity"). The emulator compares exactly.

Limits: capitals are folded as Python folds them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.cognito_store import held_spelling
from local.patching import replace


def install() -> None:
    """Look a name up again under the spelling that the pool holds."""
    from ministack.services import cognito  # noqa: PLC0415

    def wrap(resolve: Callable[..., Any]) -> Callable[..., Any]:
        def resolved(pool: dict[str, Any], username: Any) -> Any:
            user, error = resolve(pool, username)
            missed = user is None and isinstance(username, str)
            spelling = held_spelling(pool, username) if missed else ""
            return resolve(pool, spelling) if spelling else (user, error)

        return resolved

    replace(cognito, "_resolve_user", wrap)
