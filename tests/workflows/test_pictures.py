"""The pictures of the machines are fresh."""

from __future__ import annotations

from pathlib import Path

from tests.workflows.definitions import FACTS, sound
from workflows import pictures


def test_the_pictures_are_fresh() -> None:
    kept = {path.name: path.read_text("utf-8") for path in pictures.DIRECTORY.glob("*.md")}
    assert kept == pictures.pages(), "run: python -m workflows.pictures"


def test_a_page_shows_every_state_and_every_way() -> None:
    page = pictures.machine_page("small", sound(), FACTS)
    for line in (
        "[*] --> LookUp",
        'state "Look Up" as LookUp',
        "Route --> ForEach : $found > 1",
        "Route --> TellAll : otherwise",
        "state ForEach {",
        "DoOne --> GiveUp : SecondError",
        "GiveUp --> [*] : fails",
        "Done --> [*]",
    ):
        assert line in page
    assert (
        "| Look Up | Calls look_up. | 60 s | service, unsure, throttled, replan | SecondError |"
        in page
    )
    assert "| throttled | ThrottledError, Lambda.TooManyRequestsException | 40 | 300 s |" in page


def test_writing_removes_what_is_gone(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("old")
    pictures.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(pictures.pages())
