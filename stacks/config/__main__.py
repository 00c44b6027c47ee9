"""`python -m stacks.config FILE [CALLED]`: whether JSON in a file is a configuration to deploy.

The faults are told of `CALLED`, where the file is one that nobody knows.

Exit code 0, or 1 with every fault on stderr. `standby init` asks it before it writes one: the
command itself knows no stacks.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from stacks.config.source import ConfigError, parse


def main(path: str, called: str = "") -> int:
    """The exit code."""
    try:
        parse(json.loads(Path(path).read_text(encoding="utf-8")), called or path)
    except (ConfigError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
