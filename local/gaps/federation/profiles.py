"""Profiles and links in the emulator's records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.cognito_rules.federation import SUBJECT, Holder, Link, identities_text, profile_name

Raw = dict[str, Any]


@dataclass(frozen=True)
class Profiles:
    """What one pool knows of people who come through providers."""

    cognito: Any
    pool: Raw

    @property
    def schema(self) -> dict[str, Mapping[str, Any]]:
        """Attribute name -> its definition."""
        return {entry["Name"]: entry for entry in self.pool["SchemaAttributes"]}

    def provider(self, name: str) -> Mapping[str, Any] | None:
        """A provider's settings."""
        found: Mapping[str, Any] | None = self.pool.get("_identity_providers", {}).get(name)
        return found

    def name(self, provider: str, subject: str) -> str:
        """The username of a provider's own profile."""
        settings = self.pool.get("UsernameConfiguration") or {}
        sensitive = bool(settings.get("CaseSensitive", True))
        return profile_name(provider, subject, case_sensitive=sensitive)

    def user(self, name: str) -> Raw | None:
        """Who has exactly this username."""
        found: Raw | None = self.pool["_users"].get(name)
        return found

    def holder(self, name: str) -> Holder | None:
        """Who has a profile's name, in whatever capitals the pool minds."""
        user = self.user(name) or self.cognito._resolve_user(self.pool, name)[0]
        return Holder(tuple(self.cognito._user_identities(user))) if user else None

    def linked(self, link: Link) -> str:
        """The username that an identity is linked to, or ""."""
        return str(self._links().get(self._key(link)) or "")

    def settle(self, link: Link, username: str, subject: str) -> None:
        """A link by an attribute becomes one by the subject, once that is known."""
        if link.attribute == SUBJECT:
            return
        self._links().pop(self._key(link), None)
        self._links()[self._key(Link(link.provider, SUBJECT, subject))] = username
        user = self.pool["_users"][username]
        identities = self.cognito._user_identities(user)
        for each in identities:
            if (each.get("providerName"), each.get("userId")) == (link.provider, link.value):
                each["userId"] = subject
        self.cognito._set_user_identities(user, identities)

    def forget_the_deleted(self) -> None:
        """End the links of people who are gone."""
        links = self._links()
        for key in [key for key, name in links.items() if name not in self.pool["_users"]]:
            del links[key]

    def _links(self) -> dict[str, str]:
        links: dict[str, str] = self.cognito._provider_links(self.pool)
        return links

    def _key(self, link: Link) -> str:
        return str(self.cognito._provider_link_key(link.provider, link.attribute, link.value))


def write_identities(cognito: Any, user: Raw, identities: list[Raw]) -> None:
    """In place of the emulator's own, which writes blanks into the text."""
    attributes = cognito._attr_list_to_dict(user.get("Attributes", []))
    attributes.pop("identities", None)
    if identities:
        attributes["identities"] = identities_text(identities)
    user["Attributes"] = cognito._dict_to_attr_list(attributes)
