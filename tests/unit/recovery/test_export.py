"""Exports: whom they hold, in which parts, and who is left out."""

from __future__ import annotations

import json

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.exports import Form
from cognito_standby.recovery.services.export import ExportRequest, export
from cognito_standby.recovery.services.transfer_ports import TransferRefusedError
from tests.unit.recovery.transfer_world import TransferWorld


@pytest.fixture
def world() -> TransferWorld:
    return TransferWorld()


def index(world: TransferWorld, name: str = "e") -> dict[str, object]:
    return dict(json.loads(world.files.bodies[f"runs/exports/{name}/index.json"]))


def text(world: TransferWorld, name: str) -> str:
    return world.files.bodies[f"runs/exports/e/{name}"].decode()


def test_the_living_are_written_in_parts(world: TransferWorld) -> None:
    for number in range(5):
        world.person(f"p{number}")
    world.export(part_users=2)
    told = index(world)
    assert [part["users"] for part in told["parts"]] == [2, 2, 1]  # type: ignore[attr-defined]
    rows = [text(world, f"part-0000{n}.csv").splitlines() for n in (1, 2, 3)]
    assert len({each[0] for each in rows}) == 1, "each part has the header"
    assert sum(len(each) - 1 for each in rows) == 5


def test_who_is_deleted_or_erased_is_in_no_file(world: TransferWorld) -> None:
    gone, erased, there = (world.person(name) for name in ("gone", "erased", "there"))
    world.world.primary.pool.admin_delete_user("gone")
    world.again(gone)
    world.erasures.add(Subject.user(erased), "change")
    world.export(form=Form.JSON)
    lines = text(world, "part-00001.jsonl").splitlines()
    assert [json.loads(line)["origin_sub"] for line in lines] == [there]
    assert index(world)["left_out"] == {"deleted": 1, "erased": 1}


def test_who_does_not_fit_is_listed_without_values(world: TransferWorld) -> None:
    sub = world.person("ann", name='the "first"')
    world.person("ben", name="=1+1")
    world.export()
    listed = text(world, "others.jsonl")
    assert json.loads(listed) == {"origin_sub": sub, "reason": "a value has a quotation mark"}
    assert index(world)["others"] == {"a value has a quotation mark": 1}
    assert index(world)["formulas"] == 1


def test_json_lines_hold_everything(world: TransferWorld) -> None:
    world.world.primary.pool.create_group(PoolGroup("staff"))
    sub = world.person("ann", name='the "first"')
    world.world.primary.pool.admin_add_user_to_group("ann", "staff")
    world.world.primary.pool.admin_disable_user("ann")
    world.again(sub)
    world.export(form=Form.JSON)
    fields = json.loads(text(world, "part-00001.jsonl"))["fields"]
    assert (fields["group:staff"], fields["enabled"]) == ("true", "false")
    assert fields["attr:name"] == 'the "first"'


def test_one_name_is_one_export(world: TransferWorld) -> None:
    world.export()
    with pytest.raises(TransferRefusedError, match="already"):
        world.export()
    assert index(world)["parts"] == []


def test_erasures_that_cannot_be_read_export_nobody(world: TransferWorld) -> None:
    world.person("ann")
    world.erasures.notes.unreadable = ServiceUnavailableError("dark")
    with pytest.raises(ServiceUnavailableError):
        world.export()
    assert world.files.bodies == {}


def test_names_stay_in_their_folder(world: TransferWorld) -> None:
    with pytest.raises(ValueError, match="letters"):
        export(world.context, ExportRequest("../x", Form.CSV, 1))
