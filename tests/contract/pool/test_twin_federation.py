"""People of the strict pool who come through identity providers.

The rules are those of the local AWS (`local.cognito_rules.federation`), where
`tests/local/test_federation.py` and `test_linking.py` hold them against the API.
"""

from __future__ import annotations

import json

from cognito_standby.core.domain.pools import UserStatus
from tests.contract.pool.test_twin import made
from tests.contract.pools import confirmed, refused
from tests.twins.pool.config import PoolConfig


def test_each_federated_sign_in_writes_what_is_mapped() -> None:
    pool = made(PoolConfig(case_sensitive=True))
    pool.create_identity_provider("Google")
    user = pool.federated_sign_in("Google", "123", {"email": "ann@example.org"})
    assert (user.username, user.groups) == ("Google_123", (f"{pool.config.pool_id}_Google",))
    (identity,) = json.loads(user.attributes["identities"])
    assert (identity["userId"], identity["primary"]) == ("123", True)
    assert user.attributes["email_verified"] == "false"
    again = pool.federated_sign_in("Google", "123", {"email": "new@example.org"})
    assert (again.sub, again.attributes["email"]) == (user.sub, "new@example.org")
    pool.admin_create_user("Google_7", {})
    with refused("NotAuthorizedException"):
        pool.federated_sign_in("Google", "7", {})
    with refused("InvalidParameterException"):
        pool.create_identity_provider("Cognito")


def test_a_linked_identity_lands_in_the_profile() -> None:
    pool = made()
    confirmed(pool)
    with refused("ResourceNotFoundException"):
        pool.admin_link_provider_for_user("ann", "Google", "123")
    for provider in ("Google", "Acme"):
        pool.create_identity_provider(provider)
    pool.admin_link_provider_for_user("ann", "Google", "123")
    assert pool.federated_sign_in("Google", "123", {}).username == "ann"
    with refused("InvalidParameterException"):
        pool.admin_link_provider_for_user("ann", "Google", "123")
    pool.federated_sign_in("Google", "7", {})
    with refused("InvalidParameterException"):
        pool.admin_link_provider_for_user("ann", "Google", "7")
    for number in range(4):
        pool.admin_link_provider_for_user("ann", "Acme", str(number))
    with refused("LimitExceededException"):
        pool.admin_link_provider_for_user("ann", "Acme", "4")
    pool.admin_disable_provider_for_user("Google", "123")
    assert pool.federated_sign_in("Google", "123", {}).username == "google_123"


def test_a_profile_with_a_temporary_password_lets_its_identity_in_and_nobody_else() -> None:
    """As it is read: no source makes an exception of a state (docs/aws-facts.md)."""
    pool = made()
    pool.create_identity_provider("Google")
    pool.admin_create_user("staged-1", {"email": "ann@example.org"})
    pool.admin_link_provider_for_user("staged-1", "Google", "123")
    verified = {"email": "ann@example.org", "email_verified": "true"}
    come = pool.federated_sign_in("Google", "123", verified)
    assert (come.username, come.status) == ("staged-1", UserStatus.FORCE_CHANGE_PASSWORD)
    with refused("NotAuthorizedException"):
        pool.forgot_password("staged-1")
