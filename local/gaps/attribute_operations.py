"""Gap: operations on attributes that the emulator does not have.

AdminDeleteUserAttributes and DeleteUserAttributes remove attributes; VerifyUserAttribute marks a
contact verified by the code that GetUserAttributeVerificationCode sends (Amazon Cognito API
reference, the operations of these names). The emulator answers all four with InvalidAction.

Limits: the code is `123456`, and none is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.cognito_rules import attributes, changes, codes
from local.cognito_rules.pools import CONTACTS
from local.cognito_rules.refusals import CognitoError
from local.cognito_store import user_from
from local.gaps.confirmation_code import CODE
from local.patching import replace
from local.pool_settings import settings_of

Answer = tuple[int, dict[str, str], bytes]


def install() -> None:
    """Answer the missing operations next to the emulator's own."""
    from ministack.core.concurrency import run_reentrant  # noqa: PLC0415
    from ministack.services import cognito  # noqa: PLC0415

    operations = Operations(cognito)

    def wrap(dispatch: Callable[..., Any]) -> Callable[..., Any]:
        async def dispatched(action: str, data: dict[str, Any]) -> Any:
            handler = operations.handlers.get(action)
            if handler is None:
                return await dispatch(action, data)
            return await run_reentrant(handler, data)

        return dispatched

    replace(cognito, "_dispatch_idp", wrap)


class Operations:
    """The missing operations, on the emulator's own records."""

    def __init__(self, cognito: Any) -> None:
        self._cognito = cognito
        self.handlers: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "AdminDeleteUserAttributes": self._admin_delete,
            "DeleteUserAttributes": self._self_delete,
            "VerifyUserAttribute": self._verify,
            "GetUserAttributeVerificationCode": self._send_code,
        }

    def _admin_delete(self, data: dict[str, Any]) -> Answer:
        pool, error = self._cognito._resolve_pool(data.get("UserPoolId"))
        user, error = (
            (None, error) if error else self._cognito._resolve_user(pool, data["Username"])
        )
        answer: Answer = error or self._remove(pool, user, data.get("UserAttributeNames") or [])
        return answer

    def _self_delete(self, data: dict[str, Any]) -> Answer:
        pool, user, error = self._by_token(data)
        return error or self._remove(pool, user, data.get("UserAttributeNames") or [])

    def _verify(self, data: dict[str, Any]) -> Answer:
        _pool, user, error = self._by_token(data)
        if error:
            return error
        name = data.get("AttributeName")
        if name not in CONTACTS:
            return self._refuse("InvalidParameterException", f"Invalid attribute name {name}.")
        if data.get("Code") != CODE:
            wrong = codes.mismatch()
            return self._refuse(wrong.code, wrong.message)
        mark = [{"Name": f"{name}_verified", "Value": "true"}]
        user["Attributes"] = self._cognito._merge_attributes(user["Attributes"], mark)
        return self._done(user)

    def _send_code(self, data: dict[str, Any]) -> Answer:
        _pool, user, error = self._by_token(data)
        if error:
            return error
        name = data.get("AttributeName")
        values = {a["Name"]: a["Value"] for a in user["Attributes"]}
        if name not in CONTACTS or not values.get(name):
            return self._refuse("InvalidParameterException", f"There is no {name} to verify.")
        medium = "EMAIL" if name == "email" else "SMS"
        details = {"AttributeName": name, "DeliveryMedium": medium, "Destination": "***"}
        answer: Answer = self._cognito.json_response({"CodeDeliveryDetails": details})
        return answer

    def _by_token(self, data: dict[str, Any]) -> tuple[Any, Any, Answer | None]:
        self._cognito._pin_unsigned_idp_scope(data)
        user, pool = self._cognito._user_pool_for_access_token(data.get("AccessToken"))
        if user is None:
            return None, None, self._refuse("NotAuthorizedException", "Invalid Access Token")
        return pool, user, None

    def _remove(self, pool: Any, user: Any, names: list[str]) -> Answer:
        current = user_from(user).attributes
        try:
            attributes.check_deletion(settings_of(pool), current, names)
        except CognitoError as refused:
            return self._refuse(refused.code, refused.message)
        left = changes.without(current, names)
        user["Attributes"] = [a for a in user["Attributes"] if a["Name"] in left]
        return self._done(user)

    def _done(self, user: Any) -> Answer:
        user["UserLastModifiedDate"] = self._cognito._now_epoch()
        answer: Answer = self._cognito.json_response({})
        return answer

    def _refuse(self, code: str, message: str) -> Answer:
        answer: Answer = self._cognito.error_response_json(code, message, 400)
        return answer
