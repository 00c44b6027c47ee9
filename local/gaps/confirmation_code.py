"""Gap: any confirmation code confirms, and a confirmed contact stays unverified.

Cognito accepts only the code it sent (CodeMismatchException otherwise, ExpiredCodeException when
none is outstanding), refuses to confirm a user who is not UNCONFIRMED, and sets `email_verified`
or `phone_number_verified` when the code went to an auto-verified attribute (Amazon Cognito API
reference: ConfirmSignUp, ConfirmForgotPassword, AdminConfirmSignUp; developer guide, "Verify
contact information at sign-up": with both contacts to verify, the code goes to the phone).

Here the code is always `123456`, for every user.

Limits: codes do not expire with time and are not counted.
"""

from __future__ import annotations

from local.cognito_rules import codes, states
from local.cognito_rules.refusals import CognitoError
from local.cognito_store import CognitoStore, Pool, User
from local.gateway import Emulator, Forward
from local.protocol import Call, Reply

CODE = "123456"
_CONFIRMS = ("ConfirmSignUp", "AdminConfirmSignUp")
_SENDS_RESET = ("ForgotPassword", "AdminResetUserPassword")


class ConfirmationCode:
    """Accepts one code, and verifies the contact it stands for."""

    def __init__(self, store: CognitoStore, emulator: Emulator) -> None:
        self._store, self._emulator = store, emulator
        self._outstanding: set[tuple[str, str]] = set()

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Check the code before the call, note its effects after it."""
        pool = self._store.pool_of(call) if self._concerns(call) else None
        user = self._store.user_of(call, pool) if pool else None
        if pool is None or user is None:
            return await forward(call)
        try:
            self._check(call, pool, user)
        except CognitoError as refused:
            return Reply.refusal(refused.code, refused.message)
        reply = await forward(call)
        if reply.ok:
            await self._note(call, pool, user)
        return reply

    @staticmethod
    def _concerns(call: Call) -> bool:
        return call.operation in (*_CONFIRMS, *_SENDS_RESET, "ConfirmForgotPassword")

    def _check(self, call: Call, pool: Pool, user: User) -> None:
        if call.operation in _CONFIRMS:
            states.check_confirmable(user)
        outstanding = (pool.id, user.sub) in self._outstanding
        if call.operation == "ConfirmForgotPassword" and not outstanding:
            raise codes.expired()
        given = call.params.get("ConfirmationCode")
        if call.operation in ("ConfirmSignUp", "ConfirmForgotPassword") and given != CODE:
            raise codes.mismatch()

    async def _note(self, call: Call, pool: Pool, user: User) -> None:
        if call.operation in _SENDS_RESET:
            self._outstanding.add((pool.id, user.sub))
        elif call.operation == "ConfirmForgotPassword":
            self._outstanding.discard((pool.id, user.sub))
        elif call.operation == "ConfirmSignUp" and (
            contact := codes.sign_up_contact(pool.settings, user.attributes)
        ):
            await self._emulator.cognito(
                pool,
                "AdminUpdateUserAttributes",
                UserPoolId=pool.id,
                Username=user.username,
                UserAttributes=[{"Name": f"{contact}_verified", "Value": "true"}],
            )
