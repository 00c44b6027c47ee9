"""Contracts of RunFiles and RunRegister."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError, MisconfiguredError
from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.reconciliation.adapters.run_files import S3RunFiles
from cognito_standby.reconciliation.adapters.run_register import DynamoRunRegister
from cognito_standby.reconciliation.domain.reconciliation import Mode, Run
from cognito_standby.reconciliation.ports import Question, RunFiles, RunRegister
from tests.contract.backends import PRIMARY, AwsBackend, Backend, _create_table
from tests.twins.clock import ManualClock
from tests.twins.stores.run_files import InMemoryRunFiles
from tests.twins.stores.run_register import InMemoryRunRegister

ARN = "arn:aws:states:us-east-1:111111111111:execution:alpha-reconcile_pool:"
ONE = Run("one", f"{ARN}one", PRIMARY, "us-east-1_Pool", "2026-01-01T00:00:00+00:00")
TWO = replace(
    ONE,
    id="two",
    execution=f"{ARN}two",
    mode=Mode.DRY_RUN,
    shards=("00", "ff"),
    seeding=True,
    clear_ids=True,
)


@dataclass
class Runs:
    """The register, and which executions have ended."""

    register: RunRegister
    ended: set[str] = field(default_factory=set)
    spoil: Callable[[], None] = lambda: None


class Executions:
    """Describes executions: they go on until they are among the ended ones."""

    def __init__(self, clock: ManualClock, ended: set[str]) -> None:
        self._clock, self._ended = clock, ended

    def describe(self, arn: str) -> Execution | None:
        status = ExecutionStatus.FAILED if arn in self._ended else ExecutionStatus.RUNNING
        return Execution(arn, status, self._clock.now())


@pytest.fixture
def files(backend: Backend) -> RunFiles:
    if not isinstance(backend, AwsBackend):
        return InMemoryRunFiles()
    client, bucket = backend._client("s3"), f"runs-{uuid4().hex[:8]}"
    client.create_bucket(Bucket=bucket)
    return S3RunFiles(client, bucket)


@pytest.fixture
def runs(backend: Backend, clock: ManualClock) -> Runs:
    ended: set[str] = set()
    if not isinstance(backend, AwsBackend):
        return Runs(InMemoryRunRegister(clock, lambda arn: arn not in ended), ended)
    client = backend._client("dynamodb")
    table = _create_table(client, "subject")

    def spoil() -> None:
        client.put_item(TableName=table, Item={"subject": {"S": "#run"}, "odd": {"S": "x"}})

    register = DynamoRunRegister(client, table, clock, Executions(clock, ended))
    return Runs(register, ended, spoil)


def question(run: Run, clock: ManualClock, token: str = "token") -> Question:  # noqa: S107
    now = clock.now().replace(microsecond=0)
    reasons = ("12 of 200 users are to be deleted",)
    return Question(run, reasons, token, now, now + timedelta(hours=1))


def test_a_file_is_read_as_it_was_written(files: RunFiles) -> None:
    assert files.read("runs/one/run.json") is None
    files.write("runs/one/run.json", b"{}", "application/json")
    assert files.read("runs/one/run.json") == b"{}"
    files.write("runs/one/run.json", b"[]", "application/json")
    assert files.read("runs/one/run.json") == b"[]"
    files.write("runs/one/empty", b"")
    assert files.read("runs/one/empty") == b""


def test_some_bytes_of_a_file(files: RunFiles) -> None:
    files.write("runs/one/part.rows", b"0123456789")
    assert files.read_range("runs/one/part.rows", 2, 3) == b"234"
    assert files.read_range("runs/one/part.rows", 8, 2) == b"89"
    assert files.read_range("runs/one/part.rows", 4, 0) == b""


def test_a_file_that_ends_early_is_named(files: RunFiles) -> None:
    """S3 answers a range with what there is of it: rows that are cut where one ends look whole."""
    files.write("runs/one/part.rows", b"row one\nrow two\n")
    files.write("runs/one/none.rows", b"")
    for name, start in (("part", 0), ("part", 99), ("none", 0)):
        with pytest.raises(InvalidRecordError, match=rf"runs/one/{name}\.rows"):
            files.read_range(f"runs/one/{name}.rows", start, 24)


def test_bytes_of_a_file_that_is_not_there(files: RunFiles) -> None:
    with pytest.raises(MisconfiguredError):
        files.read_range("runs/one/none.rows", 0, 1)


def test_names_are_sorted_and_all_there(files: RunFiles) -> None:
    wanted = [f"runs/one/{number:04d}.json" for number in range(1100)]
    for name in reversed(wanted[::50]):
        files.write(name, b"")
    files.write("runs/other/x.json", b"")
    assert files.names("runs/one/") == wanted[::50]
    assert files.names("runs/none/") == []


def test_more_names_than_one_answer_holds(backend: Backend, files: RunFiles) -> None:
    if backend.name == "local":
        pytest.skip("a thousand requests; the memory and moto show it")
    wanted = [f"runs/one/{number:04d}.json" for number in range(1001)]
    for name in wanted:
        files.write(name, b"")
    assert files.names("runs/one/") == wanted


def test_a_bucket_that_is_not_there_is_named(backend: Backend) -> None:
    if not isinstance(backend, AwsBackend):
        pytest.skip("memory has no bucket")
    files = S3RunFiles(backend._client("s3"), "no-such-bucket")
    with pytest.raises(MisconfiguredError, match="the bucket no-such-bucket: PutObject"):
        files.write("runs/one/run.json", b"")


def test_one_run_holds_the_pool(runs: Runs) -> None:
    register = runs.register
    assert register.current() is None
    assert register.open(ONE) == ONE
    assert register.open(ONE) == ONE, "repeatable"
    assert register.open(TWO) == ONE
    assert register.current() == ONE
    register.close(TWO)
    assert register.current() == ONE, "only the holder gives it back"
    register.close(ONE)
    register.close(ONE)
    assert register.current() is None
    assert register.open(TWO) == TWO
    assert register.current() == TWO, "with everything that it is"


def test_a_run_that_does_not_go_on_is_replaced(runs: Runs) -> None:
    runs.register.open(ONE)
    runs.ended.add(ONE.execution)
    assert runs.register.open(TWO) == TWO
    assert runs.register.open(ONE).execution == TWO.execution, "and the late one is told"


def test_a_run_is_resumed_by_another_execution(runs: Runs) -> None:
    runs.register.open(ONE)
    again = replace(ONE, execution=f"{ARN}again")
    assert runs.register.open(again).execution == ONE.execution
    runs.ended.add(ONE.execution)
    assert runs.register.open(again) == again


def test_the_first_pool_is_the_pool_of_record(runs: Runs) -> None:
    assert runs.register.pool_of_record("first") == "first"
    assert runs.register.pool_of_record("second") == "first"
    assert runs.register.pool_of_record("first") == "first"


def test_an_accepted_pool_takes_the_place_of_the_one_that_was_seen(runs: Runs) -> None:
    register = runs.register
    assert register.known_pool() == ""
    assert not register.accept_pool("", "second"), "the first is noted, not accepted"
    register.pool_of_record("first")
    assert not register.accept_pool("never seen", "second")
    assert register.known_pool() == "first"
    assert register.accept_pool("first", "second")
    assert not register.accept_pool("first", "third")
    assert register.accept_pool("second", "third")
    assert register.known_pool() == register.pool_of_record("first") == "third"


def test_a_pool_is_kept_in_mind(runs: Runs, clock: ManualClock) -> None:
    register, seen = runs.register, PoolNote(users=3, records=2, misfiled=1, begun=True)
    assert register.pool_note("one") is None
    register.keep_pool_note("one", seen)
    register.keep_pool_note("two", PoolNote(users=9))
    register.run_ended("three", clock.now())
    assert register.pool_note("one") == seen
    assert register.pool_note("two") == PoolNote(users=9)
    assert register.pool_note("three") is None
    assert register.known_pool() == ""


def test_whether_a_run_has_ended(runs: Runs, clock: ManualClock) -> None:
    register = runs.register
    register.not_reconciled_since("one", clock.now())
    register.keep_pool_note("one", PoolNote(begun=True))
    assert not register.has_run_ended("one"), "to be watched, or begun, is no end"
    register.run_ended("one", clock.now())
    assert register.has_run_ended("one")
    assert not register.has_run_ended("two")


def test_since_when_nothing_was_reconciled(runs: Runs, clock: ManualClock) -> None:
    register, begin = runs.register, clock.now().replace(microsecond=0)
    assert register.not_reconciled_since("one", clock.now()) == begin
    clock.advance(3600)
    assert register.not_reconciled_since("one", clock.now()) == begin, "asking is no run"
    register.run_ended("one", clock.now())
    ended = clock.now().replace(microsecond=0)
    clock.advance(3600)
    assert register.not_reconciled_since("one", clock.now()) == ended
    assert register.not_reconciled_since("two", clock.now()) == ended + timedelta(hours=1)


def test_a_question_is_open_until_it_is_settled(runs: Runs, clock: ManualClock) -> None:
    register, first = runs.register, question(ONE, clock)
    assert (register.question("one"), list(register.questions())) == (None, [])
    register.ask(first)
    register.ask(question(TWO, clock))
    assert register.question("one") == first
    assert [each.run for each in register.questions()] == [ONE, TWO]
    register.settle("one")
    register.settle("one")
    assert register.question("one") is None
    assert [each.run for each in register.questions()] == [TWO]


def test_asking_again_replaces_the_token(runs: Runs, clock: ManualClock) -> None:
    runs.register.ask(question(ONE, clock))
    runs.register.ask(question(ONE, clock, "newer"))
    (found,) = runs.register.questions()
    assert found.task_token == "newer"


def test_a_question_expires(runs: Runs, clock: ManualClock) -> None:
    runs.register.ask(question(ONE, clock))
    clock.advance(3601)
    assert runs.register.question("one") is None
    assert list(runs.register.questions()) == []


def test_a_lock_that_nobody_can_read(backend: Backend, runs: Runs) -> None:
    if not isinstance(backend, AwsBackend):
        pytest.skip("memory holds no item")
    runs.spoil()
    with pytest.raises(InvalidRecordError):
        runs.register.current()


def test_others_begin_at_the_same_moment(clock: ManualClock) -> None:
    """Between the look at the lock and its taking somebody else takes it."""
    table: dict[str, Any] = {}

    class Racing:
        def put_item(self, **request: Any) -> None:
            from botocore.exceptions import ClientError  # noqa: PLC0415

            table["n"] = table.get("n", 0) + 1
            error = {"Error": {"Code": "ConditionalCheckFailedException"}}
            raise ClientError(error, "PutItem")  # type: ignore[arg-type]

        def get_item(self, **request: Any) -> Any:
            return {}

    from cognito_standby.core.domain.errors import LeaseHeldError  # noqa: PLC0415

    register = DynamoRunRegister(Racing(), "table", clock, Executions(clock, set()))  # type: ignore[arg-type]
    with pytest.raises(LeaseHeldError):
        register.open(ONE)
    assert table["n"] == 3
