"""The daily look: read the pool's configuration, keep it where it changed, and judge the change.

A look is repeated as it is where it broke off: a snapshot is kept before the note that names it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cognito_standby.configuration.domain.differences import differences
from cognito_standby.configuration.domain.document import (
    NewerDocumentError,
    PoolConfiguration,
    WhyUnread,
    digest_of,
)
from cognito_standby.configuration.domain.drift import drift_between
from cognito_standby.configuration.domain.snapshots import (
    NoSuchSnapshotError,
    Why,
    counts_as_change,
    is_due,
    superfluous,
)
from cognito_standby.configuration.ports import (
    ConfigurationNotes,
    ConfigurationReader,
    Deployment,
    Deployments,
    PoolGoneError,
    Snapshots,
)
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.ports import Clock


@dataclass(frozen=True)
class LookContext:
    """A Region's look. `created`: the pool is of the installation's own stack."""

    region: str
    other_region: str
    user_pool_id: str
    created: bool
    reader: ConfigurationReader
    notes: ConfigurationNotes
    snapshots: Snapshots
    deployments: Deployments
    clock: Clock


@dataclass(frozen=True)
class Looked:
    """What a look made of it, and the note as it is now."""

    why: Why
    note: ConfigurationNote


def look(ctx: LookContext) -> Looked:
    """Look, if it is time. RetryableError: the next sweep looks again."""
    note = ctx.notes.read(ctx.region)
    deployment = ctx.deployments.last()
    if not is_due(note, ctx.clock.now(), deployment.began):
        return Looked(Why.NOT_DUE, note)
    if deployment.under_way:
        return Looked(Why.DEPLOYING, note)
    try:
        document = ctx.reader.read(ctx.user_pool_id)
    except PoolGoneError as gone:
        return _kept(ctx, Why.GONE, note, replace(note, trouble=str(gone), drift=None))
    return _judged(ctx, note, document, deployment)


def _judged(
    ctx: LookContext, note: ConfigurationNote, document: PoolConfiguration, deployed: Deployment
) -> Looked:
    before = _snapshot(ctx, ctx.region, note.latest)
    same = before is not None and digest_of(before) == digest_of(document)
    accepted = _snapshot(ctx, ctx.region, note.accepted)
    unexpected = _unexpected(note, accepted, document)
    why = _why(ctx, note, accepted, document, deployed) if unexpected else Why.SAME
    if not note.accepted:
        why = Why.FIRST
    latest = note.latest if same else ctx.snapshots.put(document, why.value).id
    if why in (Why.FIRST, Why.DEPLOYED):
        note_accepted, unexpected = latest, 0
    else:
        note_accepted = note.accepted
    now = replace(
        note,
        looked_at=document.read_at,
        latest=latest,
        accepted=note_accepted,
        unexpected=unexpected,
        drift=drift_of(ctx, document),
        unread=sum(each.why is not WhyUnread.UNSUPPORTED for each in document.unread),
        trouble="",
    )
    return _kept(ctx, why, note, now)


def _why(
    ctx: LookContext,
    note: ConfigurationNote,
    accepted: PoolConfiguration | None,
    document: PoolConfiguration,
    deployed: Deployment,
) -> Why:
    """A deployment explains what it may have set: in a pool of our own stack's, that is still the
    same pool."""
    same_pool = accepted is not None and accepted.user_pool_id == document.user_pool_id
    ours = ctx.created and same_pool
    since = deployed.began.isoformat(timespec="seconds") > note.looked_at
    return Why.DEPLOYED if ours and since else Why.CHANGED


def _unexpected(
    note: ConfigurationNote, accepted: PoolConfiguration | None, document: PoolConfiguration
) -> int:
    """A replaced pool is a change by itself, even where it is set up alike; and where what was
    accepted cannot be read any more, nobody knows that nothing changed."""
    if accepted is None:
        return int(bool(note.accepted))
    found = differences(accepted, document)
    counted = sum(counts_as_change(each, document) for each in found)
    return counted + (accepted.user_pool_id != document.user_pool_id)


def drift_of(ctx: LookContext, document: PoolConfiguration) -> int | None:
    """Places in which the two Regions' pools differ and should not, by the other one's newest
    snapshot; None: it has none that can be read here."""
    other = ctx.notes.read(ctx.other_region)
    theirs = _snapshot(ctx, ctx.other_region, other.latest)
    return None if theirs is None else len(drift_between(theirs, document).differences)


def _snapshot(ctx: LookContext, region: str, snapshot: str) -> PoolConfiguration | None:
    """None: there is none that can be read, and the look goes on without it."""
    if not snapshot:
        return None
    try:
        return ctx.snapshots.read(region, snapshot)
    except (NoSuchSnapshotError, NewerDocumentError, InvalidRecordError):
        return None


def _kept(ctx: LookContext, why: Why, before: ConfigurationNote, now: ConfigurationNote) -> Looked:
    """Where an operator accepted meanwhile, the note stays theirs, and the next sweep looks
    again."""
    if not ctx.notes.keep(now, before):
        return Looked(Why.NOT_DUE, ctx.notes.read(ctx.region))
    for each in superfluous(ctx.snapshots.listed(ctx.region), {now.latest, now.accepted}):
        ctx.snapshots.remove(each)
    return Looked(why, now)
