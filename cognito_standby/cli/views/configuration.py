"""What `standby config` prints: documents, differences, history. Values are shown as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cognito_standby.configuration.domain.differences import Difference, Kind
from cognito_standby.configuration.domain.document import PoolConfiguration
from cognito_standby.configuration.domain.drift import Drift
from cognito_standby.configuration.domain.snapshots import Snapshot
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.moments import utc

_LONGEST = 160
_SIGNS = {Kind.ONLY_LEFT: "-", Kind.ONLY_RIGHT: "+", Kind.CHANGED: "~", Kind.UNKNOWN: "?"}


def document_lines(document: PoolConfiguration) -> Iterator[str]:
    """All of it, a field a line."""
    yield f"pool {document.user_pool_id} ({document.name}) in {document.region}"
    yield f"read at {utc(document.read_at)}"
    for section, items in document.sections.items():
        yield ""
        yield f"{section}"
        for name, fields in items.items():
            yield f"  {name}"
            yield from (f"    {path} = {value}" for path, value in _flat("", fields))
    for each in document.unread:
        place = f"{each.section}{f' {each.item}' if each.item else ''}"
        yield f"not read: {place}: {each.why} ({each.operation}: {each.code})"


def difference_lines(found: Sequence[Difference]) -> Iterator[str]:
    """A place a line: - only left, + only right, ~ other, ? not known."""
    for each in found:
        yield f"{_SIGNS[each.kind]} {each.place}: {_shown(each)}"


def changes_head(region: str, before: str, after: str) -> str:
    """Which snapshots are compared, and how the lines are read."""
    signs = "- gone, + new, ~ changed, ? not known"
    return f"{region}: since {before}, as of {after} ({signs})"


def drift_head(active: PoolConfiguration, standby: PoolConfiguration) -> str:
    """Which pools are compared, and how the lines are read."""
    one = f"- only in the active pool ({active.region}, as of {utc(active.read_at)})"
    other = f"+ only in the standby ({standby.region}, as of {utc(standby.read_at)})"
    return f"{one}, {other}, ~ active -> standby, ? not known"


def drift_lines(drift: Drift) -> Iterator[str]:
    """What should be alike, and, in brackets, what must or may differ."""
    yield from difference_lines(drift.differences)
    yield from (f"  ({each.difference.place}: {each.why})" for each in drift.expected)


def history_lines(
    region: str, note: ConfigurationNote, snapshots: Sequence[Snapshot]
) -> Iterator[str]:
    """What was kept, the newest first."""
    yield f"{region}: looked at {utc(note.looked_at) if note.looked_at else 'never'}"
    if note.trouble:
        yield f"  {note.trouble}"
    if note.unexpected:
        yield f"  {note.unexpected} unexpected: standby config diff --region {region}"
    for each in snapshots:
        mark = "  accepted" if each.id == note.accepted else ""
        yield f"  {each.id}  {each.user_pool_id}  {each.why}{mark}"


def differences_json(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """For programs."""
    return [asdict(each) for each in found]


def drift_json(drift: Drift) -> dict[str, Any]:
    """For programs."""
    expected = [{**asdict(each.difference), "why": each.why} for each in drift.expected]
    return {"differences": differences_json(drift.differences), "expected": expected}


def _shown(each: Difference) -> str:
    match each.kind:
        case Kind.ONLY_LEFT:
            return _short(each.left)
        case Kind.ONLY_RIGHT:
            return _short(each.right)
        case Kind.CHANGED:
            return f"{_short(each.left)} -> {_short(each.right)}"
        case Kind.UNKNOWN:
            return "; ".join(str(side) for side in (each.left, each.right) if side)


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _flat(f"{path}.{key}" if path else str(key), each)
    else:
        yield path, _short(value)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."
