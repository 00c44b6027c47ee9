"""Whom a trigger asks is told in its environment, in whichever way its task reads it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.settings import EnvSettings
from cognito_standby.triggers.settings import (
    OwnerSettings,
    Parts,
    SlotSettings,
    TokenSettings,
    owner_told,
)

THEIRS = "arn:aws:lambda:us-east-1:111111111111:function:theirs"


@pytest.mark.parametrize(
    "settings",
    [OwnerSettings(THEIRS), SlotSettings(Parts(THEIRS)), TokenSettings(Parts(THEIRS), "ledger")],
    ids=lambda settings: type(settings).__name__,
)
def test_each_kind_of_trigger_says_whom_it_asks(settings: EnvSettings) -> None:
    assert owner_told(settings.to_env()) == THEIRS


@pytest.mark.parametrize(
    "environ", [{}, SlotSettings(Parts()).to_env(), {"PARTS": "{}"}, {"OWNER_FUNCTION": ""}]
)
def test_one_that_asks_nobody(environ: Mapping[str, str]) -> None:
    assert owner_told(environ) == ""


def test_of_another_release_with_other_parts() -> None:
    assert owner_told({"PARTS": f'{{"owner_function": "{THEIRS}", "new": 1}}'}) == THEIRS


@pytest.mark.parametrize("parts", ["{", "[1]"])
def test_what_cannot_be_read_is_not_nobody(parts: str) -> None:
    with pytest.raises(MisconfiguredError, match="PARTS"):
        owner_told({"PARTS": parts})
