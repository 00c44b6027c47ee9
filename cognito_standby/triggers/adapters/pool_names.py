"""By what people sign in to an existing pool, as Cognito tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.domain.sign_in_names import SignInNames, tells_capitals_apart


class DescribedNames:
    """Asks once for a process, when it is first needed: no call changes them (UpdateUserPool has
    no such member), and an account has 15 DescribeUserPool a second.

    client  made when it is needed: most sign-ups need none
    """

    def __init__(self, client: Callable[[], Any], user_pool_id: str) -> None:
        self._client, self._pool = client, user_pool_id
        self._told: SignInNames | None = None

    def __call__(self) -> SignInNames:
        """DescribeUserPool. StandbyError: it could not be read, and the next one asks again."""
        if self._told is None:
            with translated():
                pool = self._client().describe_user_pool(UserPoolId=self._pool)["UserPool"]
            usernames, aliases = pool.get("UsernameAttributes"), pool.get("AliasAttributes")
            self._told = SignInNames(
                tuple(usernames or ()), tuple(aliases or ()), tells_capitals_apart(pool)
            )
        return self._told
