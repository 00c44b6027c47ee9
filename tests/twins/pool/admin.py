"""What administrators can do to a strict pool: users, groups, listings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cognito_standby.core.domain.pools import PoolGroup, PoolSchema, PoolUser, UserStatus
from tests.twins.pool import rules
from tests.twins.pool.accounts import Account
from tests.twins.pool.config import CONTACTS
from tests.twins.pool.core import Message, Purpose
from tests.twins.pool.errors import CognitoError, invalid, not_authorized
from tests.twins.pool.pages import Page, Query, parse_filter
from tests.twins.pool.recovery import RecoveryOperations
from tests.twins.stores.frozen import FrozenMap


class AdminOperations(RecoveryOperations):
    """Operations that need AWS credentials."""

    def describe_user_pool(self) -> PoolSchema:
        """DescribeUserPool, of which the schema."""
        self._begin("DescribeUserPool")
        return self.config.schema()

    def estimated_number_of_users(self) -> int:
        """DescribeUserPool, of which EstimatedNumberOfUsers."""
        self._begin("DescribeUserPool")
        return len(self._accounts)

    def admin_create_user(
        self,
        username: str,
        attributes: Mapping[str, str],
        *,
        temporary_password: str = "",
        suppress: bool = True,
        force_alias_creation: bool = False,
    ) -> PoolUser:
        """AdminCreateUser: FORCE_CHANGE_PASSWORD; an invitation unless suppressed."""
        self._begin("AdminCreateUser")
        if temporary_password:
            rules.check_password(self.config.password_policy, temporary_password)
        account = replace(
            self._new_account(username, attributes, UserStatus.FORCE_CHANGE_PASSWORD),
            password=temporary_password,
        )
        self._put(account, move_aliases=force_alias_creation)
        self._bill("AdminCreateUser", account.sub)
        if not suppress:
            address = next((account.attributes[c] for c in CONTACTS if c in account.attributes), "")
            self.messages.append(Message(Purpose.INVITATION, account.sub, address))
        return account.seen()

    def admin_get_user(self, name: str) -> PoolUser:
        """AdminGetUser: without groups."""
        return self._found("AdminGetUser", name).seen(with_groups=False)

    def admin_list_groups_for_user(self, name: str) -> tuple[str, ...]:
        """AdminListGroupsForUser, all pages."""
        return self._found("AdminListGroupsForUser", name).groups

    def admin_update_user_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        """AdminUpdateUserAttributes."""
        account = self._found("AdminUpdateUserAttributes", name)
        rules.check_update(self.config, account.attributes, attributes)
        written = self._written(account, attributes)
        self._put(written, move_aliases=self.config.alias_moves_on_update)

    def admin_delete_user_attributes(self, name: str, names: tuple[str, ...]) -> None:
        """AdminDeleteUserAttributes: what is not there is no error."""
        account = self._found("AdminDeleteUserAttributes", name)
        rules.check_deletion(self.config, account.attributes, names)
        self._put(self._without(account, names))

    def admin_set_user_password(self, name: str, password: str, permanent: bool) -> None:
        """AdminSetUserPassword: CONFIRMED when permanent, in whatever state the user was."""
        account = self._found("AdminSetUserPassword", name)
        rules.check_password(self.config.password_policy, password)
        status = UserStatus.CONFIRMED if permanent else UserStatus.FORCE_CHANGE_PASSWORD
        self._put(replace(account, password=password, status=status))

    def admin_reset_user_password(self, name: str) -> None:
        """AdminResetUserPassword: RESET_REQUIRED, and a code is sent."""
        account = self._found("AdminResetUserPassword", name)
        contact = self._recovery_contact(account)
        address = account.attributes[contact]
        coded = self._send_code(account, Purpose.RECOVERY, contact, address)
        self._put(replace(coded, status=UserStatus.RESET_REQUIRED))

    def admin_confirm_sign_up(self, name: str) -> None:
        """AdminConfirmSignUp: confirms without verifying anything."""
        account = self._found("AdminConfirmSignUp", name)
        if account.status is not UserStatus.UNCONFIRMED:
            raise not_authorized(f"User cannot be confirmed. Current status is {account.status}")
        self._put(replace(account, status=UserStatus.CONFIRMED))

    def admin_enable_user(self, name: str) -> None:
        """AdminEnableUser."""
        self._put(replace(self._found("AdminEnableUser", name), enabled=True))

    def admin_disable_user(self, name: str) -> None:
        """AdminDisableUser."""
        self._put(replace(self._found("AdminDisableUser", name), enabled=False))

    def admin_delete_user(self, name: str) -> None:
        """AdminDeleteUser."""
        self._accounts.remove(self._found("AdminDeleteUser", name))
        self._version += 1

    def admin_add_user_to_group(self, name: str, group: str) -> None:
        """AdminAddUserToGroup. The guide's quota of 100 groups a user has no documented error."""
        account = self._found("AdminAddUserToGroup", name)
        self._group(group)
        groups = {*account.groups, group}
        if len(groups) > rules.MAX_GROUPS_OF_USER:
            raise CognitoError("LimitExceededException", "groups of a user")
        self._put(replace(account, groups=tuple(sorted(groups))))

    def admin_remove_user_from_group(self, name: str, group: str) -> None:
        """AdminRemoveUserFromGroup."""
        account = self._found("AdminRemoveUserFromGroup", name)
        self._group(group)
        left = tuple(each for each in account.groups if each != group)
        self._put(replace(account, groups=left))

    def create_group(self, group: PoolGroup) -> None:
        """CreateGroup."""
        self._begin("CreateGroup")
        _check_group(group)
        if group.name in self._groups:
            raise CognitoError("GroupExistsException", "A group with the name already exists.")
        if len(self._groups) >= rules.MAX_GROUPS_OF_POOL:
            raise CognitoError("LimitExceededException", "groups of a pool")
        self._groups[group.name] = group

    def update_group(self, group: PoolGroup) -> None:
        """UpdateGroup "updates any of the properties": what is not sent stays, and a precedence
        can be set but never unset."""
        self._begin("UpdateGroup")
        _check_group(group)
        former = self._group(group.name)
        if group.precedence is None:
            group = replace(group, precedence=former.precedence)
        self._groups[group.name] = group

    def get_group(self, name: str) -> PoolGroup:
        """GetGroup."""
        self._begin("GetGroup")
        return self._group(name)

    def delete_group(self, name: str) -> None:
        """DeleteGroup: its members stay, without it."""
        self._begin("DeleteGroup")
        self._group(name)
        del self._groups[name]
        for account in list(self._accounts):
            if name in account.groups:
                left = tuple(group for group in account.groups if group != name)
                self._put(replace(account, groups=left))

    def list_groups(self) -> tuple[PoolGroup, ...]:
        """ListGroups, all pages."""
        self._begin("ListGroups")
        return tuple(sorted(self._groups.values(), key=lambda group: group.name))

    def list_users(
        self, query: str = "", limit: int | None = None, token: str | None = None
    ) -> Page:
        """ListUsers: eventually consistent, without groups."""
        self._begin("ListUsers")
        accounts = self._accounts if self._listed is None else self._listed
        return self._listing.page(
            accounts, self._version, parse_filter(query), limit, token, self._now()
        )

    def list_users_in_group(
        self, group: str, limit: int | None = None, token: str | None = None
    ) -> Page:
        """ListUsersInGroup."""
        self._begin("ListUsersInGroup")
        self._group(group)
        query = Query(f"in group {group}", lambda a: group in a.groups, lambda a: a.sub)
        return self._listing.page(self._accounts, self._version, query, limit, token, self._now())

    def hold_listing(self) -> None:
        """Let ListUsers lag: from now on it shows the pool as it is at this moment.

        API, ListUsers: "This operation is eventually consistent."
        """
        self._listed = self._accounts.snapshot()
        self._version += 1

    def release_listing(self) -> None:
        """Let ListUsers catch up."""
        self._listed = None
        self._version += 1

    def _new_account(
        self, username: str, attributes: Mapping[str, str], status: UserStatus
    ) -> Account:
        """Guide, "Customizing sign-in attributes": where addresses are usernames, the address
        becomes the attribute and the username is the sub."""
        rules.check_username(self.config, username)
        rules.check_creation(self.config, attributes)
        given = {name: value for name, value in attributes.items() if value}
        for flag in (f"{contact}_verified" for contact in CONTACTS):
            if flag in given:
                given[flag] = given[flag].lower()
        sub = self._new_sub()
        if self.config.username_attributes:
            kind = "email" if rules.is_email(username) else "phone_number"
            if given.setdefault(kind, username) != username:
                raise invalid(f"the username and the attribute {kind} differ")
            username = sub
        return Account(sub, username, status, FrozenMap(given))

    def _recovery_contact(self, account: Account) -> str:
        """API, ForgotPassword: InvalidParameterException without a verified contact."""
        for contact in self.config.recovery:
            if account.verified(contact):
                return contact
        raise invalid("there is no registered/verified email or phone_number")

    def _group(self, name: str) -> PoolGroup:
        if name not in self._groups:
            raise CognitoError("ResourceNotFoundException", "Group not found.")
        return self._groups[name]


def _check_group(group: PoolGroup) -> None:
    """API, GroupNameType, DescriptionType, PrecedenceType."""
    rules.check_name(group.name, "group name")
    if len(group.description) > rules.MAX_DESCRIPTION_LENGTH:
        raise invalid("group description is too long")
    if group.precedence is not None and group.precedence < 0:
        raise invalid("group precedence must not be negative")
