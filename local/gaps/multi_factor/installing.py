"""Puts the factors where the emulator has none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from local.gaps.multi_factor.challenges import Challenges
from local.gaps.multi_factor.choice import Choice
from local.gaps.multi_factor.preferences import Preferences
from local.gaps.multi_factor.sessions import Sessions
from local.gaps.multi_factor.set_up import TokenSetUp
from local.gaps.triggers.inside import Inside
from local.patching import replace

_ANSWERS = ("_respond_to_auth_challenge", "_admin_respond_to_auth_challenge")
_STARTS = ("_initiate_auth", "_admin_initiate_auth")


def install(inside: Inside) -> None:
    """After the triggers: a sign-in that is asked for a factor here has been told to them."""
    cognito, challenges = inside.cognito, Challenges(inside, Sessions())
    choice, setting_up = Choice(challenges), TokenSetUp(challenges)
    preferences = Preferences(cognito)
    replace(cognito, "_mfa_challenge_for_user", lambda _: challenges.after_password)
    replace(cognito, "_build_auth_result", challenges.before_tokens)
    for name in _ANSWERS:
        replace(cognito, name, challenges.around_answer)
        replace(cognito, name, choice.around_answer)
    for name in _STARTS:
        replace(cognito, name, choice.around_start)
    for name in (*_ANSWERS, *_STARTS):
        replace(cognito, name, _with_parameters)
    replace(cognito, "_associate_software_token", lambda _: setting_up.associate)
    replace(cognito, "_verify_software_token", lambda _: setting_up.verify)
    replace(cognito, "_admin_set_user_mfa_preference", lambda _: preferences.set_by_administrator)
    replace(cognito, "_set_user_mfa_preference", lambda _: preferences.set_by_person)
    replace(cognito, "_admin_get_user", preferences.of_administrator)
    replace(cognito, "_get_user", preferences.of_person)
    replace(cognito, "_dispatch_idp", lambda dispatch: _answering(cognito, preferences, dispatch))


def _answering(
    cognito: Any, preferences: Preferences, dispatch: Callable[..., Any]
) -> Callable[..., Any]:
    """Two operations that the emulator does not know."""
    from ministack.core.concurrency import run_reentrant  # noqa: PLC0415

    handlers = {
        "AdminGetUserAuthFactors": preferences.factors_for_administrator,
        "GetUserAuthFactors": preferences.factors_for_person,
    }

    async def dispatched(action: str, data: dict[str, Any]) -> Any:
        handler = handlers.get(action)
        if handler is None:
            return await dispatch(action, data)
        return await run_reentrant(cognito._run_idp_handler, handler, action, data)

    return dispatched


def _with_parameters(call: Callable[..., Any]) -> Callable[..., Any]:
    def called(data: dict[str, Any]) -> Any:
        status, headers, body = call(data)
        told = json.loads(body or b"{}")
        if "AuthenticationResult" in told:
            body = json.dumps({"ChallengeParameters": {}, **told}).encode()
        return status, headers, body

    return called
