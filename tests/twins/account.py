"""The twin of `preflight.aws`: an account as a test describes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from preflight.ports import Caller, Key, NotAllowedError, NotSeenError, Sending, Stack

_READY = Sending(production=True, enabled=True, mails_a_day=50_000)


@dataclass
class MemoryAccount:
    """What is not described is as a well prepared account has it, before the first deployment.

    failing  method -> what it raises, in every Region
    """

    account: str = "111111111111"
    bootstrapped: dict[tuple[str, str], int | None] = field(default_factory=dict)
    """By Region and qualifier."""
    concurrency: dict[str, int] = field(default_factory=dict)
    quotas: dict[str, dict[str, float]] = field(default_factory=dict)
    identities: dict[tuple[str, str], bool] = field(default_factory=dict)
    sending: dict[str, Sending] = field(default_factory=dict)
    configuration_sets: set[tuple[str, str]] = field(default_factory=set)
    sandboxes: set[str] = field(default_factory=set)
    log_roles: dict[str, str] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    topics: dict[str, int] = field(default_factory=dict)
    stacks: dict[tuple[str, str], Stack] = field(default_factory=dict)
    tables: set[tuple[str, str]] = field(default_factory=set)
    buckets: set[tuple[str, str]] = field(default_factory=set)
    pools: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id -> Region and name."""
    triggers: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of pools that are there, by id."""
    failing: dict[str, NotSeenError] = field(default_factory=dict)

    def deny(self, *methods: str) -> None:
        """From now on the caller may not use these."""
        self.failing |= {name: NotAllowedError("AccessDenied") for name in methods}

    def _look(self, method: str) -> None:
        if error := self.failing.get(method):
            raise error

    def caller(self) -> Caller:
        """See `ports`, here and below."""
        self._look("caller")
        return Caller(self.account, f"arn:aws:iam::{self.account}:user/operator")

    def bootstrap_version(self, region: str, qualifier: str) -> int | None:
        """A new one by default."""
        self._look("bootstrap_version")
        return self.bootstrapped.get((region, qualifier), 30)

    def lambda_concurrency(self, region: str) -> int:
        """1,000 by default."""
        self._look("lambda_concurrency")
        return self.concurrency.get(region, 1000)

    def cognito_quotas(self, region: str) -> Mapping[str, float]:
        """None by default."""
        self._look("cognito_quotas")
        return self.quotas.get(region, {})

    def mail_identity_verified(self, region: str, identity: str) -> bool | None:
        """None by default."""
        self._look("mail_identity_verified")
        return self.identities.get((region, identity))

    def mail_sending(self, region: str) -> Sending:
        """Out of the sandbox by default."""
        self._look("mail_sending")
        return self.sending.get(region, _READY)

    def has_configuration_set(self, region: str, name: str) -> bool:
        """None by default."""
        self._look("has_configuration_set")
        return (region, name) in self.configuration_sets

    def sms_sandbox(self, region: str) -> bool:
        """Out of it by default."""
        self._look("sms_sandbox")
        return region in self.sandboxes

    def gateway_log_role(self, region: str) -> str | None:
        """None by default."""
        self._look("gateway_log_role")
        return self.log_roles.get(region)

    def key(self, arn: str) -> Key | None:
        """None by default."""
        self._look("key")
        return self.keys.get(arn)

    def subscribers(self, topic_arn: str) -> int | None:
        """No topic by default."""
        self._look("subscribers")
        return self.topics.get(topic_arn)

    def stack(self, region: str, name: str) -> Stack | None:
        """None by default."""
        self._look("stack")
        return self.stacks.get((region, name))

    def has_table(self, region: str, name: str) -> bool:
        """None by default."""
        self._look("has_table")
        return (region, name) in self.tables

    def has_bucket(self, region: str, name: str) -> bool:
        """None by default."""
        self._look("has_bucket")
        return (region, name) in self.buckets

    def pools_named(self, region: str, name: str) -> Sequence[str]:
        """None by default."""
        self._look("pools_named")
        return [key for key, where in self.pools.items() if where == (region, name)]

    def pool_triggers(self, region: str, pool: str) -> Mapping[str, str] | None:
        """No pool by default."""
        self._look("pool_triggers")
        return self.triggers.get(pool) if pool.startswith(f"{region}_") else None
