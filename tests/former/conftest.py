from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.former.twins import Loaded
from tests.former.world import World, aws

_NUMBERS = count()


@pytest.fixture(scope="package")
def dynamodb() -> Iterator[Any]:
    """One for all: each world has tables of its own."""
    with aws() as client:
        yield client


@pytest.fixture(scope="package")
def former(dynamodb: Any) -> World:
    """As the former release left it; only read."""
    world = World(dynamodb, "former")
    world.load()
    return world


@pytest.fixture(scope="package")
def loaded(former: World) -> Loaded:
    return Loaded.of(former)


@pytest.fixture
def world(dynamodb: Any) -> World:
    """As the former release left it, for one test to go on with."""
    world = World(dynamodb, f"world-{next(_NUMBERS)}")
    world.load()
    return world


@pytest.fixture(scope="package")
def empty(dynamodb: Any) -> World:
    """An installation without anything."""
    return World(dynamodb, "empty")
