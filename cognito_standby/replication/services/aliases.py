"""One rule for every step that marks an address as verified, in pools where that makes it an alias.

An alias signs in one user. An update that verifies one by which another signs in is refused, or
takes it from its owner without a word (both have been seen of Cognito); and an address that changes
is marked as verified in passing, even where it is to be unverified (`contacts.silent_updates`). So
the pool is asked first, and the owner keeps it. If a person takes the address between question and
write, Cognito decides.
"""

from __future__ import annotations

from collections.abc import Mapping

from cognito_standby.core.domain.contacts import CONTACTS, PREFERRED
from cognito_standby.core.domain.pools import Observation
from cognito_standby.core.domain.subjects import ATTRIBUTE, TRUE, Fields, attributes_of
from cognito_standby.replication.domain.projection import TAKEN, Target
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.pool_calls import calls_between


def held_in(ctx: SyncContext, seen: Observation, target: Fields) -> tuple[str, ...]:
    """`email`, `phone_number`: addresses that making a user look like the target would take."""
    given = (attributes_of(call.shows) for call in calls_between(seen.fields, target))
    found = [held_aliases(ctx, seen, attributes) for attributes in given if attributes]
    return tuple(sorted({contact for each in found for contact in each}))


def held_aliases(
    ctx: SyncContext, seen: Observation, attributes: Mapping[str, str]
) -> tuple[str, ...]:
    """Addresses that one update would verify, and by which another user signs in. Costs a look for
    each address that is marked as verified, and none where addresses are no aliases."""
    found = []
    for contact in set(CONTACTS) & set(ctx.directory.schema().alias_attributes):
        name, flag = ATTRIBUTE + contact, f"{contact}_verified"
        address = attributes.get(contact, seen.fields.get(name))
        has = seen.fields.get(name) == address and seen.fields.get(ATTRIBUTE + flag) == TRUE
        if attributes.get(flag) != TRUE or not address or has:
            continue
        holder = ctx.directory.get_profile(address)
        if holder is not None and holder.sub != seen.local_sub:
            found.append(contact)
    return tuple(found)


def without_held(ctx: SyncContext, target: Target, name: str) -> Target:
    """A user who is to be made, without whatever else another user of the pool signs in with: a
    creation that takes a name is refused whole, and anybody can choose a preferred username. What
    is left out the sync that follows settles. `name`: by which they come, so that nobody has it,
    as it was typed: another spelling can be another name. Costs a look for each other name.
    """
    left, skipped = dict(target.fields), dict(target.skipped)
    for each in _further_names(ctx, left):
        value = left[ATTRIBUTE + each]
        if value == name or ctx.directory.get_profile(value) is None:
            continue
        for field in {ATTRIBUTE + each, f"{ATTRIBUTE}{each}_verified"} & left.keys():
            del left[field]
            skipped[field] = TAKEN
    return Target(left, skipped)


def _further_names(ctx: SyncContext, fields: Fields) -> tuple[str, ...]:
    """Attributes by whose value a user with these fields would sign in."""
    schema = ctx.directory.schema()
    kinds = {*schema.sign_in_attributes, *schema.alias_attributes}
    verified = (
        each
        for each in CONTACTS
        if each in schema.sign_in_attributes or fields.get(f"{ATTRIBUTE}{each}_verified") == TRUE
    )
    return tuple(e for e in (PREFERRED, *verified) if e in kinds and fields.get(ATTRIBUTE + e))
