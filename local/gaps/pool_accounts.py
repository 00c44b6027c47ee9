"""Gap: which account a call of Cognito is in.

AWS knows the account of an unsigned call (SignUp, InitiateAuth) by the pool of its client, and a
signed one sees its own account's pools alone: no policy of a pool could let another account in.
The emulator runs unsigned calls in its default account, and the layers here look through all pools.

Limits: managed login's own pages were not looked at for pools of other accounts than the default
one.
"""

from __future__ import annotations

from local.cognito_store import CognitoStore, Pool
from local.gateway import Forward
from local.protocol import Call, Reply, signature
from local.rights.needs.things import WITHOUT_RIGHTS


class PoolAccounts:
    """A layer in front of all others; `account` is the emulator's default one."""

    def __init__(self, store: CognitoStore, account: str) -> None:
        self._store, self._account = store, account

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Refuse another account's pool, or let the call happen where its pool is."""
        pool = self._store.pool_of(call)
        if pool is None:
            return await forward(call)
        if call.operation in WITHOUT_RIGHTS:
            return await forward(call if pool.account == self._account else _within(call, pool))
        if call.signed and call.account not in ("", pool.account):
            return Reply.refusal("ResourceNotFoundException", _absent(call, pool))
        return await forward(call)


def _absent(call: Call, pool: Pool) -> str:
    """As if it were not there at all."""
    if call.params.get("UserPoolId"):
        return f"User pool {pool.id} does not exist."
    return f"User pool client {call.params.get('ClientId')} does not exist."


def _within(call: Call, pool: Pool) -> Call:
    """The same for the emulator, which goes by the header; for the layers it stays unsigned."""
    own = signature("cognito-idp", pool.region, pool.account).encode()
    headers = [(k, v) for k, v in call.scope["headers"] if k.lower() != b"authorization"]
    scope = {**call.scope, "headers": [*headers, (b"authorization", own)]}
    return Call(call.operation, call.params, call.headers, scope)
