"""Password hashes: which are used, and where none may ever be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.recovery.adapters.hash_file import hashes_in
from cognito_standby.recovery.domain.import_csv import HASH_COLUMN, with_hash
from cognito_standby.recovery.domain.password_hashes import (
    COLUMNS,
    NOT_NOTED,
    Algorithm,
    DatedHash,
    Hashes,
    NotedChange,
    Unused,
    misfit,
    read_hashes,
    too_old,
)
from cognito_standby.recovery.services import import_users
from cognito_standby.recovery.services.import_plan import open_export
from cognito_standby.recovery.services.import_users import JobFailedError, run_import
from cognito_standby.recovery.services.transfer_ports import ImportJob, TransferRefusedError
from local.cognito_rules import hashes as cognito
from local.cognito_rules import imports
from tests.unit.cognito_rules.test_imports import ARGON, BCRYPT, PBKDF2, SCRYPT
from tests.unit.recovery.transfer_world import TransferWorld

WELL = {
    Algorithm.BCRYPT: BCRYPT,
    Algorithm.SCRYPT: SCRYPT,
    Algorithm.ARGON2ID: ARGON,
    Algorithm.PBKDF2_SHA256: PBKDF2,
}
THEN = datetime(2026, 11, 1, tzinfo=UTC)
HEADER = ",".join(COLUMNS)


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("of", Algorithm)
def test_what_fits_is_what_cognito_takes(algorithm: Algorithm, of: Algorithm) -> None:
    value = WELL[of]
    assert (misfit(algorithm, value) is None) == (cognito.problem(algorithm, value) == "")
    assert (misfit(algorithm, value) is None) == (algorithm is of)
    costly = value.replace("$10$", "$13$").replace("65536", "65537").replace("19456", "19457")
    costly = costly.replace("600000", "600001")
    assert misfit(of, costly) is Unused.TOO_COSTLY
    assert misfit(of, value + "\n") is Unused.MALFORMED


@pytest.mark.parametrize(
    ("change", "vouched", "why"),
    [
        (NOT_NOTED, False, Unused.UNKNOWN_CHANGE),
        (NOT_NOTED, True, None),
        (NotedChange(known=True), False, None),
        (NotedChange(known=True, at=THEN), False, Unused.OLDER),
        (NotedChange(known=True, at=THEN + timedelta(days=1)), True, Unused.OLDER),
        (NotedChange(known=True, at=THEN - timedelta(seconds=1)), False, None),
    ],
)
def test_a_changed_password_does_not_come_back(
    change: NotedChange, vouched: bool, why: Unused | None
) -> None:
    assert too_old(THEN, change, vouched=vouched) is why


def test_the_owners_file() -> None:
    told = THEN.isoformat()
    lines = [
        *(f"{HEADER}\n", f"a,{BCRYPT},{told}\n", f"b,nonsense,{told}\n", f"c,{BCRYPT},\n"),
        *(f"d,{BCRYPT},2026-11-01T00:00\n", f"e,{BCRYPT},{told}\n", f"e,{BCRYPT},{told}\n"),
        "f\n",
    ]
    read = read_hashes(lines, Algorithm.BCRYPT, {}, vouched=True)
    assert dict(read.of) == {"a": DatedHash(BCRYPT, THEN)}
    assert read.unused == {Unused.MALFORMED: 2, Unused.NO_TIME: 2, Unused.TWICE: 1}
    assert BCRYPT not in repr(read)
    assert not read_hashes(lines, Algorithm.BCRYPT, {}, vouched=False).of
    with pytest.raises(ValueError, match="header"):
        read_hashes(["origin_sub,password\n"], Algorithm.BCRYPT, {}, vouched=True)


@pytest.mark.parametrize(
    "broken",
    [
        f'a,"{BCRYPT},2026-11-01T00:00:00+00:00\nb,{BCRYPT},2026-11-01T00:00:00+00:00\n',
        f'a,"{BCRYPT}"x,2026-11-01T00:00:00+00:00\n',
        f'a,"{"x" * 140_000}",2026-11-01T00:00:00+00:00\n',
        f"a,{BCRYPT},2026-11-01T00:00:00+00:00,more\n",
    ],
    ids=["open quotation", "text behind it", "no end", "a cell too many"],
)
def test_a_broken_row_is_told_by_its_line_and_nothing_of_it_is_shown(
    broken: str, tmp_path: Path
) -> None:
    path = tmp_path / "hashes.csv"
    told = THEN.isoformat()
    path.write_text(f"{HEADER}\nz,{BCRYPT},{told}\n{broken}")
    path.chmod(0o600)
    with pytest.raises(TransferRefusedError, match="line 3 of the hashes") as refused:
        hashes_in(path, Algorithm.BCRYPT, {}, vouched=True)
    assert BCRYPT[:8] not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hashes.csv"
    path.write_text(f'{HEADER}\na,"{ARGON}",{THEN.isoformat()}\n')
    path.chmod(0o640)
    with pytest.raises(TransferRefusedError, match="chmod 600"):
        hashes_in(path, Algorithm.ARGON2ID, {}, vouched=True)
    path.chmod(0o600)
    assert hashes_in(path, Algorithm.ARGON2ID, {}, vouched=True).value_of("a") == ARGON
    with pytest.raises(TransferRefusedError, match="cannot be read"):
        hashes_in(tmp_path / "none", Algorithm.ARGON2ID, {}, vouched=True)


@pytest.mark.parametrize("header", [("a", "b"), (HASH_COLUMN, "a", "b"), ("a", HASH_COLUMN, "b")])
def test_the_column_is_the_pools_or_one_more(header: tuple[str, ...]) -> None:
    line = ",".join("" if name == HASH_COLUMN else f"{name}\\,{name}" for name in header)
    longer = with_hash(header, line, ARGON)
    columns = header if HASH_COLUMN in header else (*header, HASH_COLUMN)
    cells = dict(zip(columns, imports.cells_of(longer), strict=True))
    assert cells == {"a": "a,a", "b": "b,b", HASH_COLUMN: ARGON}
    none = dict(zip(columns, imports.cells_of(with_hash(header, line, "")), strict=True))
    assert none[HASH_COLUMN] == ""


def test_who_has_a_hash_is_confirmed_and_it_is_kept_nowhere() -> None:
    world = TransferWorld()
    ann, ben = world.person("ann"), world.person("ben")
    world.export()
    hashes = Hashes(Algorithm.ARGON2ID, {ann: DatedHash(ARGON, THEN)}, vouched=True)
    order = replace(world.order(), hashes=hashes)
    bodies: list[bytes] = []
    upload = world.pool.upload

    def seen(job: ImportJob, body: bytes) -> None:
        bodies.append(body)
        upload(job, body)

    world.pool.upload = seen  # type: ignore[method-assign]
    run_import(world.context, open_export(world.context, "e"), order, world.told.append)
    assert ARGON.replace(",", "\\,").encode() in bodies[0]
    states = {a.username: a.status for a in world.world.backup.pool._accounts}
    assert states == {"ann": UserStatus.CONFIRMED, "ben": UserStatus.RESET_REQUIRED}
    assert world.world.backup.pool.meter.calls["AdminSetUserPassword"] == 0
    everything = [*world.files.bodies.values(), repr(order).encode(), repr(world.told).encode()]
    assert not any(ARGON[-20:].encode() in each for each in everything)
    assert ben in str(world.files.bodies)


def test_a_run_with_hashes_goes_on_with_hashes() -> None:
    world = TransferWorld()
    subs = [world.person(f"p{n}") for n in range(4)]
    world.export()
    hashes = Hashes(Algorithm.BCRYPT, dict.fromkeys(subs, DatedHash(BCRYPT, THEN)), vouched=True)
    order = replace(world.order(), hashes=hashes)
    world.pool.fails_after = 2
    with pytest.raises(JobFailedError):
        run_import(world.context, open_export(world.context, "e"), order, world.told.append)
    with pytest.raises(TransferRefusedError, match="began with hashes of BCRYPT"):
        world.import_all()
    run_import(world.context, open_export(world.context, "e"), order, world.told.append)
    states = {a.status for a in world.world.backup.pool._accounts}
    assert states == {UserStatus.CONFIRMED}


def test_a_password_set_while_the_import_runs_counts_too() -> None:
    world = TransferWorld()
    ann, ben = world.person("ann"), world.person("ben")
    world.export()
    hashes = Hashes(Algorithm.BCRYPT, dict.fromkeys((ann, ben), DatedHash(BCRYPT, THEN)))
    world.password_set(ann, (THEN + timedelta(days=1)).isoformat(timespec="milliseconds"))
    order = replace(world.order(), hashes=replace(hashes, vouched=True))
    run_import(world.context, open_export(world.context, "e"), order, world.told.append)
    states = {a.username: a.status for a in world.world.backup.pool._accounts}
    assert states == {"ann": UserStatus.RESET_REQUIRED, "ben": UserStatus.CONFIRMED}
    assert "1 more hashes are not used: the password was changed" in "\n".join(world.told)


def test_hashes_that_make_a_file_too_large_are_refused_before_anybody_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cognito would fail the job, and each one that goes on with it."""
    world = TransferWorld()
    ann = world.person("ann")
    world.export()
    hashes = Hashes(Algorithm.BCRYPT, {ann: DatedHash(BCRYPT, THEN)}, vouched=True)
    body = world.files.bodies[next(name for name in world.files.bodies if name.endswith(".csv"))]
    monkeypatch.setattr(import_users, "MAX_BYTES", len(body))
    before = world.world.backup.ledger.rows()
    with pytest.raises(TransferRefusedError, match="fewer --part-users"):
        run_import(
            world.context,
            open_export(world.context, "e"),
            replace(world.order(), hashes=hashes),
            world.told.append,
        )
    assert world.world.backup.ledger.rows() == before and not world.pool.jobs
