"""How a pool is split: prefixes of `sub` are probed with one page each, and split when too big.

Some hex digits of a sub are the same for all users of a pool on newer infrastructure, so no fixed
set of prefixes is even: a prefix whose children are all empty but one passes its whole size on to
that one. What a probe shows completely need not be listed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.quotas import USER_LIST
from cognito_standby.reconciliation.domain.listing_rows import RowBuffer
from cognito_standby.reconciliation.ports import UserPage
from cognito_standby.reconciliation.services.context import ReconcileContext, RunSettings
from cognito_standby.reconciliation.services.filing import Filing
from cognito_standby.reconciliation.services.patience import is_late, patiently

_HEX = "0123456789abcdef"
_HYPHENS = (8, 13, 18, 23)
"""Where a UUID has hyphens."""
_MAX_PREFIX = 36
_TOLERANCE = 2.5
"""A prefix is split when it is so many times larger than an item should be: a split costs 16 probes
one after the other, some 5 s, in which nobody else lists."""

Sized = tuple[str, float]
"""A prefix, and about how many users it has."""


@dataclass
class Probing:
    """Where the splitting stands.

    to_split   prefixes known to have more than a page and thought too big
    item_users what one item should list
    chains     prefixes to be listed
    """

    to_split: list[Sized]
    item_users: float
    chains: list[Sized] = field(default_factory=list)
    users: int = 0
    misfiled: int = 0
    rows: RowBuffer = field(default_factory=RowBuffer)


def item_size(settings: RunSettings, expected: float) -> float:
    """Users that one item should list, of a pool of about this size: a worker's part of it, as long
    as that is no more than an item may have."""
    return max(settings.least_users, min(settings.item_users, expected / settings.concurrency))


def begin(ctx: ReconcileContext, filing: Filing, expected: float) -> Probing:
    """Probe the whole pool."""
    probing = Probing([], item_size(ctx.settings, expected))
    _probe_all(ctx, filing, probing, [""], expected)
    return probing


def go_on(ctx: ReconcileContext, filing: Filing, probing: Probing) -> None:
    """Split what is too big, until nothing is or the worker's time is over; always once."""
    while probing.to_split:
        prefix, size = probing.to_split[0]
        try:
            _probe_all(ctx, filing, probing, children(prefix), size)
        except ThrottledError:
            return  # the next round goes on here
        probing.to_split.pop(0)
        if is_late(ctx):
            return


def _probe_all(
    ctx: ReconcileContext, filing: Filing, probing: Probing, prefixes: Sequence[str], size: float
) -> None:
    """Probe siblings. The parent's size is divided evenly among those that a probe does not show to
    be small."""
    pages = [_first(ctx, prefix) for prefix in prefixes]
    big = [prefix for prefix, page in zip(prefixes, pages, strict=True) if page.token]
    for page in pages:
        if page.token:
            continue
        probing.users += len(page.users)
        for user, origin in filing.filed(page.users):
            probing.rows.add(origin, filing.row_of(user, origin))
        probing.misfiled += filing.take_misfiled()
    for prefix in big:
        sized = (prefix, size / len(big))
        too_big = sized[1] > probing.item_users * _TOLERANCE and len(prefix) < _MAX_PREFIX
        (probing.to_split if too_big else probing.chains).append(sized)


def _first(ctx: ReconcileContext, prefix: str) -> UserPage:
    return patiently(ctx, USER_LIST, lambda: ctx.listing.list_users(prefix, ""))


def children(prefix: str) -> list[str]:
    """The prefixes one character longer."""
    return [prefix + "-"] if len(prefix) in _HYPHENS else [prefix + digit for digit in _HEX]


def bundled(chains: Sequence[Sized], size: float) -> list[tuple[str, ...]]:
    """Prefixes that one item lists one after the other: about `size` users together."""
    bundles: list[list[str]] = []
    room = 0.0
    for prefix, users in sorted(chains):
        if not bundles or users > room:
            bundles.append([])
            room = size
        bundles[-1].append(prefix)
        room -= users
    return [tuple(bundle) for bundle in bundles]
