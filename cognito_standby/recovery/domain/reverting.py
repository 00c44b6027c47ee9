"""Putting somebody back as they were at a time: as a change that an administrator asks for. Pure.

So it is made as any other change: in pool and record or in neither, under the user's lease, and
replayed in the other Region.
"""

from __future__ import annotations

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.core.domain.contacts import CONTACTS, FLAGS
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    ENABLED,
    GROUP,
    TRUE,
    Fields,
    attributes_of,
    names_with,
)


def reverting(origin_sub: str, then: Fields, now: Fields) -> ChangeRequest | None:
    """From one state to a former one; None: no change of an administrator's leads there.

    What none does is left: usernames, linked identities, second factors.
    """
    old, new = attributes_of(then), attributes_of(now)
    names = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    contacts = [
        contact
        for contact in CONTACTS
        if contact in old and names & {contact, f"{contact}_verified"}
    ]
    memberships = names_with(GROUP, then)
    request = ChangeRequest(
        ChangeKind.UPDATE,
        origin_sub=origin_sub,
        attributes={name: old.get(name) for name in sorted(names - set(FLAGS))},
        verified={each: then.get(f"{ATTRIBUTE}{each}_verified") == TRUE for each in contacts},
        enabled=then.get(ENABLED) == TRUE if then.get(ENABLED) != now.get(ENABLED) else None,
        groups=tuple(memberships) if memberships != names_with(GROUP, now) else None,
    )
    nothing = ChangeRequest(ChangeKind.UPDATE, origin_sub=origin_sub)
    return None if request == nothing else request
