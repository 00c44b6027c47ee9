"""`make cloud-test` must never touch an account that nobody named."""

import pytest

from tests.cloud.__main__ import RefusedError, check_account


@pytest.mark.parametrize("named", ["", "12345", "abcdefghijkl", "123456789012 "])
def test_an_account_must_be_named(named: str) -> None:
    with pytest.raises(RefusedError, match="name the account"):
        check_account(named, "123456789012")


def test_the_credentials_must_be_of_the_named_account() -> None:
    with pytest.raises(RefusedError, match="not of 123456789012"):
        check_account("123456789012", "210987654321")


def test_the_named_account_may_be_used() -> None:
    check_account("123456789012", "123456789012")
