"""Somebody who is awaited with two names that differ in their capitals alone, where a pool tells
them apart, such as `ann` and, as a preferred username, `Ann`."""

from __future__ import annotations

import pytest

from tests.property.sign_ups import HERS, PREFERRED, awaited, comes

APART = "aliases, capitals told apart"
ANN = {**HERS, "email_verified": "true", PREFERRED: "Ann"}


@pytest.mark.parametrize("name", ["ann", "Ann"])
def test_she_comes_by_either(name: str) -> None:
    made, sub = awaited(APART, ANN)
    assert comes(made, sub, name)


def test_she_comes_by_one_while_somebody_else_has_the_other() -> None:
    """No trigger is asked about a change of one's own profile."""
    made, sub = awaited(APART, ANN)
    pool = made.backup.pool
    pool.admin_create_user("eve", {"email": "eve@example.org"})
    pool.admin_update_user_attributes("eve", {PREFERRED: "Ann"})
    assert comes(made, sub, "ann")
    assert pool.admin_get_user("Ann").username == "eve"
