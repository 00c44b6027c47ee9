"""A pool's door, at which strangers are asked about: one call that Cognito makes of it."""

from __future__ import annotations

import json

from cognito_standby.core.domain.errors import NameHeldError
from local.cognito_rules.migrations import SIGN_IN
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.user_directory import InMemoryUserDirectory

PASSWORD = "Aa1!of-a-stranger"


class Door(InMemoryUserDirectory):
    """UserDirectory, and what no service calls."""

    def migrate(self, name: str, answer: str) -> str:
        """The user that the trigger's answer, as JSON, makes; the sub. NameHeldError: nobody."""
        response = json.loads(answer)
        known = {user.sub for user in self.pool.list_users(limit=60).users}
        self.pool.migrate = lambda *_: response
        try:
            self.pool.meet(SIGN_IN, name, PASSWORD)
        except CognitoError as error:
            raise NameHeldError(error.code) from error
        finally:
            self.pool.migrate = None
        made = [user.sub for user in self.pool.list_users(limit=60).users if user.sub not in known]
        if not made:
            raise NameHeldError("somebody has the name by now")
        return made[0]
