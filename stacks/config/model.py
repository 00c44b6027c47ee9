"""The one config of an installation: everything that can differ between two of them."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from cognito_standby.core.domain.identities import PAIRWISE
from cognito_standby.replication.domain.trigger_load import (
    message_concurrency,
    sign_up_concurrency,
    trigger_concurrency,
)
from stacks import mrsc
from stacks.config import shapes
from stacks.config.accounts import check_accounts
from stacks.config.api import AdminApi
from stacks.config.factors import Factors, Policy, check_factors, codes_in
from stacks.config.failover import Failover
from stacks.config.messages import Email, Sms, check_email, check_sms
from stacks.config.on_demand import OnDemand, check_on_demand
from stacks.config.parts import (
    APP,
    ConfigPart,
    CustomAttribute,
    Federated,
    GroupRole,
    KmsKeys,
    Pools,
    Retention,
    Schedules,
)
from stacks.config.reconcile import Reconcile
from stacks.config.replay import QUOTA_SHARE, SMALL_ACCOUNT_SHARE, Replay
from stacks.config.sign_in import Alias, SignIn, SignInName, sign_in_of
from stacks.config.triggers import SLOTS, Plan, Triggers, check_triggers
from stacks.message_regions import sms_regions
from stacks.partitions import in_standard_arn, in_standard_partition

MAX_CUSTOM_ATTRIBUTES = 49
"""Cognito allows 50; one is `custom:origin_sub`."""

MAX_GROUP_ROLES = 20
MAX_ROLE_CHARACTERS = 2_500
"""All roles are told to each function by its environment, which holds 4 KB."""

MAX_PAIRWISE_PROVIDERS = 20
"""Told to each function by its environment, which holds 4 KB."""

ProviderName = Annotated[str, Field(pattern=shapes.PROVIDER)]
Region = Annotated[str, AfterValidator(in_standard_partition)]
BoundaryArn = Annotated[str, Field(pattern=shapes.BOUNDARY), AfterValidator(in_standard_arn)]


class Config(ConfigPart):
    """One installation. Written under the key `standby` in cdk.json's context."""

    installation: str = Field(
        pattern=shapes.INSTALLATION,
        description="Name of the installation; every physical name begins with it.",
    )
    account: str = Field(pattern=shapes.ACCOUNT, description="AWS account id.")
    backup_account: str | None = Field(
        default=None,
        pattern=shapes.ACCOUNT,
        description="Account of the backup Region's stacks; null: `account` as well. Chosen at the "
        "installation (docs/runbooks/second-account.md).",
    )
    primary_region: Region = Field(description="Active until somebody fails over.")
    backup_region: Region = Field(description="Standby until somebody fails over.")
    pools: Pools = Field(description="Create the pools or use existing ones.")
    sign_in: SignInName = Field(
        default="username",
        description="Created pools: sign in with a free username, or with the e-mail address, the "
        "phone number (by `sms`), or either of them as username. Cannot be changed later.",
    )
    aliases: tuple[Alias, ...] = Field(
        default=(),
        description="Created pools with free usernames: what signs in beside the username, once "
        "it is verified. Cannot be changed later.",
    )
    case_sensitive: bool = Field(
        default=False,
        description="Created pools: whether `Ann` and `ann` are two people. Cannot be changed "
        "later.",
    )
    custom_attributes: tuple[CustomAttribute, ...] = Field(
        default=(),
        max_length=MAX_CUSTOM_ATTRIBUTES,
        description="Created pools: custom attributes.",
    )
    group_roles: tuple[GroupRole, ...] = Field(
        default=(),
        max_length=MAX_GROUP_ROLES,
        description="IAM roles of groups, as pairs: what a group with the one has in the other "
        "Region. Only these may be given to a group there.",
    )
    federated: Federated = Field(
        default="on_sign_in",
        description="Who signed in through an identity provider, in the other Region's pool. "
        "`on_sign_in`: completed at their first sign-in there, and the same person then. `staged`: "
        "that, and made beforehand by a link. `skip`: neither, somebody new there. The way of "
        "both Regions.",
    )
    pairwise_providers: tuple[ProviderName, ...] = Field(
        default=(),
        max_length=MAX_PAIRWISE_PROVIDERS,
        description="Identity providers, by their name in the pools, whose subject for a person "
        "differs between the two pools: Apple, Facebook, Entra ID and others, where the pools have "
        "a client each; SAML with persistent name ids. Their identities are neither staged nor "
        "linked in the other pool, and `standby readiness` counts who comes by them.",
    )
    allow_password_auth: bool = Field(
        default=False,
        description="Created clients: allow USER_PASSWORD_AUTH beside SRP. It sends the password "
        "through the caller's server; for migrations and local runs.",
    )
    email: Email | None = Field(
        default=None,
        description="Created pools: mail by Amazon SES; null: some 50 mails a day by Cognito.",
    )
    sms: Sms | None = Field(default=None, description="Created pools: SMS by Amazon SNS.")
    attach_trigger: bool = Field(
        default=True,
        description="Created pools: attach the triggers (PostConfirmation, PreSignUp, "
        "PreTokenGeneration, PreAuthentication, CustomMessage; UserMigration by `on_demand`). "
        "Deploy once with false before an uninstallation that keeps the pools.",
    )
    plan: Plan | None = Field(
        default=None,
        description="Created pools: Cognito's feature plan; null: the one that Cognito gives.",
    )
    triggers: Triggers = Field(
        default_factory=Triggers, description="What the pools' triggers do besides."
    )
    on_demand: OnDemand = Field(
        default_factory=OnDemand, description="Pools that are filled when people come."
    )
    factors: Factors = Field(
        default_factory=Factors, description="Created pools: second factors and one-time codes."
    )
    after_failover: Policy = Field(
        default="reset",
        description="How people come in through the backup Region's pool, for a one-time code as "
        "first factor excludes MFA. reset: by forgot password; second factors by SMS and mail are "
        "carried, unless they would lock somebody out of recovery. otp: by a one-time code; no "
        "second factor is carried there. as_in_source: as in the primary Region's pool. reset is "
        "the default: it works on every plan, and keeps what people have set up.",
    )
    after_failback: Literal["reset_changed", "keep"] = Field(
        default="reset_changed",
        description="What becomes of people who set a password in one Region, before the other "
        "opens again with an older one. reset_changed: they get an unknown one there and lose "
        "their sessions, without a message; they recover by forgot password or a code. keep: the "
        "older one opens the pool again, perhaps the very one that somebody changed for a reason.",
    )
    trail: Literal["create", "existing"] = Field(
        default="create",
        description="CloudTrail brings the changes that nobody told us of, and needs a trail with "
        "write management events in both Regions: made here, or existing. A second trail with "
        "the same events is billed.",
    )
    consistency: Literal["MREC", "MRSC"] = Field(
        default="MREC",
        description="Global table: eventual (any Regions) or strong (three of one set).",
    )
    witness_region: Region | None = Field(default=None, description="MRSC: third Region, log only.")
    third_replica_region: Region | None = Field(
        default=None, description="MRSC: third Region with a full replica, instead of a witness."
    )
    trigger_concurrency: int | None = Field(
        default=None,
        ge=0,
        le=100_000,
        description="Lambda concurrency reserved for the PostConfirmation trigger in each Region, "
        "a floor and a cap. null: what Cognito's quotas can ask for at once, 400 by default; the "
        "account then needs 890, with 150 of PreSignUp and 240 of CustomMessage. 0: nothing is "
        "reserved, and a burst of other functions can make sign-ups fail.",
    )
    schedules: Schedules = Field(default_factory=Schedules, description="Periodic work.")
    admin_api: AdminApi = Field(
        default_factory=AdminApi, description="The API for changes that pool and record share."
    )
    failover: Failover = Field(
        default_factory=Failover, description="What goes with a failover, and how apps learn of it."
    )
    retention: Retention = Field(default_factory=Retention, description="How long data is kept.")
    reconcile: Reconcile = Field(
        default_factory=Reconcile, description="How a reconciliation works, and when it asks."
    )
    replay: Replay = Field(default_factory=Replay, description="How fast records are replayed.")
    rpo_objective_seconds: int = Field(
        default=60, ge=1, le=86_400, description="Replication lag above which the alarm goes off."
    )
    many_deletions: int = Field(
        default=100,
        ge=1,
        le=10_000_000,
        description="People whose deletion is recorded within a quarter of an hour in one Region, "
        "above which the alarm goes off.",
    )
    alarm_email: str | None = Field(
        default=None, pattern=shapes.ALARM_EMAIL, description="Who gets alarms."
    )
    tags: dict[str, str] = Field(default_factory=dict, description="Tags on every resource.")
    permissions_boundary: BoundaryArn | None = Field(
        default=None, description="Managed policy ARN set as boundary on every role."
    )
    bootstrap_qualifier: str | None = Field(
        default=None, pattern=shapes.QUALIFIER, description="Of a customised CDK bootstrap."
    )
    kms_keys: KmsKeys | None = Field(
        default=None, description="Customer-managed keys; default AWS's own."
    )
    protect_data: bool = Field(
        default=True,
        description="Deletion protection of pools and tables, termination protection of stacks, "
        "tables outlive their stack. false only for throw-away installations.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for check in (
            *(_check_regions, _check_consistency, _check_pools, _check_names, _check_keys),
            *(_check_messages, _check_triggers, _check_roles, _check_factors, _check_on_demand),
            check_accounts,
        ):
            check(self)
        return self

    @property
    def reserved_for_trigger(self) -> int:
        """Concurrency of the trigger's own; 0: it shares the account's."""
        if self.trigger_concurrency is not None:
            return self.trigger_concurrency
        quotas = self.reconcile.quotas
        return trigger_concurrency(quotas.UserCreation, quotas.UserAccountRecovery)

    def reserved_concurrency(self, task: str) -> int:
        """What a function keeps for itself; 0: it shares the account's."""
        if task == "post_confirmation":
            return self.reserved_for_trigger
        if task == "user_migration":
            return self.on_demand.concurrency or 0
        slot = self.triggers.slot(task)
        if slot is not None and slot.concurrency is not None:
            return slot.concurrency
        if slot is None or not self.reserved_for_trigger:
            return 0
        quotas, asks_owner = self.reconcile.quotas, bool(slot.primary_function)
        if task == "pre_sign_up":
            looks = asks_owner or self.on_demand.primary or self.on_demand.backup
            return sign_up_concurrency(quotas.UserCreation, asks_owner=looks)
        if task == "custom_message" and (self.fenced or asks_owner):
            return message_concurrency(
                *(quotas.UserCreation, quotas.UserAccountRecovery), asks_owner=asks_owner
            )
        return 0

    @property
    def reserved_for_triggers(self) -> int:
        """Concurrency of all triggers together."""
        others = (*SLOTS, "user_migration")
        return self.reserved_for_trigger + sum(map(self.reserved_concurrency, others))

    @property
    def fenced(self) -> bool:
        """Whether the pool of the Region that stands by refuses people."""
        return self.triggers.fence == "on" or (self.triggers.fence is None and self.pools.create)

    @property
    def known_by(self) -> SignIn:
        """How the people of created pools are known to them."""
        return sign_in_of(self.sign_in, self.aliases)

    @property
    def replay_rates(self) -> dict[str, float]:
        """Requests a second that replays may make, by category of Cognito's quotas. Where nothing
        is reserved for the trigger the account is taken for a small one: functions that replay
        must leave it some of its concurrency."""
        share = self.replay.quota_share
        if share is None:
            share = QUOTA_SHARE if self.reserved_for_trigger else SMALL_ACCOUNT_SHARE
        return {name: rate * share for name, rate in self.reconcile.quotas.model_dump().items()}

    @property
    def replica_regions(self) -> tuple[str, ...]:
        """Where the records table has replicas beside the primary Region."""
        third = (self.third_replica_region,) if self.third_replica_region else ()
        return (self.backup_region, *third)

    @property
    def regions(self) -> tuple[str, str]:
        """Primary and backup."""
        return self.primary_region, self.backup_region

    @property
    def two_accounts(self) -> bool:
        """Whether the standby is in an account of its own."""
        return self.backup_account not in (None, self.account)

    def account_of(self, region: str) -> str:
        """Whose account the stacks of a Region are in."""
        return self.account if self.is_primary(region) else self.backup_account or self.account

    def account_beside(self, region: str) -> str:
        """The account of the other Region, if it is another one; else ""."""
        if not self.two_accounts:
            return ""
        other = self.backup_region if self.is_primary(region) else self.primary_region
        return self.account_of(other)

    def is_primary(self, region: str) -> bool:
        """Whether it is the Region configured as primary."""
        return region == self.primary_region

    def fills_on_demand(self, region: str) -> bool:
        """Whether a Region's pool is filled on demand."""
        return self.on_demand.fills(primary=self.is_primary(region))

    def codes_in(self, region: str) -> tuple[str, ...]:
        """One-time codes that a Region's created pool takes as first factor."""
        primary = self.is_primary(region)
        return codes_in(self.factors, self.after_failover, self.known_by, primary=primary)

    def user_pool_id(self, region: str) -> str | None:
        """The existing pool of a Region; None: it is created."""
        primary, backup = self.pools.primary_user_pool_id, self.pools.backup_user_pool_id
        return primary if self.is_primary(region) else backup

    def client_id(self, region: str) -> str | None:
        """The existing app client of a Region, if one is configured."""
        primary, backup = self.pools.primary_client_id, self.pools.backup_client_id
        return primary if self.is_primary(region) else backup

    def clients(self, region: str) -> dict[str, str]:
        """The existing app clients of a Region: logical name -> id."""
        side = "primary" if self.is_primary(region) else "backup"
        named = {pair.name: str(getattr(pair, side)) for pair in self.pools.clients}
        one = self.client_id(region)
        return {**({APP: one} if one else {}), **named}

    def owner_function(self, task: str, region: str) -> str | None:
        """The owner's function that a trigger's function asks in a Region."""
        slot = self.triggers.owners.get(task)
        return slot.function(primary=self.is_primary(region)) if slot else None

    @property
    def subject_types(self) -> dict[str, str]:
        """Of the providers whose subjects differ between the pools, by OpenID Connect's word."""
        return dict.fromkeys(self.pairwise_providers, PAIRWISE)

    def admin_pools(self, region: str) -> tuple[str, ...]:
        """User pools whose tokens the Admin API of a Region takes."""
        api = self.admin_api
        return api.primary_admin_pools if self.is_primary(region) else api.backup_admin_pools

    def admin_address(self, region: str) -> str | None:
        """Where the Admin API of a Region is reached, if not at the gateway's own address."""
        api = self.admin_api
        return api.primary_address if self.is_primary(region) else api.backup_address

    def roles_in(self, region: str) -> dict[str, str]:
        """IAM roles of groups: the shared name (the primary Region's ARN) -> the Region's ARN."""
        own = "primary" if self.is_primary(region) else "backup"
        return {pair.primary: str(getattr(pair, own)) for pair in self.group_roles}

    def email_identity(self, region: str) -> str | None:
        """ARN of the SES identity that a Region's created pool sends with."""
        if self.email is None:
            return None
        primary, backup = self.email.primary_identity, self.email.backup_identity
        return primary if self.is_primary(region) else backup

    def sns_region(self, region: str) -> str | None:
        """From where a Region's created pool sends SMS, if it does."""
        if self.sms is None:
            return None
        primary, backup = self.sms.primary_sns_region, self.sms.backup_sns_region
        return (primary if self.is_primary(region) else backup) or sms_regions(region)[0]

    def kms_key(self, region: str) -> str | None:
        """The customer-managed key of a Region."""
        if self.kms_keys is None:
            return None
        keys = {
            self.primary_region: self.kms_keys.primary,
            self.backup_region: self.kms_keys.backup,
        }
        return keys.get(region, self.kms_keys.third_replica)


