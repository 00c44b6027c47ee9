"""What is noted of the users' last changes of passwords, for the age of a hash."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from cognito_standby.core.domain.changed_passwords import PasswordNote
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import PasswordNotes
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.recovery.domain.password_hashes import Hashes, NotedChange, noted_change
from cognito_standby.recovery.services.patiently import patiently
from cognito_standby.recovery.services.transfer_ports import TransferContext

_AT_ONCE = 16
"""Reads of the table under way."""


def listed(notes: PasswordNotes) -> dict[str, NotedChange]:
    """Of everybody, by key: for the plan. From the index, so perhaps without the latest; `of_now`
    looks again before a hash is used. InvalidRecordError: a note cannot be read."""
    found: dict[str, list[PasswordNote]] = {}
    for number in range(SHARDS):
        token = ""
        while True:
            page = notes.page(f"{number:02x}", token)
            for key, note in page.notes:
                found.setdefault(key, []).append(note)
            if not (token := page.token):
                break
    return {key: noted_change(each) for key, each in found.items()}


def of_now(ctx: TransferContext, hashes: Hashes, subs: Sequence[str]) -> Hashes:
    """The hashes of these users, less those whose password was changed since; read from the table,
    strongly consistent. StandbyError: it cannot be read, and then no hash is used."""
    used = [sub for sub in subs if sub in hashes.of]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        changes = dict(zip(used, pool.map(lambda sub: _now(ctx, sub), used), strict=True))
    only = replace(hashes, of={sub: hashes.of[sub] for sub in used})
    return only.without_older(changes)


def _now(ctx: TransferContext, sub: str) -> NotedChange:
    return noted_change(patiently(ctx, lambda: ctx.passwords_set.of(Subject.user(sub))))
