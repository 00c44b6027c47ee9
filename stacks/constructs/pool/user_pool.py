"""The pool that a stack creates: one that an app can really use, with the same schema twice.

Created by its CloudFormation properties, because the triggers' permissions must not depend on
the pool (see `TriggerPermission`) and the schema's order and limits are part of the contract.
"""

from __future__ import annotations

from aws_cdk import Acknowledgment as Ack
from aws_cdk import CfnDeletionPolicy, Stack, Validations
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from cognito_standby.core.domain.subjects import MAX_ID_LENGTH
from stacks.config.factors import AWS_NAMES
from stacks.config.model import Config
from stacks.config.parts import CustomAttribute
from stacks.constructs.pool.messages import email_of, sms_of, warn_of_messages
from stacks.constructs.pool.triggers import PoolTriggers
from stacks.names import Names

ORIGIN_SUB = "origin_sub"
WRITABLE = (
    *("address", "birthdate", "email", "family_name", "gender", "given_name", "locale"),
    *("middle_name", "name", "nickname", "phone_number", "picture", "preferred_username"),
    *("profile", "updated_at", "website", "zoneinfo"),
)
"""Standard attributes that an app client may write; the verified flags are Cognito's own."""
READABLE = (*WRITABLE, "email_verified", "phone_number_verified")
_UserPool = cognito.CfnUserPool
_MFA = {"off": "OFF", "optional": "OPTIONAL", "required": "ON"}
_KEPT = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE


class UserPool(Construct):
    """A pool and its app client."""

    def __init__(
        self,
        scope: Construct,
        *,
        config: Config,
        names: Names,
        triggers: PoolTriggers,
        protected: bool,
    ) -> None:
        super().__init__(scope, "Users")
        self._config, self._protected = config, protected
        self._region = Stack.of(self).region
        self.pool = self._pool(names, triggers)
        self.pool.node.add_dependency(*triggers.permissions)
        warn_of_messages(self.pool, config)
        self._explain()
        self.client = self._client(names)

    def _pool(self, names: Names, triggers: PoolTriggers) -> cognito.CfnUserPool:
        known_by = self._config.known_by
        pool = _UserPool(
            self,
            "Pool",
            user_pool_name=names.user_pool,
            schema=schema(self._config.custom_attributes, known_by.required),
            username_attributes=list(known_by.usernames) or None,
            alias_attributes=list(known_by.aliases) or None,
            username_configuration=_UserPool.UsernameConfigurationProperty(
                case_sensitive=self._config.case_sensitive
            ),
            auto_verified_attributes=list(known_by.contacts),
            user_attribute_update_settings=_keep_address_until_verified(known_by.contacts),
            account_recovery_setting=_recovery_by(known_by.contacts),
            admin_create_user_config=_UserPool.AdminCreateUserConfigProperty(
                allow_admin_create_user_only=False
            ),
            policies=_policies(self._config.codes_in(self._region)),
            mfa_configuration=_MFA[self._config.factors.mfa],
            enabled_mfas=[AWS_NAMES[each] for each in self._config.factors.second] or None,
            deletion_protection="ACTIVE" if self._protected else "INACTIVE",
            lambda_config=triggers.attached(self._config),
            user_pool_tier=self._config.plan.upper() if self._config.plan else None,
            email_configuration=email_of(self._config, self._region),
            sms_configuration=sms_of(self, self._config, self._region),
        )
        # With its triggers attached, deletion is refused by deletion protection, and then the
        # functions and their permissions stay as well, because the pool depends on them. Retaining
        # the pool instead would delete them under it. Without its triggers it can be kept.
        attached = self._config.attach_trigger
        pool.cfn_options.deletion_policy = CfnDeletionPolicy.DELETE if attached else _KEPT
        pool.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        return pool

    def _client(self, names: Names) -> cognito.CfnUserPoolClient:
        custom = [f"custom:{attribute.name}" for attribute in self._config.custom_attributes]
        flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        if self._config.allow_password_auth:
            flows.append("ALLOW_USER_PASSWORD_AUTH")
        if self._config.codes_in(self._region):
            flows.append("ALLOW_USER_AUTH")
        client = cognito.CfnUserPoolClient(
            self,
            "Client",
            user_pool_id=self.pool.ref,
            client_name=f"{names.user_pool}-app",
            generate_secret=False,
            explicit_auth_flows=flows,
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            # Never empty, and never with origin_sub: an empty list would leave every mutable
            # custom attribute writable by the person.
            write_attributes=[*WRITABLE, *custom],
            read_attributes=[*READABLE, *custom, f"custom:{ORIGIN_SUB}"],
        )
        # A deletion begins with the client: a pool that stays must keep it, or nobody signs in.
        if self._config.protect_data or not self._config.attach_trigger:
            client.cfn_options.deletion_policy = _KEPT
            client.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN
        return client

    def _explain(self) -> None:
        reasons = {
            "AwsSolutions-COG2": "MFA is the owner's decision (`factors`), and TOTP secrets cannot "
            "be copied to the other Region; sign-up and recovery work without it.",
            "AwsSolutions-COG8": "The Plus plan is the owner's decision; nothing here needs it.",
        }
        for rule, reason in reasons.items():
            Validations.of(self.pool).acknowledge(Ack(id=rule, reason=reason))


