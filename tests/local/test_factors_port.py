"""The adapter of the pool on the local AWS: factors and preferences, read and written."""

from __future__ import annotations

import pytest

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.domain.errors import NotYetVisibleError, RefusedByPoolError
from cognito_standby.core.domain.pools import user_fields
from cognito_standby.core.domain.sign_in import Factor, MfaMode
from cognito_standby.core.domain.subjects import FACTOR, PREFERRED_FACTOR
from local.emulator import LocalAws
from tests.local.pools import TestPool
from tests.local.test_second_factors import made

pytestmark = pytest.mark.local_aws


def of(pool: TestPool) -> CognitoUserDirectory:
    return CognitoUserDirectory(pool.cognito, pool.id)


def fields_of(directory: CognitoUserDirectory) -> dict[str, str]:
    user = directory.get_profile("ann")
    assert user is not None
    told = user_fields(user, directory.schema())
    return {name: v for name, v in told.items() if name.startswith((FACTOR, PREFERRED_FACTOR))}


def test_what_a_pool_offers_is_told(aws: LocalAws) -> None:
    rules = of(made(aws, "OPTIONAL", "Sms", "SoftwareToken")).schema().sign_in
    assert rules.mfa is MfaMode.OPTIONAL
    assert rules.factors == {Factor.SMS, Factor.TOTP}
    assert rules.exclusive
    assert of(TestPool(aws)).schema().sign_in.mfa is MfaMode.OFF


def test_factors_are_turned_on_preferred_and_turned_off(aws: LocalAws) -> None:
    directory = of(made(aws, "OPTIONAL", "Sms", "Email"))
    assert fields_of(directory) == {}
    directory.set_factors("ann", {Factor.SMS: True, Factor.EMAIL: True}, Factor.SMS)
    both = {FACTOR + Factor.SMS: "true", FACTOR + Factor.EMAIL: "true"}
    assert fields_of(directory) == {**both, PREFERRED_FACTOR: "SMS_MFA"}
    directory.set_factors("ann", {Factor.SMS: True, Factor.EMAIL: True}, Factor.EMAIL)
    assert fields_of(directory) == {**both, PREFERRED_FACTOR: "EMAIL_OTP"}
    directory.set_factors("ann", {Factor.SMS: False, Factor.EMAIL: True}, "")
    assert fields_of(directory) == {FACTOR + Factor.EMAIL: "true"}


def test_what_cognito_refuses_is_a_refusal(aws: LocalAws) -> None:
    required = of(made(aws, "ON", "Sms"))
    required.set_factors("ann", {Factor.SMS: True}, "")
    for factor, on in ((Factor.SMS, False), (Factor.EMAIL, True), (Factor.TOTP, True)):
        with pytest.raises(RefusedByPoolError):
            required.set_factors("ann", {factor: on}, "")
    with pytest.raises(NotYetVisibleError):
        required.set_factors("nobody", {Factor.SMS: True}, "")
    assert fields_of(required) == {FACTOR + Factor.SMS: "true"}