def _check_regions(config: Config) -> None:
    if config.primary_region == config.backup_region:
        raise ValueError("primary_region and backup_region must be different Regions")


def _check_consistency(config: Config) -> None:
    thirds = [r for r in (config.witness_region, config.third_replica_region) if r]
    if config.consistency == "MREC":
        if thirds:
            raise ValueError("witness_region and third_replica_region are for consistency MRSC")
        return
    if len(thirds) != 1:
        raise ValueError("MRSC needs exactly one of witness_region and third_replica_region")
    regions = frozenset({config.primary_region, config.backup_region, *thirds})
    if len(regions) != 3:  # noqa: PLR2004 - MRSC has exactly three Regions
        raise ValueError("MRSC needs three different Regions")
    if not mrsc.in_one_set(regions):
        raise ValueError(f"MRSC needs three Regions of one set ({mrsc.described()})")


def _check_pools(config: Config) -> None:
    for region, name in ((config.primary_region, "primary"), (config.backup_region, "backup")):
        pool = config.user_pool_id(region)
        if pool and not pool.startswith(f"{region}_"):
            raise ValueError(f"pools.{name}_user_pool_id {pool} is not in {region}")
        for arn in config.admin_pools(region):
            if f":cognito-idp:{region}:" not in arn:
                # A Region must be able to let administrators in while the other is gone.
                raise ValueError(f"admin_api.{name}_admin_pools: {arn} is not in {region}")


