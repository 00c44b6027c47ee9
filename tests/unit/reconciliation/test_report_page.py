"""The page for people: nothing that it shows can break it, and it needs nothing beside itself."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cognito_standby.core.domain.severity import Severity
from cognito_standby.reconciliation.domain.configuration_drift import (
    ComparedPool,
    ConfigurationDifference,
    ConfigurationDrift,
    ExpectedDifference,
)
from cognito_standby.reconciliation.domain.drift_report import (
    Answer,
    Brake,
    DriftReport,
    Finding,
    FindingOutcome,
    Problem,
    TrendPoint,
    Verdict,
)
from cognito_standby.reconciliation.domain.readiness import Readiness
from cognito_standby.reconciliation.report.chart import chart
from cognito_standby.reconciliation.report.html import dollars, lasting, tag
from cognito_standby.reconciliation.report.page import FILLS, TONES, report_page
from tests.unit.reconciliation.made_up_run import RunFolder, missing

pytestmark = pytest.mark.usefixtures("socket_disabled")
HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>&amp;</style><!--"""
_VOID = {"meta", "br"}


class _Reader(HTMLParser):
    """Elements, their attributes and the text, as a browser takes them."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_who_gets_in_without_a_password_is_shown() -> None:
    folder = RunFolder()
    run = folder.new_run()
    folder.open(run)
    folder.judged(run, [])
    assert "without a password" not in read(folder.write(run).report).text
    ready = Readiness(
        9,
        {"password_reset": 6, "none": 3},
        {"verified_email": 6, "no_verified_contact": 1, "unconfirmed": 2},
        {"unconfirmed": 2},
        4,
        5,
        {"not in the pool's schema": {"attr:custom:<plan>": 7}},
        changed_passwords={"keep": 8},
    )
    folder.context.store(run).write_readiness(ready)
    report = folder.write(run).report
    assert report.readiness == ready
    text = read(report).text
    assert "8 people set a password while the other Region was active" in text
    for told in ("no_verified_contact", "2 unconfirmed", "4 local users", "attr:custom:<plan>"):
        assert told in text
    standby = replace(report, run=replace(report.run, role="standby"))
    assert "2 unconfirmed" not in read(standby).text


HERE = ComparedPool("us-east-1", "us-east-1_a", "2026-11-29T03:00:00Z", "2026-11-29T03:00:00+00:00")
AWAY = ComparedPool("us-west-2", "us-west-2_b", "2026-11-28T03:00:00Z", "2026-11-29T03:05:00+00:00")
DIFFERENCE = ConfigurationDifference(
    *("mfa/pool/MfaConfiguration", "changed", '"ON"', '"OFF"'),
    *(Severity.BLOCKS, "A password alone opens every account.", "console: Sign-in"),
)


def test_the_configuration_of_the_two_pools_is_shown(report: DriftReport) -> None:
    heading = "Configuration of the two pools"
    assert heading not in read(report).text, "a former release did not compare"
    drift = ConfigurationDrift(
        HERE, AWAY, 1, (DIFFERENCE,), (ExpectedDifference("groups/staff", "replicated"),)
    )
    shown = read(replace(report, configuration=drift)).text
    assert heading in shown and "1 places differ that should not" not in shown
    for told in ("1 place differs that should not", "blocks", *vars(DIFFERENCE).values()):
        assert told == "changed" or str(told) in shown
    assert "as of 2026-11-29 03:05:00 UTC" in shown and "replicated" in shown
    alike = read(replace(report, configuration=ConfigurationDrift(HERE, AWAY))).text
    assert "Nothing differs that should not" in alike
    unknown = ConfigurationDrift(HERE, AWAY, unknown="no snapshot has been taken yet")
    assert "could not be compared: no snapshot" in read(replace(report, configuration=unknown)).text


def read(report: DriftReport) -> _Reader:
    reader = _Reader()
    reader.feed(report_page(report))
    reader.close()
    assert reader.open == [], "every element is closed"
    return reader


@pytest.fixture
def report() -> DriftReport:
    return RunFolder().whole_run(missing(3))


def hostile(report: DriftReport) -> DriftReport:
    """The text of a stranger wherever a report has text."""
    return replace(
        report,
        summary=HOSTILE,
        run=replace(report.run, id=HOSTILE, execution=HOSTILE, user_pool_id=HOSTILE),
        findings=(
            Finding(HOSTILE, HOSTILE, 5, {"left": 5}, {HOSTILE: 5}, 9, HOSTILE, (HOSTILE, HOSTILE)),
        ),
        skipped={HOSTILE: 1},
        brake=Brake((HOSTILE,), Answer.APPROVED),
        problems=(Problem(HOSTILE, 1, HOSTILE),),
        trend=(TrendPoint(HOSTILE, HOSTILE, 1, 1, 1, 1.0),),
        cost=replace(report.cost, prices_source=HOSTILE),
        configuration=ConfigurationDrift(
            ComparedPool(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
            ComparedPool(HOSTILE),
            1,
            (replace(DIFFERENCE, place=HOSTILE, active=HOSTILE, standby=HOSTILE, mend=HOSTILE),),
            (ExpectedDifference(HOSTILE, HOSTILE),),
        ),
    )


def test_hostile_names_are_text(report: DriftReport) -> None:
    reader = read(hostile(report))
    assert not {"script", "img", "iframe", "a", "link"} & set(reader.elements)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert reader.text.count(HOSTILE) >= 20


def test_attributes_cannot_be_left() -> None:
    made = tag("p", "x", title='"><script>', data_kind="'onload='")
    assert made == '<p title="&quot;&gt;&lt;script&gt;" data-kind="&#x27;onload=&#x27;">x</p>'


def test_it_needs_nothing_beside_itself(report: DriftReport) -> None:
    text = report_page(report)
    reader = read(report)
    loading = [value for name, value in reader.attributes if name in ("src", "href", "action")]
    assert loading == []
    assert not re.search(r"url\(|@import|https?://", text)
    policy = next(value for name, value in reader.attributes if name == "content")
    assert "default-src 'none'" in str(policy)


def test_it_says_what_the_report_says(report: DriftReport) -> None:
    text = read(report).text
    for words in (
        report.summary,
        "us-east-1 (active)",
        "missing record",
        "3 repaired",
        "256 of 256",
    ):
        assert words in text
    assert report.findings[0].examples[0] in text
    assert "hashed as in the logs" in text
    assert "clear" in read(replace(report, run=replace(report.run, ids_shown=True))).text


def test_repeating_drift_is_named_a_bug(report: DriftReport) -> None:
    assert "a bug" not in read(report).text
    again = replace(report.findings[0], in_a_row=3, repeats_because="a bug in capture: look")
    text = read(replace(report, findings=(again,))).text
    assert "Drift that repeats: a bug" in text
    assert "a bug in capture: look" in text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer.APPROVED, "an operator approved"),
        (Answer.REJECTED, "an operator rejected"),
        (Answer.EXPIRED, "nobody answered in time"),
    ],
)
def test_the_brake_and_its_answer(report: DriftReport, answer: Answer, words: str) -> None:
    text = read(replace(report, brake=Brake(("9 users would be deleted",), answer))).text
    assert words in text
    assert "9 users would be deleted" in text
    assert "The brake" not in read(report).text


def test_an_empty_report_is_a_page_too(report: DriftReport) -> None:
    empty = replace(report, findings=(), trend=(), quotas=(), phases=(), skipped={})
    assert "add up for every subject" in read(empty).text


def test_every_word_has_a_colour() -> None:
    assert set(TONES) == set(Verdict)
    assert set(FILLS) == set(FindingOutcome)


def bars(*drifts: tuple[int, int]) -> list[tuple[str, float]]:
    """Class and height of each bar."""
    points = [
        TrendPoint(f"r{n}", f"2026-01-{n + 1:02d}T03:00:00", 9, drift, left, 1.0)
        for n, (drift, left) in enumerate(drifts)
    ]
    found = re.findall(r'<rect [^>]*height="([\d.]+)"[^>]*class="(\S+)"', chart(points))
    return [(name, float(height)) for height, name in found]


def test_bars_are_as_high_as_the_drift() -> None:
    assert bars((10, 0), (5, 0)) == [("s-info", 132.0), ("s-info", 66.0)]
    assert bars((10, 5)) == [("s-info", 66.0), ("s-bad", 66.0)]
    assert bars((0, 0)) == [], "a dot, no bar"
    ((name, height),) = bars((1000, 0), (1, 1))[1:]
    assert (name, height) == ("s-bad", 2.0), "never too thin to be seen"


def test_runs_of_one_day_are_told_apart() -> None:
    moments = ("2026-01-01T03:00:00", "2026-01-02T03:00:00", "2026-01-02T14:30:00")
    points = [TrendPoint(each, each, 9, 1, 0, 1.0) for each in moments]
    labels = re.findall(r'<text x="[\d.]+" y="163"[^>]*>([^<]+)</text>', chart(points))
    assert labels == ["01-01", "01-02", "14:30"]


def test_figures_for_people() -> None:
    assert [dollars(each) for each in (0, 0.00001, 0.0546, 12.5)] == [
        "$0.0000",
        "< $0.0001",
        "$0.0546",
        "$12.50",
    ]
    assert [lasting(each) for each in (0, 5.25, 431, 7260)] == [
        "not known",
        "5.2 s",
        "7 min 11 s",
        "2 h 1 min",
    ]
