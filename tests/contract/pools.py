"""Pools that the suites run on, and what their people have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.core.ports import UserDirectory
from tests.contract.backends import Pool
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.errors import CognitoError

ATTRIBUTES = {
    "custom:origin_sub": AttributeSpec(max_length=128),
    "custom:badge": AttributeSpec(mutable=False),
    "custom:note": AttributeSpec(),
}
PLAIN = PoolConfig(attributes=ATTRIBUTES)
EMAIL = PoolConfig(attributes=ATTRIBUTES, username_attributes=("email",))
ALIAS = PoolConfig(attributes=ATTRIBUTES, alias_attributes=("email", "preferred_username"))

PASSWORD = "Corr3ct-horse!"
NEW_PASSWORD = "Batt3ry-staple!"
CONTACT = {"email": "ann@example.org"}
VERIFIED = {**CONTACT, "email_verified": "true"}
NEVER = "00000000-0000-4000-8000-000000000000"
"""A sub that nobody has."""

MakePool = Callable[[PoolConfig], Pool]


def create(directory: UserDirectory, who: str, **attributes: str) -> PoolUser:
    address = f"{who}@example.org"
    name = who if directory.schema().free_usernames else address
    given = {"email": address, "email_verified": "true", **attributes}
    return directory.create_user(name, given)


def looked_up(directory: UserDirectory, user: PoolUser) -> PoolUser:
    found = directory.get_user(user.username)
    assert found is not None
    assert found.sub == user.sub
    return found


@contextmanager
def refused(*codes: str) -> Iterator[None]:
    with pytest.raises(CognitoError) as refusal:
        yield
    assert refusal.value.code in codes


def confirmed(pool: Any, name: str = "ann", **attributes: str) -> str:
    sub = pool.sign_up(name, PASSWORD, {**CONTACT, **attributes})
    pool.confirm_sign_up(name, pool.latest_code(name))
    return str(sub)
