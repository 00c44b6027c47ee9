"""Who has turned on which factor, and what is told of it.

API reference, AdminSetUserMFAPreference, SetUserMFAPreference, AdminGetUser, GetUser,
AdminGetUserAuthFactors, GetUserAuthFactors. What is empty is not told.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.cognito_factors import pool_factors, user_factors, write
from local.cognito_rules.factors import (
    Second,
    check_preference,
    configured,
    listed,
    preferring,
)
from local.gaps.triggers.invoking import AnsweredError
from local.protocol import Reply

OK = 200
_SETTINGS = {
    "SMSMfaSettings": Second.SMS,
    "SoftwareTokenMfaSettings": Second.TOKEN,
    "EmailMfaSettings": Second.EMAIL,
}
_UNTOLD_IF_EMPTY = ("UserMFASettingList", "PreferredMfaSetting", "MFAOptions")
Person = tuple[dict[str, Any], dict[str, Any]]


@dataclass
class Preferences:
    """The operations, on the emulator's own records."""

    cognito: Any

    def set_by_administrator(self, data: dict[str, Any]) -> Any:
        """AdminSetUserMFAPreference."""
        return self._prefer(self._named(data), data)

    def set_by_person(self, data: dict[str, Any]) -> Any:
        """SetUserMFAPreference."""
        return self._prefer(self._signed_in(data), data)

    def factors_for_administrator(self, data: dict[str, Any]) -> Any:
        """AdminGetUserAuthFactors."""
        return self._factors(self._named(data))

    def factors_for_person(self, data: dict[str, Any]) -> Any:
        """GetUserAuthFactors."""
        self.cognito._pin_unsigned_idp_scope(data)
        return self._factors(self._signed_in(data))

    def around_look(self, find: Callable[[dict[str, Any]], Person]) -> Callable[..., Any]:
        """AdminGetUser or GetUser with the factors in it."""

        def wrap(look: Callable[..., Any]) -> Callable[..., Any]:
            def looked(data: dict[str, Any]) -> Any:
                status, headers, body = look(data)
                if status != OK:
                    return status, headers, body
                told = {**json.loads(body), **_told(find(data))}
                kept = {n: v for n, v in told.items() if v or n not in _UNTOLD_IF_EMPTY}
                return status, headers, json.dumps(kept).encode()

            return looked

        return wrap

    def of_administrator(self, look: Callable[..., Any]) -> Callable[..., Any]:
        """AdminGetUser."""
        wrapped: Callable[..., Any] = self.around_look(self._named)(look)
        return wrapped

    def of_person(self, look: Callable[..., Any]) -> Callable[..., Any]:
        """GetUser."""
        wrapped: Callable[..., Any] = self.around_look(self._signed_in)(look)
        return wrapped

    def _prefer(self, person: Person, data: dict[str, Any]) -> Any:
        pool, user = person
        wanted = {factor: data[n] for n, factor in _SETTINGS.items() if data.get(n) is not None}
        check_preference(pool_factors(pool), user_factors(user), wanted)
        after = preferring(user_factors(user), wanted)
        write(user, after)
        user["UserLastModifiedDate"] = self.cognito._now_epoch()
        return self.cognito.json_response({})

    def _factors(self, person: Person) -> Any:
        _pool, user = person
        told = {
            "Username": user["Username"],
            **_told(person),
            "ConfiguredUserAuthFactors": [str(each) for each in configured(user_factors(user))],
        }
        kept = {n: v for n, v in told.items() if v or n not in _UNTOLD_IF_EMPTY}
        return self.cognito.json_response(kept)

    def _named(self, data: dict[str, Any]) -> Person:
        pool, error = self.cognito._resolve_pool(data.get("UserPoolId"))
        if error:
            raise AnsweredError(_reply(error))
        user, error = self.cognito._resolve_user(pool, data.get("Username"))
        if error:
            raise AnsweredError(_reply(error))
        return pool, user

    def _signed_in(self, data: dict[str, Any]) -> Person:
        user, pool = self.cognito._user_pool_for_access_token(data.get("AccessToken"))
        if user is None:
            raise AnsweredError(Reply.refusal("NotAuthorizedException", "Invalid Access Token"))
        return pool, user


def _told(person: Person) -> dict[str, Any]:
    pool, user = person
    has = user_factors(user)
    return {
        "UserMFASettingList": [str(each) for each in listed(pool_factors(pool), has)],
        "PreferredMfaSetting": str(has.preferred or ""),
    }


def _reply(answer: Any) -> Reply:
    status, headers, body = answer
    return Reply(status, tuple((k.encode(), v.encode()) for k, v in headers.items()), body)
