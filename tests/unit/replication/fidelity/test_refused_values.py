"""Values that a pool refuses for reasons of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cognito_standby.core.domain.errors import RefusedByPoolError
from cognito_standby.core.domain.not_held import NotHeld
from local.cognito_rules.refusals import invalid
from tests.twins.pool.config import AttributeSpec
from tests.unit.replication.fidelity.stage import Stage, pool_with, stage


class _Refusing:
    """A pool that refuses a value for a reason of its own."""

    def __init__(self, at: Stage, message: str) -> None:
        pool: Any = at.standby.pool
        self.message, self.calls = message, 0
        for name in ("admin_create_user", "admin_update_user_attributes"):
            setattr(pool, name, self._wrapped(getattr(pool, name)))

    def _wrapped(self, call: Any) -> Any:
        def wrapped(name: str, attributes: Mapping[str, str], **more: Any) -> Any:
            if attributes.get("custom:x") == "odd":
                self.calls += 1
                raise invalid(self.message)
            return call(name, attributes, **more)

        return wrapped


ODD = "Attributes did not conform to the schema: custom:x: odd is not even\n"


@pytest.mark.parametrize("when", ["at creation", "later"])
def test_what_the_pool_refuses_by_name_is_left_out_until_it_changes(when: str) -> None:
    at = stage(pool_with(custom__x=AttributeSpec()))
    refusing = _Refusing(at, ODD)
    given = {"custom:x": "odd"} if when == "at creation" else {}
    ann = at.world.sign_up("ann", {"name": "Ann", **given})
    at.settle(ann)
    at.active.pool.admin_update_user_attributes("ann", {"custom:x": "odd", "nickname": "A"})
    at.settle(ann)
    assert at.shown(ann) == {"name": "Ann", "nickname": "A"}
    assert at.not_held(ann) == {"attr:custom:x": NotHeld.REFUSED}
    assert (refusing.calls, at.failed) == (1, []), "it is not tried again and again"
    at.active.pool.admin_update_user_attributes("ann", {"custom:x": "even"})
    at.settle(ann)
    assert at.shown(ann) == {"name": "Ann", "nickname": "A", "custom:x": "even"}
    assert at.not_held(ann) == {}


def test_what_it_refuses_without_a_name_fails_with_all_names_and_no_value() -> None:
    at = stage(pool_with(custom__x=AttributeSpec()))
    _Refusing(at, "something is odd")
    ann = at.world.sign_up("ann", {"name": "Ann", "custom:x": "odd"})
    at.settle(ann)
    ((_, error),) = at.failed
    assert isinstance(error, RefusedByPoolError)
    assert str(error) == (
        "the pool refused a call (InvalidParameterException) with: "
        "custom:origin_sub, custom:x, name"
    )
