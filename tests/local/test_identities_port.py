"""The product's own calls about people of providers, on the local AWS."""

from __future__ import annotations

import pytest

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.domain.errors import NotYetVisibleError, RefusedByPoolError
from cognito_standby.core.domain.identities import Identity, federated_fields, linked_fields
from cognito_standby.core.domain.subjects import FEDERATED
from local.emulator import LocalAws
from tests.local.pools import PASSWORD, TestPool
from tests.local.test_federation import enter, with_google

pytestmark = pytest.mark.local_aws
GOOGLE = Identity("Google", "1029")


@pytest.fixture
def pool(aws: LocalAws) -> TestPool:
    return with_google(TestPool(aws))


@pytest.fixture
def directory(pool: TestPool) -> CognitoUserDirectory:
    return CognitoUserDirectory(pool.cognito, pool.id)


def test_providers_are_part_of_the_schema(aws: LocalAws, directory: CognitoUserDirectory) -> None:
    assert directory.schema().providers == ("Google",)
    bare = TestPool(aws)
    assert CognitoUserDirectory(bare.cognito, bare.id).schema().providers == ()


@pytest.mark.parametrize("password", [False, True])
def test_a_federated_user_is_found_by_sub_and_known_by_identity(
    pool: TestPool, directory: CognitoUserDirectory, password: bool
) -> None:
    enter(pool)
    if password:
        pool.admin(
            "admin_set_user_password", Username="Google_1029", Password=PASSWORD, Permanent=True
        )
    found = directory.get_user_by_sub(pool.user("Google_1029")["sub"])
    assert found is not None
    assert (found.username, found.status.value) == (
        "Google_1029",
        "CONFIRMED" if password else "EXTERNAL_PROVIDER",
    )
    assert federated_fields(found.attributes) == {FEDERATED: GOOGLE.text}
    assert linked_fields(found.attributes) == {}
    assert found.groups == (f"{pool.id}_Google",)
    assert directory.get_user_by_sub("6d1c9f2e-0000-4000-8000-000000000001") is None


def test_an_identity_is_linked_and_unlinked(
    pool: TestPool, directory: CognitoUserDirectory
) -> None:
    pool.create("ann")
    directory.link_identity("ann", *_pair(GOOGLE))
    ann = directory.get_user("ann")
    assert ann is not None
    assert linked_fields(ann.attributes) == {GOOGLE.linked: GOOGLE.text}
    assert enter(pool)["Username"] == "ann"
    for _ in range(2):
        directory.unlink_identity(*_pair(GOOGLE))
    ann = directory.get_user("ann")
    assert ann is not None
    assert linked_fields(ann.attributes) == {}


def test_links_that_are_refused(pool: TestPool, directory: CognitoUserDirectory) -> None:
    pool.create("ann")
    with pytest.raises(NotYetVisibleError):
        directory.link_identity("nobody", *_pair(GOOGLE))
    with pytest.raises(RefusedByPoolError):
        directory.link_identity("ann", "Acme", "1")
    directory.link_identity("ann", *_pair(GOOGLE))
    with pytest.raises(RefusedByPoolError):
        directory.link_identity("ann", *_pair(GOOGLE))
    enter(pool, "77")
    with pytest.raises(RefusedByPoolError):
        directory.link_identity("ann", "Google", "77")
    for number in range(4):
        directory.link_identity("ann", "Google", f"n{number}")
    with pytest.raises(RefusedByPoolError):
        directory.link_identity("ann", "Google", "one too many")


def _pair(who: Identity) -> tuple[str, str]:
    return who.provider, who.subject
