"""The session's local AWS, seen as an account whose stacks live and die."""

import pytest

from local.emulator import LocalAws
from tests.local.conftest import unique
from tests.local.lifecycle.trials import KEEPING, Account, table


@pytest.fixture
def account(aws: LocalAws) -> Account:
    return Account(aws)


@pytest.fixture
def taken(account: Account) -> str:
    """A table of somebody else's: whoever wants its name fails."""
    name = unique("taken")
    account.deploy(unique("owner"), {"Table": table(name, KEEPING)})
    return name
