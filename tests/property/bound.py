"""What must hold of those who come through a provider: each is bound to their own record only."""

from __future__ import annotations

from typing import Any

from cognito_standby.core.domain.identities import own_identity
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import FEDERATED, Subject
from tests.property.world import REGIONS, Twins, WrongError


def check_one_each(pool: Any, ledger: Any) -> None:
    """WrongError: two users of a pool are bound to one person. Whatever the ledger is in the middle
    of."""
    bound = [ledger.origin_of(user.sub) for user in pool.list_users(limit=60).users]
    told = [origin for origin in bound if origin]
    if len(set(told)) != len(told):
        raise WrongError("two users of a pool are bound to one person")


def check_bound(twins: Twins) -> None:
    """WrongError: at rest somebody is bound to a stranger's record, or not to their own. As the
    twins are loaded."""
    for region in (0, 1):
        table = dict(twins.table.snapshot()[1])[REGIONS[region]]
        winners = _winners([item for _, item in table if isinstance(item, Record)], twins)
        for user in twins.pools[region].list_users(limit=60).users:
            who, origin = own_identity(user.attributes), twins.ledgers[region].origin_of(user.sub)
            if who is None:
                continue
            winner = winners.get(origin or "")
            if winner is not None and winner.fields.get(FEDERATED) != who.text:
                raise WrongError("somebody is bound to another person's record")
            named = {
                key
                for key, each in winners.items()
                if not each.deleted and each.fields.get(FEDERATED) == who.text
            }
            if len(named) > 1:
                raise WrongError("two living records name one identity")
            if user.enabled and len(named) == 1 and origin not in named:
                raise WrongError("somebody whom one record knows is not bound to it")


def _winners(records: list[Record], twins: Twins) -> dict[str, Record]:
    found = {}
    for key in {record.subject.id for record in records}:
        winner = resolve(twins.stores[0].read(Subject.user(key))[0])
        if winner is not None:
            found[key] = winner
    return found
