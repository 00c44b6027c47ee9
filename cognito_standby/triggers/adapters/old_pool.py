"""The pool that people come from, asked whether a password opens it.

API reference, AdminInitiateAuth: ADMIN_USER_PASSWORD_AUTH needs an app client that allows the flow;
ours has no secret. The tokens are thrown away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.replication.domain.on_demand import Coming, vouched
from cognito_standby.triggers.adapters.in_time import in_time
from cognito_standby.triggers.domain.vouching import Vouched, token_claims, vouched_of
from cognito_standby.triggers.settings import OldPool

CLIENT = Config(connect_timeout=0.7, read_timeout=1.8, retries={"total_max_attempts": 1})
"""One try: Cognito counts failed sign-ins, and a person waits."""
_REFUSALS = frozenset(
    {
        *("NotAuthorizedException", "UserNotFoundException", "UserNotConfirmedException"),
        *("PasswordResetRequiredException", "UserLambdaValidationException"),
        "ForbiddenException",
    }
)
"""What Cognito answers to a password that does not open the pool. The fence of a pool that stands
by is a trigger's refusal; the last one is a web application firewall's."""


class CognitoOldPool:
    """OldPool by its id and an app client. `connect`: makes a client in the pool's Region."""

    def __init__(self, connect: Callable[[], Any], pool: OldPool) -> None:
        self._connect, self._pool = connect, pool

    @property
    def id(self) -> str:
        """As configured."""
        return self._pool.user_pool_id

    @property
    def region(self) -> str:
        """As the pool's id begins."""
        return self._pool.region

    def let_in(self, name: str, password: str, seconds: float) -> Vouched | None:
        """One AdminInitiateAuth, and an AdminGetUser of whom it let in."""
        client = self._connect()
        return in_time(seconds, lambda: self._let_in(client, name, password))

    def _let_in(self, client: Any, name: str, password: str) -> Vouched | None:
        with translated():
            try:
                answer = client.admin_initiate_auth(
                    UserPoolId=self._pool.user_pool_id,
                    ClientId=self._pool.client_id,
                    AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                    AuthParameters={"USERNAME": name, "PASSWORD": password},
                )
            except ClientError as error:
                if code_of(error) in _REFUSALS:
                    return None
                raise
            if vouched(answer) is not Coming.VOUCHED:
                return None
            token = str(answer["AuthenticationResult"]["AccessToken"])
            username = str(token_claims(token).get("username") or name)
            user = client.admin_get_user(UserPoolId=self._pool.user_pool_id, Username=username)
        shown = {pair["Name"]: pair.get("Value", "") for pair in user["UserAttributes"]}
        return vouched_of(token, shown)
