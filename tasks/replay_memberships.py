"""Replay Memberships: record -> pool, groups joined and left."""

from __future__ import annotations

from typing import Any

from cognito_standby.replication.services.replay import replay_memberships
from cognito_standby.replication.services.sync import SyncOutcome
from tasks.reporting import counted
from tasks.sync_step import answer, context, subject_of, text_of


@counted
def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer with what was done."""
    subject = subject_of(event)
    done = replay_memberships(context(), subject, text_of(event, "holder"))
    return answer(event, "replay_memberships", SyncOutcome(subject, "apply", done))
