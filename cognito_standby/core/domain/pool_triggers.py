"""Lambda triggers of a pool that bear on replays into it, and are not ours. Pure.

Source: "Customizing user pool workflows with Lambda triggers", Amazon Cognito Developer Guide.
CustomMessage and the senders are left out, because a replay sends no message, and later messages to
people are the owner's. So are those of sign-in and tokens. PostConfirmation never fires for a
creation by an administrator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CONSEQUENCES: Mapping[str, str] = {
    "PreSignUp": "it is asked for every user that a replay makes, and each one whom it refuses "
    "stays out, quarantined",
    "UserMigration": "it can make somebody at their sign-in who is not replayed yet; the replay "
    "then waits for the name, and an operator",
}
"""Trigger -> what it does to replays."""

ADVICE: Mapping[str, str] = {
    "PreSignUp": "let it return the event where triggerSource is PreSignUp_AdminCreateUser",
    "UserMigration": "let it find nobody who is in the records, or take it away",
}
"""Trigger -> what to do."""


OURS = ("-pre_sign_up", "-user_migration")
"""How the names of our own functions end (`stacks/names.py`). The former lets in whom an
administrator makes; if it asks an owner's function, the config says so. The latter notes whom it
makes as a replay does, and no replay makes them."""


def bearing_on_replays(config: Mapping[str, object]) -> tuple[str, ...]:
    """The names of these triggers in a pool's LambdaConfig."""
    found = {name: str(config.get(name) or "") for name in CONSEQUENCES}
    return tuple(name for name, function in found.items() if function and not _is_ours(function))


def _is_ours(function: str) -> bool:
    return function.endswith(OURS)


def is_filled_on_demand(config: Mapping[str, object]) -> bool:
    """Whether a pool asks our function about whoever it does not know, by its LambdaConfig."""
    return str(config.get("UserMigration") or "").endswith(OURS[1])


def remarks(triggers: Iterable[str]) -> list[str]:
    """What an operator should know before the first refusal."""
    return [
        f"the pool has a trigger {name}: {CONSEQUENCES[name]}; {ADVICE[name]}"
        for name in triggers
        if name in CONSEQUENCES
    ]
