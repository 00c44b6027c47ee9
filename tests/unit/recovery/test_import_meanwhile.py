"""An import among everything else that happens to its user at any of its moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cognito_standby.core.domain.errors import PlanStaleError, RetryableError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.records import Draft, resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.services.transfer_ports import TransferRefusedError
from tests.twins.pool.errors import CognitoError
from tests.unit.recovery.transfer_world import TransferWorld

MOMENTS = ("exported", "named", "made", "told", "completing")


class Meanwhile:
    """What happens to Ann in the primary, and which of her syncs run in the standby."""

    def __init__(self, plan: dict[str, Sequence[str]]) -> None:
        self.world, self.plan, self.runs = TransferWorld(), plan, 0
        self.sub = self.world.person("ann", name="Ann")
        self.world.person("ben", name="Ben")

    @property
    def subject(self) -> Subject:
        return Subject.user(self.sub)

    def at(self, moment: str) -> None:
        for act in self.plan.get(moment, ()):
            {
                "change": self._change,
                "delete": self._delete,
                "erase": self._erase,
                "disable": self._disable,
                "sync": self.sync,
                "visit": self.visit,
            }[act]()

    def sync(self) -> None:
        self.runs += 1
        with suppress(RetryableError, PlanStaleError):
            self.world.world.backup.run({"origin_sub": self.sub}, holder=f"other-{self.runs}")

    def visit(self) -> None:
        """Somebody asks about the user of the pool who bears Ann's mark, as a reconciliation does
        that met them in the listing."""
        for account in list(self.world.world.backup.pool._accounts):
            if account.attributes.get("custom:origin_sub") == self.sub:
                self.runs += 1
                with suppress(RetryableError, PlanStaleError):
                    hint = {"local_sub": account.sub}
                    self.world.world.backup.run(hint, holder=f"visit-{self.runs}")

    def _primary(self, act: Callable[[], object]) -> None:
        with suppress(CognitoError):
            act()
        if not self._erased:
            self.world.again(self.sub)

    @property
    def _erased(self) -> bool:
        winner = resolve(self.world.world.backup.context.records.read(self.subject)[0])
        return winner is not None and winner.erased

    def _change(self) -> None:
        pool = self.world.world.primary.pool
        name = {"name": f"Ann {self.runs}"}
        self._primary(lambda: pool.admin_update_user_attributes("ann", name))

    def _disable(self) -> None:
        self._primary(lambda: self.world.world.primary.pool.admin_disable_user("ann"))

    def _delete(self) -> None:
        self._primary(lambda: self.world.world.primary.pool.admin_delete_user("ann"))

    def _erase(self) -> None:
        """As an administrator's change does: the list first, then pool and record."""
        self.world.erasures.add(self.subject, "change")
        self._delete()
        primary = self.world.world.primary
        own = primary.context.records.read(self.subject)[0].own
        if own is not None and not own.erased:
            emptied = Draft(self.subject, own.epoch_number, {}, True, own.revision)
            primary.context.records.put(emptied, primary.clock.now())
        self.world.world.table.replicate_all()

    def play(self) -> None:
        world = self.world
        world.export()
        self.at("exported")
        world.pool.before = lambda: self.at("named")
        log, start = world.pool.log, world.machine.start

        def logged(job: object) -> Sequence[str]:
            self.at("made")
            told = log(job)  # type: ignore[arg-type]
            self.at("told")
            return told

        def started(hint: Hint) -> str:
            if hint.origin_sub == self.sub:
                self.at("completing")
            return start(hint)

        world.pool.log, world.machine.start = logged, started  # type: ignore[method-assign]
        world.import_all()


ACTS = st.sampled_from(
    [
        *((), (), ("visit",), ("sync",), ("change",), ("disable",), ("delete",), ("erase",)),
        *(("change", "sync"), ("disable", "sync"), ("delete", "sync"), ("erase", "sync")),
    ]
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@example({"named": ("erase", "sync")})
@example({"named": ("delete", "sync")})
@example({"made": ("visit",)})
@example({"named": ("erase", "sync"), "made": ("visit",)})
@example({"named": ("delete", "sync"), "told": ("visit",)})
@example({"named": ("sync",), "made": ("change", "sync"), "completing": ("delete",)})
@given(st.fixed_dictionaries(dict.fromkeys(MOMENTS, ACTS)))
def test_the_standby_shows_what_the_record_says(plan: dict[str, Sequence[str]]) -> None:
    meanwhile = Meanwhile(plan)
    meanwhile.play()
    meanwhile.sync()
    backup = meanwhile.world.world.backup
    ours = [
        account
        for account in backup.pool._accounts
        if account.attributes.get("custom:origin_sub") == meanwhile.sub
    ]
    winner = resolve(backup.context.records.read(meanwhile.subject)[0])
    assert winner is not None
    assert len(ours) <= 1, "nobody is made twice"
    if winner.erased:
        assert ours == []
    elif winner.deleted:
        assert not any(account.enabled for account in ours)
    else:
        (account,) = ours
        assert account.attributes["name"] == winner.fields["attr:name"]
        assert account.enabled == (winner.fields["enabled"] == "true")
    row = backup.ledger.read(meanwhile.subject)
    assert row.lease is None
    assert row.target is None, "nothing is left half done"
    assert "ben" in meanwhile.world.usernames()
    records = {key.partition for key in meanwhile.world.world.table.items(backup.region)}
    assert len({each for each in records if not each.startswith("#")}) == 2, "nobody is new"


@pytest.mark.parametrize("act", ["delete", "erase"])
def test_who_is_gone_before_is_made_by_no_job(act: str) -> None:
    meanwhile = Meanwhile({"exported": [act]})
    meanwhile.play()
    assert meanwhile.world.usernames() == ["ben"]
    with pytest.raises(TransferRefusedError):
        meanwhile.world.export()
