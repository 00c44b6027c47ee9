"""People of the strict pool who come through identity providers, and their links.

The rules are `local.cognito_rules.federation`'s. Identities are linked by the provider's subject
(Cognito_Subject); the attribute `identities` of an account is all that a link is kept in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.pools import PoolGroup, PoolUser, UserStatus
from local.cognito_rules import federation as rules
from local.cognito_rules.federation import Holder, Landing, Link
from local.cognito_rules.refusals import CognitoError, not_authorized
from tests.twins.pool.accounts import Account
from tests.twins.pool.multi_factor import FactorOperations
from tests.twins.stores.frozen import FrozenMap

Identity = dict[str, Any]
_SCHEMA = {"Mutable": "mutable", "Required": "required"}


class FederationOperations(FactorOperations):
    """What providers vouch for, and what administrators link."""

    def create_identity_provider(self, name: str) -> None:
        """CreateIdentityProvider: Cognito makes its group. InvalidParameterException."""
        self._begin("CreateIdentityProvider")
        kind = name if name in rules.SOCIAL else "OIDC"
        rules.check_provider(name, kind, {}, self._schema())
        group = rules.group_name(self.config.pool_id, name)
        self._groups[group] = PoolGroup(group)
        self._version += 1

    def delete_identity_provider(self, name: str) -> None:
        """DeleteIdentityProvider: its users stay, and nobody signs in by it any more."""
        self._begin("DeleteIdentityProvider")
        group = rules.group_name(self.config.pool_id, name)
        for account in tuple(self._accounts):
            if group in account.groups:
                left = tuple(each for each in account.groups if each != group)
                self._put(replace(account, groups=left))
        del self._groups[group]
        self._version += 1

    def list_identity_providers(self) -> tuple[str, ...]:
        """ListIdentityProviders: by their groups, which live as long."""
        self._begin("ListIdentityProviders")
        return self._providers()

    def federated_sign_in(
        self, provider: str, subject: str, attributes: Mapping[str, str]
    ) -> PoolUser:
        """A sign-in through a provider, with the attributes that its claims are mapped to.

        The first one makes the user; each writes the attributes. NotAuthorizedException: disabled,
        or a native user has the name. InvalidParameterException: what is required is lacking, or
        what is immutable would be written again.
        """
        self._begin("FederatedSignIn")
        given = rules.mapped({name: name for name in attributes}, attributes)
        name = rules.profile_name(provider, subject, case_sensitive=self.config.case_sensitive)
        linked = self._linked(provider, subject)
        holder = self._accounts.find(name)
        known = Holder(tuple(_identities(holder))) if holder else None
        match rules.landing(provider, linked=linked is not None, holder=known):
            case Landing.TAKEN:
                raise not_authorized(f"Already found an entry for username {name}")
            case Landing.NEW:
                account = self._profile(provider, subject, name, given)
            case Landing.KNOWN | Landing.LINKED:
                account = self._signed_in_again(linked or holder, given)
        self._put(account)
        self._bill("FederatedSignIn", account.sub)
        return account.seen()

    def admin_link_provider_for_user(self, name: str, provider: str, subject: str) -> None:
        """AdminLinkProviderForUser, by the subject. UserNotFoundException,
        ResourceNotFoundException: no such provider, InvalidParameterException,
        LimitExceededException: five are linked."""
        account = self._found("AdminLinkProviderForUser", name)
        profile = rules.profile_name(provider, subject, case_sensitive=self.config.case_sensitive)
        specs = self.config.specs()
        rules.check_link(
            Link(provider, rules.SUBJECT, subject),
            {"ProviderType": provider} if provider in self._providers() else None,
            profile_there=self._accounts.find(profile) is not None,
            linked=self._linked(provider, subject) is not None,
            frozen=[a for a in account.attributes if a[:7] == "custom:" and not specs[a].mutable],
        )
        identities = _identities(account)
        if len(identities) >= rules.MAX_IDENTITIES:
            raise CognitoError("LimitExceededException", "too many linked identities")
        identities.append(self._identity(provider, subject, primary=False))
        self._put(_with(account, identities))

    def admin_disable_provider_for_user(self, provider: str, subject: str) -> None:
        """AdminDisableProviderForUser of a linked identity. ResourceNotFoundException."""
        self._begin("AdminDisableProviderForUser")
        account = self._linked(provider, subject)
        if account is None:
            raise CognitoError("ResourceNotFoundException", "the identity is not linked")
        left = [i for i in _identities(account) if _key(i) != (provider, subject)]
        self._put(_with(account, left))

    def _providers(self) -> tuple[str, ...]:
        prefix = rules.group_name(self.config.pool_id, "")
        return tuple(name.removeprefix(prefix) for name in self._groups if name.startswith(prefix))

    def _linked(self, provider: str, subject: str) -> Account | None:
        for account in self._accounts:
            for identity in _identities(account):
                if _key(identity) == (provider, subject) and not identity["primary"]:
                    return account
        return None

    def _profile(self, provider: str, subject: str, name: str, given: Mapping[str, str]) -> Account:
        rules.check_profile(self._schema(), given)
        group = rules.group_name(self.config.pool_id, provider)
        account = Account(
            self._new_sub(),
            name,
            UserStatus.EXTERNAL_PROVIDER,
            FrozenMap(given),
            groups=(group,) if group in self._groups else (),
        )
        return _with(account, [self._identity(provider, subject, primary=True)])

    def _signed_in_again(self, account: Account | None, given: Mapping[str, str]) -> Account:
        if account is None or not account.enabled:
            raise not_authorized("User is disabled.")
        rules.check_written(self._schema(), given)
        return replace(account, attributes=FrozenMap({**account.attributes, **given}))

    def _identity(self, provider: str, subject: str, *, primary: bool) -> Identity:
        return {
            "userId": subject,
            "providerName": provider,
            "providerType": provider if provider in rules.SOCIAL else "OIDC",
            "issuer": None,
            "primary": primary,
            "dateCreated": int(self._now() * 1000),
        }

    def _schema(self) -> dict[str, dict[str, bool]]:
        """As the rules of providers read it."""
        return {
            name: {shown: getattr(spec, held) for shown, held in _SCHEMA.items()}
            for name, spec in self.config.specs().items()
        }


def _identities(account: Account) -> list[Identity]:
    return list(json.loads(account.attributes.get("identities") or "[]"))


def _key(identity: Identity) -> tuple[str, str]:
    return identity["providerName"], identity["userId"]


def _with(account: Account, identities: list[Identity]) -> Account:
    kept = {name: value for name, value in account.attributes.items() if name != "identities"}
    if identities:
        kept["identities"] = rules.identities_text(identities)
    return replace(account, attributes=FrozenMap(kept))
