"""The layer that asks every rule, then lets the call happen with its side effects."""

from __future__ import annotations

from local.cognito_store import CognitoStore
from local.gaps.strict_cognito import attributes, clients, filters, groups, names, recovery
from local.gaps.strict_cognito.context import Context, Rule
from local.gaps.strict_cognito.effects import Effects
from local.gateway import Emulator, Forward
from local.protocol import Call, Reply

# In the order in which AWS is known to check: form, permission, schema, conflicts, state.
RULES: tuple[Rule, ...] = (
    attributes.value_sizes,
    names.username_form,
    clients.writable,
    attributes.known,
    attributes.immutable,
    attributes.required,
    attributes.formats,
    attributes.flags,
    names.username_taken,
    names.contact_taken,
    recovery.recoverable,
    filters.listing,
    groups.group_form,
    groups.group_count,
)
_WATCHED = {"SignUp", "ConfirmSignUp", "AdminCreateUser", "ListUsers", "VerifyUserAttribute"}
_WATCHED |= {"UpdateUserAttributes", "AdminUpdateUserAttributes", "DeleteUserAttributes"}
_WATCHED |= {"ForgotPassword", "AdminResetUserPassword", "CreateGroup", "AdminAddUserToGroup"}


class StrictCognito:
    """Refuses as AWS does."""

    def __init__(self, store: CognitoStore, emulator: Emulator) -> None:
        self._store = store
        self._effects = Effects(emulator)

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """The first refusal, or the call with everything that belongs to it."""
        context = Context.of(call, self._store) if call.operation in _WATCHED else None
        if context is None:
            return await forward(call)
        for rule in RULES:
            refusal = rule(context)
            if refusal is not None:
                return refusal
        reply = await forward(self._effects.before(context))
        if reply.ok:
            await self._effects.after(context)
        return reply
