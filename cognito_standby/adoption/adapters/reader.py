"""What the doctor looks by, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from botocore.config import Config

from cognito_standby.adoption.adapters.looks import AwsLooks
from cognito_standby.adoption.services.looking import Looks
from cognito_standby.configuration.adapters.reading import CognitoConfigurationReader
from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.adapters.connection import Connection

_MANY = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "adaptive", "total_max_attempts": 6}
)
"""A pool may have a thousand clients, each of which takes several requests."""


def looks_of(connection: Connection) -> Looks:
    """Of the accounts that a connection reaches."""
    own = AwsLooks(replace(connection, beside=None))
    if connection.beside is None:
        return Looks(reader_of(connection), lambda _: own)
    region = connection.beside_region
    beside = AwsLooks(connection.only(region))
    return Looks(
        reader_of(connection), lambda at: beside if at == region else own, connection.told_apart
    )


def reader_of(connection: Connection) -> Callable[[str], CognitoConfigurationReader]:
    """Region -> reader of its pools. MisconfiguredError: there is no such profile."""
    patient = replace(connection, config=_MANY)

    def reader(region: str) -> CognitoConfigurationReader:
        try:
            with translated():
                cognito, waf = (patient.client(name, region) for name in ("cognito-idp", "wafv2"))
        except MisconfiguredError as error:  # a profile that is not there
            raise MisconfiguredError(f"{error}{connection.called(region)}") from None
        return CognitoConfigurationReader(cognito, waf, SystemClock().now)

    return reader
