"""What an import is handed that nobody should: refused, or told by line, and nothing half done."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cognito_standby.core.domain.errors import NameHeldError
from cognito_standby.recovery.domain.exports import Form, digest_of
from cognito_standby.recovery.domain.import_plan import Fate
from cognito_standby.recovery.services.import_plan import open_export, plan_part
from cognito_standby.recovery.services.import_users import run_import
from cognito_standby.recovery.services.transfer_ports import TransferRefusedError
from tests.unit.recovery.transfer_world import TransferWorld

pytestmark = pytest.mark.usefixtures("socket_disabled")
FOLDER = "runs/exports/e/"
INDEX, PART = FOLDER + "index.json", FOLDER + "part-00001.csv"
FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def world() -> TransferWorld:
    return TransferWorld()


def index_of(world: TransferWorld) -> dict[str, Any]:
    return dict(json.loads(world.files.bodies[INDEX]))


def edited(world: TransferWorld, *lines: str) -> None:
    """Somebody edits the file, and its sum in the index."""
    body = "\n".join([*lines, ""]).encode()
    (part,) = index_of(world)["parts"]
    world.files.bodies[PART] = body
    told = {**index_of(world), "parts": [{**part, "sha256": digest_of(body)}]}
    world.files.bodies[INDEX] = json.dumps(told).encode()


def fates(world: TransferWorld, part: str = "part-00001.csv") -> list[tuple[Fate, str]]:
    planned = plan_part(world.context, open_export(world.context, "e"), part)
    return [(row.fate, row.reason) for row in planned]


def test_a_formula_that_somebody_puts_into_the_file_reaches_nobody(world: TransferWorld) -> None:
    """The record is what is made; a formula of a person's own is theirs, and stays."""
    world.person("ann", name="Ann")
    world.person("ben", name=FORMULA)
    world.export()
    header, *rows = world.files.bodies[PART].decode().splitlines()
    edited(world, header, *(row.replace("Ann,", f"{FORMULA},", 1) for row in rows))
    assert sorted(fates(world)) == sorted([(Fate.CALL, "changed since the export"), (Fate.JOB, "")])
    world.import_all()
    names = {a.username: a.attributes["name"] for a in world.world.backup.pool._accounts}
    assert names == {"ann": "Ann", "ben": FORMULA}


@pytest.mark.parametrize("line", ['ann,"x', "\x00", ",,,", "a" * 17_000, "\ufeffann,b"])
def test_a_row_that_is_none_is_told_by_its_line_and_the_others_are_made(
    world: TransferWorld, line: str
) -> None:
    world.person("ann")
    world.export()
    header, row = world.files.bodies[PART].decode().splitlines()
    edited(world, header, line, row)
    (bad, _), good = fates(world)
    assert (bad, good) == (Fate.REFUSED, (Fate.JOB, ""))
    world.import_all()
    assert world.usernames() == ["ann"]


@pytest.mark.parametrize("key", ["#claim", "#group#staff", "#password#x", "#name#x", "", "a b"])
def test_a_row_that_names_no_person_is_refused(world: TransferWorld, key: str) -> None:
    sub = world.person("ann")
    world.export()
    header, row = world.files.bodies[PART].decode().splitlines()
    edited(world, header, row.replace(sub, key))
    ((fate, _),) = fates(world)
    assert fate is Fate.REFUSED
    world.import_all()
    assert world.usernames() == []


@pytest.mark.parametrize(
    "name", ["../../../secret", "/etc/passwd", "index.json", "x/part-00001.csv"]
)
def test_an_index_that_names_another_file_is_refused_whole(world: TransferWorld, name: str) -> None:
    world.person("ann")
    world.export()
    (part,) = index_of(world)["parts"]
    for parts in ([{**part, "name": name}], [part, part]):
        told = {**index_of(world), "parts": parts}
        world.files.bodies[INDEX] = json.dumps(told).encode()
        with pytest.raises(TransferRefusedError, match="names a file"):
            open_export(world.context, "e")


def test_into_a_pool_of_another_schema_goes_what_it_holds(world: TransferWorld) -> None:
    """JSON lines hold whole records; a required attribute that is lacking is told by the replay."""
    world.person("ann", **{"custom:field_07": "seven"})
    world.export(form=Form.JSON)
    pool = world.world.backup.pool
    del pool.config.attributes["custom:field_07"]  # type: ignore[attr-defined]
    world.world.backup.context.directory._schema = None  # type: ignore[attr-defined]
    assert fates(world, "part-00001.jsonl") == [(Fate.JOB, "")]
    world.import_all()
    (ann,) = pool._accounts
    assert "custom:field_07" not in ann.attributes


def test_a_name_that_somebody_of_another_origin_holds_is_not_taken_over(
    world: TransferWorld,
) -> None:
    world.person("ann")
    world.person("ben")
    world.export()
    stranger = world.world.backup.pool.admin_create_user("ann", {"email": "eve@example.org"})
    with pytest.raises(NameHeldError):
        run_import(world.context, open_export(world.context, "e"), world.order(), world.told.append)
    (kept,) = (a for a in world.world.backup.pool._accounts if a.username == "ann")
    assert (kept.sub, kept.attributes["email"]) == (stranger.sub, "eve@example.org")
