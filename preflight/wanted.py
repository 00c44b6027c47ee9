"""What a config asks of its account, as data: the checks know no config and no CDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stacks.config.model import Config
from stacks.config.source import CDK_JSON
from stacks.names import DATA, REPLICA, Names

DEFAULT_QUALIFIER = "hnb659fds"
"""CDK's own, where none is configured (CDK developer guide, "Customize AWS CDK bootstrapping")."""


@dataclass(frozen=True)
class Mail:
    """An SES identity that a Region's pool sends with; `region` is the identity's."""

    region: str
    identity: str
    configuration_set: str | None


@dataclass(frozen=True)
class Wanted:
    """What is to be there.

    regions    primary, backup
    keys       Region -> ARN of the customer's key, a third replica's included
    mail       Region of the pool -> its SES identity; empty: Cognito's own sender
    sms        Region of the pool -> Region that its SMS are sent from
    pools      Region -> id of its existing user pool; empty where the stacks make them
    quotas     Cognito's quotas as the config believes them, in requests a second
    reserved_concurrency  invocations at once that the triggers keep for themselves
    sets_log_role  the stack sets the account's log role of API Gateway
    config_file  what it is read from, to be told to whoever has to edit it
    """

    installation: str
    account: str
    regions: tuple[str, str]
    creates_pools: bool = True
    qualifier: str = DEFAULT_QUALIFIER
    keys: Mapping[str, str] = field(default_factory=dict)
    mail: Mapping[str, Mail] = field(default_factory=dict)
    sms: Mapping[str, str] = field(default_factory=dict)
    pools: Mapping[str, str] = field(default_factory=dict)
    quotas: Mapping[str, int] = field(default_factory=dict)
    reserved_concurrency: int = 0
    sets_log_role: bool = True
    alarm_email: str | None = None
    config_file: str = CDK_JSON
    backup_account: str = ""
    """Of the backup Region's stacks; "": `account` as well."""

    @property
    def two_accounts(self) -> bool:
        """Whether other credentials are needed in the backup Region."""
        return bool(self.backup_account)

    def account_of(self, region: str) -> str:
        """Whose stacks are in a Region."""
        return (region == self.regions[1] and self.backup_account) or self.account

    @property
    def names(self) -> Names:
        """Physical names."""
        return Names(self.installation)

    def stacks(self) -> tuple[tuple[str, str], ...]:
        """Region and name of every stack."""
        data = [(self.regions[0], self.names.stack(DATA))]
        if self.two_accounts:
            data.append((self.regions[1], self.names.stack(REPLICA)))
        return (*data, *((region, self.names.stack(region)) for region in self.regions))


def wanted_from(config: Config, config_file: str = CDK_JSON) -> Wanted:
    """The part of a config that concerns the account."""
    regions = (config.primary_region, config.backup_region)
    keys = {each: config.kms_key(each) for each in (*regions, *config.replica_regions)}
    senders = {each: config.sns_region(each) for each in regions}
    return Wanted(
        installation=config.installation,
        account=config.account,
        regions=regions,
        creates_pools=config.pools.create,
        reserved_concurrency=config.reserved_for_triggers,
        qualifier=config.bootstrap_qualifier or DEFAULT_QUALIFIER,
        keys={region: arn for region, arn in keys.items() if arn},
        mail={region: mail for region in regions if (mail := _mail(config, region))},
        sms={region: at for region, at in senders.items() if at},
        pools={region: pool for region in regions if (pool := config.user_pool_id(region))},
        quotas=config.reconcile.quotas.model_dump(),
        sets_log_role=config.admin_api.log_role == "create",
        alarm_email=config.alarm_email,
        config_file=config_file,
        backup_account=config.account_of(config.backup_region) if config.two_accounts else "",
    )


def _mail(config: Config, region: str) -> Mail | None:
    identity = config.email_identity(region)
    if config.email is None or identity is None:
        return None
    _, _, _, at, _, resource = identity.split(":", 5)
    return Mail(at, resource.removeprefix("identity/"), config.email.configuration_set)
