"""The report of a drill as one page, in a file of its own: it needs nothing beside itself."""

from __future__ import annotations

from cognito_standby.operator.domain.health import counted
from cognito_standby.reconciliation.report.html import NOTHING, Html, document, join, rows, tag
from local.drill.figures import UnknownSince
from local.drill.record import Drill
from local.drill.report.drawing import CLASSES, WORDS, drawing
from local.drill.report.outcomes import hidden, outcomes
from local.drill.report.style import STYLE
from local.drill.report.words import (
    clock,
    conflicts_told,
    date,
    late_told,
    lost_told,
    result,
    rpo_told,
    rto_told,
    seconds,
)
from local.drill.scene import Played

_SIMULATED = (
    "This drill ran on an AWS that is imitated on one machine. Nothing of it was seen on AWS. "
    "Its times are those of that machine, of processes that shared it, and of the delays that the "
    "drill put in; its people are invented."
)
_HELD = (
    "{home} was lost in mid-traffic, {away} took over, and {home} came back with changes of its "
    "own. What was claimed of that, and what was seen, is below."
)
_FAILED = (
    "Not everything was as claimed. What was seen until the end is below; figures that could not "
    "be had are told as unknown."
)


def page(came: Drill) -> str:
    """The whole document."""
    title = f"Drill of {date(came.started)}: {result(came)} (simulated)"
    return document(
        title,
        STYLE,
        _simulated(came),
        _result(came),
        _tiles(came),
        _timeline(came),
        _claims(came),
        outcomes(came),
        hidden(came),
        _steps(came),
        _commands(came),
        _not_shown(came),
        _foot(came),
    )


def _simulated(came: Drill) -> Html:
    on = came.on
    facts = (
        ("Version", f"cognito-standby {on.version}, commit {on.commit}"),
        ("Seed", str(on.seed)),
        ("Played on", f"{on.emulator}; Python {on.python}"),
        ("Regions", f"{came.home} (active at first), {came.away}"),
        ("When", f"{date(came.started)} {clock(came.started)} UTC, {_took(came)}"),
        *((name, value) for name, value in on.settings.items()),
    )
    listed = [part for name, value in facts for part in (tag("dt", name), tag("dd", value))]
    return tag(
        "section",
        tag("h2", "Simulated"),
        tag("p", _SIMULATED),
        tag("dl", *listed),
        class_="simulated",
    )


def _took(came: Drill) -> str:
    return f"for {seconds(came.ended - came.started)} with the deployment"


def _result(came: Drill) -> Html:
    words = _HELD if came.held else _FAILED
    return tag(
        "header",
        tag("span", "as claimed" if came.held else "not as claimed", class_="badge"),
        tag("h1", result(came)),
        tag("p", words.format(home=came.home, away=came.away)),
        class_="good" if came.held else "bad",
    )


def _tiles(came: Drill) -> Html:
    lost = lost_told(came)
    tiles = (
        (rto_told(came.rto), "RTO: from the operator's command to the first sign-in there", ""),
        (rpo_told(came.rpo), "RPO: age of the oldest change that was in flight at the cut", ""),
        (late_told(came), "changes unavailable until the return", "warn"),
        (lost, "changes lost", "good" if lost == "0" else "bad"),
        (conflicts_told(came), "conflicts listed for a person", ""),
    )
    return tag("div", *(_tile(*each) for each in tiles), class_="tiles")


def _tile(figure: str, words: str, tone: str) -> Html:
    """A figure; what stands behind its comma is smaller."""
    unknown = figure.startswith("unknown")
    first, _, more = figure.partition(", ")
    value = tag("b", first, class_="unknown" if unknown else "figure")
    parts = (value, tag("em", more) if more else NOTHING, tag("span", words))
    return tag("div", *parts, class_=f"tile {'' if unknown else tone}".strip())


