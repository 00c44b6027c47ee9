"""What must be so of the reasons why rights stay: each names what is granted, each unused right
has one, and the list of used rights refutes what is no longer so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rights import __main__ as command
from tests.rights.granted import Grant, Right, kind_of, whose
from tests.rights.reason import ALL, Reason, explained
from tests.rights.reasons import REASONS, VARIANT_REASONS

ROOT = Path(__file__).parents[2]
READ: Right = ("function", "plansync", "dynamodb:GetItem", "ledger")
SEND: Right = ("pipe", "ReplicaStream", "sqs:SendMessage", "dead letters")
TRACE: Right = ("function", "plansync", "xray:PutTraceSegments", "*")
NEVER = Reason("function", ALL, "xray:PutTraceSegments", "*", "the service does")
RARE = Reason("pipe", "ReplicaStream", "sqs:SendMessage", "dead letters", "rare", "tests/x.py")
GRANTED = frozenset({READ, SEND, TRACE})


def test_everything_used_or_explained_holds() -> None:
    found = explained(GRANTED, frozenset({SEND, TRACE}), (NEVER, RARE))
    assert found.holds
    assert found.with_reason == {SEND, TRACE}


def test_an_unused_right_needs_a_reason_of_its_own() -> None:
    found = explained(GRANTED, GRANTED, (NEVER, RARE))
    assert not found.holds
    assert found.without == {READ}


def test_what_depends_on_chance_may_be_used() -> None:
    assert explained(GRANTED, frozenset({TRACE}), (NEVER, RARE)).holds


def test_a_use_refutes_who_said_that_nobody_can() -> None:
    found = explained(GRANTED, frozenset({SEND}), (NEVER, RARE))
    assert not found.holds
    assert "xray:PutTraceSegments" in found.idle[0]


@pytest.mark.parametrize("reason", [NEVER, RARE])
def test_a_reason_for_what_nobody_has_explains_nothing(reason: Reason) -> None:
    found = explained(frozenset({READ}), frozenset(), (reason,))
    assert not found.holds
    assert found.idle


def test_each_right_of_a_reason_must_be_granted() -> None:
    both = Reason("pipe", "ReplicaStream Gone", "sqs:SendMessage", "dead letters", "rare", "x")
    found = explained(GRANTED, frozenset({SEND}), (both,))
    assert ["Gone" in one for one in found.idle] == [True]


def _grant(right: Right, resource: str) -> Grant:
    return Grant((f"{right[1]}Role0A1B2C3D", "policy", 0, right[2], 0), right[0], resource)


def _note(*grants: Grant) -> dict[str, object]:
    names = ("role", "policy", "statement", "action", "resource_number")
    used = [dict(zip(names, grant.place, strict=True)) for grant in grants]
    return {"used": used, "evaluated": 5, "refused": 1}


def test_what_the_command_tells_and_whether_it_holds() -> None:
    read, send = _grant(READ, "LedgerTable0A1B2C3D"), _grant(SEND, "QueuesDeadLetters0A1B2C3D")
    everything = {one.place: one for one in (read, send)}
    lines, holds = command.compared(everything, [_note(read), _note(read)], (RARE,))
    assert holds
    assert lines == [
        "2 stages: 10 accesses judged, 2 refused",
        "2 grants: 1 used, 1 unused with a reason, 0 unexplained",
    ]
    lines, holds = command.compared(everything, [_note(read)], ())
    assert not holds
    told = "pipe ReplicaStream: sqs:SendMessage on dead letters"
    assert lines[1:] == [
        "2 grants: 1 used, 0 unused with a reason, 1 unexplained",
        f"  without a reason: {told}",
    ]
    lines, holds = command.compared(everything, [_note(read, send)], (RARE, NEVER))
    assert not holds
    assert lines[2].startswith("  explains nothing any more: function *: xray:PutTraceSegments")


@pytest.mark.parametrize("unused", [True, False])
def test_the_commands_exit_status(
    unused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = _grant(READ, "LedgerTable0A1B2C3D")
    monkeypatch.setattr(command, "synthesize", lambda *_: tmp_path)
    monkeypatch.setattr(command, "granted", lambda _: {read.place: read})
    monkeypatch.setattr(command, "REASONS", ())
    assert command.main(tmp_path) == 2
    (tmp_path / "one.json").write_text(str(_note(*([] if unused else [read]))).replace("'", '"'))
    assert command.main(tmp_path) == (1 if unused else 0)


@pytest.mark.parametrize("reason", (*REASONS, *VARIANT_REASONS), ids=str)
def test_who_shows_it_is_there(reason: Reason) -> None:
    assert not reason.shown_by or (ROOT / reason.shown_by).is_file()
    assert reason.why
    assert "*" not in reason.actions, "an action in full"


KINDS = [
    ("LedgerTable9343E4AA/index/by-shard", "ledger/index/by-shard"),
    ("arn:Partition:dynamodb:eu-west-1::table/alpha-records/stream/*", "records/stream/*"),
    ("arn:aws:cognito-idp:eu-west-1::userpool/eu-west-1_Pool01", "pool"),
    ("arn:Partition:states:us-east-1::execution:alpha-sync_user:*", "execution:sync_user:*"),
    ("arn:Partition:s3:::alpha-reconcile-111111111111-us-east-1/runs/*", "files/runs/*"),
    ("syncuserMachineF7EA5F20", "machine syncuser"),
    ("SomethingElse", "SomethingElse"),
]


@pytest.mark.parametrize(("resource", "kind"), KINDS)
def test_a_resource_is_of_one_kind_in_every_installation(resource: str, kind: str) -> None:
    assert kind_of(resource) == kind


def test_a_role_is_named_after_what_it_belongs_to() -> None:
    assert whose("plansyncRole0A1B2C3D") == "plansync"
    assert whose("syncuserMachineEventsRole7035130A") == "syncuserMachineEvents"
