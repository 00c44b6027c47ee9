"""What a rule may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local.cognito_store import CognitoStore, Pool, User, token_claims
from local.protocol import Call, Reply

CREATES = ("SignUp", "AdminCreateUser")
UPDATES = ("UpdateUserAttributes", "AdminUpdateUserAttributes")
SELF_SERVICE = ("SignUp", "UpdateUserAttributes", "DeleteUserAttributes")
CONTACTS = ("email", "phone_number")


@dataclass(frozen=True)
class Context:
    """One call against one pool; `user` is None when the call names nobody who exists."""

    call: Call
    pool: Pool
    user: User | None

    @classmethod
    def of(cls, call: Call, store: CognitoStore) -> Context | None:
        """The context of a call; None when its pool is unknown."""
        pool = store.pool_of(call)
        return cls(call, pool, store.user_of(call, pool)) if pool else None

    @property
    def operation(self) -> str:
        """The API operation."""
        return self.call.operation

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes that the call wants to write."""
        given = self.call.params.get("UserAttributes") or ()
        return {str(a.get("Name")): str(a.get("Value") or "") for a in given}

    @property
    def client_id(self) -> str:
        """The app client that calls, by its id or its token; "" for an administrator."""
        return str(self.call.params.get("ClientId") or token_claims(self.call).get("client_id", ""))


Rule = Callable[[Context], Reply | None]


def invalid(message: str) -> Reply:
    """The most common refusal."""
    return Reply.refusal("InvalidParameterException", message)


def not_authorized(message: str) -> Reply:
    """A refusal of the caller rather than of the request's form."""
    return Reply.refusal("NotAuthorizedException", message)
