"""People who come through an identity provider. Pure.

Sources: Amazon Cognito developer guide, "Adding user pool sign-in through a third party", "Mapping
IdP attributes to profiles and tokens", "Linking federated users to an existing user profile"; API
reference, CreateIdentityProvider, AdminLinkProviderForUser, AdminDisableProviderForUser. What users
of the service report or measured is marked so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from local.cognito_rules.refusals import CognitoError, constraint, invalid

NATIVE, SUBJECT = "Cognito", "Cognito_Subject"
SOCIAL = ("Facebook", "Google", "LoginWithAmazon", "SignInWithApple")
MAX_IDENTITIES = 5
"""Linked to one person (API reference, AdminLinkProviderForUser)."""
MAX_NAME = 32
_PATTERN = r"[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+"
_NAME = re.compile(r"[^_\s]\S[^_\s]+")
Schema = Mapping[str, Mapping[str, Any]]


class Landing(Enum):
    """Where a sign-in through a provider ends."""

    LINKED = auto()
    """In a profile that the identity was linked to."""
    KNOWN = auto()
    """In the profile that an earlier sign-in made."""
    NEW = auto()
    """In a new profile."""
    TAKEN = auto()
    """Nowhere: a native user has the profile's name."""


@dataclass(frozen=True)
class Link:
    """One half of AdminLinkProviderForUser: whose identity, by which of its attributes."""

    provider: str
    attribute: str
    value: str

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Link:
        """A ProviderUserIdentifierType."""
        names = ("ProviderName", "ProviderAttributeName", "ProviderAttributeValue")
        return cls(*(str(given.get(name) or "").strip() for name in names))


@dataclass(frozen=True)
class Holder:
    """Who has a profile's name: the identities there, and whether it has a way of its own."""

    identities: tuple[Mapping[str, Any], ...]

    def is_of(self, provider: str) -> bool:
        """Whether sign-ins through this provider made the profile."""
        return any(i.get("primary") and i.get("providerName") == provider for i in self.identities)


def profile_name(provider: str, subject: str, *, case_sensitive: bool) -> str:
    """The username of a profile made by a provider: `Google_1029384756`.

    Where capitals do not matter it is written small, `google_1029384756` (users of such pools
    report the name in this form).
    """
    name = f"{provider}_{subject}"
    return name if case_sensitive else name.lower()


def group_name(pool_id: str, provider: str) -> str:
    """The group that Cognito makes for a provider."""
    return f"{pool_id}_{provider}"


def check_provider(name: str, kind: str, mapping: Mapping[str, str], schema: Schema) -> None:
    """A provider that is made or changed. InvalidParameterException.

    API reference, CreateIdentityProvider (ProviderName: 3 to 32 characters, no underscore at either
    end; social ones have their own names). That a mapping needs an attribute of the schema, and
    that `Cognito` is taken, are readings of ours.
    """
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        raise constraint("providerName", f"satisfy regular expression pattern: {_PATTERN}")
    if name.lower() == NATIVE.lower() or ((name in SOCIAL or kind in SOCIAL) and name != kind):
        raise invalid(f"Provider name {name} cannot be used for type {kind}.")
    unknown = [a for a in mapping if a != "username" and a not in schema]
    if unknown:
        raise invalid(f"Attribute {unknown[0]} does not exist in the schema.")


def mapped(mapping: Mapping[str, str], claims: Mapping[str, Any]) -> dict[str, str]:
    """A profile's attributes from a provider's claims: what is mapped, and nothing else.

    An address without a mapped mark counts as unverified, each time (reported by users).
    """
    found = {
        attribute: _text(claims[claim])
        for attribute, claim in mapping.items()
        if attribute not in ("username", "sub") and claims.get(claim) not in (None, "")
    }
    for contact in ("email", "phone_number"):
        if contact in found:
            found.setdefault(f"{contact}_verified", "false")
    return found


def check_profile(schema: Schema, attributes: Mapping[str, str]) -> None:
    """A new profile has what the pool requires. InvalidParameterException (text as users report
    it)."""
    lacking = [
        name
        for name, entry in schema.items()
        if entry.get("Required") and name != "sub" and not attributes.get(name)
    ]
    if lacking:
        raise invalid(f"attributes required: [{', '.join(lacking)}]")


def check_written(schema: Schema, attributes: Mapping[str, str]) -> None:
    """Each sign-in writes each mapped attribute, and an immutable one refuses even its own value
    (measured by users of the service). InvalidParameterException."""
    for name in attributes:
        if not (schema.get(name) or {}).get("Mutable", True):
            raise invalid(f"user.{name}: Attribute cannot be updated.\n")


def links_of(provider: str, subject: str, attributes: Mapping[str, str]) -> tuple[Link, ...]:
    """The links by which an identity can have been linked, its subject first."""
    by_subject = Link(provider, SUBJECT, subject)
    return (by_subject, *(Link(provider, name, value) for name, value in attributes.items()))


def landing(provider: str, *, linked: bool, holder: Holder | None) -> Landing:
    """Guide, "Linking federated users": a linked profile, else the provider's own, else a new one.

    Whoever else has the name keeps the person out ("Already found an entry for username").
    """
    if linked:
        return Landing.LINKED
    if holder is None:
        return Landing.NEW
    return Landing.KNOWN if holder.is_of(provider) else Landing.TAKEN


def check_link(
    source: Link,
    provider: Mapping[str, Any] | None,
    *,
    profile_there: bool,
    linked: bool,
    frozen: Iterable[str],
) -> None:
    """AdminLinkProviderForUser. ResourceNotFoundException, InvalidParameterException.

    profile_there  the identity has signed in before and has a profile of its own
    frozen         immutable custom attributes that the destination has: "All attributes in the
                   DestinationUser profile must be mutable" (the operation's reference, as the SDK
                   for iOS has it)

    The texts about merging and about a second link are as users of the service report them.
    """
    if provider is None:
        text = f"Identity provider {source.provider} does not exist."
        raise CognitoError("ResourceNotFoundException", text)
    if provider.get("ProviderType") in SOCIAL and source.attribute != SUBJECT:
        text = f"ProviderAttributeName must be {SUBJECT} for social identity providers."
        raise invalid(text)
    if source.attribute not in (SUBJECT, *(provider.get("AttributeMapping") or {})):
        raise invalid(f"{source.attribute} is not mapped by {source.provider}.")
    if profile_there:
        raise invalid(
            "Merging is not currently supported, provide a SourceUser that has not been signed up "
            "in order to link"
        )
    if linked:
        raise invalid("SourceUser is already linked to DestinationUser")
    for name in sorted(frozen):
        raise invalid(f"{name} of DestinationUser is immutable.")


def identities_text(identities: Iterable[Mapping[str, Any]]) -> str:
    """The attribute `identities`: JSON without blanks."""
    return json.dumps(list(identities), separators=(",", ":"))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
