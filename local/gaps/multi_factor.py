"""Gap: required MFA asks nobody who has no factor yet, and a factor set up on the way is lost.

In a pool that requires MFA, whoever proved a password and has no factor gets the challenge
MFA_SETUP, after a new password too; AssociateSoftwareToken and VerifySoftwareToken take its
session, and MFA_SETUP is answered with the session of the latter. A factor that is there is asked
for, after a new password too: SOFTWARE_TOKEN_MFA, or SMS_MFA, before which CustomMessage is asked
and which verifies the number that the code went to. Tokens come with empty ChallengeParameters
(Amazon Cognito API reference, InitiateAuth, RespondToAuthChallenge, AssociateSoftwareToken,
VerifySoftwareToken; developer guide, "Adding MFA to a user pool", "SMS and email message MFA").

The code of an SMS is `123456`.

Limits: no MFA by e-mail, no SELECT_MFA_TYPE (the preferred factor is asked for, else the token);
sessions live as long as the process and are not counted; a session of the other challenges is not
checked; a used code of a token is taken again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.gaps.code_delivery import masked
from local.gaps.confirmation_code import CODE
from local.gaps.triggers.inside import Inside, current
from local.gaps.triggers.invoking import AnsweredError
from local.gaps.triggers.messages import RESPONSE, asked
from local.patching import replace
from local.protocol import Reply

_TOKEN, _SMS, _SETUP = "SOFTWARE_TOKEN_MFA", "SMS_MFA", "MFA_SETUP"
_ANSWERS = ("_respond_to_auth_challenge", "_admin_respond_to_auth_challenge")
_NEW_PASSWORD = "TokenGeneration_NewPasswordChallenge"  # noqa: S105 - a trigger's source


@dataclass
class _Setup:
    """A person who sets a factor up on the way in; `secret` once they were given one."""

    user: dict[str, Any]
    secret: str = ""
    proved: bool = False


@dataclass
class MultiFactor:
    """The challenges, on the emulator's own records."""

    inside: Inside
    setups: dict[str, _Setup] = field(default_factory=dict)

    def challenge(
        self, pool: dict[str, Any], user: dict[str, Any], _pool_id: str, username: str
    ) -> dict[str, Any] | None:
        """In place of the emulator's own: what is asked after the password, or None."""
        required = pool.get("MfaConfiguration", "OFF")
        if required == "OFF":
            return None
        factor = _factor(user)
        if factor == _SMS:
            return self._sms(pool, user)
        if factor == _TOKEN:
            return _asking(_TOKEN, username, FRIENDLY_DEVICE_NAME="TOTP device")
        if required == "OPTIONAL":
            return None
        can = [_TOKEN] if (pool.get("SoftwareTokenMfaConfiguration") or {}).get("Enabled") else []
        can += [_SMS] if pool.get("SmsConfiguration") else []
        asking = _asking(_SETUP, username, MFAS_CAN_SETUP=json.dumps(can))
        self.setups[asking["Session"]] = _Setup(user)
        return asking

    def before_tokens(self, build: Callable[..., Any]) -> Callable[..., Any]:
        """After a new password the factor is asked for as after any other."""

        def built(pool_id: str, client_id: str, user: dict[str, Any], *more: Any, **by: Any) -> Any:
            if _NEW_PASSWORD in (*more, by.get("trigger_source")):
                pool = self.inside.cognito._get_pool_unscoped(pool_id)
                due = self.challenge(pool, user, pool_id, user["Username"])
                if due is not None:
                    raise AnsweredError(Reply.of(due))
            return build(pool_id, client_id, user, *more, **by)

        return built

    def around_answer(self, respond: Callable[..., Any]) -> Callable[..., Any]:
        """Check what the emulator takes unseen: a set-up factor, and a code by SMS."""

        def responded(data: dict[str, Any]) -> Any:
            name = data.get("ChallengeName")
            if name == _SETUP:
                setup = self.setups.pop(str(data.get("Session")), None)
                if setup is None or not setup.proved:
                    raise AnsweredError(_invalid_session())
                who = {"USERNAME": setup.user["Username"]}
                data = {**data, "ChallengeResponses": {**data.get("ChallengeResponses", {}), **who}}
            if name == _SMS:
                data = self._with_number_verified(data)
            return respond(data)

        return responded

    def around_association(self, associate: Callable[..., Any]) -> Callable[..., Any]:
        """A secret for whoever comes with the session of MFA_SETUP."""

        def associated(data: dict[str, Any]) -> Any:
            answer = associate(data)
            setup = self.setups.pop(str(data.get("Session")), None)
            if setup is not None:
                told = json.loads(answer[2])
                self.setups[told["Session"]] = _Setup(setup.user, told["SecretCode"])
            return answer

        return associated

    def around_verification(self, verify: Callable[..., Any]) -> Callable[..., Any]:
        """The factor is there once its first code was right."""

        def verified(data: dict[str, Any]) -> Any:
            answer = verify(data)
            setup = self.setups.pop(str(data.get("Session")), None)
            if setup is None or answer[0] != 200:  # noqa: PLR2004
                return answer
            setup.user["_totp_secret"] = setup.secret
            setup.user["_mfa_enabled"] = [*setup.user.get("_mfa_enabled", ()), _TOKEN]
            setup.user["_preferred_mfa"] = _TOKEN
            self.setups[json.loads(answer[2])["Session"]] = _Setup(setup.user, proved=True)
            return answer

        return verified

    def _sms(self, pool: dict[str, Any], user: dict[str, Any]) -> dict[str, Any]:
        attributes = self.inside.attributes(user)
        self.inside.ask(
            "CustomMessage_Authentication",
            pool,
            username=user["Username"],
            client_id=str(current.get().get("ClientId") or ""),
            request=asked(attributes, current.get().get("ClientMetadata")),
            response=RESPONSE,
        )
        shown = {
            "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
            "CODE_DELIVERY_DESTINATION": masked("phone_number", attributes.get("phone_number", "")),
        }
        return _asking(_SMS, user["Username"], **shown)

    def _with_number_verified(self, data: dict[str, Any]) -> dict[str, Any]:
        """The same answer as one that the emulator takes from a person, too."""
        cognito = self.inside.cognito
        responses = data.get("ChallengeResponses") or {}
        pool, _ = cognito._pool_for_client(data.get("ClientId"))
        user = cognito._resolve_user(pool, responses.get("USERNAME"))[0] if pool else None
        if user is None:
            return data
        if responses.get("SMS_MFA_CODE") != CODE:
            text = "Invalid code or auth state for the user."
            raise AnsweredError(Reply.refusal("CodeMismatchException", text))
        mark = [{"Name": "phone_number_verified", "Value": "true"}]
        user["Attributes"] = cognito._merge_attributes(user["Attributes"], mark)
        return {**data, "ChallengeName": _SETUP}


