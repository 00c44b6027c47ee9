"""Cognito's provisioned limits on the local AWS, by our adapter."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.core.domain.errors import RefusedByPoolError
from cognito_standby.recovery.adapters.sign_in_limit import ProvisionedLimit
from local.emulator import LocalAws
from tests.local.conftest import OTHER_REGION, REGION

pytestmark = pytest.mark.local_aws
DEFAULT, MOST = 120, 1200


@pytest.fixture
def limit(aws: LocalAws) -> ProvisionedLimit:
    made = ProvisionedLimit(aws.client("cognito-idp", REGION))
    made.set(DEFAULT)
    return made


def test_it_is_the_default_until_it_is_set_in_its_region_alone(
    aws: LocalAws, limit: ProvisionedLimit
) -> None:
    assert limit.now() == DEFAULT
    limit.set(600)
    assert limit.now() == 600
    assert ProvisionedLimit(aws.client("cognito-idp", OTHER_REGION)).now() == DEFAULT


@pytest.mark.parametrize("wanted", [DEFAULT - 1, MOST + 1])
def test_what_the_account_may_not_have_is_refused(limit: ProvisionedLimit, wanted: int) -> None:
    with pytest.raises(RefusedByPoolError):
        limit.set(wanted)
    assert limit.now() == DEFAULT


@pytest.mark.parametrize("category", ["UserAccountRecovery", "Nonsense"])
def test_there_is_none_of_a_category_that_cannot_be_adjusted(aws: LocalAws, category: str) -> None:
    cognito: Any = aws.client("cognito-idp", REGION)
    definition = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        cognito.get_provisioned_limit(LimitDefinition=definition)
