"""A profile that waits for somebody of an identity provider: made before they first come. Pure.

With `federated: staged` a pool that lacks a provider's user gets a profile of its own that is
linked to their identity (AdminLinkProviderForUser). Their first sign-in lands in it, with the sub,
the attributes and the groups that are there. The record stays what the provider's sign-in made it;
what differs is this pool's own, and carried by whatever it captures:

    username    one that no provider's users are called, and that nobody types
    identity    a linked one here, the profile's own there
    status      FORCE_CHANGE_PASSWORD: nobody knows the password, and ForgotPassword is refused, so
                that only the provider lets anybody in; an administrator can set a password
    aliases     left to the sign-in, which writes what the provider says: no address of somebody
                who has not come yet may keep a native user from theirs
"""

from __future__ import annotations

from cognito_standby.core.domain.contacts import FLAGS
from cognito_standby.core.domain.identities import Identity, identity_in
from cognito_standby.core.domain.ledger import locally_changed, refusal_of
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, UserStatus
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import (
    ABSENT,
    ATTRIBUTE,
    ENABLED,
    FALSE,
    FEDERATED,
    LINKED,
    PRESENT,
    USERNAME,
)
from cognito_standby.replication.domain.projection import Target
from cognito_standby.replication.domain.view import View

_NAME = "staged-"
"""No provider's users are called so: their names have an underscore, and a sub has none."""
_CUSTOM = ("custom:", "dev:")


def is_staged(view: View, record: Record) -> bool:
    """Whether the pool shows a profile that was made to wait for this person: the ledger says so,
    from before it is made, or it is linked to the identity."""
    who, seen = identity_in(record.fields), view.observed.fields
    if who is None or not seen or FEDERATED in seen:
        return False
    return was_staged(view) or seen.get(who.linked) == who.text


def was_staged(view: View) -> bool:
    """Whether the ledger says so, from before the profile is made."""
    return view.ledger.skipped.get(FEDERATED) == NotHeld.STAGED


def hindrance(view: View, record: Record) -> NotHeld:
    """Why nobody is made for a provider's user whom this pool lacks; by configuration at best."""
    who = identity_in(record.fields)
    if not view.federated.stages or who is None:
        return NotHeld.FEDERATED
    if not view.schema.free_usernames or ORIGIN_SUB_ATTRIBUTE not in view.schema.attributes:
        # An address would be taken from a native user; without the mark a profile whose creation
        # was cut off would be nobody's.
        return NotHeld.NOT_STAGED
    if who.provider in view.schema.pairwise:
        return NotHeld.PAIRWISE
    if who.provider not in view.schema.providers:
        return NotHeld.NO_PROVIDER
    if _is_refused(view, who.linked, who.text):
        return NotHeld.LINK_REFUSED
    return NotHeld.STAGED


def may_be_staged(view: View, record: Record) -> bool:
    """Whether a profile is to be made for somebody whom this pool lacks. Of whom this Region's own
    record tells, only for one whom it had staged: the others were here by themselves."""
    foreign = record.region != view.region
    return (foreign or was_staged(view)) and hindrance(view, record) is NotHeld.STAGED


def staged(target: Target, view: View, record: Record) -> Target:
    """What the pool should show of a provider's user by a staged profile, of what it would of a
    native one. Any other target stays as it is."""
    who, seen = identity_in(record.fields), view.observed.fields
    if who is None or not (is_staged(view, record) if seen else may_be_staged(view, record)):
        return target
    if not seen and PRESENT not in target.fields:
        return target
    fields, skipped = dict(target.fields), dict(target.skipped)
    if not fields:  # erased
        return target
    fields.pop(FEDERATED, None)
    skipped[FEDERATED] = NotHeld.STAGED
    if view.schema.free_usernames:
        fields[USERNAME] = seen.get(USERNAME, _NAME + view.subject.id)
        skipped[USERNAME] = NotHeld.STAGED
    _keep_aliases(fields, skipped, view)
    return _linked(Target(fields, skipped), view, record, who)


def _linked(target: Target, view: View, record: Record, who: Identity) -> Target:
    """With the identity, or made safe where the pool refuses it. In an active pool a link that
    somebody took away stays away; whoever was deleted is linked to nothing, so that the next
    sign-in makes a new person, as in the other pool. Links that a deletion of this active pool's
    own record finds are an administrator's since."""
    seen, fields, skipped = view.observed.fields, dict(target.fields), dict(target.skipped)
    name = who.linked
    skipped[name] = NotHeld.STAGED
    fields.pop(name, None)
    there = seen.get(name) == who.text
    if record.deleted and (record.region != view.region or not view.active):
        left = {each: value for each, value in fields.items() if not each.startswith(LINKED)}
        return Target(left, skipped)
    if view.active and seen and view.ledger.confirmed:
        if not there and _is_locked(view):
            fields[ENABLED], skipped[ENABLED] = FALSE, NotHeld.LINK_REFUSED
        return Target(fields | ({name: who.text} if there else {}), skipped)
    if record.deleted:
        return Target(fields, skipped)
    if there or not _is_refused(view, name, who.text):
        return Target({**fields, name: who.text}, skipped)
    unused = view.observed.status is UserStatus.FORCE_CHANGE_PASSWORD
    if unused and not view.ledger.confirmed:
        return Target(ABSENT, {PRESENT: NotHeld.LINK_REFUSED, FEDERATED: NotHeld.STAGED})
    skipped |= {name: NotHeld.LINK_REFUSED, ENABLED: NotHeld.LINK_REFUSED}
    return Target({**fields, ENABLED: FALSE}, skipped)


def _keep_aliases(fields: dict[str, str], skipped: dict[str, str], view: View) -> None:
    """Aliases stay what the pool shows, and so does an attribute that would forbid the link: a
    custom one that is immutable (API reference, AdminLinkProviderForUser)."""
    seen = view.observed.fields
    for name in _left_to_the_sign_in(view):
        if fields.get(name) == seen.get(name):
            continue
        skipped[name] = NotHeld.LEFT_TO_SIGN_IN
        fields.pop(name, None)
        if name in seen:
            fields[name] = seen[name]


def _left_to_the_sign_in(view: View) -> set[str]:
    aliases = set(view.schema.alias_attributes)
    flags = {flag for flag, contact in FLAGS.items() if contact in aliases}
    names = {ATTRIBUTE + name for name in aliases | flags}
    if not view.observed.present:
        names |= {
            ATTRIBUTE + name
            for name, rule in view.schema.attributes.items()
            if not rule.mutable and name.startswith(_CUSTOM)
        }
    changed = view.observed.fields if view.active else {}
    return names - (locally_changed(changed, view.ledger) if changed else set())


def _is_locked(view: View) -> bool:
    """Whether the profile was disabled because its identity could not be linked."""
    noted = view.ledger.skipped.get(ENABLED) == NotHeld.LINK_REFUSED
    return noted and view.observed.fields.get(ENABLED) == FALSE


def _is_refused(view: View, field: str, value: str) -> bool:
    return view.ledger.refused.get(field) == refusal_of(view.user_pool_id, value)
