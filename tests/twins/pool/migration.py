"""The strict pool's migrate-user trigger: a function that a test hands in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.pools import UserStatus
from local.cognito_rules import migrations, registration
from local.cognito_rules.migrations import Migrated
from local.cognito_rules.refusals import CognitoError
from tests.twins.pool.config import CONTACTS
from tests.twins.pool.core import Message, Purpose
from tests.twins.pool.federation import FederationOperations

Migrate = Callable[[str, str, str], Mapping[str, Any]]
"""Is asked with the source, the name and the password ("" where there is none), and answers with
the `response` of the event. CognitoError: the function raised."""
CLIENT = "the app client"


class MigrationOperations(FederationOperations):
    """Strangers at the door."""

    migrate: Migrate | None = None
    """The trigger's function; None: the pool has none."""

    def meet(self, source: str, name: str, password: str = "") -> None:
        """Ask about somebody whom the pool does not have, and make whom the answer names.
        CognitoError: nobody was made."""
        if self.migrate is None or self._accounts.find(name) is not None:
            return
        try:
            user = migrations.migrated(self.config, name, self.migrate(source, name, password))
            if user is not None:
                self._make(user, password)
        except CognitoError as why:
            raise migrations.could_not(CLIENT, why) from why

    def _make(self, user: Migrated, password: str) -> None:
        factors = migrations.second_factors(self.config.factors(), user)
        given = registration.by_administrator(self.config, user.username, user.attributes)
        account = replace(
            self._new_account(user.username, given, UserStatus(user.status)),
            password=password or f"unknown {self._next()}",
            enabled_factors=tuple(factors.enabled),
            preferred_factor=factors.preferred,
        )
        self._put(account, move_aliases=user.forced)
        self._bill("AdminCreateUser", account.sub)
        if user.welcome:
            address = next((given[c] for c in CONTACTS if c in given), "")
            self.messages.append(Message(Purpose.INVITATION, account.sub, address))
