"""The session's local AWS, seen as an account whose stacks live and die."""

import pytest

from local.emulator import LocalAws
from tests.local.lifecycle.trials import Account


@pytest.fixture
def account(aws: LocalAws) -> Account:
    return Account(aws)
