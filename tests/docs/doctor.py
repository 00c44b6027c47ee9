"""The tables of docs/doctor.md: `python -m tests.docs.doctor` writes them anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from cognito_standby.adoption.domain.judging import KINDS, matters_of

PATH = Path(__file__).parents[2] / "docs" / "doctor.md"
_BEGIN, _END = "<!-- codes -->", "<!-- end of codes -->"


def text() -> str:
    """The page with today's codes."""
    page = PATH.read_text(encoding="utf-8")
    body = "\n".join(_tables())
    return re.sub(
        f"{_BEGIN}.*{_END}", lambda _: f"{_BEGIN}\n\n{body}\n{_END}", page, flags=re.DOTALL
    )


def _tables() -> Iterator[str]:
    for title, kind in KINDS:
        yield from (f"### {title}", "")
        yield from ("| code | severity | what | on the day |", "|---|---|---|---|")
        for each in matters_of(kind):
            told = (f"`{each.code}`", each.severity.value, each.what, each.consequence)
            yield f"| {' | '.join(told)} |"
        yield ""


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
