"""What is known of a pool and of its Region. Pure.

A side holds parts (`Part`), each as it was read, or the reason why it was not. A rule names the
parts that it needs and is asked only where both sides have them; what was not read becomes a
finding of its own (`rules.reading`). So no rule can take "not read" for "not there".

The parts of a pool are the sections of its configuration, in the shapes of Cognito's API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cognito_standby.configuration.domain.differences import Difference

Shape = Mapping[str, Any]


class Part(StrEnum):
    """What is looked at; the value is what a person is told of it."""

    POOL = "the pool"
    """Its own settings (UserPoolType)."""
    ATTRIBUTES = "the schema"
    """Name -> SchemaAttributeType."""
    TRIGGERS = "triggers"
    """Slot -> `LambdaArn`, `LambdaVersion`; `KMSKeyID` as a slot, too."""
    FACTORS = "second factors"
    """The answer of GetUserPoolMfaConfig."""
    CLIENTS = "app clients"
    """Id -> UserPoolClientType, with `HasSecret` for its secret."""
    GROUPS = "groups"
    """Name -> GroupType."""
    PROVIDERS = "identity providers"
    """Name -> IdentityProviderType, without secrets in its details."""
    RESOURCE_SERVERS = "resource servers"
    """Identifier -> ResourceServerType."""
    DOMAINS = "domains"
    """Domain -> DomainDescriptionType, with `Custom`."""
    LOOK = "the look of managed login"
    """Items of the classic hosted UI and of managed login's styles, of any client."""
    RISK = "threat protection"
    """Items of the pool and of clients."""
    LOGS = "log delivery"
    """Event source -> where to."""
    TAGS = "tags"
    SESSIONS = "session tracking"
    TERMS = "terms documents"
    CLIENT_METADATA = "client metadata policies"
    REPLICAS = "Cognito's own replicas"
    WEB_ACL = "AWS WAF"
    """ARN of the web ACL in front of the pool, at `pool`."""
    FUNCTIONS = "the triggers' functions"
    """ARN -> statements of its resource policy; None: there is no such function."""
    KEYS = "KMS keys"
    """ARN -> its state (`Enabled` ...); None: there is no such key."""
    QUOTAS = "Cognito's quotas"
    """Category, such as UserCreation -> requests a second."""
    MAIL_SENDING = "the SES account"
    """`production`, `enabled`, `mails_a_day`: of the Region that the pool's mail is sent from."""
    MAIL_IDENTITY = "the SES identity"
    """`verified`: true, false, or None where there is no such identity."""
    SMS = "the SMS account"
    """`sandbox`: of the Region that the pool's SMS are sent from."""
    TRAIL = "CloudTrail"
    """Names of the trails that are on and bring write management events of the Region."""
    IDENTITY_POOLS = "identity pools"
    """Name -> `provider:client` of the user pools that it takes tokens of."""
    FAILOVER_ROLE = "the role that fails over"
    """`arn`, `principals`: of `<installation>-dr-<Region>`; None: there is no such role."""


@dataclass(frozen=True)
class Unread:
    """Why a part is not known.

    needs  the right that is lacking; empty: it was not for want of a right
    """

    why: str
    needs: str = ""


Read = Any | Unread


@dataclass(frozen=True)
class Side:
    """A pool and its Region, as they were read. `parts` lacks what nobody asked for."""

    region: str
    pool_id: str
    parts: Mapping[Part, Read] = field(default_factory=dict)
    account: str = ""
    gone: bool = False
    """There is no such pool."""
    profile: str = ""
    """That commands have to name, where there are two accounts."""
    lacks: tuple[str, ...] = ()
    """What the pool's plan, its settings or the Region does not have."""

    def has(self, part: Part) -> bool:
        """Whether it was read."""
        return part in self.parts and not isinstance(self.parts[part], Unread)

    def __getitem__(self, part: Part) -> Any:
        """A part that was read. KeyError: it was not, and a rule did not say that it needs it."""
        if not self.has(part):
            raise KeyError(part)
        return self.parts[part]

    @property
    def pool(self) -> Shape:
        """UserPoolType."""
        found: Shape = self[Part.POOL]
        return found

    def arn(self) -> str:
        """Of the pool, which is of the commercial partition as everything here."""
        return f"arn:aws:cognito-idp:{self.region}:{self.account}:userpool/{self.pool_id}"


@dataclass(frozen=True)
class User:
    """An IAM user who is named by the role that fails over.

    keys       active access keys
    may        whether their own policies let them assume it; None: not known
    """

    arn: str
    keys: int
    may: bool | None


@dataclass(frozen=True)
class Account:
    """What is of an account and of no Region.

    id      that the credentials are of
    caller  ARN of who asks
    users   IAM users that the backup's failover role names -> what is known; None: no such user
    sts     `regional` or `legacy`: which STS the tools of this machine ask
    """

    id: str = ""
    caller: str = ""
    users: Mapping[str, User | Unread | None] = field(default_factory=dict)
    sts: str = "regional"


@dataclass(frozen=True)
class Plan:
    """What the installation means to do with the pools, as far as it is known.

    installation  its name; empty: there is none, and what is about one is not asked
    account       id that the configuration names; empty: not known
    standby       that of the backup's account; empty: it is the same
    deployed      whether its stacks stand in both Regions
    fenced        whether the pool that stands by refuses people
    roles         IAM roles of groups, the primary's -> the backup's; None: not known
    pairwise      providers whose subjects are known to differ between the pools
    clients       pairs of ids, primary and backup, under which apps find their client
    """

    installation: str = ""
    account: str = ""
    deployed: bool = False
    fenced: bool = False
    roles: Mapping[str, str] | None = None
    pairwise: frozenset[str] = frozenset()
    clients: Mapping[str, str] = field(default_factory=dict)
    standby: str = ""

    @property
    def accounts(self) -> tuple[str, str]:
        """Of the primary and of the backup, as they are meant."""
        return self.account, self.standby or self.account


@dataclass(frozen=True)
class Case:
    """All that a rule may look at.

    account  by whose credentials the backup was looked at
    home     by whose the primary was, where it is not the same
    """

    primary: Side
    backup: Side
    plan: Plan = field(default_factory=Plan)
    account: Account = field(default_factory=Account)
    home: Account | None = None
    differences: tuple[Difference, ...] = ()
    """Between the two configurations; none where a pool is not there."""

    @property
    def sides(self) -> tuple[Side, Side]:
        """The primary first."""
        return self.primary, self.backup

    @property
    def asked(self) -> tuple[Account, Account]:
        """By whose credentials each side was looked at, the primary first."""
        return self.home or self.account, self.account

    @property
    def owners(self) -> tuple[str, str]:
        """Ids of the accounts in which the pools are, or were looked for; empty: not known."""
        one, other = (
            side.account or by.id for side, by in zip(self.sides, self.asked, strict=True)
        )
        return one, other

    @property
    def apart(self) -> bool:
        """Whether they are of two accounts."""
        one, other = self.owners
        return bool(one and other) and one != other

    def on(self, side: Side, text: str) -> tuple[str, str]:
        """What was seen on one side, as a finding shows it."""
        return (text, "") if side is self.primary else ("", text)
