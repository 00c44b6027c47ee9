"""The output that the runbooks show is what this release prints."""

from __future__ import annotations

import pytest

from tests.docs.samples import RUNBOOKS, SAMPLES, block, shown


@pytest.mark.parametrize(("page", "command"), SAMPLES, ids=[command for _, command in SAMPLES])
def test_a_sample_is_fresh(page: str, command: str) -> None:
    text = (RUNBOOKS / page).read_text(encoding="utf-8")
    assert block(text, command) == shown(page, command), "run: python -m tests.docs.samples"
