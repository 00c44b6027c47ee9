"""`python -m tests.screenshots.recording`: what `make demo` says, as docs/demo.svg."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from local.demo.command import demo

PICTURE = Path(__file__).parents[2] / "docs" / "demo.svg"
_PEOPLE, _WIDTH = 12, 100
_FORMAT = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's, without the fonts that it loads from elsewhere."""


def main() -> int:
    """Play it and write it. The exit code is the demo's."""
    recorded = Console(record=True, width=_WIDTH, file=io.StringIO())
    agree = demo(recorded, "username", _PEOPLE)
    PICTURE.write_text(recorded.export_svg(title="make demo", code_format=_FORMAT))
    Console().print(f"wrote docs/{PICTURE.name}")
    return 0 if agree else 1


if __name__ == "__main__":
    raise SystemExit(main())
