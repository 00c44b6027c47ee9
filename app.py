"""Entry point of the CDK CLI; `python app.py` alone writes the cloud assembly, too.

The assembly goes to CDK_OUTDIR, by default cdk.out beside this file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from stacks.advice import warnings
from stacks.config.source import ConfigError, find_config, read_context
from stacks.deployment import deployment
from stacks.layer import find_layer
from stacks.packaged_node import use_packaged_node

ROOT = Path(__file__).resolve().parent


def main() -> int:
    """Synthesize; 1 and one message if the config is refused."""
    try:
        config = find_config(ROOT, sys.argv[1:], os.environ)
        layer = find_layer(ROOT, os.environ)
        if "CDK_CLI_VERSION" not in os.environ:  # the CLI shows the stacks' own annotations
            sys.stderr.writelines(f"warning: {text}\n" for text in warnings(config))
        use_packaged_node()
        # Imported late: aws_cdk starts Node, which a refused config should not wait for.
        from stacks.application import synthesize  # noqa: PLC0415
        from stacks.settings import StackSettings  # noqa: PLC0415

        outdir = Path(os.environ.get("CDK_OUTDIR") or ROOT / "cdk.out")
        settings = StackSettings(config, ROOT, layer, *deployment(os.environ))
        synthesize(settings, outdir=outdir, context=read_context(ROOT))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
