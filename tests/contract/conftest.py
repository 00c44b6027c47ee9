"""Every suite runs on every backend; what a backend is known to get wrong is listed, not hidden."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.core.ports import UserDirectory
from tests.contract.backends import PRIMARY, AwsBackend, Backend, MemoryBackend, Pool
from tests.contract.known_lies import KNOWN_LIES
from tests.contract.pools import EMAIL, PLAIN, MakePool, create
from tests.twins.clock import ManualClock

BACKENDS = [
    pytest.param("memory", id="memory"),
    pytest.param("moto", id="moto"),
    pytest.param("local", id="local", marks=pytest.mark.local_aws),
]
_NO_RETRY = Config(retries={"total_max_attempts": 1, "mode": "standard"})
_client: Any = boto3.client
"""By a name that only a run tells."""


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    match request.param:
        case "memory":
            request.getfixturevalue("socket_disabled")
            yield MemoryBackend()
        case "moto":
            request.getfixturevalue("socket_disabled")
            request.getfixturevalue("no_credentials")
            with mock_aws():
                yield AwsBackend("moto", lambda s: _client(s, PRIMARY, config=_NO_RETRY))
        case _:
            yield AwsBackend("local", request.getfixturevalue("local_client"))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def make_pool(backend: Backend) -> MakePool:
    return backend.pool


@pytest.fixture(params=[PLAIN, EMAIL], ids=["plain", "email"])
def pool(request: pytest.FixtureRequest, make_pool: MakePool) -> Iterator[Pool]:
    """Whatever the port is asked, nobody is invited."""
    pool = make_pool(request.param)
    yield pool
    messages = getattr(pool.api, "messages", [])
    assert not [message for message in messages if message.purpose == "invitation"]


@pytest.fixture
def directory(pool: Pool) -> UserDirectory:
    return pool.directory


@pytest.fixture
def ann(directory: UserDirectory) -> PoolUser:
    return create(directory, "ann")


@pytest.fixture
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)


_SERVE = """
import sys
from local.emulator import LocalAws
from local.settings import LocalSettings
with LocalAws(settings=LocalSettings(rights=False)) as aws:
    print(aws.endpoint, aws.account, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="package")
def local_client() -> Iterator[Callable[[str], Any]]:
    """Clients of a local AWS in a process of its own: a process can hold only one. One a service:
    to make one costs as much as ten requests, and each has connections of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        endpoint, account = process.stdout.readline().split()
        yield cache(
            lambda service: _client(
                service,
                PRIMARY,
                endpoint_url=endpoint,
                aws_access_key_id=account,
                aws_secret_access_key="local",
                config=_NO_RETRY,
            )
        )
        process.stdin.close()
        process.wait(timeout=300)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the known lies: strictly, so that a backend which stops lying is noticed."""
    for item in items:
        if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
            continue
        backend = str(item.callspec.params.get("backend", ""))
        name = item.originalname.removeprefix("test_")
        variant = "-".join(part for part in item.callspec.id.split("-") if part != backend)
        for reason, tests in KNOWN_LIES.get(backend, {}).items():
            if name in tests or f"{name}[{variant}]" in tests:
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
