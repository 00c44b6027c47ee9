"""A resource that holds something must never be replaced because a construct was moved or renamed.

CloudFormation replaces what has another logical id, and with it what is inside. The full ids, with
the hashes of the constructs' paths, and the physical names lie in `pinned_ids.json`. A new resource
is added there; a changed line is a replacement in every installation, and needs a migration.
To write the file anew: `python -m tests.stacks.pinned`.
"""

from __future__ import annotations

import json

import pytest

from tests.stacks.pinned import FILE, pinned
from tests.stacks.templates import Assembly
from tests.stacks.variants import VARIANTS


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_holds_data_keeps_its_ids_and_names(
    variant: str, request: pytest.FixtureRequest
) -> None:
    assembly: Assembly = request.getfixturevalue(variant)
    assert pinned(assembly) == json.loads(FILE.read_text())[variant]
