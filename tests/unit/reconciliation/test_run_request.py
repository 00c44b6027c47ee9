"""What a reconciliation can be started with, and how a wrong input is refused."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.reconciliation import Mode
from cognito_standby.reconciliation.domain.run_request import RunRequest, run_id_of, run_request


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, RunRequest()),
        ({"dry_run": True}, RunRequest(Mode.DRY_RUN)),
        ({"shards": ["ff", "00", "ff"]}, RunRequest(shards=("00", "ff"))),
        ({"seeding": True, "clear_ids": True}, RunRequest(seeding=True, clear_ids=True)),
        ({"resume": "abc-1_2"}, RunRequest(resume="abc-1_2")),
        ({"dry_run": False, "shards": [], "resume": ""}, RunRequest()),
    ],
)
def test_what_is_understood(given: Any, wanted: RunRequest) -> None:
    assert run_request(given) == wanted


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "not a JSON object"),
        (None, "not a JSON object"),
        ({"dryrun": True}, "unknown keys: dryrun"),
        ({"dry_run": "yes"}, "`dry_run` is neither true nor false"),
        ({"seeding": 1}, "`seeding` is neither true nor false"),
        ({"shards": "00"}, "`shards` is not a list of texts"),
        ({"shards": [0]}, "`shards` is not a list of texts"),
        ({"shards": ["0g"]}, "'0g' is not two hex digits"),
        ({"shards": ["FF"]}, "'FF' is not two hex digits"),
        ({"resume": "../other"}, "`resume` is not the id of a run"),
        ({"resume": None}, "`resume` is not the id of a run"),
        ({"resume": "one", "dry_run": True}, "nothing goes beside it"),
        ({"resume": "one", "shards": ["00"]}, "nothing goes beside it"),
        ({"dry_run": True, "seeding": True}, "not both"),
    ],
)
def test_what_is_refused(given: Any, message: str) -> None:
    with pytest.raises(InvalidRecordError, match=message):
        run_request(given)


def test_an_id_is_fit_for_a_file_and_for_resuming() -> None:
    for name in ("3f2c", "a b/c\u00e9", "x" * 90):
        assert run_request({"resume": run_id_of(name)}).resume == run_id_of(name)
