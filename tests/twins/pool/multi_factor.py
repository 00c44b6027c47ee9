"""Second factors and passkeys of the strict pool's people, by the rules of the local AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cognito_standby.core.domain.pools import PoolUser
from local.cognito_rules import factors as rules
from local.cognito_rules.factors import First, Second
from local.cognito_rules.refusals import CognitoError
from tests.twins.pool.accounts import Account
from tests.twins.pool.admin import AdminOperations

Preference = Mapping[Second, Mapping[str, bool]]
"""Factor -> Enabled, PreferredMfa."""


class FactorOperations(AdminOperations):
    """Who is asked for what."""

    def admin_get_user(self, name: str) -> PoolUser:
        """AdminGetUser: without groups, and with what was turned on."""
        account = self._found("AdminGetUser", name)
        told = rules.listed(self.config.factors(), account.factors)
        return replace(
            account.seen(with_groups=False),
            factors=tuple(map(str, told)),
            preferred_factor=str(account.preferred_factor or ""),
        )

    def admin_get_user_auth_factors(self, name: str) -> tuple[str, ...]:
        """AdminGetUserAuthFactors, of which ConfiguredUserAuthFactors."""
        account = self._found("AdminGetUserAuthFactors", name)
        return tuple(map(str, rules.configured(account.factors)))

    def admin_set_user_mfa_preference(self, name: str, wanted: Preference) -> None:
        """AdminSetUserMFAPreference. InvalidParameterException."""
        self._prefer(self._found("AdminSetUserMFAPreference", name), wanted)

    def register_token(self, name: str) -> None:
        """AssociateSoftwareToken and VerifySoftwareToken by a person who is signed in."""
        account = self._found("VerifySoftwareToken", name)
        if Second.TOKEN not in self.config.seconds:
            raise CognitoError("SoftwareTokenMFANotFoundException", "not enabled by the pool")
        self._put(replace(account, token=True))

    def register_passkey(self, name: str) -> None:
        """CompleteWebAuthnRegistration by a person who is signed in."""
        account = self._found("CompleteWebAuthnRegistration", name)
        if First.WEB_AUTHN not in self.config.firsts:
            raise CognitoError("WebAuthnNotEnabledException", "not enabled by the pool")
        self._put(replace(account, passkeys=account.passkeys + 1))

    def asked_after_password(self, name: str) -> str:
        """The challenge that follows a right password; none: tokens."""
        account = self._found("InitiateAuth", name)
        return rules.second_factor(self.config.factors(), account.factors).challenge

    def _prefer(self, account: Account, wanted: Preference) -> None:
        rules.check_preference(self.config.factors(), account.factors, wanted)
        after = rules.preferring(account.factors, wanted)
        enabled = tuple(each for each in Second if each in after.enabled)
        self._put(replace(account, enabled_factors=enabled, preferred_factor=after.preferred))

    def _blocked(self, account: Account) -> frozenset[str]:
        """Contacts that reset no password, as they are the second factor."""
        return rules.blocked_for_recovery(self.config.factors(), account.factors)