def _check_messages(config: Config) -> None:
    if config.known_by.by_phone and not config.sms and config.pools.create:
        raise ValueError("sign_in and aliases: codes go to phones, so sms is needed")
    if not config.pools.create and (config.email or config.sms):
        raise ValueError(
            "email and sms are for created pools; existing ones keep their own: remove them"
        )
    if config.email:
        accounts = {region: config.account_of(region) for region in config.regions}
        check_email(config.email, accounts, *config.regions)
    if config.sms:
        check_sms(config.sms, config.account, *config.regions)


def _check_triggers(config: Config) -> None:
    check_triggers(
        config.triggers,
        config.plan,
        creates=config.pools.create,
        primary=config.primary_region,
        backup=config.backup_region,
    )


def _check_on_demand(config: Config) -> None:
    pools = {"primary": config.primary_region, "backup": config.backup_region}
    check_on_demand(
        config.on_demand, {side: config.user_pool_id(region) for side, region in pools.items()}
    )


def _check_factors(config: Config) -> None:
    check_factors(
        *(config.factors, config.after_failover, config.known_by, config.plan),
        creates=config.pools.create,
        email=config.email,
        sms=config.sms,
    )


def _check_roles(config: Config) -> None:
    for side in ("primary", "backup"):
        arns = [str(getattr(pair, side)) for pair in config.group_roles]
        if twice := sorted({arn for arn in arns if arns.count(arn) > 1}):
            # Which of two roles a group of the other Region has could not be told.
            raise ValueError(f"group_roles: twice as {side}: {', '.join(twice)}")
    if sum(len(p.primary) + len(p.backup) for p in config.group_roles) > MAX_ROLE_CHARACTERS:
        raise ValueError(f"group_roles: more than {MAX_ROLE_CHARACTERS} characters in all")


def _check_names(config: Config) -> None:
    names = [attribute.name for attribute in config.custom_attributes]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"custom_attributes: named twice: {', '.join(twice)}")
    for key, value in config.tags.items():
        if re.match(r"(?i)aws:", key) or not 1 <= len(key) <= 128 or len(value) > 256:  # noqa: PLR2004
            raise ValueError(f"tags: {key!r}: at most 128 and 256 characters, not beginning aws:")


def _check_keys(config: Config) -> None:
    if config.kms_keys is None:
        return
    for region in (config.primary_region, *config.replica_regions):
        key = config.kms_key(region)
        if key is None or f":kms:{region}:" not in key:
            raise ValueError(f"kms_keys: no key in {region}")
