"""What tokens would claim in every state that is met: the truth, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_standby.core.domain.identities import own_identity
from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.triggers.domain import origins
from tests.property.bound import check_one_each
from tests.property.environment import Model
from tests.property.states import State
from tests.property.world import REGIONS, WrongError


class TokenCheck:
    """Looks at each pool beside each ledger once."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._seen: set[tuple[int, int, int, int]] = set()

    def __call__(self, state: State) -> None:
        """WrongError: somebody's token would name another person, or a stranger."""
        met = self._model.envs[state.env].people
        for region in range(len(REGIONS)):
            here = (region, state.parts.pools[region], state.parts.ledgers[region], len(met))
            if here not in self._seen:
                self._seen.add(here)
                self._look(state, region, dict(met))

    def _look(self, state: State, region: int, people: Mapping[str, str]) -> None:
        twins = self._model.twins
        pool = twins.look(state.parts, "pool", region)
        twins.look(state.parts, "ledger", region)
        check_one_each(pool, twins.ledgers[region])
        for user in pool.list_users(limit=60).users:
            attributes = {**user.attributes, origins.STATUS: user.status.value}
            mapped = twins.ledgers[region].origin_of(user.sub)
            claim = origins.claim_of(attributes, mapped, marked=True)
            if claim.origin not in ("", _truth(user, people)):
                raise WrongError(f"a token claims {claim.origin} ({claim.reason})")


def _truth(user: PoolUser, people: Mapping[str, str]) -> str:
    """Who signed up here is who they are; whom a provider vouches for is who has that subject;
    anybody else is a copy, and says of whom."""
    if user.sub in people.values():
        return user.sub
    if (who := own_identity(user.attributes)) is not None:
        return people[who.subject]
    if user.origin_sub not in people.values():
        raise WrongError("a copy in a pool does not say whose it is")
    return user.origin_sub
