"""A pool searched for one person, on the strict pool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cognito_standby.core.domain.sign_in import Channel, Factor, SignInRules
from cognito_standby.operator.domain.person import PoolFacts, SeenUser
from cognito_standby.operator.domain.person_search import bears
from tests.twins.operator.operations import Switch
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.pool import StrictPool

_LONGEST = 256


class InMemoryPeople:
    """People. `rules` and `factors` (by username) are set by a test: the strict pool knows none of
    second factors."""

    def __init__(self, pool: StrictPool, switch: Switch | None = None) -> None:
        self._pool, self._switch = pool, switch or Switch()
        self.rules = SignInRules(recovery=tuple(map(Channel, pool.config.recovery)))
        self.factors: dict[str, frozenset[Factor]] = {}
        self.on_demand = False

    def facts(self) -> PoolFacts:
        """The config."""
        self._switch.check()
        config = self._pool.config
        schema = replace(self._pool.describe_user_pool(), on_demand=self.on_demand)
        return PoolFacts(schema, self.rules, config.case_sensitive, config.pool_id)

    def named(self, name: str) -> Sequence[SeenUser]:
        """By username, alias, sub, and by each attribute that can be searched."""
        self._switch.check()
        seen = [self._get(name)]
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        for attribute in ("preferred_username", *Channel, "sub") if name.isprintable() else ():
            if len(asked := f'{attribute} = "{quoted}"') <= _LONGEST:
                seen += [self._get(user.username) for user in self._pool.list_users(asked).users]
        found = {each.user.sub: each for each in seen if each is not None}
        sensitive = self._pool.config.case_sensitive
        return [each for each in found.values() if bears(each, name, case_sensitive=sensitive)]

    def by_sub(self, sub: str) -> SeenUser | None:
        """Whose sub it is."""
        return next((each for each in self.named(sub) if each.user.sub == sub), None)

    def _get(self, name: str) -> SeenUser | None:
        try:
            user = self._pool.admin_get_user(name)
        except CognitoError:
            return None
        groups = self._pool.admin_list_groups_for_user(user.username)
        factors = self.factors.get(user.username, frozenset())
        return SeenUser(replace(user, groups=groups), factors)