def _timeline(came: Drill) -> Html:
    key = [(f"k k-{CLASSES[band]}", WORDS[band]) for band in CLASSES]
    key += [("k k-by", "stands by"), ("k k-yes", "a change, acknowledged")]
    key += [("k k-no", "somebody refused"), ("k k-late", "in flight at the cut, until the return")]
    body = [
        (
            tag("span", each.letter, class_="letter"),
            f"{clock(each.at)} UTC",
            _from_cut(came, each.at),
            each.region,
            each.text,
        )
        for each in came.moments
    ]
    return tag(
        "section",
        tag("h2", "Timeline"),
        tag(
            "div",
            drawing(came),
            class_="scroll drawing",
            tabindex="0",
            role="group",
            aria_label="The timeline, drawn",
        ),
        tag("div", *(tag("span", tag("i", class_=c), words) for c, words in key), class_="key"),
        tag(
            "p",
            "Times count from the cut; of what was before, only the last is drawn.",
            class_="small",
        ),
        tag("h3", "The same in words", class_="scene"),
        rows(("", "at", "from the cut #", "Region", "what"), body, class_="moments"),
        class_="long",
    )


def _from_cut(came: Drill, at: float) -> str:
    return f"{at - came.cut:+,.1f} s" if came.cut is not None else ""


def _claims(came: Drill) -> Html:
    parts = [part for n, scene in enumerate(came.played, start=1) for part in _scene(n, scene)]
    return tag("section", tag("h2", "What was claimed, and what was seen"), *parts, class_="long")


def _scene(number: int, scene: Played) -> tuple[Html, ...]:
    body = [
        (
            tag("span", "✓ held", class_="yes")
            if claim.held
            else tag("span", "✗ failed", class_="no"),
            claim.text,
            claim.seen,
        )
        for claim in scene.claims
    ]
    lasted = ""
    if scene.started is not None and scene.ended is not None:
        lasted = f" ({seconds(scene.ended - scene.started)})"
    broke = tag("p", tag("span", "✗ broke off: ", class_="no"), scene.broke)
    return (
        tag("h3", f"{number}. {scene.name}", tag("span", lasted, class_="dim"), class_="scene"),
        tag("p", scene.shows, class_="small dim"),
        rows(("", "claimed", "seen"), body, class_="claims") if body else NOTHING,
        broke if scene.broke else NOTHING,
    )


def _steps(came: Drill) -> Html:
    if isinstance(came.rto, UnknownSince):
        return NOTHING
    rto, lasting = came.rto, came.rto.lasting()
    longest = max((each for _, each in lasting), default=0.0) or 1.0
    body = [
        (
            n,
            step.name,
            f"+{step.at - rto.commanded:.1f} s",
            f"{took:.1f} s",
            tag(
                "div",
                tag("i", class_="f-info", style=f"width:{100 * took / longest:.1f}%"),
                class_="bar",
            ),
        )
        for n, (step, took) in enumerate(lasting, start=1)
    ]
    return tag(
        "section",
        tag("h2", f"RTO, step by step: {rto_told(came.rto)}"),
        rows(("#", "step", "entered #", "until the next #", ""), body),
        tag("p", "Detecting the outage and deciding are not in it.", class_="small dim"),
    )


def _commands(came: Drill) -> Html:
    body = [
        (f"{clock(each.at)} UTC", tag("code", each.typed), f"{each.seconds:.1f} s", each.code)
        for each in came.commands
    ]
    return tag(
        "section",
        tag("h2", f"What the operator typed: {counted(len(body), 'command')}"),
        rows(("at", "command", "took #", "exit code #"), body),
        class_="long",
    )


def _not_shown(came: Drill) -> Html:
    return tag(
        "section",
        tag("h2", "What this does not show"),
        tag("ul", *(tag("li", each) for each in came.not_shown)),
    )


def _foot(came: Drill) -> Html:
    again = f"make drill SEED={came.on.seed}"
    return tag(
        "footer",
        join(("Again, with the same people, changes and cut: ", tag("code", again), ". ")),
        "What each figure means: docs/drill.md. The same facts as JSON are beside this file.",
    )
