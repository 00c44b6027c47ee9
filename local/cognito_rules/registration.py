"""The two ways to make a user: what is refused, and the attributes that the user then has."""

from __future__ import annotations

from collections.abc import Mapping

from local.cognito_rules import attributes as rules
from local.cognito_rules.changes import created, signed_up
from local.cognito_rules.names import check_username
from local.cognito_rules.pools import AppClient, PoolSettings


def by_administrator(
    pool: PoolSettings, username: str, attributes: Mapping[str, str]
) -> dict[str, str]:
    """AdminCreateUser."""
    rules.check_sizes(attributes)
    check_username(pool, username)
    given = created(pool, username, attributes)
    rules.check_creation(pool, {**attributes, **given})
    return given


def by_person(
    pool: PoolSettings, client: AppClient, username: str, attributes: Mapping[str, str]
) -> dict[str, str]:
    """SignUp, through an app client."""
    rules.check_sizes(attributes)
    check_username(pool, username)
    rules.check_client(pool, client, attributes, signing_up=True)
    given = created(pool, username, attributes)
    rules.check_sign_up(pool, {**attributes, **given})
    return signed_up(given)
