"""The strict pool: everything that people and administrators can do, refused as Cognito does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cognito_standby.core.domain.pools import PoolUser, UserStatus
from tests.twins.pool import rules
from tests.twins.pool.accounts import Account
from tests.twins.pool.admin import AdminOperations
from tests.twins.pool.config import CONTACTS
from tests.twins.pool.core import Purpose
from tests.twins.pool.errors import CognitoError, not_authorized
from tests.twins.stores.frozen import FrozenMap

NEW_PASSWORD_REQUIRED = "NEW_PASSWORD_REQUIRED"
SIGNED_IN = ""
"""What `sign_in` answers when no challenge is left."""


class StrictPool(AdminOperations):
    """One user pool, with one app client for the people.

    Operations of a signed-in person take the person's username in place of an access token. The
    app client does not hide who exists (PreventUserExistenceErrors is LEGACY).
    """

    def sign_up(self, username: str, password: str, attributes: Mapping[str, str]) -> str:
        """SignUp: returns the sub; the user is UNCONFIRMED and is sent a code."""
        self._begin("SignUp")
        rules.check_password(self.config.password_policy, password)
        given = dict(attributes)
        if self.config.username_attributes and rules.is_email(username):
            given.setdefault("email", username)
        elif self.config.username_attributes and rules.is_phone(username):
            given.setdefault("phone_number", username)
        rules.check_sign_up(self.config, given)
        account = self._new_account(username, given, UserStatus.UNCONFIRMED)
        flags = {f"{c}_verified": "false" for c in CONTACTS if c in account.attributes}
        account = replace(
            account, password=password, attributes=FrozenMap({**account.attributes, **flags})
        )
        self._put(account)
        self._bill("SignUp", account.sub)
        # Guide, "Configuring email or phone verification": with both, the code goes by SMS.
        for contact in ("phone_number", "email"):
            if contact in self.config.auto_verified and contact in account.attributes:
                address = account.attributes[contact]
                self._put(self._send_code(account, Purpose.SIGN_UP, contact, address))
                break
        return account.sub

    def confirm_sign_up(self, name: str, code: str, force_alias_creation: bool = False) -> None:
        """ConfirmSignUp: verifies the address that got the code. AliasExistsException."""
        account = self._found("ConfirmSignUp", name)
        if account.status is not UserStatus.UNCONFIRMED:
            raise not_authorized(f"User cannot be confirmed. Current status is {account.status}")
        redeemed, contact = self._redeem(account, Purpose.SIGN_UP, code)
        confirmed = replace(_verified(redeemed, contact), status=UserStatus.CONFIRMED)
        self._put(confirmed, move_aliases=force_alias_creation)

    def sign_in(self, name: str, password: str) -> str:
        """InitiateAuth with a password: SIGNED_IN or NEW_PASSWORD_REQUIRED."""
        account = self._found("InitiateAuth", name)
        if not account.enabled:
            raise not_authorized("User is disabled.")
        if account.status is UserStatus.RESET_REQUIRED:
            raise CognitoError("PasswordResetRequiredException", "Password reset required")
        if not account.password or account.password != password:
            raise not_authorized("Incorrect username or password.")
        if account.status is UserStatus.UNCONFIRMED:
            raise CognitoError("UserNotConfirmedException", "User is not confirmed.")
        if account.status is UserStatus.FORCE_CHANGE_PASSWORD:
            return NEW_PASSWORD_REQUIRED
        return SIGNED_IN

    def answer_new_password(self, name: str, temporary: str, password: str) -> None:
        """RespondToAuthChallenge NEW_PASSWORD_REQUIRED: CONFIRMED."""
        account = self._found("RespondToAuthChallenge", name)
        if account.status is not UserStatus.FORCE_CHANGE_PASSWORD or account.password != temporary:
            raise not_authorized("Invalid session for the user.")
        rules.check_password(self.config.password_policy, password)
        self._put(replace(account, password=password, status=UserStatus.CONFIRMED))

    def change_password(self, name: str, previous: str, proposed: str) -> None:
        """ChangePassword."""
        account = self._signed_in("ChangePassword", name)
        rules.check_password(self.config.password_policy, proposed)
        if account.password != previous:
            raise not_authorized("Incorrect username or password.")
        self._put(replace(account, password=proposed))

    def forgot_password(self, name: str) -> None:
        """ForgotPassword. Refused in FORCE_CHANGE_PASSWORD (re:Post, "cognito-forgot-password")
        and for federated users; InvalidParameterException without a verified contact."""
        account = self._found("ForgotPassword", name)
        if not account.enabled:
            raise not_authorized("User is disabled.")
        if account.status in (UserStatus.FORCE_CHANGE_PASSWORD, UserStatus.EXTERNAL_PROVIDER):
            raise not_authorized("User password cannot be reset in the current state.")
        contact = self._recovery_contact(account)
        address = account.attributes[contact]
        self._put(self._send_code(account, Purpose.RECOVERY, contact, address))

    def confirm_forgot_password(self, name: str, code: str, password: str) -> None:
        """ConfirmForgotPassword: CONFIRMED."""
        account = self._found("ConfirmForgotPassword", name)
        rules.check_password(self.config.password_policy, password)
        redeemed, _ = self._redeem(account, Purpose.RECOVERY, code)
        self._put(replace(redeemed, password=password, status=UserStatus.CONFIRMED))

    def update_user_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        """UpdateUserAttributes by the person."""
        account = self._signed_in("UpdateUserAttributes", name)
        rules.check_client(self.config, attributes)
        rules.check_update(self.config, account.attributes, attributes)
        self._put(self._written(account, attributes))

    def delete_user_attributes(self, name: str, names: tuple[str, ...]) -> None:
        """DeleteUserAttributes by the person."""
        account = self._signed_in("DeleteUserAttributes", name)
        rules.check_client(self.config, names)
        rules.check_deletion(self.config, account.attributes, names)
        self._put(self._without(account, names))

    def verify_user_attribute(self, name: str, code: str) -> None:
        """VerifyUserAttribute: a pending address takes effect now. AliasExistsException."""
        account = self._signed_in("VerifyUserAttribute", name)
        redeemed, contact = self._redeem(account, Purpose.VERIFICATION, code)
        if address := redeemed.pending.get(contact):
            left = {c: value for c, value in redeemed.pending.items() if c != contact}
            attributes = FrozenMap({**redeemed.attributes, contact: address})
            redeemed = replace(redeemed, pending=FrozenMap(left), attributes=attributes)
        self._put(_verified(redeemed, contact))

    def delete_user(self, name: str) -> None:
        """DeleteUser by the person."""
        self._accounts.remove(self._signed_in("DeleteUser", name))
        self._version += 1

    def federated_sign_in(
        self, provider: str, subject: str, attributes: Mapping[str, str]
    ) -> PoolUser:
        """The first sign-in through an identity provider makes the user `provider_subject`."""
        self._begin("FederatedSignIn")
        rules.check_creation(self.config, attributes)
        username = f"{provider}_{subject}"
        account = self._accounts.find(username)
        if account is None:
            status = UserStatus.EXTERNAL_PROVIDER
            account = Account(self._new_sub(), username, status, FrozenMap(attributes))
            self._put(account)
        self._bill("FederatedSignIn", account.sub)
        return account.seen()

    def _signed_in(self, operation: str, name: str) -> Account:
        """Guide, "Managing and searching for user accounts": disabling revokes the tokens."""
        account = self._found(operation, name)
        if not account.enabled or account.status is UserStatus.UNCONFIRMED:
            raise not_authorized("Access Token has been revoked")
        return account


def _verified(account: Account, contact: str) -> Account:
    flag = {f"{contact}_verified": "true"}
    return replace(account, attributes=FrozenMap({**account.attributes, **flag}))
