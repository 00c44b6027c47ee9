"""A pool's whole configuration on the local AWS: every odd pool is read as it was made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.configuration.adapters.reading import CognitoConfigurationReader
from cognito_standby.configuration.domain.document import (
    POOL,
    PoolConfiguration,
    Section,
    WhyUnread,
    document_from,
    text_of,
)
from cognito_standby.configuration.domain.secret_fields import HIDDEN
from cognito_standby.configuration.ports import PoolGoneError
from local.emulator import LocalAws
from stacks.config.shapes import CLIENT_ID
from tests.local.conftest import OTHER_REGION, REGION, unique
from tests.odd_pools import CLIENT, ODD_POOLS, build

pytestmark = pytest.mark.local_aws
AT = datetime(2026, 11, 29, 3, tzinfo=UTC)


def name() -> str:
    return unique().replace("-", "").lower()[-12:]


class Odd:
    """Pools that were made, and what was read of them."""

    def __init__(self, aws: LocalAws) -> None:
        self.cognito: Any = aws.client("cognito-idp", REGION)
        self.waf: Any = aws.client("wafv2", REGION)
        self.reader = CognitoConfigurationReader(self.cognito, self.waf, lambda: AT)

    def made(self, kind: str) -> PoolConfiguration:
        return self.reader.read(build(self.cognito, ODD_POOLS[kind], name()))


@pytest.fixture(scope="module")
def odd(aws: LocalAws) -> Iterator[Odd]:
    yield Odd(aws)


def client_of(read: PoolConfiguration, called: str = CLIENT) -> str:
    found = read.items(Section.CLIENTS).items()
    return next(each for each, item in found if item["ClientName"] == called)


def test_the_id_of_a_client_can_be_named_in_a_configuration(odd: Odd) -> None:
    pool = odd.cognito.create_user_pool(PoolName=name())["UserPool"]["Id"]
    client = odd.cognito.create_user_pool_client(UserPoolId=pool, ClientName="app")
    given = client["UserPoolClient"]["ClientId"]
    assert re.fullmatch(CLIENT_ID, given), given
    assert odd.cognito.describe_user_pool_client(UserPoolId=pool, ClientId=given)


@pytest.mark.full
@pytest.mark.parametrize("kind", ODD_POOLS)
def test_each_is_read_and_no_secret_with_it(odd: Odd, kind: str) -> None:
    read = odd.made(kind)
    given = ODD_POOLS[kind]
    assert len(read.items(Section.CLIENTS)) == len(given.clients)
    assert len(read.items(Section.GROUPS)) == len(given.groups)
    assert len(read.items(Section.PROVIDERS)) == len(given.providers)
    assert len(read.items(Section.DOMAINS)) == len(given.domains)
    assert len(read.items(Section.LOGS)) == len(given.logs)
    assert {each.why for each in read.unread} <= {WhyUnread.UNSUPPORTED}
    assert "hush" not in text_of(read)
    assert document_from(json.loads(text_of(read))) == read
    assert odd.reader.read(read.user_pool_id) == read


def test_what_belongs_to_a_client_is_under_its_id(odd: Odd) -> None:
    read = odd.made("new_features")
    client = client_of(read)
    assert read.items(Section.SESSIONS)[client] == {"SSOSession": {"MaxValidityMinutes": 15}}
    assert read.items(Section.SESSIONS)[POOL]["UserSessionTracking"] == "ENABLED"
    assert list(read.items(Section.TERMS)) == [f"{client}/terms-of-use"]
    assert read.items(Section.CLIENT_METADATA)["agents"]["ClientId"] == client
    assert read.pool["KeyConfiguration"]["KeyType"] == "CUSTOMER_MANAGED_KEY"


def test_a_style_has_its_pictures_and_a_client_without_one_has_none(odd: Odd) -> None:
    read = odd.made("managed_login")
    style = read.items(Section.BRANDING)[client_of(read)]
    assert style["Settings"]["components"]["form"]["text"] == ""
    assert style["Assets"][0]["Bytes"].startswith("iVBORw0KGgo")
    assert [each["Custom"] for each in read.items(Section.DOMAINS).values()] == [False, True]
    assert not odd.made("plain").items(Section.BRANDING)


def test_classic_styles_of_all_and_of_one_are_told_apart(odd: Odd) -> None:
    read = odd.made("classic")
    assert read.items(Section.UI).keys() == {POOL, client_of(read)}


def test_secrets_are_there_as_a_mark(odd: Odd) -> None:
    providers = odd.made("providers").items(Section.PROVIDERS)
    assert providers["Google"]["ProviderDetails"]["client_secret"] == HIDDEN
    assert "client_secret" not in providers["Corporate"]["ProviderDetails"]
    read = odd.made("clients")
    assert read.items(Section.CLIENTS)[client_of(read, "strict")]["HasSecret"] is True


def test_a_plan_without_threat_protection_is_told_once_and_not_by_client(odd: Odd) -> None:
    (told,) = odd.made("clients").unread
    assert (told.section, told.item, told.why) == (Section.RISK, "", WhyUnread.UNSUPPORTED)
    assert told.code == "UserPoolAddOnNotEnabledException"


def test_threat_protection_of_the_pool_and_of_one_client(odd: Odd) -> None:
    read = odd.made("plus")
    risk = read.items(Section.RISK)
    assert risk.keys() == {POOL, client_of(read)}
    assert not read.unread


class Denying:
    """A client that no right allows some of its calls."""

    def __init__(self, client: Any, *denied: str) -> None:
        self._client, self._denied = client, denied

    def __getattr__(self, called: str) -> Any:
        if called not in self._denied:
            return getattr(self._client, called)

        def refused(**_: Any) -> Any:
            error: Any = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
            raise ClientError(error, "".join(map(str.title, called.split("_"))))

        return refused


def test_what_is_denied_is_told_and_the_rest_is_read(odd: Odd) -> None:
    pool = build(odd.cognito, ODD_POOLS["managed_login"], name())
    denying = Denying(odd.cognito, "list_groups", "describe_managed_login_branding_by_client")
    waf = Denying(odd.waf, "get_web_acl_for_resource")
    read = CognitoConfigurationReader(denying, waf, lambda: AT).read(pool)
    denied = {each.section: each.item for each in read.unread if each.why is WhyUnread.DENIED}
    assert denied == {Section.GROUPS: "", Section.BRANDING: "", Section.WEB_ACL: POOL}
    assert len(read.items(Section.CLIENTS)) == 2


def test_a_web_acl_is_told_by_its_arn(odd: Odd) -> None:
    pool = build(odd.cognito, ODD_POOLS["plain"], name())
    arn = odd.cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["Arn"]
    acl = odd.waf.create_web_acl(
        Name=unique(),
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig={
            "SampledRequestsEnabled": False,
            "CloudWatchMetricsEnabled": False,
            "MetricName": "odd",
        },
    )["Summary"]["ARN"]
    odd.waf.associate_web_acl(WebACLArn=acl, ResourceArn=arn)
    assert odd.reader.read(pool).items(Section.WEB_ACL) == {POOL: {"WebACLArn": acl}}


def test_a_pool_that_is_not_there_or_goes_meanwhile_is_told_so(aws: LocalAws, odd: Odd) -> None:
    pool = build(odd.cognito, ODD_POOLS["plain"], name())
    elsewhere: Any = aws.client("cognito-idp", OTHER_REGION)
    with pytest.raises(PoolGoneError, match=pool):
        CognitoConfigurationReader(elsewhere, odd.waf, lambda: AT).read(pool)

    class Going:
        def get_web_acl_for_resource(self, **_: Any) -> Any:
            odd.cognito.delete_user_pool(UserPoolId=pool)
            return {}

    with pytest.raises(PoolGoneError, match=pool):
        CognitoConfigurationReader(odd.cognito, Going(), lambda: AT).read(pool)
