"""Users whom an identity provider's sign-in made: recorded, and never made by us. Pure.

AdminCreateUser makes native users only, and one who is named as a provider's users are
(`Google_1029`) keeps that very person out for good. So a pool in which they have not signed in yet
rightly has nobody, which is confirmed like anything else that the winner says.
"""

from __future__ import annotations

from cognito_standby.core.domain.contacts import CONTACT_OF
from cognito_standby.core.domain.identities import provider_of_name
from cognito_standby.core.domain.ledger import locally_changed
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, UserStatus
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import (
    ABSENT,
    FEDERATED,
    PRESENT,
    USERNAME,
    Fields,
)
from cognito_standby.replication.domain import staging
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View


def nobody(view: View, winner: Record) -> Target:
    """What a pool shows of a federated user before they sign in there, and why nobody is made."""
    why = staging.hindrance(view, winner)
    reason = NotHeld.FEDERATED if why is NotHeld.STAGED else why
    return Target(ABSENT, {PRESENT: reason})


def is_rightly_absent(view: View, winner: Record) -> bool:
    """Whether the pool never had them, whatever the role: that they are missing is no deletion.

    What was confirmed says so: nobody; or, where the other Region has recorded who they are, a
    native user whom an earlier release made of them, and somebody has removed.
    """
    if winner.deleted or FEDERATED not in winner.fields or view.observed.present:
        return False
    confirmed = view.ledger.confirmed
    if confirmed is None:
        return False
    foreign = winner.region != view.region
    native = FEDERATED not in confirmed and not staging.was_staged(view)
    return not confirmed or (foreign and native)


def is_former_copy(view: View, winner: Record) -> bool:
    """Whether a native user stands where only the provider's may: an earlier release replayed
    those who had a password as if they were native."""
    federated = not winner.deleted and FEDERATED in winner.fields
    foreign = winner.region != view.region
    seen = view.observed
    unlike = seen.present and FEDERATED not in seen.fields
    return federated and foreign and unlike and not staging.is_staged(view, winner)


def is_named_as_theirs(view: View, fields: Fields) -> bool:
    """Whether a native user of this state would have the name of one of a provider's."""
    name = fields.get(USERNAME, "") if view.schema.free_usernames else ""
    return bool(name and provider_of_name(name, view.schema.providers))


NO_PROVIDER_TOLD = "federated, and the pool tells no provider"


def tells_no_provider(view: View) -> bool:
    """Whether the pool does not say any more, or not yet, who somebody is to a provider, for
    example because the provider was removed. Who is recorded stays as they are: without the
    identity they would seem to be a native user."""
    seen, winner = view.observed, view.winner
    if seen.status is not UserStatus.EXTERNAL_PROVIDER or FEDERATED in seen.fields:
        return False
    if winner is None:
        return not view.ledger.was_here
    return not winner.deleted and FEDERATED in winner.fields


def is_unmarked(view: View) -> bool:
    """Whether somebody who was bound does not bear the origin sub yet, by which a listing files
    them."""
    return (
        view.ledger.given is not None
        and view.observed.present
        and ORIGIN_SUB_ATTRIBUTE in view.schema.attributes
        and view.observed.origin_sub != view.subject.id
    )


def is_to_be_completed(view: View, winner: Record) -> bool:
    """Whether the user was bound at their first sign-in, and not confirmed since."""
    return view.ledger.given is not None and view.observed.present and not winner.deleted


def completed(view: View, target: Target) -> Target:
    """What an active pool should show of somebody who was bound: the record, but what the sign-in
    gave, which is newer, and what was changed since. The flag of an address that both have is the
    record's, because a sign-in says nothing of it where it is not mapped."""
    seen, wanted = view.observed.fields, dict(target.fields)
    given = view.ledger.given or frozenset()
    known = {flag for flag, name in CONTACT_OF.items() if seen.get(name) == wanted.get(name)}
    for name in (given - known) | locally_changed(seen, view.ledger):
        if name in seen:
            wanted[name] = seen[name]
        else:
            wanted.pop(name, None)
    return Target(wanted, target.skipped)
