"""What is kept in sync: users and group definitions, each a set of named string fields.

A subject's state is a flat mapping, so that one protocol serves both kinds and every field is
judged by itself:

    user   present, username (only where the pool has free usernames), enabled,
           attr:<name> for every attribute, group:<name> for every membership,
           federated (only of those whom an identity provider's sign-in made),
           linked:<digest> for every identity that is linked to them,
           factor:<name> for every second factor that is turned on and for passkeys,
           preferred_factor (only where one of the factors is preferred)
    group  present, description, precedence, role (the shared name of its IAM role, see groups.py)

An absent subject is the empty mapping: presence is a field like any other.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cognito_standby.core.domain.errors import InvalidRecordError

Fields = Mapping[str, str]
"""Field name -> value."""

Image = Mapping[str, str]
"""Field name -> digest of its value. Comparable, and 400 KB of item need not hold bodies twice."""

PRESENT = "present"
USERNAME = "username"
ENABLED = "enabled"
DESCRIPTION, PRECEDENCE, ROLE = "description", "precedence", "role"
ATTRIBUTE = "attr:"
GROUP = "group:"
FEDERATED = "federated"
"""Provider and subject (`domain.identities`)."""
LINKED = "linked:"
"""The same. The name holds a digest of them, for logs may tell names of fields."""
FACTOR = "factor:"
"""As UserMFASettingList and AdminGetUserAuthFactors name it."""
PREFERRED_FACTOR = "preferred_factor"
"""Cognito has one at most, so that it is a field of its own."""
TRUE, FALSE = "true", "false"
ABSENT: Fields = {}

GROUP_KEY = "#group#"
"""Beginning of the keys of group definitions."""
CLAIM_KEY = "#claim"
"""Partition key of the claim items. No Cognito sub begins with a number sign."""

ADDRESS_KEY = "#address"
"""Partition key of the items that say where a Region's Admin API is."""

POOL_KEY = "#pool"
"""Partition key of the items that say which pool a Region has, and which app clients."""

CONFIGURATION_KEY = "#config"
"""Partition key of the items that keep the configuration of each Region's pool."""

ERASED_KEY = "#erased#"
"""How the partition keys of hashes of erased users begin."""

NAME_KEY = "#name#"
"""How the partition keys of the index of names begin; a keyed hash follows."""

MAX_ID_LENGTH = 128
"""Cognito's limit of a username and of a group name, in characters."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and halves of surrogate pairs, which no encoding takes."""


class SubjectKind(StrEnum):
    """The two kinds of things that are replicated."""

    USER = "user"
    GROUP = "group"


@dataclass(frozen=True)
class Subject:
    """One user (by origin sub) or one group definition (by name)."""

    kind: SubjectKind
    id: str

    @property
    def key(self) -> str:
        """Partition key in the records table and in the ledger."""
        return self.id if self.kind is SubjectKind.USER else GROUP_KEY + self.id

    @classmethod
    def user(cls, origin_sub: str) -> Subject:
        """A user by the sub under which we first met them.

        InvalidRecordError: the id is malformed, or is the key of something else.
        """
        if origin_sub.startswith("#"):
            raise InvalidRecordError("the id is not a user's")
        return cls(SubjectKind.USER, _checked(origin_sub))

    @classmethod
    def group(cls, name: str) -> Subject:
        """A group definition by its name, which is the same in both pools."""
        return cls(SubjectKind.GROUP, _checked(name))

    @classmethod
    def from_key(cls, key: str) -> Subject:
        """Inverse of `key`; anything else is an InvalidRecordError."""
        if key.startswith(GROUP_KEY):
            return cls.group(key.removeprefix(GROUP_KEY))
        if key.startswith("#"):
            raise InvalidRecordError("the key names neither a user nor a group")
        return cls.user(key)


def _checked(value: str) -> str:
    if not value or len(value) > MAX_ID_LENGTH:
        raise InvalidRecordError(f"an id must have 1 to {MAX_ID_LENGTH} characters")
    if _CONTROLS.search(value):
        raise InvalidRecordError("an id must not have control characters")
    return value


def digest(value: str) -> str:
    """96 bits of SHA-256 of a value: enough to tell states apart, small enough to keep many."""
    return hashlib.sha256(value.encode()).hexdigest()[:24]


def shard_of_key(key: str) -> str:
    """One of 256 shards by a hash of a subject's key: digits of a sub are not evenly spread."""
    return hashlib.sha256(key.encode()).hexdigest()[:2]


def image_of(fields: Fields) -> Image:
    """The image of a state."""
    return {name: digest(value) for name, value in fields.items()}


def fingerprint(fields: Fields) -> str:
    """One digest of a whole state."""
    return digest(json.dumps(dict(sorted(fields.items())), ensure_ascii=False))


def names_with(prefix: str, fields: Iterable[str]) -> list[str]:
    """The names behind a prefix, sorted: attributes or groups of a state."""
    return sorted(name.removeprefix(prefix) for name in fields if name.startswith(prefix))


def without_groups(fields: Fields) -> Fields:
    """A state but for the memberships."""
    return {name: value for name, value in fields.items() if not name.startswith(GROUP)}


def is_about_factors(name: str) -> bool:
    """Whether a field is about second factors or passkeys: no listing shows those."""
    return name == PREFERRED_FACTOR or name.startswith(FACTOR)


def attributes_of(fields: Fields) -> dict[str, str]:
    """The Cognito attributes among the fields."""
    return {name: fields[ATTRIBUTE + name] for name in names_with(ATTRIBUTE, fields)}
