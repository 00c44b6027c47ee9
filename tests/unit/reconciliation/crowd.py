"""A pool of many users, and what was listed of it."""

from __future__ import annotations

from cognito_standby.reconciliation.domain.file_names import counting
from cognito_standby.reconciliation.domain.listing_rows import split_rows
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services.opening import open_run
from tests.unit.reconciliation.stage import Stage, stage
from tests.unit.world import World


def filled(users: int, *, constant: str = "") -> Stage:
    """A pool of users; `constant`: digits with which all their subs begin."""
    world = World()
    pool = world.primary.pool
    if constant:
        real = pool._new_sub
        pool._new_sub = lambda: constant + real()[len(constant) :]  # type: ignore[method-assign]
    for number in range(users):
        world.sign_up(f"u{number}", {"email": f"u{number}@x.org"})
    return stage(world, world.primary)


def opened(at: Stage) -> Run:
    run = at.new_run()
    open_run(at.context(), run)
    return run


def listed(at: Stage, run: Run) -> list[str]:
    """Local subs in the parts that count, as often as they were listed."""
    subs: list[str] = []
    store = at.context().store(run)
    for item, parts in store.parts().items():
        if item.startswith(("prefix", "probes")):
            for part in counting(parts):
                body = at.files.read(store.rows_file(part))
                subs += [row[0] for row in split_rows(body or b"")]
    return subs


def everybody(at: Stage) -> list[str]:
    return sorted(account.sub for account in at.side.pool._accounts)
