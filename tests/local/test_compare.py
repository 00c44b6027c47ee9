"""Two pools side by side, while somebody changes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from local.demo.compare import read_users
from local.emulator import LocalAws
from local.outputs import RegionOutputs
from tests.local.pools import TestPool

pytestmark = pytest.mark.local_aws


class Meddling:
    """A stage and its client: a group of the pool is deleted right after the groups were listed."""

    outputs: Any = None

    def __init__(self, pool: TestPool, group: str) -> None:
        self._pool, self._group = pool, group
        self.exceptions = pool.cognito.exceptions

    def client(self, service: str, region: str) -> Any:
        return self

    def get_paginator(self, operation: str) -> Any:
        self._operation, self._pages = operation, self._pool.cognito.get_paginator(operation)
        return self

    def paginate(self, **request: Any) -> Iterator[Any]:
        yield from self._pages.paginate(**request)
        if self._operation == "list_groups":
            self._pool.admin("delete_group", GroupName=self._group)


def test_a_group_deleted_meanwhile_has_no_members(aws: LocalAws) -> None:
    pool = TestPool(aws)
    pool.admin("admin_create_user", Username="ann")
    for group in ("going", "staying"):
        pool.admin("create_group", GroupName=group)
        pool.admin("admin_add_user_to_group", Username="ann", GroupName=group)
    outputs = RegionOutputs(pool.region, pool.id, "", {}, "", "", "")
    (ann,) = read_users(Meddling(pool, "going"), outputs)
    assert ann.groups == {"staying"}
