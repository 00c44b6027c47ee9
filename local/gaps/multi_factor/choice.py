"""USER_AUTH: the person chooses how to begin.

API reference, InitiateAuth (USER_AUTH, PREFERRED_CHALLENGE, AvailableChallenges) and
RespondToAuthChallenge (SELECT_CHALLENGE); guide, "Authentication flows" and "Managing user
existence error responses": to a client that hides who exists, a stranger looks like somebody.
What was measured by Floci's maintainers: a preferred challenge that is not offered leads to the
choice, one that nobody knows is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from local.cognito_factors import pool_factors, user_factors
from local.cognito_rules.factors import ONE_TIME, First, PoolFactors, first_factors
from local.gaps.multi_factor.challenges import Challenges
from local.gaps.multi_factor.sessions import Pending, seconds_of
from local.gaps.triggers.authentication import ask_before
from local.gaps.triggers.invoking import AnsweredError
from local.protocol import Reply

FLOW, CHOICE = "USER_AUTH", "SELECT_CHALLENGE"
_OFFERED = tuple(First)[:-1]


@dataclass
class Choice:
    """The flow, in front of the emulator's handlers."""

    challenges: Challenges

    def around_start(self, initiate: Callable[..., Any]) -> Callable[..., Any]:
        """InitiateAuth and AdminInitiateAuth."""

        def initiated(data: dict[str, Any]) -> Any:
            return self._start(data) if data.get("AuthFlow") == FLOW else initiate(data)

        return initiated

    def around_answer(self, respond: Callable[..., Any]) -> Callable[..., Any]:
        """Take a choice, and a password that comes after it."""

        def responded(data: dict[str, Any]) -> Any:
            name = data.get("ChallengeName")
            if name == CHOICE:
                return self._chosen(data)
            return self._password_alone(data) if name == First.PASSWORD else respond(data)

        return responded

    def _start(self, data: dict[str, Any]) -> Any:
        given = data.get("AuthParameters") or {}
        client_id = str(data.get("ClientId"))
        pool, pool_id = self._cognito._pool_for_client(client_id)
        if pool is None:
            text = f"Client {client_id} not found."
            raise AnsweredError(Reply.refusal("ResourceNotFoundException", text))
        preferred = _known(given.get("PREFERRED_CHALLENGE"))
        self._allowed(pool, pool["_clients"][client_id])
        user = self._starting(pool, client_id, given)
        ask_before(self.challenges.inside, data)
        offers = pool_factors(pool)
        offered = first_factors(offers, user_factors(user)) if user else _pretended(offers)
        if not offered:
            text = "The user has no factor to begin with."
            raise AnsweredError(Reply.refusal("NotAuthorizedException", text))
        name = user["Username"] if user else ""
        choices = tuple(map(str, offered))
        pending = Pending(CHOICE, pool_id, client_id, name, choices, first=True)
        if preferred in offered and user:
            return self._begin(str(preferred), pool, pending, {**data, "Given": given})
        return self._cognito.json_response(self._choice(pool, pending))

    def _choice(self, pool: dict[str, Any], pending: Pending) -> dict[str, Any]:
        client = pool["_clients"].get(pending.client_id, {})
        return {
            "ChallengeName": CHOICE,
            "Session": self.challenges.sessions.begin(pending, seconds_of(client)),
            "ChallengeParameters": {},
            "AvailableChallenges": list(pending.choices),
        }

    def _chosen(self, data: dict[str, Any]) -> Any:
        pending = self.challenges.pending(data, CHOICE)
        given = data.get("ChallengeResponses") or {}
        answer = str(given.get("ANSWER"))
        if answer not in pending.choices:
            text = f"{answer} is not an available challenge."
            raise AnsweredError(Reply.refusal("InvalidParameterException", text))
        if not pending.username:
            raise AnsweredError(_wrong())
        pool, _user = self.challenges.person(pending)
        reply = self._begin(answer, pool, pending, {**data, "Given": given})
        self.challenges.sessions.end(data["Session"])
        return reply

    def _begin(
        self, name: str, pool: dict[str, Any], pending: Pending, data: dict[str, Any]
    ) -> Any:
        """The challenge of a factor, or its answer where it came along."""
        given, user = data["Given"], pool["_users"][pending.username]
        if name == First.PASSWORD and given.get("PASSWORD"):
            return self._password(given["PASSWORD"], pool, pending, data)
        if name == First.PASSWORD_SRP:
            return self._srp(pool, pending, given)
        if name == First.WEB_AUTHN:
            text = "This AWS has no passkeys to sign in with."
            raise AnsweredError(Reply.refusal("UnsupportedOperationException", text))
        one = replace(pending, challenge=name, choices=(), first=name in ONE_TIME)
        asked = self.challenges.ask(pool, user, one)
        return self._cognito.json_response({**asked, "AvailableChallenges": [*pending.choices]})

    def _password_alone(self, data: dict[str, Any]) -> Any:
        pending = self.challenges.pending(data, First.PASSWORD)
        pool, _user = self.challenges.person(pending)
        password = (data.get("ChallengeResponses") or {}).get("PASSWORD", "")
        return self._password(password, pool, pending, data)

    def _password(
        self, password: str, pool: dict[str, Any], pending: Pending, data: dict[str, Any]
    ) -> Any:
        cognito, user = self._cognito, pool["_users"][pending.username]
        refused = cognito._password_signin_refused(user)
        if refused:
            return refused
        if user.get("_password") != password:
            raise AnsweredError(_wrong())
        return self.challenges.proved(pool, user, pending, data)

    def _srp(self, pool: dict[str, Any], pending: Pending, given: dict[str, Any]) -> Any:
        """The emulator's own proof, for which the client need not allow USER_SRP_AUTH."""
        client = {**pool["_clients"][pending.client_id], "ExplicitAuthFlows": []}
        opened = {**pool, "_clients": {**pool["_clients"], pending.client_id: client}}
        asked = {"USERNAME": pending.username, "SRP_A": given.get("SRP_A")}
        return self._cognito._initiate_user_srp_auth(
            opened, pending.pool_id, pending.client_id, asked
        )

    def _allowed(self, pool: dict[str, Any], client: dict[str, Any]) -> None:
        if self._cognito._user_pool_tier(pool) == "LITE":
            text = "USER_AUTH is not available in the LITE feature plan."
            raise AnsweredError(Reply.refusal("FeatureUnavailableInTierException", text))
        if "ALLOW_USER_AUTH" not in (client.get("ExplicitAuthFlows") or ()):
            text = "USER_AUTH flow not enabled for this client"
            raise AnsweredError(Reply.refusal("InvalidParameterException", text))

    def _starting(
        self, pool: dict[str, Any], client_id: str, given: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Who signs in; None for a stranger whom the client hides."""
        user, _ = self._cognito._resolve_user(pool, given.get("USERNAME"))
        if user is None:
            if self._cognito._hides_user_existence(pool, client_id):
                return None
            raise AnsweredError(Reply.refusal("UserNotFoundException", "User does not exist."))
        if not user.get("Enabled", True):
            raise AnsweredError(Reply.refusal("NotAuthorizedException", "User is disabled."))
        if user.get("UserStatus") == "UNCONFIRMED":
            text = "User is not confirmed."
            raise AnsweredError(Reply.refusal("UserNotConfirmedException", text))
        found: dict[str, Any] = user
        return found

    @property
    def _cognito(self) -> Any:
        return self.challenges.inside.cognito


def _known(preferred: Any) -> str:
    """PREFERRED_CHALLENGE. AnsweredError: nobody knows it."""
    if preferred and preferred not in _OFFERED:
        text = f"Invalid PREFERRED_CHALLENGE {preferred}."
        raise AnsweredError(Reply.refusal("InvalidParameterException", text))
    return str(preferred or "")


def _pretended(offers: PoolFactors) -> tuple[First, ...]:
    """What a stranger is shown: all that the pool offers, always the same."""
    return tuple(
        each
        for each in _OFFERED
        if each in offers.firsts or (each is First.PASSWORD_SRP and First.PASSWORD in offers.firsts)
    )


def _wrong() -> Reply:
    return Reply.refusal("NotAuthorizedException", "Incorrect username or password.")
