"""Whoever came by a provider in both Regions is counted by both Regions' runs: here, once.

The active Region's run cannot know who has come in the other pool; the standby's names them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.recoverability import Reason
from cognito_standby.operator.domain.readiness import ACTIVE, STANDBY
from cognito_standby.operator.services.readiness import EVERY_SHARD, Source, unrecorded

_BY = (Reason.PROVIDER_ONLY, Reason.PAIRWISE_SUBJECT)
_AT_ONCE = 16
"""Of up to 512 small files."""


def counted_once(sources: Sequence[Source]) -> list[Source]:
    """The same, the active Region's counts without whom the standby's run names.

    Where files are gone or broken nothing is taken off: who is told of twice is not overlooked.
    """
    twice = _twice(sources)
    return [_without(each, twice) if each.view.role == ACTIVE else each for each in sources]


def _twice(sources: Sequence[Source]) -> Counter[str]:
    """Reason -> how many of the active Region's the standby's run names, too."""
    asked = [each for each in sources if each.view.kept and any(map(each.view.counts.get, _BY))]
    active = next((each for each in asked if each.view.role == ACTIVE), None)
    if active is None or not any(each.view.role == STANDBY for each in asked):
        return Counter()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            found = pool.map(lambda shard: _in_shard(active, sources, shard), EVERY_SHARD)
            return sum(found, Counter[str]())
        except StandbyError:
            return Counter()


def _in_shard(active: Source, sources: Sequence[Source], shard: str) -> Counter[str]:
    told = unrecorded(active, sources, shard)
    return Counter(each.reason for each, twice in told if twice)


def _without(source: Source, twice: Counter[str]) -> Source:
    ready = source.view.ready
    if ready is None:
        return source
    left = dict(Counter(ready.unrecorded) - twice)
    return replace(source, view=replace(source.view, ready=replace(ready, unrecorded=left)))
