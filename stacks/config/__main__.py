"""`python -m stacks.config FILE`: whether a file of JSON is a configuration that can be deployed.

Exit code 0, or 1 with every fault on stderr. `standby init` asks it before it writes one: the
command itself knows no stacks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from stacks.config.source import ConfigError, parse


def main(path: str) -> int:
    """The exit code."""
    try:
        parse(json.loads(Path(path).read_text(encoding="utf-8")), path)
    except (ConfigError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
