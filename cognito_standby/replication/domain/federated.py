"""Users whom an identity provider's sign-in made: recorded, and never made by us. Pure.

AdminCreateUser makes native users only, and one who is named as a provider's users are
(`Google_1029`) keeps that very person out for good. So a pool in which they have not signed in yet
rightly has nobody, which is confirmed like anything else that the winner says.
"""

from __future__ import annotations

from cognito_standby.core.domain.identities import provider_of_name
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import ABSENT, FEDERATED, PRESENT, USERNAME, Fields
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
    staged = view.ledger.skipped.get(FEDERATED) == NotHeld.STAGED
    return not confirmed or (foreign and FEDERATED not in confirmed and not staged)


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
