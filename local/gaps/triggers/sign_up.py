"""PreSignUp: immediately before a user is kept (developer guide, "Pre sign-up Lambda trigger").

A person's sign-up can be confirmed and its addresses verified; a verified alias moves to the new
user then. For AdminCreateUser the three answers are ignored, and only a refusal counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

from local.gaps.triggers import events
from local.gaps.triggers.inside import Inside, current
from local.gaps.triggers.invoking import AnsweredError
from local.patching import replace
from local.protocol import Reply

_FLAGS = {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}
_VERIFIES = {"autoVerifyEmail": "email", "autoVerifyPhone": "phone_number"}
_creating: ContextVar[Mapping[str, Any] | None] = ContextVar("creating", default=None)
"""The parameters of the AdminCreateUser at work, until its trigger was asked."""


def install(inside: Inside) -> None:
    """Ask before SignUp, AdminCreateUser and a federated user's first sign-in keep a user."""
    trigger = PreSignUp(inside)
    replace(inside.cognito, "_apply_presignup_trigger", lambda _: trigger.before_sign_up)
    replace(inside.cognito, "_admin_create_user", trigger.around_creation)
    replace(inside.cognito, "_dict_to_attr_list", trigger.around_attributes)
    replace(inside.cognito, "_sign_up", trigger.around_sign_up)


class PreSignUp:
    """The trigger's three sources."""

    def __init__(self, inside: Inside) -> None:
        self._inside, self._cognito = inside, inside.cognito

    def before_sign_up(
        self,
        pool_id: str,
        client_id: str,
        username: str,
        user_attrs: dict[str, Any],
        trigger_source: str = "PreSignUp_ExternalProvider",
    ) -> dict[str, bool]:
        """In place of the emulator's own: the answers, all False without a trigger."""
        pool = self._cognito._user_pools.get(pool_id)
        try:
            answer = self._ask(trigger_source, pool, username, client_id, user_attrs) or {}
        except AnsweredError as refused:
            if trigger_source == "PreSignUp_SignUp":
                raise
            raise self._cognito._PreSignUpRejected(str(refused)) from refused
        for flag, contact in _VERIFIES.items():
            if answer.get(flag) and not user_attrs.get(contact):
                text = f"{flag} needs a {contact}"
                raise AnsweredError(Reply.refusal("InvalidLambdaResponseException", text))
        return {flag: bool(answer.get(flag)) for flag in _FLAGS}

    def around_sign_up(self, sign_up: Callable[..., Any]) -> Callable[..., Any]:
        """An alias that the trigger verified moves to the new user."""

        def signed_up(data: dict[str, Any]) -> Any:
            answer = sign_up(data)
            pool, _ = self._cognito._pool_for_client(data.get("ClientId"))
            if answer[0] == 200 and self._inside.function(pool, "PreSignUp"):  # noqa: PLR2004
                self._move_aliases(pool, self._cognito._resolve_user(pool, data["Username"])[0])
            return answer

        return signed_up

    def around_creation(self, create: Callable[..., Any]) -> Callable[..., Any]:
        """Remember an administrator's creation until its attributes are put together."""

        def created(data: dict[str, Any]) -> Any:
            resent = str(data.get("MessageAction") or "").upper() == "RESEND"
            token = _creating.set(None if resent else data)
            try:
                return create(data)
            finally:
                _creating.reset(token)

        return created

    def around_attributes(self, listed: Callable[..., Any]) -> Callable[..., Any]:
        """The last step before the new user is kept, and before an invitation is sent."""

        def put_together(attributes: dict[str, Any]) -> Any:
            data = _creating.get()
            if data is not None and "sub" in attributes:
                _creating.set(None)
                pool = self._cognito._user_pools.get(data["UserPoolId"])
                own = not self._cognito._username_alias_attribute(pool, data["Username"])
                name = data["Username"] if own else attributes["sub"]
                self._ask("PreSignUp_AdminCreateUser", pool, name, "", attributes)
            return listed(attributes)

        return put_together

    def _ask(
        self, source: str, pool: Any, username: str, client_id: str, attributes: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        data = current.get()
        validation = {a["Name"]: a.get("Value", "") for a in data.get("ValidationData") or ()}
        return self._inside.ask(
            source,
            pool or {},
            username=username,
            client_id=client_id,
            request={
                "userAttributes": {n: v for n, v in attributes.items() if n != "sub"},
                "validationData": validation or None,
                **events.metadata(data.get("ClientMetadata")),
            },
            response=_FLAGS,
        )

    def _move_aliases(self, pool: Any, taker: Any) -> None:
        taken = self._cognito._attr_list_to_dict(taker["Attributes"]) if taker else {}
        for contact in set(pool.get("AliasAttributes") or ()) & set(_VERIFIES.values()):
            flag = f"{contact}_verified"
            if taken.get(flag) != "true":
                continue
            for other in list(pool["_users"].values()):
                held = self._cognito._attr_list_to_dict(other["Attributes"])
                same = held.get(contact) == taken.get(contact) and held.get(flag) == "true"
                if same and other is not taker:
                    mark = [{"Name": flag, "Value": "false"}]
                    merged = self._cognito._merge_attributes(other["Attributes"], mark)
                    other["Attributes"] = merged
