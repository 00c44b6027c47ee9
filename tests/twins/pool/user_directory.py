"""The UserDirectory port on a strict pool: the reference that the real adapter is held to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from cognito_standby.core.domain.absence import Recovery
from cognito_standby.core.domain.errors import NotYetVisibleError, RefusedByPoolError
from cognito_standby.core.domain.groups import Roles, shared_role
from cognito_standby.core.domain.pools import PoolGroup, PoolSchema, PoolUser
from cognito_standby.core.domain.sign_in import PASSKEY
from local.cognito_rules.factors import Second
from tests.twins.pool.errors import CognitoError, as_port_errors
from tests.twins.pool.pool import StrictPool

_T = TypeVar("_T")
_GONE = ("UserNotFoundException", "ResourceNotFoundException")


class InMemoryUserDirectory:
    """UserDirectory. What people and administrators do goes to `pool` directly.

    It makes the calls that the adapter makes, so that the meter's figures mean something.
    """

    def __init__(
        self,
        pool: StrictPool,
        roles: Roles | None = None,
        pairwise: frozenset[str] = frozenset(),
        *,
        carries_factors: bool = True,
    ) -> None:
        self.pool, self.roles, self.pairwise = pool, roles or {}, pairwise
        self.carries_factors = carries_factors
        self._schema: PoolSchema | None = None

    def schema(self) -> PoolSchema:
        """What the pool can hold."""
        if self._schema is None:
            with as_port_errors():
                described = self.pool.describe_user_pool()
                providers = self.pool.list_identity_providers()
            self._schema = replace(
                described,
                group_roles=frozenset(self.roles),
                providers=providers,
                carries_factors=self.carries_factors,
                pairwise=self.pairwise,
            )
        return self._schema

    def get_user(self, name: str) -> PoolUser | None:
        """The user of a username, an address that signs in, or a sub; with groups."""

        return self._with_groups(self.get_profile(name))

    def get_user_by_sub(self, sub: str) -> PoolUser | None:
        """The user whose sub it is; by the listing where the string is another's username, and
        where somebody may be federated."""
        return self._with_groups(self.get_profile_by_sub(sub))

    def get_profile(self, name: str) -> PoolUser | None:
        """The user of a name, without groups."""
        user = _or_none(lambda: self.pool.admin_get_user(name))
        if user is None or not self.schema().sign_in.offers_passkeys:
            return user
        told = _or_none(lambda: self.pool.admin_get_user_auth_factors(user.username))
        if told is None:
            return None
        return replace(user, factors=(*user.factors, PASSKEY)) if PASSKEY in told else user

    def get_profile_by_sub(self, sub: str) -> PoolUser | None:
        """The user of a sub, without groups."""
        user = self.get_profile(sub)
        missing = user is None and not self.schema().providers
        if missing or (user is not None and user.sub == sub):
            return user
        listed = self._listed(sub)
        return self.get_profile(listed[0].username) if listed else None

    def _with_groups(self, user: PoolUser | None) -> PoolUser | None:
        if user is None:
            return None
        groups = self.pool.admin_list_groups_for_user
        return _or_none(lambda: replace(user, groups=groups(user.username)))

    def listed_by_sub(self, sub: str) -> bool:
        """Whether the listing knows the sub."""
        return bool(self._listed(sub))

    def listed_with(self, contact: str, address: str) -> tuple[PoolUser, ...]:
        """Users with this address."""
        return self._filtered(contact, address, 60)

    def create_user(self, name: str, attributes: Mapping[str, str]) -> PoolUser:
        """Create without any message."""
        with as_port_errors(attributes):
            return self.pool.admin_create_user(name, attributes, suppress=True)

    def set_attributes(self, username: str, attributes: Mapping[str, str]) -> None:
        """Set attributes."""
        with as_port_errors(attributes):
            self.pool.admin_update_user_attributes(username, attributes)

    def delete_attributes(self, username: str, names: tuple[str, ...]) -> None:
        """Remove attributes."""
        with as_port_errors(names):
            self.pool.admin_delete_user_attributes(username, names)

    def set_enabled(self, username: str, enabled: bool) -> None:
        """Enable or disable."""
        call = self.pool.admin_enable_user if enabled else self.pool.admin_disable_user
        with as_port_errors():
            call(username)

    def set_permanent_password(self, username: str, password: str) -> None:
        """Make recovery possible."""
        with as_port_errors():
            self.pool.admin_set_user_password(username, password, permanent=True)

    def delete_user(self, username: str) -> None:
        """Remove a user."""
        _or_none(lambda: self.pool.admin_delete_user(username))

    def join_group(self, username: str, group: str) -> None:
        """Add to a group."""
        with as_port_errors():
            self.pool.admin_add_user_to_group(username, group)

    def leave_group(self, username: str, group: str) -> None:
        """Take out of a group."""
        _or_none(lambda: self.pool.admin_remove_user_from_group(username, group))

    def link_identity(self, username: str, provider: str, subject: str) -> None:
        """Link."""
        with as_port_errors():
            try:
                self.pool.admin_link_provider_for_user(username, provider, subject)
            except CognitoError as error:
                if error.code == "ResourceNotFoundException":
                    raise RefusedByPoolError("no such provider") from None
                raise

    def unlink_identity(self, provider: str, subject: str) -> None:
        """Take a link away."""
        _or_none(lambda: self.pool.admin_disable_provider_for_user(provider, subject))

    def set_factors(self, username: str, wanted: Mapping[str, bool], preferred: str) -> None:
        """Turn factors on or off."""
        settings = {
            Second(factor): {"Enabled": on, "PreferredMfa": on and factor == preferred}
            for factor, on in wanted.items()
        }
        with as_port_errors():
            self.pool.admin_set_user_mfa_preference(username, settings)

    def get_group(self, name: str) -> PoolGroup | None:
        """One group definition."""
        group = _or_none(lambda: self.pool.get_group(name))
        return group and replace(group, role=shared_role(group.role, self.roles))

    def recoveries(self) -> tuple[Recovery, ...]:
        """The pool's point-in-time recoveries."""
        return self.pool.list_point_in_time_recoveries()

    def put_group(self, group: PoolGroup) -> None:
        """Create or update."""
        group = replace(group, role=self.roles.get(group.role, ""))
        with as_port_errors():
            try:
                self.pool.update_group(group)
            except CognitoError as error:
                if error.code != "ResourceNotFoundException":
                    raise
                self._create_group(group)

    def delete_group(self, name: str) -> None:
        """Remove a group definition."""
        _or_none(lambda: self.pool.delete_group(name))

    def _create_group(self, group: PoolGroup) -> None:
        try:
            self.pool.create_group(group)
        except CognitoError as error:
            if error.code == "GroupExistsException":
                raise NotYetVisibleError("the group was made meanwhile") from None
            raise

    def _listed(self, sub: str) -> tuple[PoolUser, ...]:
        return self._filtered("sub", sub, 1)

    def _filtered(self, attribute: str, value: str, limit: int) -> tuple[PoolUser, ...]:
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        with as_port_errors():
            return self.pool.list_users(f'{attribute} = "{quoted}"', limit=limit).users


def _or_none(call: Callable[[], _T]) -> _T | None:
    """None where the user or the group is not there, or no longer."""
    with as_port_errors():
        try:
            return call()
        except CognitoError as error:
            if error.code in _GONE:
                return None
            raise
