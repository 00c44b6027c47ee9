"""A user pool through the Cognito API.

Sources of the rules: API reference of the operations named, and the quotas in docs/aws-facts.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.adapters.sign_in_rules import sign_in_rules
from cognito_standby.core.domain.absence import Recovery
from cognito_standby.core.domain.attribute_limits import rule_from
from cognito_standby.core.domain.errors import (
    DependencyMissingError,
    NameHeldError,
    NotYetVisibleError,
    RefusedByPoolError,
    StandbyError,
    ThrottledError,
)
from cognito_standby.core.domain.groups import Roles, shared_role
from cognito_standby.core.domain.pool_triggers import bearing_on_replays, is_filled_on_demand
from cognito_standby.core.domain.pools import (
    PoolGroup,
    PoolSchema,
    PoolUser,
    UserStatus,
)
from cognito_standby.core.domain.sign_in import PASSKEY, Factor, MfaMode, SignInRules
from cognito_standby.core.domain.sign_in_names import tells_capitals_apart

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

_SCHEMA_SECONDS = 300
_PAGE = 60
"""The most that ListUsers gives at once."""
_STALE_SECONDS = 60
"""How much longer a schema is believed when Cognito refuses to tell it again for now: an account
has 15 DescribeUserPool a second, and every process asks."""
_NOT_FOUND: Mapping[str, type[StandbyError]] = {"UserNotFoundException": NotYetVisibleError}
_NO_RECOVERIES = (
    *("FeatureUnavailableInTierException", "OperationNotEnabledException"),
    *("InvalidAction", "UnknownOperationException"),
)
"""The plan is Lite, the pool cannot be recovered, or the Region does not know of recoveries yet."""

_HELD: Mapping[str, type[StandbyError]] = {
    "UsernameExistsException": NameHeldError,
    "AliasExistsException": NameHeldError,
}


_STATE_REFUSES: Mapping[str, type[StandbyError]] = dict.fromkeys(
    ("PasswordResetRequiredException", "UserNotConfirmedException"), RefusedByPoolError
)
"""Of a preference, in states of the user (API reference, AdminSetUserMFAPreference)."""

_SETTINGS = {
    Factor.SMS: "SMSMfaSettings",
    Factor.EMAIL: "EmailMfaSettings",
    Factor.TOTP: "SoftwareTokenMfaSettings",
}


class CognitoUserDirectory:
    """UserDirectory on one user pool. `roles`: what its groups' IAM roles are called;
    `carries_factors`: whether replays turn on second factors here; `pairwise`: providers whose
    subjects differ between the pools."""

    def __init__(
        self,
        client: CognitoIdentityProviderClient,
        user_pool_id: str,
        now: Callable[[], float] = time.monotonic,
        roles: Roles | None = None,
        carries_factors: bool = True,
        pairwise: Iterable[str] = (),
    ) -> None:
        self._client, self._pool, self._now = client, user_pool_id, now
        self._roles, self._carries_factors = roles or {}, carries_factors
        self._pairwise = frozenset(pairwise)
        self._cached: tuple[float, PoolSchema] | None = None
        """Until when it is believed, and what."""

    def schema(self) -> PoolSchema:
        """DescribeUserPool and the providers' names, at most every five minutes; throttled, the
        known one once more."""
        now = self._now()
        if self._cached is None or now > self._cached[0]:
            try:
                self._cached = (now + _SCHEMA_SECONDS, self._described())
            except ThrottledError:
                if self._cached is None:
                    raise
                self._cached = (now + _STALE_SECONDS, self._cached[1])
        return self._cached[1]

    def _described(self) -> PoolSchema:
        with translated():
            pool = self._client.describe_user_pool(UserPoolId=self._pool)["UserPool"]
        schema = schema_from(pool, self._roles)
        return replace(
            schema,
            providers=self._providers(),
            pairwise=self._pairwise,
            sign_in=self._sign_in(pool, schema.sign_in),
            carries_factors=self._carries_factors,
        )

    def _sign_in(self, pool: Any, told: SignInRules) -> SignInRules:
        """GetUserPoolMfaConfig, only where the pool has MFA: nothing else tells which factors."""
        if told.mfa is MfaMode.OFF:
            return told
        with translated():
            mfa = self._client.get_user_pool_mfa_config(UserPoolId=self._pool)
        return sign_in_rules(pool, mfa)

    def _providers(self) -> tuple[str, ...]:
        """ListIdentityProviders, all pages."""
        pages = self._client.get_paginator("list_identity_providers")
        with translated():
            return tuple(
                each["ProviderName"]
                for page in pages.paginate(UserPoolId=self._pool)
                for each in page["Providers"]
            )

    def get_user(self, name: str) -> PoolUser | None:
        """AdminGetUser (accepts a username, an alias, or a local user's sub), then the groups."""
        return self._with_groups(self.get_profile(name))

    def get_user_by_sub(self, sub: str) -> PoolUser | None:
        """By sub; where another user's *username* is that very string, by the listing."""
        return self._with_groups(self.get_profile_by_sub(sub))

    def get_profile(self, name: str) -> PoolUser | None:
        """AdminGetUser, which tells second factors, too. AdminGetUserAuthFactors where the pool
        offers passkeys: nothing else tells those."""
        with translated():
            try:
                raw = self._client.admin_get_user(UserPoolId=self._pool, Username=name)
            except self._client.exceptions.UserNotFoundException:
                return None
        user = user_from(raw, raw["UserAttributes"], ())
        return self._with_passkeys(user) if self.schema().sign_in.offers_passkeys else user

    def _with_passkeys(self, user: PoolUser) -> PoolUser | None:
        with translated():
            try:
                told = self._client.admin_get_user_auth_factors(
                    UserPoolId=self._pool, Username=user.username
                )
            except self._client.exceptions.UserNotFoundException:
                return None
        has = PASSKEY in (told.get("ConfiguredUserAuthFactors") or ())
        return replace(user, factors=(*user.factors, PASSKEY)) if has else user

    def get_profile_by_sub(self, sub: str) -> PoolUser | None:
        """AdminGetUser; the listing where another user's username is that very string, and where
        the pool has providers: AdminGetUser knows a *local* user's sub only (API reference)."""
        user = self.get_profile(sub)
        missing = user is None and not self.schema().providers
        if missing or (user is not None and user.sub == sub):
            return user
        listed = self._listed(sub)
        return self.get_profile(listed[0]["Username"]) if listed else None

    def listed_by_sub(self, sub: str) -> bool:
        """ListUsers with a filter on sub."""
        return bool(self._listed(sub))

    def listed_with(self, contact: str, address: str) -> tuple[PoolUser, ...]:
        """ListUsers with a filter on the contact; one page."""
        found = self._filtered(contact, address, _PAGE)
        return tuple(user_from(raw, raw["Attributes"], ()) for raw in found)

    def create_user(self, name: str, attributes: Mapping[str, str]) -> PoolUser:
        """AdminCreateUser, SUPPRESS: no invitation. Cognito makes the temporary password."""
        with translated(_HELD, attributes):
            raw = self._client.admin_create_user(
                UserPoolId=self._pool,
                Username=name,
                UserAttributes=_pairs(attributes),
                MessageAction="SUPPRESS",
            )["User"]
        return user_from(raw, raw["Attributes"], ())

    def set_attributes(self, username: str, attributes: Mapping[str, str]) -> None:
        """AdminUpdateUserAttributes."""
        with translated({**_NOT_FOUND, **_HELD}, attributes):
            self._client.admin_update_user_attributes(
                UserPoolId=self._pool, Username=username, UserAttributes=_pairs(attributes)
            )

    def delete_attributes(self, username: str, names: tuple[str, ...]) -> None:
        """AdminDeleteUserAttributes."""
        with translated(_NOT_FOUND, names):
            self._client.admin_delete_user_attributes(
                UserPoolId=self._pool, Username=username, UserAttributeNames=list(names)
            )

    def set_enabled(self, username: str, enabled: bool) -> None:
        """AdminEnableUser or AdminDisableUser."""
        call = self._client.admin_enable_user if enabled else self._client.admin_disable_user
        with translated(_NOT_FOUND):
            call(UserPoolId=self._pool, Username=username)

    def set_permanent_password(self, username: str, password: str) -> None:
        """AdminSetUserPassword(Permanent): FORCE_CHANGE_PASSWORD, where Cognito refuses
        ForgotPassword, becomes CONFIRMED."""
        with translated(_NOT_FOUND):
            self._client.admin_set_user_password(
                UserPoolId=self._pool, Username=username, Password=password, Permanent=True
            )

    def delete_user(self, username: str) -> None:
        """AdminDeleteUser."""
        with translated():
            try:
                self._client.admin_delete_user(UserPoolId=self._pool, Username=username)
            except self._client.exceptions.UserNotFoundException:
                return

    def join_group(self, username: str, group: str) -> None:
        """AdminAddUserToGroup."""
        with translated({**_NOT_FOUND, "ResourceNotFoundException": DependencyMissingError}):
            self._client.admin_add_user_to_group(
                UserPoolId=self._pool, Username=username, GroupName=group
            )

    def leave_group(self, username: str, group: str) -> None:
        """AdminRemoveUserFromGroup."""
        gone = self._client.exceptions
        with translated():
            try:
                self._client.admin_remove_user_from_group(
                    UserPoolId=self._pool, Username=username, GroupName=group
                )
            except (gone.UserNotFoundException, gone.ResourceNotFoundException):
                return

    def link_identity(self, username: str, provider: str, subject: str) -> None:
        """AdminLinkProviderForUser, by the provider's subject."""
        gone = {"ResourceNotFoundException": RefusedByPoolError}  # the provider
        with translated({**_NOT_FOUND, **gone, "AliasExistsException": RefusedByPoolError}):
            self._client.admin_link_provider_for_user(
                UserPoolId=self._pool,
                DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": username},
                SourceUser=_identity(provider, subject),
            )

    def unlink_identity(self, provider: str, subject: str) -> None:
        """AdminDisableProviderForUser of a linked identity takes the link away."""
        gone = self._client.exceptions
        with translated():
            try:
                self._client.admin_disable_provider_for_user(
                    UserPoolId=self._pool, User=_identity(provider, subject)
                )
            except (gone.UserNotFoundException, gone.ResourceNotFoundException):
                return

    def set_factors(self, username: str, wanted: Mapping[str, bool], preferred: str) -> None:
        """AdminSetUserMFAPreference."""
        settings: Any = {
            _SETTINGS[Factor(factor)]: {"Enabled": on, "PreferredMfa": on and factor == preferred}
            for factor, on in wanted.items()
        }
        with translated({**_NOT_FOUND, **_STATE_REFUSES}):
            self._client.admin_set_user_mfa_preference(
                UserPoolId=self._pool, Username=username, **settings
            )

    def get_group(self, name: str) -> PoolGroup | None:
        """GetGroup."""
        with translated():
            try:
                raw = self._client.get_group(UserPoolId=self._pool, GroupName=name)["Group"]
            except self._client.exceptions.ResourceNotFoundException:
                return None
        return group_from(raw, self._roles)

    def put_group(self, group: PoolGroup) -> None:
        """UpdateGroup, or CreateGroup where there is none.

        What an update does not send stays (API reference, UpdateGroup, whose example sends no role
        and is answered with one): so a role that is not mapped is never cleared.
        """
        request: dict[str, Any] = {
            "UserPoolId": self._pool,
            "GroupName": group.name,
            "Description": group.description,
        }
        if group.precedence is not None:
            request["Precedence"] = group.precedence
        if group.role in self._roles:
            request["RoleArn"] = self._roles[group.role]
        with translated({"GroupExistsException": NotYetVisibleError}):
            try:
                self._client.update_group(**request)
            except self._client.exceptions.ResourceNotFoundException:
                self._client.create_group(**request)

    def delete_group(self, name: str) -> None:
        """DeleteGroup."""
        with translated():
            try:
                self._client.delete_group(UserPoolId=self._pool, GroupName=name)
            except self._client.exceptions.ResourceNotFoundException:
                return

    def recoveries(self) -> tuple[Recovery, ...]:
        """ListPointInTimeRecoveries, all pages: there are ten previews in 30 days at most."""
        client: Any = self._client
        found: list[Any] = []
        more: dict[str, str] = {}
        while True:
            with translated():
                try:
                    answer = client.list_point_in_time_recoveries(UserPoolId=self._pool, **more)
                except ClientError as error:
                    if code_of(error) in _NO_RECOVERIES:
                        return ()
                    raise
            found += answer.get("Restorations", [])
            if not answer.get("NextToken"):
                return tuple(Recovery(each["RestoreId"], each["RestoreStatus"]) for each in found)
            more = {"NextToken": answer["NextToken"]}

    def _listed(self, sub: str) -> list[Any]:
        return self._filtered("sub", sub, 1)

    def _filtered(self, attribute: str, value: str, limit: int) -> list[Any]:
        asked = user_filter(attribute, value)
        with translated():
            answer = self._client.list_users(UserPoolId=self._pool, Filter=asked, Limit=limit)
        return list(answer["Users"])

    def _with_groups(self, user: PoolUser | None) -> PoolUser | None:
        if user is None:
            return None
        pages = self._client.get_paginator("admin_list_groups_for_user")
        with translated():
            try:
                groups = [
                    group["GroupName"]
                    for page in pages.paginate(UserPoolId=self._pool, Username=user.username)
                    for group in page["Groups"]
                ]
            except self._client.exceptions.UserNotFoundException:
                return None
        return replace(user, groups=tuple(sorted(groups)))


def user_filter(attribute: str, value: str) -> str:
    """ListUsers' `Filter` for whoever has exactly this value (API reference: quotation marks and
    backslashes in it are escaped)."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{attribute} = "{quoted}"'


def user_from(raw: Any, pairs: Any, groups: tuple[str, ...]) -> PoolUser:
    """A user as Cognito describes one; the attributes have another name in each answer."""
    attributes = {pair["Name"]: pair.get("Value", "") for pair in pairs}
    return PoolUser(
        sub=attributes["sub"],
        username=raw["Username"],
        status=UserStatus(raw.get("UserStatus", UserStatus.UNKNOWN)),
        enabled=raw["Enabled"],
        attributes=attributes,
        groups=groups,
        factors=tuple(raw.get("UserMFASettingList") or ()),
        preferred_factor=raw.get("PreferredMfaSetting") or "",
    )


def group_from(raw: Any, roles: Roles) -> PoolGroup:
    """A group as Cognito describes one, its IAM role by the name that both Regions share."""
    role = shared_role(raw.get("RoleArn") or "", roles)
    return PoolGroup(raw["GroupName"], raw.get("Description", ""), raw.get("Precedence"), role)


def schema_from(pool: Any, roles: Roles | None = None) -> PoolSchema:
    """What DescribeUserPool says of attributes, names, triggers, and sign-ins but for factors."""
    return PoolSchema(
        attributes={
            attribute["Name"]: rule_from(attribute)
            for attribute in pool.get("SchemaAttributes", [])
        },
        sign_in_attributes=tuple(pool.get("UsernameAttributes") or ()),
        alias_attributes=tuple(pool.get("AliasAttributes") or ()),
        triggers=bearing_on_replays(pool.get("LambdaConfig") or {}),
        on_demand=is_filled_on_demand(pool.get("LambdaConfig") or {}),
        group_roles=frozenset(roles or ()),
        sign_in=sign_in_rules(pool, {}),
        case_sensitive=tells_capitals_apart(pool),
    )


def _identity(provider: str, subject: str) -> Any:
    return {
        "ProviderName": provider,
        "ProviderAttributeName": "Cognito_Subject",
        "ProviderAttributeValue": subject,
    }


def _pairs(attributes: Mapping[str, str]) -> Any:
    return [{"Name": name, "Value": value} for name, value in attributes.items()]
