"""A person as JSON for programs. Its shape is told in docs/runbooks/user.md; it only grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cognito_standby.cli.views.person import Shown
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import ATTRIBUTE, USERNAME
from cognito_standby.operator.domain.person import Claimant, Person, Side
from cognito_standby.operator.domain.person_search import Search, Verdict, merged


def report(
    decided: Verdict, searches: Sequence[Search], people: Sequence[Person], shown: Shown
) -> dict[str, Any]:
    """What `--json` prints."""
    found = merged(searches)
    return {
        "verdict": decided.value,
        "not_asked": {each.region: each.silent for each in searches if each.silent},
        "people": [
            {
                "origin_sub": person.origin_sub,
                "found_by": sorted(each.value for each in found.get(person.origin_sub, ())),
                "contested": person.contested,
                "winner": _record(person.winner),
                "sides": [_side(side, shown) for side in person.sides],
                "differences": [
                    {
                        "field": each.field,
                        "record": shown.value(each.field, each.record),
                        "pools": {r: shown.value(each.field, v) for r, v in each.pools.items()},
                        "reasons": dict(each.reasons),
                    }
                    for each in person.differences
                ],
            }
            for person in people
        ],
    }


def _side(side: Side, shown: Shown) -> dict[str, Any]:
    way = side.sign_in
    return {
        "region": side.region,
        "role": side.role,
        "unreachable": side.unreachable,
        "user": None if side.user is None else _user(side.user, shown),
        "awaited": side.awaited,
        "claimants": [_user(each, shown) for each in side.claimants],
        "record": _record(side.own),
        "ledger": _ledger(side.row, shown),
        "sign_in": None if way is None else {"way": way.way.value, "reason": way.reason.value},
        "conflicts": [
            {"kind": each.kind.value, "fields": _values(each.fields, shown)}
            for each in side.conflicts
        ],
        "events": [{"at": each.at, "what": each.what} for each in side.events],
        "unknown": dict(side.unknown),
    }


def _user(claimant: Claimant, shown: Shown) -> dict[str, Any]:
    seen, user = claimant.seen, claimant.seen.user
    told = {name: value for name, value in user.attributes.items() if name != "sub"}
    return {
        "sub": user.sub,
        "username": shown.value(USERNAME, user.username),
        "status": user.status.value,
        "enabled": user.enabled,
        "attributes": {n: shown.value(ATTRIBUTE + n, v) for n, v in sorted(told.items())},
        "groups": list(user.groups),
        "factors": sorted(each.value for each in seen.factors),
        "preferred_factor": seen.preferred_factor,
        "identities": list(seen.identities),
        "created_at": seen.created_at,
        "modified_at": seen.modified_at,
        "bound_to": claimant.origin_sub,
        "doubt": claimant.doubt.value if claimant.doubt else "",
    }


def _record(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {
        "region": record.region,
        "revision": record.revision,
        "epoch": record.epoch_number,
        "deleted": record.deleted,
        "observed_at": record.observed_at,
        "change_id": record.change_id,
    }


def _ledger(row: LedgerRow | None, shown: Shown) -> dict[str, Any] | None:
    if row is None or not row.was_here:
        return None
    version = row.confirmed_version
    return {
        "state": row.state.value,
        "reason": row.reason,
        "local_sub": row.local_sub,
        "local_username": shown.value(USERNAME, row.local_username),
        "confirmed": None
        if version is None
        else {
            "region": version.epoch.region,
            "epoch": version.epoch.number,
            "revision": version.revision,
        },
        "skipped": dict(row.skipped),
        "lease_holder": row.lease.holder if row.lease else "",
    }


def _values(fields: Mapping[str, str], shown: Shown) -> dict[str, str]:
    return {name: shown.value(name, value) for name, value in sorted(fields.items())}
