"""What is noted of the users' last changes of passwords, for the age of a hash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from cognito_standby.core.domain.changed_passwords import PasswordNote
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import PasswordNotes
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.services.pages import pages
from cognito_standby.recovery.domain.password_hashes import Hashes, NotedChange, noted_change
from cognito_standby.recovery.services.patiently import patiently
from cognito_standby.recovery.services.transfer_ports import TransferContext

_AT_ONCE = 16
"""Reads of the table under way."""


def listed(notes: PasswordNotes) -> dict[str, NotedChange]:
    """Of everybody, by key: for the plan. From the index, so perhaps without the latest; `of_now`
    looks again before a hash is used. InvalidRecordError: a note cannot be read.
    ServiceUnavailableError: the pages of the index go in circles."""
    found: dict[str, list[PasswordNote]] = defaultdict(list)
    for number in range(SHARDS):
        for page in pages(partial(notes.page, f"{number:02x}")):
            for key, note in page.notes:
                found[key].append(note)
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
