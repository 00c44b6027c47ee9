"""Gap: names in other capitals are not found in a case-insensitive pool, and all subs are names.

Whom a name means says the rule book (`local/cognito_rules/names.py`): capitals do not matter in a
pool with `UsernameConfiguration.CaseSensitive` false, and a sub is a name of local users only. The
emulator compares exactly, and knows every sub.

Limits: capitals are folded as Python folds them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.cognito_store import Pool
from local.patching import replace


def install() -> None:
    """Let the book say whom the emulator finds."""
    from ministack.services import cognito  # noqa: PLC0415

    def wrap(resolve: Callable[..., Any]) -> Callable[..., Any]:
        def resolved(pool: dict[str, Any], username: Any) -> Any:
            if not isinstance(username, str) or username in pool["_users"]:
                return resolve(pool, username)
            user = Pool("", "", "", pool).find(username)
            return resolve(pool, user.username if user else None)

        return resolved

    replace(cognito, "_resolve_user", wrap)
