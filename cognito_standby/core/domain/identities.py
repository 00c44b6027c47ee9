"""Who somebody is to identity providers, by the attribute `identities`. Pure.

Cognito keeps JSON there: a list of `userId`, `providerName`, `primary` and more, one for each
identity (developer guide, "Using tokens: identities"). The one that is `primary` made the profile
at its first sign-in. It tells a federated user whatever the status is: AdminSetUserPassword turns
EXTERNAL_PROVIDER into CONFIRMED. Nobody but Cognito writes it, and no call of ours can.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.subjects import FEDERATED, LINKED, Fields, digest

IDENTITIES = "identities"
PAIRWISE = "pairwise"
"""A subject type: each client of the provider is told another subject for a person (OpenID Connect
Core, 8, "Subject Identifier Types")."""
_PAIR = 2


class FederatedWay(StrEnum):
    """What becomes of a federated user in the other Region's pool, by configuration."""

    ON_SIGN_IN = "on_sign_in"
    """At their first sign-in there they are found to be who they are, and completed."""
    STAGED = "staged"
    """The same, and whoever has not come yet is made beforehand, by a link."""
    SKIP = "skip"
    """Whoever signs in there is somebody new."""

    @property
    def completes(self) -> bool:
        """Whether a first sign-in is compared with the records."""
        return self is not FederatedWay.SKIP

    @property
    def stages(self) -> bool:
        """Whether a profile is made for whoever has not come yet."""
        return self is FederatedWay.STAGED


@dataclass(frozen=True)
class Identity:
    """Somebody by a provider's word: the provider's name in the pool, and its subject."""

    provider: str
    subject: str

    @property
    def text(self) -> str:
        """As the value of a field. Never part of a field's name, which logs may tell."""
        return json.dumps([self.provider, self.subject], ensure_ascii=False)

    @property
    def linked(self) -> str:
        """The field of somebody to whom it is linked: each identity is one by itself, as each
        membership is, so that a change of one is no change of another."""
        return LINKED + digest(self.text)

    @classmethod
    def from_text(cls, text: str) -> Identity | None:
        """The reverse; None: not what `text` gives."""
        told = _parsed(text)
        if not isinstance(told, list) or len(told) != _PAIR:
            return None
        if not all(isinstance(each, str) and each for each in told):
            return None
        return cls(*told)


def pairwise_in(subject_types: Mapping[str, str]) -> frozenset[str]:
    """Providers whose subjects differ by client; `subject_types`: by the name of a provider."""
    return frozenset(name for name, kind in subject_types.items() if kind == PAIRWISE)


def federated_fields(attributes: Mapping[str, str]) -> Fields:
    """The field of somebody whom a provider's sign-in made; none of a native user."""
    own = own_identity(attributes)
    return {FEDERATED: own.text} if own else {}


def own_identity(attributes: Mapping[str, str]) -> Identity | None:
    """By which a provider's sign-in made somebody; None: a native user."""
    return next((who for who, primary in _identities(attributes) if primary), None)


def identity_in(fields: Fields) -> Identity | None:
    """The same of a recorded state."""
    return Identity.from_text(fields.get(FEDERATED, ""))


def identities_of(attributes: Mapping[str, str]) -> tuple[Identity, ...]:
    """All of somebody's, in Cognito's order: of a provider's user the own one, too."""
    return tuple(who for who, _ in _identities(attributes))


def linked_fields(attributes: Mapping[str, str]) -> Fields:
    """The fields of the identities that an administrator has linked to somebody."""
    return {who.linked: who.text for who, primary in _identities(attributes) if not primary}


def provider_of_name(username: str, providers: Collection[str]) -> str:
    """The provider whose profiles are called so, `Provider_subject`; "": none of these.

    A native user of that name keeps whom the provider vouches for out of the pool ("Already found
    an entry for username", as users of the service report). Case is passed over: where it does not
    matter, Cognito writes such names small.
    """
    name = username.casefold()
    return next((each for each in providers if name.startswith(f"{each.casefold()}_")), "")


def _identities(attributes: Mapping[str, str]) -> Iterator[tuple[Identity, bool]]:
    """What cannot be read tells nothing: the attribute is not ours."""
    told = _parsed(attributes.get(IDENTITIES) or "[]")
    for each in told if isinstance(told, list) else ():
        if not isinstance(each, dict):
            continue
        provider, subject = each.get("providerName"), each.get("userId")
        if provider and subject:
            primary = str(each.get("primary")).lower() == "true"  # a token has it as text
            yield Identity(str(provider), str(subject)), primary


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # the latter: lists in lists without end
        return None
