"""By which name a pool makes a user, where it can make them at all. Pure.

Pools may know their people otherwise: by a username, by an address, or by the other kind of
address. Whom a pool has no name for is not made there, and told; a name is never made up, because
people sign in by it, and an address that nobody verified could be anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cognito_standby.core.domain.contacts import CONTACTS
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import PoolSchema
from cognito_standby.core.domain.subjects import USERNAME, Fields, attributes_of

_LOOKS_LIKE: Mapping[str, Callable[[str], object]] = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch,
    "phone_number": re.compile(r"\+[0-9]{1,15}").fullmatch,
}


def name_for(schema: PoolSchema, fields: Fields) -> str | NotHeld:
    """What AdminCreateUser must be given: the username, or an address that stands in for it. Or why
    there is none (developer guide, "Customizing sign-in attributes")."""
    if schema.free_usernames:
        name = fields.get(USERNAME, "")
        aliases = [alias for alias in schema.alias_attributes if alias in CONTACTS]
        if any(_LOOKS_LIKE[alias](name) for alias in aliases):
            return NotHeld.LIKE_AN_ADDRESS
    else:
        attributes = attributes_of(fields)
        name = next((attributes[a] for a in schema.sign_in_attributes if attributes.get(a)), "")
    return name or NotHeld.NO_NAME
