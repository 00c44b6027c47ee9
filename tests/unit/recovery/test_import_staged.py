"""A provider's users in an import: staged by their replay where the installation stages them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.recovery.domain.exports import OTHERS, Form
from cognito_standby.recovery.domain.import_plan import STAGED, Fate
from cognito_standby.recovery.services.import_plan import open_export, plan_part
from tests.unit.recovery.transfer_world import TransferWorld

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("way", [FederatedWay.STAGED, FederatedWay.ON_SIGN_IN])
def test_a_provider_s_user_is_left_to_their_replay(form: Form, way: FederatedWay) -> None:
    world = TransferWorld()
    side = world.world.backup
    for each in (world.world.primary, side):
        each.pool.create_identity_provider("Google")
    side.context = replace(side.context, federated=way)
    eve = world.world.primary.pool.federated_sign_in("Google", "1", {"email": "eve@example.org"})
    world.again(eve.sub)
    world.person("ann")
    world.export(form=form)
    export = open_export(world.context, "e")
    planned = [row for name in export.parts for row in plan_part(world.context, export, name)]
    found = {row.origin_sub: (row.fate, row.reason) for row in planned}
    world.import_all()
    if way.stages:
        assert found[eve.sub] == (Fate.CALL, STAGED)
        assert f"staged-{eve.sub}" in world.usernames()
        return
    assert world.usernames() == ["ann"]
    if form is Form.CSV:
        assert OTHERS not in export.parts
        assert export.index.left_out == {NotHeld.FEDERATED: 1}
    else:
        assert found[eve.sub] == (Fate.REFUSED, NotHeld.FEDERATED)