def schema(
    custom_attributes: tuple[CustomAttribute, ...], required: tuple[str, ...] = ("email",)
) -> list[cognito.CfnUserPool.SchemaAttributeProperty]:
    """The schema of both pools.

    The primary has origin_sub too, for people who come home after a failover.
    """
    needed = [
        _UserPool.SchemaAttributeProperty(
            name=name, attribute_data_type="String", required=True, mutable=True
        )
        for name in required
    ]
    origin = _text(ORIGIN_SUB, mutable=True, max_length=MAX_ID_LENGTH)
    return [*needed, origin, *(_custom(attribute) for attribute in custom_attributes)]


def _custom(attribute: CustomAttribute) -> cognito.CfnUserPool.SchemaAttributeProperty:
    if attribute.type == "number":
        return _UserPool.SchemaAttributeProperty(
            name=attribute.name, attribute_data_type="Number", mutable=attribute.mutable
        )
    return _text(attribute.name, mutable=attribute.mutable, max_length=attribute.max_length)


def _text(
    name: str, *, mutable: bool, max_length: int
) -> cognito.CfnUserPool.SchemaAttributeProperty:
    return _UserPool.SchemaAttributeProperty(
        name=name,
        attribute_data_type="String",
        mutable=mutable,
        string_attribute_constraints=_UserPool.StringAttributeConstraintsProperty(
            min_length="0", max_length=str(max_length)
        ),
    )


def _keep_address_until_verified(
    contacts: tuple[str, ...],
) -> cognito.CfnUserPool.UserAttributeUpdateSettingsProperty:
    """Otherwise a typing error, or a thief's address, is at once where recovery goes.

    A replay sends an address and its flag together, which Cognito takes over at once.
    """
    return _UserPool.UserAttributeUpdateSettingsProperty(
        attributes_require_verification_before_update=list(contacts)
    )


def _recovery_by(
    contacts: tuple[str, ...],
) -> cognito.CfnUserPool.AccountRecoverySettingProperty:
    """By mail before SMS, which costs more and can be taken with a SIM."""
    options = [
        _UserPool.RecoveryOptionProperty(name=f"verified_{contact}", priority=place)
        for place, contact in enumerate(contacts, start=1)
    ]
    return _UserPool.AccountRecoverySettingProperty(recovery_mechanisms=options)


def _policies(codes: tuple[str, ...]) -> cognito.CfnUserPool.PoliciesProperty:
    """Without codes the policy of first factors is not named: passwords alone, on every plan."""
    return _UserPool.PoliciesProperty(
        sign_in_policy=_UserPool.SignInPolicyProperty(
            allowed_first_auth_factors=["PASSWORD", *codes]
        )
        if codes
        else None,
        password_policy=_UserPool.PasswordPolicyProperty(
            minimum_length=12,
            require_lowercase=True,
            require_uppercase=True,
            require_numbers=True,
            require_symbols=True,
            temporary_password_validity_days=7,
        ),
    )
