"""What administrators can do to a strict pool: users, groups, listings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.pools import PoolGroup, PoolSchema, PoolUser, UserStatus
from local.cognito_rules import attributes as attribute_rules
from local.cognito_rules import groups as group_rules
from local.cognito_rules import listings, passwords, registration, states
from tests.twins.pool.accounts import Account
from tests.twins.pool.config import CONTACTS
from tests.twins.pool.core import Message, Purpose
from tests.twins.pool.pages import Page
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
            passwords.check_password(self.config.password_policy, temporary_password)
        given = registration.by_administrator(self.config, username, attributes)
        account = replace(
            self._new_account(username, given, UserStatus.FORCE_CHANGE_PASSWORD),
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
        attribute_rules.check_update(self.config, account.attributes, attributes)
        written = self._written(account, attributes)
        self._put(written, move_aliases=self.config.alias_moves_on_update)

    def admin_delete_user_attributes(self, name: str, names: tuple[str, ...]) -> None:
        """AdminDeleteUserAttributes: what is not there is no error."""
        account = self._found("AdminDeleteUserAttributes", name)
        attribute_rules.check_deletion(self.config, account.attributes, names)
        self._put(self._without(account, names))

    def admin_set_user_password(self, name: str, password: str, permanent: bool) -> None:
        """AdminSetUserPassword: CONFIRMED when permanent, in whatever state the user was."""
        account = self._found("AdminSetUserPassword", name)
        passwords.check_password(self.config.password_policy, password)
        status = UserStatus(states.after_password(permanent=permanent))
        self._put(replace(account, password=password, status=status))

    def admin_reset_user_password(self, name: str) -> None:
        """AdminResetUserPassword: RESET_REQUIRED, and a code is sent."""
        account = self._found("AdminResetUserPassword", name)
        contact = states.check_recovery(self.config, account, self._blocked(account))
        address = account.attributes[contact]
        coded = self._send_code(account, Purpose.RECOVERY, contact, address)
        self._put(replace(coded, status=UserStatus.RESET_REQUIRED))

    def admin_confirm_sign_up(self, name: str) -> None:
        """AdminConfirmSignUp: confirms without verifying anything."""
        account = self._found("AdminConfirmSignUp", name)
        states.check_confirmable(account)
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
        """AdminAddUserToGroup."""
        account = self._found("AdminAddUserToGroup", name)
        self._group(group)
        group_rules.check_membership(group, account.groups)
        self._put(replace(account, groups=tuple(sorted({*account.groups, group}))))

    def admin_remove_user_from_group(self, name: str, group: str) -> None:
        """AdminRemoveUserFromGroup."""
        account = self._found("AdminRemoveUserFromGroup", name)
        self._group(group)
        left = tuple(each for each in account.groups if each != group)
        self._put(replace(account, groups=left))

    def create_group(self, group: PoolGroup) -> None:
        """CreateGroup."""
        self._begin("CreateGroup")
        group_rules.check_group(group.name, group.description, group.precedence)
        group_rules.check_new(group.name, self._groups)
        self._groups[group.name] = group

    def update_group(self, group: PoolGroup) -> None:
        """UpdateGroup, as the adapter sends it: a precedence or a role only where there is one."""
        self._begin("UpdateGroup")
        group_rules.check_group(group.name, group.description, group.precedence)
        former = self._group(group.name)
        sent: dict[str, Any] = {"RoleArn": group.role} if group.role else {}
        sent |= {} if group.precedence is None else {"Precedence": group.precedence}
        held = {"Precedence": former.precedence, "RoleArn": former.role}
        left = group_rules.updated(held, sent)
        changed = replace(group, precedence=left["Precedence"], role=left["RoleArn"])
        self._groups[group.name] = changed

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
            accounts, self._version, listings.parse_filter(query), limit, token, self._now()
        )

    def list_users_in_group(
        self, group: str, limit: int | None = None, token: str | None = None
    ) -> Page:
        """ListUsersInGroup."""
        self._begin("ListUsersInGroup")
        self._group(group)
        members = [account for account in self._accounts if group in account.groups]
        query = listings.everybody(f"in group {group}")
        return self._listing.page(members, self._version, query, limit, token, self._now())

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
        """Where addresses are usernames, the username is the sub."""
        sub = self._new_sub()
        name = sub if self.config.username_attributes else username
        return Account(sub, name, status, FrozenMap(attributes))

    def _blocked(self, account: Account) -> frozenset[str]:
        """Contacts that reset no password."""
        raise NotImplementedError

    def _group(self, name: str) -> PoolGroup:
        if name not in self._groups:
            raise group_rules.missing()
        return self._groups[name]
