"""A provider's user is staged by the product's own steps, on two pools of the local AWS.

Records and ledgers are the in-memory ones: what Cognito makes of the calls is to be shown.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.subjects import Subject
from local.emulator import LocalAws
from tests.local.pools import TestPool, claims, listed
from tests.local.test_federation import enter, with_google
from tests.unit.world import Side, World

pytestmark = pytest.mark.local_aws
SCHEMA = [
    {"Name": name, "AttributeDataType": "String", "Mutable": True}
    for name in ("origin_sub", "plan")
]
NAME = "Google_1029"


class Pair:
    """Both Regions: our steps, on pools of the local AWS."""

    def __init__(self, aws: LocalAws) -> None:
        self.world = World()
        settings = {"Schema": SCHEMA, "AutoVerifiedAttributes": ["email"]}
        self.home, self.there = (with_google(TestPool(aws, settings=settings)) for _ in range(2))
        for side, pool in ((self.world.primary, self.home), (self.world.backup, self.there)):
            side.context = replace(
                side.context,
                directory=CognitoUserDirectory(pool.cognito, pool.id),
                federated=FederatedWay.STAGED,
            )

    def carry(self, pool: TestPool, name: str) -> str:
        """A hint about a user of a pool, through both Regions; the origin sub."""
        primary, backup = self.world.primary, self.world.backup
        start, other = (primary, backup) if pool is self.home else (backup, primary)
        sub = pool.user(name)["sub"]
        start.run({"local_sub": sub})
        self.world.table.replicate_all()
        origin = start.ledger.origin_of(sub) or sub
        other.run({"origin_sub": origin})
        return origin

    def not_held(self, origin: str) -> dict[str, str]:
        """What the standby's ledger says of it."""
        return dict(self.world.backup.ledger.read(Subject.user(origin)).skipped)

    def fail_over(self) -> None:
        """The backup claims."""
        records = self.world.backup.context.records
        records.put_claim(records.read_claims().next_number())
        self.world.table.replicate_all()


@pytest.fixture
def pair(aws: LocalAws) -> Pair:
    return Pair(aws)


def _identities(pool: TestPool, name: str) -> set[tuple[str, str, bool]]:
    told = json.loads(pool.user(name).get("identities", "[]"))
    return {(each["providerName"], each["userId"], each["primary"]) for each in told}


def _origin_of(side: Side, pool: TestPool, name: str) -> str | None:
    return side.ledger.origin_of(pool.user(name)["sub"])


def test_somebody_is_there_before_they_come_and_goes_home_as_they_were(pair: Pair) -> None:
    home, there = pair.home, pair.there
    enter(home)
    home.admin("create_group", GroupName="staff")
    pair.world.primary.run({"group": "staff"})
    pair.world.table.replicate_all()
    pair.world.backup.run({"group": "staff"})
    home.admin("admin_add_user_to_group", Username=NAME, GroupName="staff")
    home.admin(
        "admin_update_user_attributes",
        Username=NAME,
        UserAttributes=listed({"custom:plan": "gold"}),
    )
    ann = pair.carry(home, NAME)
    made = f"staged-{ann}"
    assert there.user(made)["status"] == "FORCE_CHANGE_PASSWORD"
    assert _identities(there, made) == {("Google", "1029", False)}
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        there.app("forgot_password", Username=made)

    pair.fail_over()
    entered = enter(there)
    assert entered["Username"] == made, "the first sign-in lands in the profile"
    token = claims(entered["AuthenticationResult"]["IdToken"])
    assert (token["cognito:groups"], token["custom:plan"]) == (["staff"], "gold")
    assert _origin_of(pair.world.backup, there, made) == ann == token["custom:origin_sub"]
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        there.app("forgot_password", Username=made)

    there.admin(
        "admin_update_user_attributes",
        Username=made,
        UserAttributes=listed({"custom:plan": "silver"}),
    )
    assert pair.carry(there, made) == ann
    assert home.user(NAME)["custom:plan"] == "silver"
    assert home.user(NAME)["status"] == "EXTERNAL_PROVIDER"
    assert _identities(home, NAME) == {("Google", "1029", True)}
    assert enter(home)["Username"] == NAME
    assert len(home.admin("list_users")["Users"]) == len(there.admin("list_users")["Users"]) == 1


def test_who_came_before_is_told_and_nobody_is_left_half_made(pair: Pair) -> None:
    enter(pair.there)
    enter(pair.home)
    ann = pair.carry(pair.home, NAME)
    (only,) = pair.there.admin("list_users")["Users"]
    assert only["Username"] == NAME
    assert pair.not_held(ann) == {"present": NotHeld.LINK_REFUSED}


def test_a_deletion_ends_the_link_and_whoever_comes_next_is_staged_anew(pair: Pair) -> None:
    enter(pair.home)
    ann = pair.carry(pair.home, NAME)
    pair.home.admin("admin_delete_user", Username=NAME)
    pair.world.primary.run({"origin_sub": ann})
    pair.world.table.replicate_all()
    pair.world.backup.run({"origin_sub": ann})
    assert _identities(pair.there, f"staged-{ann}") == set()
    enter(pair.home)
    again = pair.carry(pair.home, NAME)
    assert again != ann
    assert enter(pair.there)["Username"] == f"staged-{again}"
