"""The strict pool: everything that people and administrators can do, refused as Cognito does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cognito_standby.core.domain.pools import UserStatus
from local.cognito_rules import attributes as attribute_rules
from local.cognito_rules import codes, migrations, passwords, registration, states
from tests.twins.pool.accounts import Account
from tests.twins.pool.core import Purpose
from tests.twins.pool.migration import MigrationOperations


class StrictPool(MigrationOperations):
    """One user pool, with one app client for the people.

    Operations of a signed-in person take the person's username in place of an access token. The
    app client does not hide who exists (PreventUserExistenceErrors is LEGACY).
    """

    def sign_up(self, username: str, password: str, attributes: Mapping[str, str]) -> str:
        """SignUp: returns the sub; the user is UNCONFIRMED and is sent a code."""
        self._begin("SignUp")
        passwords.check_password(self.config.password_policy, password)
        client = self.config.client()
        given = registration.by_person(self.config, client, username, attributes)
        account = replace(
            self._new_account(username, given, UserStatus.UNCONFIRMED), password=password
        )
        self._put(account)
        self._bill("SignUp", account.sub)
        contact = codes.sign_up_contact(self.config, account.attributes)
        if contact:
            address = account.attributes[contact]
            self._put(self._send_code(account, Purpose.SIGN_UP, contact, address))
        return account.sub

    def confirm_sign_up(self, name: str, code: str, force_alias_creation: bool = False) -> None:
        """ConfirmSignUp: verifies the address that got the code. AliasExistsException."""
        account = self._found("ConfirmSignUp", name)
        states.check_confirmable(account)
        redeemed, contact = self._redeem(account, Purpose.SIGN_UP, code)
        confirmed = replace(self._proved(redeemed, contact), status=UserStatus.CONFIRMED)
        self._put(confirmed, move_aliases=force_alias_creation)

    def sign_in(self, name: str, password: str) -> str:
        """InitiateAuth with a password: SIGNED_IN or NEW_PASSWORD_REQUIRED."""
        self.meet(migrations.SIGN_IN, name, password)
        account = self._found("InitiateAuth", name)
        right = bool(account.password) and account.password == password
        return states.check_sign_in(account, password_right=right)

    def answer_new_password(self, name: str, temporary: str, password: str) -> None:
        """RespondToAuthChallenge NEW_PASSWORD_REQUIRED: CONFIRMED."""
        account = self._found("RespondToAuthChallenge", name, states.NEW_PASSWORD_REQUIRED)
        states.check_new_password(account, password_right=account.password == temporary)
        passwords.check_password(self.config.password_policy, password)
        self._put(replace(account, password=password, status=UserStatus.CONFIRMED))

    def change_password(self, name: str, previous: str, proposed: str) -> None:
        """ChangePassword."""
        account = self._signed_in("ChangePassword", name)
        passwords.check_password(self.config.password_policy, proposed)
        if account.password != previous:
            raise states.wrong_password()
        self._put(replace(account, password=proposed))

    def forgot_password(self, name: str) -> None:
        """ForgotPassword."""
        self.meet(migrations.FORGOT, name)
        account = self._found("ForgotPassword", name)
        contact = states.check_recovery(self.config, account, self._blocked(account))
        address = account.attributes[contact]
        self._put(self._send_code(account, Purpose.RECOVERY, contact, address))

    def confirm_forgot_password(self, name: str, code: str, password: str) -> None:
        """ConfirmForgotPassword: CONFIRMED."""
        account = self._found("ConfirmForgotPassword", name)
        passwords.check_password(self.config.password_policy, password)
        redeemed, _ = self._redeem(account, Purpose.RECOVERY, code)
        self._put(replace(redeemed, password=password, status=UserStatus.CONFIRMED))

    def update_user_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        """UpdateUserAttributes by the person."""
        account = self._signed_in("UpdateUserAttributes", name)
        attribute_rules.check_client(self.config, self.config.client(), attributes)
        attribute_rules.check_update(self.config, account.attributes, attributes)
        self._put(self._written(account, attributes))

    def delete_user_attributes(self, name: str, names: tuple[str, ...]) -> None:
        """DeleteUserAttributes by the person."""
        account = self._signed_in("DeleteUserAttributes", name)
        attribute_rules.check_client(self.config, self.config.client(), names)
        attribute_rules.check_deletion(self.config, account.attributes, names)
        self._put(self._without(account, names))

    def verify_user_attribute(self, name: str, code: str) -> None:
        """VerifyUserAttribute: a pending address takes effect now. AliasExistsException."""
        account = self._signed_in("VerifyUserAttribute", name)
        redeemed, contact = self._redeem(account, Purpose.VERIFICATION, code)
        self._put(self._proved(redeemed, contact))

    def delete_user(self, name: str) -> None:
        """DeleteUser by the person."""
        self._accounts.remove(self._signed_in("DeleteUser", name))
        self._version += 1

    def _signed_in(self, operation: str, name: str) -> Account:
        """Begin an operation by a token."""
        account = self._found(operation, name)
        states.check_token(account)
        return account
