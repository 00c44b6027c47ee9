"""A standby in a second account: what of a config must then be of which account, and what is
refused.

The one rule behind it: whoever has all rights in one account reaches the other by items of the
records table alone. So nothing of the one may be let in by the other, called by it or passed to it.
Facts: Amazon DynamoDB developer guide, "DynamoDB multi-account global tables" and its pages "How
DynamoDB global tables work" and "DynamoDB global tables security".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stacks.config.cadence import longest_gap_seconds

if TYPE_CHECKING:
    from stacks.config.model import Config

LONGEST_SWEEP_SECONDS = 3600
"""The sweep notices that the tables are not allowed to replicate. After 20 h they part for good."""


def owner_of(arn: str) -> str:
    """The account that an ARN is of."""
    return arn.split(":")[4]


def boundary_in(config: Config, region: str) -> str | None:
    """The permissions boundary in a Region: in the second account the policy of the same name, or
    AWS's own."""
    arn = config.permissions_boundary
    if arn is None or owner_of(arn) != config.account:
        return arn
    head, _, name = arn.partition(config.account)
    return f"{head}{config.account_of(region)}{name}"


def principals_in(principals: Sequence[str], other: str) -> tuple[str, ...]:
    """Who may assume a role in an account: nobody of the `other` one, "" if there is none. A third
    account's, such as one for people alone, may in both."""
    return tuple(arn for arn in principals if owner_of(arn) != other)


def check_accounts(config: Config) -> None:
    """ValueError: the first thing that two accounts cannot have, or that would join them."""
    if not config.two_accounts:
        return
    for fault in _faults(config):
        raise ValueError(f"backup_account: {fault}")


def _faults(config: Config) -> Iterator[str]:
    yield from _tables(config)
    yield from _functions(config)
    yield from _roles(config)
    if longest_gap_seconds(config.schedules.sweep) > LONGEST_SWEEP_SECONDS:
        yield (
            "schedules.sweep must fire at least once an hour: it is what notices that the two "
            "tables may no longer replicate, and after 20 hours they part for good"
        )


def _tables(config: Config) -> Iterator[str]:
    if config.consistency != "MREC":
        yield "consistency MRSC is for one account: DynamoDB joins tables of two only by MREC"
    if config.kms_keys is not None:
        yield (
            "kms_keys are not supported with two accounts yet: the records tables of both are "
            "encrypted with keys that DynamoDB owns"
        )


def _functions(config: Config) -> Iterator[str]:
    for slot, told in config.triggers.owners.items():
        for region in config.regions:
            arn = told.function(primary=config.is_primary(region))
            if arn and owner_of(arn) != config.account_of(region):
                yield f"triggers.{slot}: {arn} is not of {config.account_of(region)}, as its pool"
    for primary, theirs in ((True, config.backup_region), (False, config.primary_region)):
        old = config.on_demand.old_pool(primary=primary)
        if old is not None and old.user_pool_id == config.user_pool_id(theirs):
            side = "primary" if primary else "backup"
            yield f"on_demand.{side}_old_pool is the pool of the other account, which it cannot ask"
    for region in config.regions:
        for arn in config.admin_pools(region):
            if owner_of(arn) == config.account_beside(region):
                yield (
                    f"admin_api: {arn} is of the other account, which could then make itself an "
                    f"administrator in {region}"
                )
    if config.failover.arc_region_switch:
        yield (
            "failover.arc_region_switch is not supported with two accounts yet: fail over by "
            "`standby failover`"
        )


def _roles(config: Config) -> Iterator[str]:
    if config.sms and config.sms.caller_role:
        yield "sms.caller_role is of one account: leave it out, and each stack makes its own"
    for pair in config.group_roles:
        for arn, region in (
            (pair.primary, config.primary_region),
            (pair.backup, config.backup_region),
        ):
            if owner_of(arn) != config.account_of(region):
                yield f"group_roles: {arn} is not of {config.account_of(region)}, as its pool"
    for key in ("dr_principals", "drill_principals"):
        told = getattr(config.failover, key)
        for region in config.regions:
            if told and not principals_in(told, config.account_beside(region)):
                yield (
                    f"failover.{key}: nobody may assume the role in {region}: those of the other "
                    "account are not let in; name somebody of that account, or of a third one"
                )
    boundary = config.permissions_boundary
    if boundary and owner_of(boundary) not in ("aws", config.account):
        yield "permissions_boundary must be of `account`; the policy of that name is taken in both"