def install(inside: Inside) -> None:
    """Put the challenges where the emulator has none."""
    factors, cognito = MultiFactor(inside), inside.cognito
    replace(cognito, "_mfa_challenge_for_user", lambda _: factors.challenge)
    replace(cognito, "_build_auth_result", factors.before_tokens)
    for name in _ANSWERS:
        replace(cognito, name, factors.around_answer)
    for name in (*_ANSWERS, "_initiate_auth", "_admin_initiate_auth"):
        replace(cognito, name, _with_parameters)
    replace(cognito, "_associate_software_token", factors.around_association)
    replace(cognito, "_verify_software_token", factors.around_verification)


def _with_parameters(call: Callable[..., Any]) -> Callable[..., Any]:
    def called(data: dict[str, Any]) -> Any:
        status, headers, body = call(data)
        told = json.loads(body or b"{}")
        if "AuthenticationResult" in told:
            body = json.dumps({"ChallengeParameters": {}, **told}).encode()
        return status, headers, body

    return called


def _factor(user: dict[str, Any]) -> str:
    """The factor that a person has and prefers, or ""."""
    enabled = user.get("_mfa_enabled") or ()
    preferred = str(user.get("_preferred_mfa") or "")
    if preferred in enabled:
        return preferred
    return next((f for f in (_TOKEN, _SMS) if f in enabled), "")


def _asking(name: str, username: str, **parameters: str) -> dict[str, Any]:
    return {
        "ChallengeName": name,
        "Session": secrets.token_urlsafe(32),
        "ChallengeParameters": {"USER_ID_FOR_SRP": username, **parameters},
    }


def _invalid_session() -> Reply:
    return Reply.refusal("NotAuthorizedException", "Invalid session for the user.")
