"""People of the strict pool who come through identity providers.

The rules are those of the local AWS (`local.cognito_rules.federation`), where
`tests/local/test_federation.py` and `test_linking.py` hold them against the API.
"""

from __future__ import annotations

import json

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
