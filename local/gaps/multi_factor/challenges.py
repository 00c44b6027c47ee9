"""The challenges of second factors: what is asked after a password, and what answers do.

API reference, InitiateAuth, RespondToAuthChallenge (ChallengeParameters, ChallengeResponses);
guide, "SMS and email message MFA".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from local.cognito_factors import SECRET, pool_factors, user_factors
from local.cognito_rules.factors import (
    CONTACT_OF,
    ONE_TIME,
    SELECT,
    SETUP,
    First,
    Second,
    second_factor,
)
from local.gaps.code_delivery import masked
from local.gaps.confirmation_code import CODE
from local.gaps.multi_factor.sessions import Pending, SessionError, Sessions, seconds_of
from local.gaps.triggers.inside import Inside, current
from local.gaps.triggers.invoking import AnsweredError
from local.gaps.triggers.messages import RESPONSE, asked
from local.protocol import Reply

CONTACTS: dict[str, str] = {str(f): c for f, c in (*CONTACT_OF.items(), *ONE_TIME.items())}
_NEW_PASSWORD = "TokenGeneration_NewPasswordChallenge"  # noqa: S105 - a trigger's source
_EMAIL_ANSWER = ("EMAIL_MFA", "EMAIL_OTP")
"""Both name the same factor (API reference, RespondToAuthChallenge; measured by Floci's)."""


@dataclass
class Challenges:
    """Asks, and takes answers, on the emulator's own records."""

    inside: Inside
    sessions: Sessions

    def after_password(
        self, pool: dict[str, Any], user: dict[str, Any], pool_id: str, _username: str
    ) -> dict[str, Any] | None:
        """In place of the emulator's own: what is asked after the password, or None."""
        due = second_factor(pool_factors(pool), user_factors(user))
        if not due.challenge:
            return None
        client_id = str(current.get().get("ClientId") or "")
        pending = Pending(
            due.challenge, pool_id, client_id, user["Username"], tuple(map(str, due.choices))
        )
        return self.ask(pool, user, pending)

    def before_tokens(self, build: Callable[..., Any]) -> Callable[..., Any]:
        """After a new password the factor is asked for as after any other."""

        def built(pool_id: str, client_id: str, user: dict[str, Any], *more: Any, **by: Any) -> Any:
            if _NEW_PASSWORD in (*more, by.get("trigger_source")):
                pool = self.inside.cognito._get_pool_unscoped(pool_id)
                due = self.after_password(pool, user, pool_id, user["Username"])
                if due is not None:
                    raise AnsweredError(Reply.of(due))
            return build(pool_id, client_id, user, *more, **by)

        return built

    def around_answer(self, respond: Callable[..., Any]) -> Callable[..., Any]:
        """Answer what is asked here; leave the rest to the emulator."""
        takes: dict[str, Callable[[dict[str, Any]], Any]] = {
            Second.SMS: self.code,
            Second.EMAIL: self.code,
            First.SMS_OTP: self.code,
            Second.TOKEN: self._token,
            SELECT: self._selection,
            SETUP: self._set_up,
        }

        def responded(data: dict[str, Any]) -> Any:
            take = takes.get(str(data.get("ChallengeName")))
            return take(data) if take else respond(data)

        return responded

    def ask(self, pool: dict[str, Any], user: dict[str, Any], pending: Pending) -> dict[str, Any]:
        """One challenge; a code is sent, which CustomMessage can refuse."""
        parameters = {"USER_ID_FOR_SRP": user["Username"]}
        match pending.challenge:
            case challenge if challenge in CONTACTS:
                parameters |= self._sent(pool, user, CONTACTS[challenge])
            case Second.TOKEN:
                parameters["FRIENDLY_DEVICE_NAME"] = "TOTP device"
            case challenge if challenge == SELECT:
                parameters["MFAS_CAN_CHOOSE"] = _listed(pending)
            case challenge if challenge == SETUP:
                parameters["MFAS_CAN_SETUP"] = _listed(pending)
        client = pool["_clients"].get(pending.client_id, {})
        return {
            "ChallengeName": pending.challenge,
            "Session": self.sessions.begin(pending, seconds_of(client)),
            "ChallengeParameters": parameters,
        }

    def pending(self, data: dict[str, Any], challenge: str = "") -> Pending:
        """The challenge that an answer belongs to. AnsweredError: none, or somebody else's."""
        try:
            found = self.sessions.find(data.get("Session"), challenge)
        except SessionError as wrong:
            raise AnsweredError(_not_authorized(str(wrong))) from wrong
        if found is None or ("ClientId" in data and found.client_id != data["ClientId"]):
            raise AnsweredError(_not_authorized("Invalid session for the user."))
        return found

    def person(self, pending: Pending) -> tuple[dict[str, Any], dict[str, Any]]:
        """Pool and user of a challenge. AnsweredError: they are gone, or disabled."""
        pool = self.inside.cognito._get_pool_unscoped(pending.pool_id)
        user = (pool or {}).get("_users", {}).get(pending.username)
        if user is None:
            raise AnsweredError(Reply.refusal("UserNotFoundException", "User does not exist."))
        if not user.get("Enabled", True):
            raise AnsweredError(_not_authorized("User is disabled."))
        return pool, user

    def code(self, data: dict[str, Any]) -> Any:
        """A code by SMS or mail, as first factor or as second."""
        name = str(data.get("ChallengeName"))
        pending = self.pending(data, name)
        if _responses(data).get(f"{name}_CODE") != CODE:
            raise AnsweredError(_mismatch())
        pool, user = self.person(pending)
        self.sessions.end(data["Session"])
        if pending.first:
            return self.proved(pool, user, pending, data)
        cognito = self.inside.cognito
        mark = [{"Name": f"{CONTACTS[name]}_verified", "Value": "true"}]
        user["Attributes"] = cognito._merge_attributes(user["Attributes"], mark)
        cognito._finish_auth_event(user, data["Session"], "Mfa", True)
        return self._tokens(user, pending, data)

    def proved(
        self, pool: dict[str, Any], user: dict[str, Any], pending: Pending, data: dict[str, Any]
    ) -> Any:
        """What follows a first factor other than a password: a first password, or tokens."""
        cognito = self.inside.cognito
        if user.get("UserStatus") == "RESET_REQUIRED":
            return cognito._password_reset_required()
        metadata = data.get("ClientMetadata")
        about = (pending.pool_id, pending.client_id, user, user["Username"], metadata, data)
        return cognito._password_auth_result(pool, *about)

    def _token(self, data: dict[str, Any]) -> Any:
        pending = self.pending(data, Second.TOKEN)
        _pool, user = self.person(pending)
        cognito = self.inside.cognito
        given = _responses(data).get("SOFTWARE_TOKEN_MFA_CODE", "")
        right = cognito._totp_matches(user.get(SECRET, ""), given)
        cognito._finish_auth_event(user, data["Session"], "Mfa", right)
        if not right:
            raise AnsweredError(_mismatch())
        self.sessions.end(data["Session"])
        return self._tokens(user, pending, data)

    def _selection(self, data: dict[str, Any]) -> Any:
        pending = self.pending(data, SELECT)
        answer = str(_responses(data).get("ANSWER"))
        chosen = str(Second.EMAIL) if answer in _EMAIL_ANSWER else answer
        if chosen not in pending.choices:
            text = "Invalid MFA type for the user."
            raise AnsweredError(Reply.refusal("InvalidParameterException", text))
        pool, user = self.person(pending)
        asking = self.ask(pool, user, replace(pending, challenge=chosen, choices=()))
        self.sessions.end(data["Session"])
        return self.inside.cognito.json_response(asking)

    def _set_up(self, data: dict[str, Any]) -> Any:
        pending = self.pending(data, SETUP)
        if not pending.proved:
            raise AnsweredError(_not_authorized("Invalid session for the user."))
        _pool, user = self.person(pending)
        self.sessions.end(data["Session"])
        return self._tokens(user, pending, data)

    def _tokens(self, user: dict[str, Any], pending: Pending, data: dict[str, Any]) -> Any:
        cognito = self.inside.cognito
        result = cognito._build_auth_result(
            pending.pool_id, pending.client_id, user, client_metadata=data.get("ClientMetadata")
        )
        return cognito.json_response({"AuthenticationResult": result})

    def _sent(self, pool: dict[str, Any], user: dict[str, Any], contact: str) -> dict[str, str]:
        attributes = self.inside.attributes(user)
        self.inside.ask(
            "CustomMessage_Authentication",
            pool,
            username=user["Username"],
            client_id=str(current.get().get("ClientId") or ""),
            request=asked(attributes, current.get().get("ClientMetadata")),
            response=RESPONSE,
        )
        return {
            "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL" if contact == "email" else "SMS",
            "CODE_DELIVERY_DESTINATION": masked(contact, attributes.get(contact, "")),
        }


def _responses(data: dict[str, Any]) -> dict[str, str]:
    responses = dict(data.get("ChallengeResponses") or {})
    if not responses.get("USERNAME"):
        text = "Missing required parameter USERNAME"
        raise AnsweredError(Reply.refusal("InvalidParameterException", text))
    return responses


def _listed(pending: Pending) -> str:
    return json.dumps(list(pending.choices), separators=(",", ":"))


def _mismatch() -> Reply:
    text = "Invalid code or auth state for the user."
    return Reply.refusal("CodeMismatchException", text)


def _not_authorized(text: str) -> Reply:
    return Reply.refusal("NotAuthorizedException", text)
