"""Each odd pool is made anew from its snapshot on the local AWS: the round trip is equal."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cognito_standby.configuration.adapters.making import CognitoPoolMaker
from cognito_standby.configuration.adapters.reading import CognitoConfigurationReader
from cognito_standby.configuration.domain.document import (
    PoolConfiguration,
    Section,
    Unread,
    WhyUnread,
)
from cognito_standby.configuration.domain.making import Wanted
from cognito_standby.configuration.services.making import (
    BrokenOffError,
    Made,
    Making,
    NotMadeError,
    permissions,
)
from cognito_standby.core.domain.errors import ServiceUnavailableError
from local.emulator import LocalAws
from tests.local.conftest import REGION, ROLE, unique
from tests.odd_pools import ACCOUNT, ODD_POOLS, build

pytestmark = pytest.mark.local_aws
AT = datetime(2026, 11, 29, 3, tzinfo=UTC)
SNAPSHOT = "2026-11-29T03:00:00Z"
SECRETS: Wanted = Wanted(
    secrets={
        "Google": {"client_secret": "new-of-google"},
        "Partner": {"client_secret": "new-of-partner"},
    }
)


def name() -> str:
    return unique().replace("-", "").lower()[-12:]


class Breaking(CognitoPoolMaker):
    """Breaks off after some calls, as a lost connection does: the call was made all the same."""

    left: int = 10**9

    def call(self, operation: str, user_pool_id: str, request: Mapping[str, Any]) -> str:
        made = super().call(operation, user_pool_id, request)
        self.left -= 1
        if self.left < 0:
            raise ServiceUnavailableError("no answer from AWS")
        return made


@dataclass
class World:
    cognito: Any
    waf: Any
    functions: Any
    account: str
    told: list[str] = field(default_factory=list)

    @property
    def reader(self) -> CognitoConfigurationReader:
        return CognitoConfigurationReader(self.cognito, self.waf, lambda: AT)

    def maker(self) -> Breaking:
        arn = f"arn:aws:cognito-idp:{REGION}:{self.account}:userpool/"
        return Breaking(self.cognito, self.functions, self.waf, arn)

    def lost(self, kind: str) -> PoolConfiguration:
        """A snapshot of a pool that was deleted since."""
        pool = build(self.cognito, ODD_POOLS[kind], name())
        document = self.reader.read(pool)
        for domain in document.items(Section.DOMAINS):
            self.cognito.delete_user_pool_domain(UserPoolId=pool, Domain=domain)
        if document.pool.get("DeletionProtection") == "ACTIVE":
            self.cognito.update_user_pool(UserPoolId=pool, DeletionProtection="INACTIVE")
        self.cognito.delete_user_pool(UserPoolId=pool)
        return document

    def making(self, document: PoolConfiguration, wanted: Wanted = SECRETS) -> Making:
        return Making(self.maker(), self.reader, document, SNAPSHOT, wanted)

    def make(self, document: PoolConfiguration, wanted: Wanted = SECRETS) -> Made:
        return self.making(document, wanted).make(self.told.append)


@pytest.fixture(scope="module")
def world(aws: LocalAws) -> Iterator[World]:
    functions = aws.client("lambda", REGION)
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        packed.writestr("f.py", "def handler(event, context): return event")
    triggers = ODD_POOLS["triggers"].pool["LambdaConfig"]
    names = {each.rsplit(":", 1)[-1] for each in triggers.values() if isinstance(each, str)}
    for each in sorted(names | {"sms", "mail"}):
        functions.create_function(
            FunctionName=each,
            Runtime="python3.12",
            Role=ROLE,
            Handler="f.handler",
            Code={"ZipFile": body.getvalue()},
        )
    yield World(aws.client("cognito-idp", REGION), aws.client("wafv2", REGION), functions, ACCOUNT)


@pytest.mark.parametrize("kind", ODD_POOLS)
def test_the_round_trip_is_equal(world: World, kind: str) -> None:
    document = world.lost(kind)
    made = world.make(document)
    assert not made.failed
    assert made.differences == ()
    assert made.user_pool_id != document.user_pool_id
    assert made.clients.keys() == document.items(Section.CLIENTS).keys()
    assert set(made.clients.values()) == set(
        world.reader.read(made.user_pool_id).items(Section.CLIENTS)
    )


def test_secrets_are_given_and_never_told(world: World) -> None:
    made = world.make(world.lost("providers"))
    told = world.cognito.describe_identity_provider(
        UserPoolId=made.user_pool_id, ProviderName="Google"
    )
    details = told["IdentityProvider"]["ProviderDetails"]
    assert details["client_secret"] == "new-of-google"
    assert not [line for line in world.told if "new-of" in line]


def test_a_provider_s_secret_that_nobody_gives_stops_it_before_anything_is_made(
    world: World,
) -> None:
    document = world.lost("providers")
    making = world.making(document, Wanted())
    with pytest.raises(NotMadeError, match=r"Google needs client_secret(.|\n)*Partner needs"):
        making.make(world.told.append)
    assert world.maker().made_from(f"{document.user_pool_id}/{SNAPSHOT}", document.name) == ""
    made = world.make(document, Wanted(without=frozenset({Section.PROVIDERS})))
    assert made.whole
    clients = world.reader.read(made.user_pool_id).items(Section.CLIENTS).values()
    assert {tuple(each.get("SupportedIdentityProviders", ())) for each in clients} == {
        ("COGNITO",),
        (),
    }


@pytest.mark.parametrize("after", [0, 2, 6])
def test_what_broke_off_goes_on_and_nothing_is_there_twice(world: World, after: int) -> None:
    document = world.lost("managed_login")
    making = world.making(document)
    assert isinstance(making.maker, Breaking)
    making.maker.left = after
    with pytest.raises(BrokenOffError, match=r"is made; run it again"):
        making.make(world.told.append)
    made = world.make(document)
    assert made.existed
    assert made.whole
    assert len(world.reader.read(made.user_pool_id).items(Section.CLIENTS)) == 2


def test_run_again_when_all_is_there_it_makes_nothing(world: World) -> None:
    document = world.lost("clients")
    first, second = world.make(document), world.make(document)
    assert second.existed
    assert (second.user_pool_id, second.clients) == (first.user_pool_id, first.clients)
    assert second.whole


def test_a_domain_that_is_taken_stops_it_and_another_prefix_does(world: World) -> None:
    document = world.lost("classic")
    (domain,) = document.items(Section.DOMAINS)
    holder = world.cognito.create_user_pool(PoolName="holder")["UserPool"]["Id"]
    world.cognito.create_user_pool_domain(UserPoolId=holder, Domain=domain)
    with pytest.raises(NotMadeError, match=f"{domain} is taken by {holder}"):
        world.make(document)
    made = world.make(document, Wanted(domain=f"{domain}-again"))
    assert made.whole
    assert list(world.reader.read(made.user_pool_id).items(Section.DOMAINS)) == [f"{domain}-again"]


def test_a_function_that_is_not_there_stops_it(world: World) -> None:
    document = world.lost("triggers")
    gone = {"PreSignUp": {"LambdaArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:gone"}}
    document = replace(document, sections={**document.sections, Section.TRIGGERS: gone})
    with pytest.raises(NotMadeError, match="PreSignUp is not there"):
        world.make(document)
    assert world.make(document, Wanted(without=frozenset({Section.TRIGGERS}))).whole


def test_the_commands_that_let_the_pool_call_its_functions(world: World) -> None:
    document = world.lost("custom_senders")
    plan, _ = world.making(document).plan()
    arn = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/us-east-1_new"
    mail, sms = permissions(plan, arn)
    assert mail == (
        f"aws lambda add-permission --region {REGION}"
        f" --function-name arn:aws:lambda:{REGION}:{ACCOUNT}:function:mail"
        " --statement-id us-east-1_new --action lambda:InvokeFunction"
        f" --principal cognito-idp.amazonaws.com --source-arn {arn}"
    )
    assert sms.split()[6].endswith(":sms")


def test_a_pool_that_is_there_is_not_made_again_unless_somebody_wants_two(world: World) -> None:
    pool = build(world.cognito, ODD_POOLS["plain"], name())
    document = world.reader.read(pool)
    with pytest.raises(NotMadeError, match=f"the pool {pool} is there"):
        world.make(document)
    beside = replace(world.making(document), beside=True).make(world.told.append)
    assert beside.whole
    assert beside.user_pool_id != pool


def test_what_the_snapshot_could_not_read_must_be_left_out_by_name(world: World) -> None:
    whole = world.lost("groups")
    denied = Unread(Section.LOGS, "", "Get", WhyUnread.DENIED, "AccessDeniedException")
    with pytest.raises(NotMadeError, match=r"does not have logs: .*AccessDenied"):
        world.make(replace(whole, unread=(*whole.unread, denied)))


def test_what_is_refused_is_told_and_the_rest_goes_on(world: World) -> None:
    document = world.lost("plain")
    (client,) = document.items(Section.CLIENTS)
    style = {"UseCognitoProvidedValues": True}
    missing = {Section.BRANDING: {client: style, "nobody": style}}
    made = world.make(replace(document, sections={**document.sections, **missing}))
    assert made.failed == {
        "CreateManagedLoginBranding nobody": "the app client nobody was not made"
    }
    assert [each.place for each in made.differences] == ["branding/nobody"]
    assert not made.whole
