"""Keyed hashes of the names by which somebody is found: usernames, contacts, and who they are to
identity providers. Pure.

The index is a hint: two people may have one hash, and a crash leaves an entry too many. Whoever
finds somebody by it reads the record and compares the names themselves.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, field

from cognito_standby.core.domain.contacts import CONTACTS
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    FEDERATED,
    LINKED,
    USERNAME,
    Fields,
    names_with,
)

SETTLED_SECONDS = 3600
"""What is younger may be under way: entries come before their record, and each travels alone."""

NAMES = (USERNAME, ATTRIBUTE + "preferred_username", *(ATTRIBUTE + each for each in CONTACTS))
"""The fields whose values are names that a person is called by."""

_ID_LENGTH, _HASH_LENGTH = 8, 32
"""Hexadecimal digits: 128 bits of a hash."""


def names_of(fields: Fields) -> frozenset[str]:
    """What a user's state is in the index under. An identity as the value of its field: a pool
    that makes usernames itself has no other name of a provider's user."""
    identities = (FEDERATED, *(LINKED + each for each in names_with(LINKED, fields)))
    return frozenset(fields[name] for name in (*NAMES, *identities) if fields.get(name))


def normal(name: str) -> str:
    """The form that is hashed: in one composition, without case. A pool that tells cases apart
    finds both spellings by it, and its rule is applied to the names themselves."""
    return composed(name).lower()


def composed(name: str) -> str:
    """In one composition: some keyboards write a letter and its accent, some the accented one."""
    return unicodedata.normalize("NFC", name)


@dataclass(frozen=True)
class NameHasher:
    """HMAC-SHA256 under the installation's key: without it nobody can try names out."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Which key it is, for entries made under another one."""
        return self._digest(b"id\x00")[:_ID_LENGTH]

    def of(self, name: str) -> str:
        """The hash of one name, whatever kind of name it is."""
        return self._digest(b"name\x00" + normal(name).encode())[:_HASH_LENGTH]

    def all_of(self, fields: Fields) -> frozenset[str]:
        """Those of a user's state; a tombstone keeps its last one, and is found by it."""
        return frozenset(map(self.of, names_of(fields)))

    def _digest(self, message: bytes) -> str:
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()
