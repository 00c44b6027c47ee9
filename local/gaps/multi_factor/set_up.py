"""A token is set up: by whoever is signed in, or on the way in by the session of MFA_SETUP.

API reference, AssociateSoftwareToken, VerifySoftwareToken. A verified token is asked for once it
was turned on, or where MFA is required (measured by Floci's maintainers); on the way in it is
turned on and, without another preference, preferred.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, replace
from typing import Any

from local.cognito_factors import SECRET, pool_factors, user_factors, write
from local.cognito_rules.factors import SETUP, Mfa, Second
from local.gaps.multi_factor.challenges import Challenges
from local.gaps.triggers.invoking import AnsweredError
from local.protocol import Reply

_WAITING = "_totp_pending_secret"
_SECRET_BYTES = 20


@dataclass
class TokenSetUp:
    """In place of the emulator's two operations."""

    challenges: Challenges

    def associate(self, data: dict[str, Any]) -> Any:
        """A fresh secret."""
        secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
        told = {"SecretCode": secret}
        if data.get("AccessToken"):
            pool, user = self._signed_in(data)
            self._check(pool)
            user[_WAITING] = secret
        else:
            pending = self.challenges.pending(data, SETUP)
            self._check(self.challenges.person(pending)[0])
            kept = replace(pending, secret=secret, proved=False)
            told["Session"] = self.challenges.sessions.follow(data.get("Session"), kept)
        return self._cognito.json_response(told)

    def verify(self, data: dict[str, Any]) -> Any:
        """The token is the person's once its first code was right."""
        if data.get("AccessToken"):
            _pool, user = self._signed_in(data)
            secret = user.get(_WAITING) or user.get(SECRET) or ""
            self._prove(secret, data)
            user.pop(_WAITING, None)
            user[SECRET] = secret
            return self._cognito.json_response({"Status": "SUCCESS"})
        pending = self.challenges.pending(data, SETUP)
        _pool, user = self.challenges.person(pending)
        self._prove(pending.secret, data)
        user[SECRET] = pending.secret
        self._turn_on(user)
        session = self.challenges.sessions.follow(data["Session"], replace(pending, proved=True))
        return self._cognito.json_response({"Status": "SUCCESS", "Session": session})

    @property
    def _cognito(self) -> Any:
        return self.challenges.inside.cognito

    def _signed_in(self, data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        user, pool = self._cognito._user_pool_for_access_token(data["AccessToken"])
        if user is None:
            raise AnsweredError(Reply.refusal("NotAuthorizedException", "Invalid Access Token"))
        return pool, user

    def _prove(self, secret: str, data: dict[str, Any]) -> None:
        if not self._cognito._totp_matches(secret, data.get("UserCode")):
            text = "Code mismatch and fail enable Software Token MFA"
            raise AnsweredError(Reply.refusal("EnableSoftwareTokenMFAException", text))

    @staticmethod
    def _check(pool: dict[str, Any]) -> None:
        offers = pool_factors(pool)
        if offers.mfa is Mfa.OFF or Second.TOKEN not in offers.seconds:
            text = "Software Token MFA has not been enabled by the userPool."
            raise AnsweredError(Reply.refusal("SoftwareTokenMFANotFoundException", text))

    @staticmethod
    def _turn_on(user: dict[str, Any]) -> None:
        has = user_factors(user)
        enabled = has.enabled | {Second.TOKEN}
        write(user, replace(has, enabled=enabled, preferred=has.preferred or Second.TOKEN))
