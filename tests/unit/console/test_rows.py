"""The first page is held to `standby status`: whatever that shows of a Region is there, too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from dataclasses import replace as replaced
from typing import Any, TypeVar

import pytest

from cognito_standby.cli.commands.status import ROWS
from cognito_standby.console.services.overview import Drift, RegionLook, overview_of
from cognito_standby.console.web.words import commanded
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.operator.domain.health import Reconciled, RegionView
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.operator.operator_world import OTHER, REGION

SAID_AS = {
    "role": "Epoch",
    "dead letters": "Dead letters",
    "parked hints": "Parked hints",
    "failed executions, 24 h": "Failed ones, 24 hours",
    "running executions": "Running executions",
    "ledger rows to mind": "Ledger rows to mind",
    "undecided conflicts": "Undecided conflicts",
    "oldest unapplied change": "Oldest change not applied",
    "replication lag, 1 h, p50 / p99": "Lag, last hour",
    "last reconciliation": "Last reconciliation",
    "would not get in": "Would not get in after a failover",
    "runs that ask": "Runs that ask",
    "configuration": "Configuration",
    "alarms": "Alarms",
}
"""A row of `standby status` -> its name on the page."""

T = TypeVar("T", RegionView, Reconciled, ConfigurationNote)


def _with(known: T, **changes: Any) -> T:
    return replaced(known, **changes)


RUN = Reconciled("run-1", "in sync", 60.0, 0, clean=True, cannot={})
NOTE = ConfigurationNote(looked_at="2026-01-02T03:04:05+00:00")
BARE = RegionView(REGION, claims={REGION: 1, OTHER: 0})
FULL = _with(
    BARE,
    **dict.fromkeys(("dead_letters", "parked_hints", "running", "failed", "unsettled"), 0),
    **{name: {} for name in ("attention", "conflicts")},
    **{"lag_p50": 500.0, "lag_p99": 900.0, "alarms": (), "questions": ()},
    reconciled=RUN,
    configuration=NOTE,
)
CHANGES: Mapping[str, Any] = {
    "region": OTHER,
    "unreachable": "ConnectTimeoutError",
    "claims": {REGION: 4321, OTHER: 0},
    "dead_letters": 4321,
    "oldest_letter": 4321.0,
    "letters_by_kind": {"failed execution": 4321},
    "parked_hints": 4321,
    "running": 4321,
    "failed": 4321,
    "unsettled": 4321,
    "last_error": "InvalidRecordError",
    "failovers": (("standby failover", "an error"),),
    "attention": {"failed": 4321},
    "subjects": ("s-4321",),
    "conflicts": {"conflict_deletion": 4321},
    "in_conflict": ("s-4321",),
    "oldest_change": 4321.0,
    "lag_p50": 4321.0,
    "lag_p99": 4321.0,
    "canary_lag": 4321.0,
    "alarms": ("standby-4321",),
    "reconciled": _with(RUN, drift=4321),
    "questions": ("run-4321",),
    "emptied": ("run-4321",),
    "makes_way": OTHER,
    "fenced": True,
    "configuration": _with(NOTE, unexpected=4321),
    "unseeded": True,
    "unknown": {"lag": "because"},
}
RUN_CHANGES: Mapping[str, Any] = {
    **{"run": "run-4321", "verdict": "drift left", "age": 4321.0, "drift": 4321, "clean": False},
    **{"repeating": ("kind",), "cannot": {"no_contact": 4321}, "not_held": 4321, "linked": 4321},
    **{"factors": {"totp": 4321}, "awaited": 4321},
}
NOTE_CHANGES: Mapping[str, Any] = {
    **{"looked_at": "2026-01-02T04:32:10+00:00", "latest": "a", "accepted": "b"},
    **{"unexpected": 4321, "drift": 4321, "unread": 4321, "trouble": "its pool is gone"},
}
VIEWS = {
    **{name: (FULL, _with(FULL, **{name: value})) for name, value in CHANGES.items()},
    **{f"{name} beside failed": (
        _with(FULL, failed=5000), _with(FULL, failed=5000, **{name: value})
    ) for name, value in (("unsettled", 4321), ("unsettled", None))},
    **{f"{name} beside letters": (
        _with(FULL, dead_letters=5000), _with(FULL, dead_letters=5000, **{name: 4321.0})
    ) for name in ("oldest_letter",)},
    **{f"no {name}": (FULL, _with(FULL, **{name: None})) for name in (
        *("claims", "dead_letters", "parked_hints", "running", "failed", "attention", "conflicts"),
        *("lag_p50", "alarms", "reconciled", "questions", "configuration"),
    )},
    **{f"reconciled.{name}": (FULL, _with(FULL, reconciled=_with(RUN, **{name: value})))
       for name, value in (*RUN_CHANGES.items(), ("cannot", None))},
    **{f"configuration.{name}": (FULL, _with(FULL, configuration=_with(NOTE, **{name: value})))
       for name, value in (*NOTE_CHANGES.items(), ("looked_at", ""))},
}  # fmt: skip
_FIGURES = re.compile(r"4,?321|1 h 12 min|4\.3 s")
"""How 4321 is said: as a number, in seconds, in milliseconds."""


def _page(view: RegionView) -> str:
    world = ConsoleWorld()
    shown = RegionLook(view, Drift(why="not asked"), None)
    world.looks._last = overview_of(world.clock.now(), [shown])
    return world.browser().get("/").text


def _rows(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL)
    rows = {name: " ".join(re.sub(r"<[^>]+>", " ", told).split()) for name, told in found}
    badge = re.findall(r'<span class="badge.*?</span>', page)
    return rows | {"Epoch": f"{rows.get('Epoch')} {badge} {rows.get('Door')}"}


def test_every_field_is_looked_at_here() -> None:
    """A new field needs a line above, and so a place on the page, if `status` tells it."""
    for kind, changes in (
        (RegionView, CHANGES),
        (Reconciled, RUN_CHANGES),
        (ConfigurationNote, NOTE_CHANGES),
    ):
        assert {each.name for each in fields(kind)} == set(changes)


@pytest.mark.parametrize("view", [BARE, FULL], ids=["nothing is known", "all is known"])
def test_no_row_is_missing(view: RegionView) -> None:
    assert SAID_AS.keys() == {name for name, _ in ROWS}
    rows = _rows(_page(view))
    assert not set(SAID_AS.values()) - set(rows)
    unknown = {SAID_AS[name] for name, cell in ROWS if cell(view) is None}
    assert unknown == {name for name in SAID_AS.values() if "unknown" in rows[name]}


@pytest.mark.parametrize("name", VIEWS)
def test_what_changes_a_row_of_status_changes_the_page(name: str) -> None:
    before, after = VIEWS[name]
    page, later = _rows(_page(before)), _rows(_page(after))
    if after.unreachable:
        return
    for row, cell in ROWS:
        said, now = cell(before), cell(after)
        if said != now:
            assert page[SAID_AS[row]] != later[SAID_AS[row]], (row, said, now)
            figures = _FIGURES.findall(now or "")
            assert not figures or _FIGURES.search(later[SAID_AS[row]]), "the same number"


def test_a_footnote_of_status_is_beside_its_row() -> None:
    whole = _page(
        _with(FULL, subjects=("s-1",), attention={"failed": 1}, dead_letters=1,
                letters_by_kind={"unreadable": 1}, unknown={"lag": "because"}, lag_p50=None)
    )  # fmt: skip
    assert "/person?sub=s-1" in whole
    assert "1 unreadable" in _rows(whole)["Dead letters"]
    assert _rows(whole)["Lag, last hour"] == "unknown because"
    assert _rows(_page(_with(FULL, questions=("run-9",))))["Runs that ask"] == "! run-9"


def test_the_page_says_who_is_in_no_standby() -> None:
    page = _page(_with(FULL, unseeded=True, reconciled=None))
    assert "is in no record" in page
    assert "standby reconcile --seed" in page
    assert _rows(page)["Last reconciliation"] == "never, though the pool was there before"
    assert "is in no record" not in _page(FULL)


def test_the_advice_is_of_this_installation() -> None:
    step = "standby approve r-1, or standby reject r-1: docs/my-standby page"
    assert commanded(step, "standby --profile x") == (
        "standby --profile x approve r-1, or standby --profile x reject r-1: docs/my-standby page"
    )
