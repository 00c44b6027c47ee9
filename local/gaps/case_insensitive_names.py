"""Gap: names in other capitals are not found in a case-insensitive pool.

In a pool with `UsernameConfiguration.CaseSensitive` false, a username, an e-mail address or a
preferred username signs in and is found in any capitals (Amazon Cognito developer guide, "User pool
case sensitivity"). The emulator compares exactly.

Limits: capitals are folded as Python folds them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.patching import replace


def install() -> None:
    """Look a name up again under the spelling that the pool holds."""
    from ministack.services import cognito  # noqa: PLC0415

    def wrap(resolve: Callable[..., Any]) -> Callable[..., Any]:
        def resolved(pool: dict[str, Any], username: Any) -> Any:
            user, error = resolve(pool, username)
            if user is not None or not isinstance(username, str) or is_case_sensitive(pool):
                return user, error
            spelling = held_spelling(pool, username)
            return resolve(pool, spelling) if spelling else (user, error)

        return resolved

    replace(cognito, "_resolve_user", wrap)


def is_case_sensitive(pool: Any) -> bool:
    """What the pool was created with; the API's default is sensitive."""
    return bool((pool.get("UsernameConfiguration") or {}).get("CaseSensitive", True))


def held_spelling(pool: Any, name: str) -> str:
    """A username, or a value of an attribute that signs in, equal but for its capitals; or ""."""
    wanted = name.casefold()
    signing = {*(pool.get("UsernameAttributes") or ()), *(pool.get("AliasAttributes") or ())}
    for username, user in list(pool["_users"].items()):
        values = [a["Value"] for a in user.get("Attributes", ()) if a["Name"] in signing]
        for held in (username, *values):
            if held != name and held.casefold() == wanted:
                return str(held)
    return ""
