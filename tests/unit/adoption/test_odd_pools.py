"""What the doctor finds in each odd pool, beside a plain one: expected is found, and nothing more.

`odd_pools.json`: pool -> codes, where the odd pool is the primary and the plain one the backup, and
the other way round.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cognito_standby.adoption.domain.findings import Finding
from cognito_standby.adoption.domain.judging import judge
from tests.odd_pools import ODD_POOLS
from tests.unit.adoption.recorded import AWAY, HOME, case_of, odd

pytestmark = pytest.mark.usefixtures("socket_disabled")
EXPECTED = json.loads(Path(__file__).with_name("odd_pools.json").read_text(encoding="utf-8"))
OF_ONE_POOL = {
    *("mail-own-sender", "mail-elsewhere", "sms-elsewhere", "deletion-protection"),
    *("origin-sub-missing", "trigger-disturbs-replay", "trigger-elsewhere", "pool-key"),
    *("trigger-not-permitted", "sender-key", "recovery-closed", "passkeys-enrol-again"),
    *("client-credentials", "client-missing", "only-in-backup", "not-offered"),
}
"""What can be said of two pools that are alike."""


def _found(primary: str, backup: str) -> tuple[Finding, ...]:
    return judge(case_of(odd(primary, HOME), odd(backup, AWAY)))


@pytest.mark.parametrize("name", ODD_POOLS)
def test_expected_is_found(name: str) -> None:
    found = {
        "as_primary": sorted({each.matter.code for each in _found(name, "plain")}),
        "as_backup": sorted({each.matter.code for each in _found("plain", name)}),
    }
    assert found == EXPECTED[name]


@pytest.mark.parametrize("name", ODD_POOLS)
def test_of_two_alike_only_what_each_has_is_told(name: str) -> None:
    assert {each.matter.code for each in _found(name, name)} <= OF_ONE_POOL


def test_all_odd_pools_are_expected() -> None:
    assert EXPECTED.keys() == ODD_POOLS.keys()
