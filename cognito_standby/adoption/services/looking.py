"""Reads both sides. What could not be read is noted in its place, and ends no look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from cognito_standby.adoption.domain.reading import side_of
from cognito_standby.adoption.domain.rules.break_glass import named
from cognito_standby.adoption.domain.rules.messages import mail_region, sms_region
from cognito_standby.adoption.domain.rules.plan import key_of
from cognito_standby.adoption.domain.rules.triggers import function_of, slots
from cognito_standby.adoption.domain.sides import (
    Account,
    Case,
    Part,
    Plan,
    Read,
    Side,
    Unread,
    User,
)
from cognito_standby.adoption.ports import AccountLooks, NotSeenError
from cognito_standby.configuration.domain.differences import differences
from cognito_standby.configuration.domain.document import PoolConfiguration
from cognito_standby.configuration.ports import ConfigurationReader, PoolGoneError
from cognito_standby.core.domain.errors import StandbyError

_KEY_SLOT = "KMSKeyID"


@dataclass(frozen=True)
class Whereabouts:
    """A pool by its id, which begins with its Region's name."""

    region: str
    pool_id: str


@dataclass(frozen=True)
class Looks:
    """By Region, of the account that has it.

    reader   reads its pools
    account  looks at that account, also elsewhere; one object for each account
    profile  that commands have to name there; empty: none, as with one account
    """

    reader: Callable[[str], ConfigurationReader]
    account: Callable[[str], AccountLooks]
    profile: Callable[[str], str] = lambda _: ""

    def apart(self, one: str, other: str) -> bool:
        """Whether two Regions are looked at with credentials of their own."""
        return self.account(one) is not self.account(other)


def look(looks: Looks, primary: Whereabouts, backup: Whereabouts, plan: Plan) -> Case:
    """Both sides, a thread each: a dark Region does not hold up the other."""
    with ThreadPoolExecutor(2) as pool:
        read = list(pool.map(lambda each: _side(looks, each, plan), (primary, backup)))
    (one, ours), (other, theirs) = read
    apart = differences(ours, theirs) if ours and theirs else ()
    return Case(one, other, plan, *accounts_of(looks, one, other), differences=apart)


def _side(looks: Looks, asked: Whereabouts, plan: Plan) -> tuple[Side, PoolConfiguration | None]:
    bare = Side(asked.region, asked.pool_id, profile=looks.profile(asked.region))
    try:
        found = looks.reader(asked.region).read(asked.pool_id)
    except PoolGoneError:
        return replace(bare, gone=True), None
    except StandbyError as error:
        why = Unread(str(error), "cognito-idp:DescribeUserPool" if "Denied" in str(error) else "")
        return replace(bare, parts={Part.POOL: why}), None
    return with_facts(looks, side_of(found), plan), found


def with_facts(looks: Looks, side: Side, plan: Plan) -> Side:
    """A pool as it was read, with what its own account has around it."""
    facts = facts_of(looks.account(side.region), side, plan)
    profile = looks.profile(side.region)
    return replace(side, parts={**side.parts, **facts}, profile=profile)


def _tried(ask: Callable[[], Any]) -> Read:
    try:
        return ask()
    except NotSeenError as error:
        return Unread(str(error), error.needs)


def facts_of(account: AccountLooks, side: Side, plan: Plan) -> Mapping[Part, Read]:
    """What bears on this pool; what it does not use is not asked for."""
    region, mail, sms = side.region, mail_region(side), sms_region(side)
    source = str((side.pool.get("EmailConfiguration") or {}).get("SourceArn") or "")
    identity = source.rpartition("identity/")[2]
    facts: dict[Part, Read] = {
        Part.QUOTAS: _tried(lambda: account.quotas(region)),
        Part.TRAIL: _tried(lambda: account.trails(region)),
        Part.IDENTITY_POOLS: _tried(lambda: account.identity_pools(region)),
        **_of_functions(account, side),
    }
    if mail:
        facts[Part.MAIL_SENDING] = _tried(lambda: account.mail_sending(mail))
        facts[Part.MAIL_IDENTITY] = _tried(
            lambda: {"verified": account.mail_identity(mail, identity)}
        )
    if sms:
        facts[Part.SMS] = _tried(lambda: {"sandbox": account.sms_sandbox(sms)})
    if plan.deployed:
        role = f"{plan.installation}-dr-{region}"
        facts[Part.FAILOVER_ROLE] = _tried(lambda: account.trusted(role))
    return facts


def _of_functions(account: AccountLooks, side: Side) -> Mapping[Part, Read]:
    """Functions of other Regions, and their keys, are told by their ARN alone."""
    if not side.has(Part.TRIGGERS):
        return {}
    arns = {function_of(each) for each in slots(side).values()}
    here = sorted(arn for arn in arns if arn.split(":")[3:4] == [side.region])
    keys = sorted({function_of(side[Part.TRIGGERS].get(_KEY_SLOT, {})), key_of(side)} - {""})
    return {
        Part.FUNCTIONS: _tried(lambda: {arn: account.function(arn) for arn in here}),
        Part.KEYS: _tried(lambda: {each: account.key(each) for each in keys}),
    }


def accounts_of(looks: Looks, primary: Side, backup: Side) -> tuple[Account, Account | None]:
    """Of the backup, with the users whom its failover role names; and of the primary, where it is
    asked by other credentials."""
    account = looks.account(backup.region)
    role = backup.parts.get(Part.FAILOVER_ROLE)
    arn = str(role["arn"]) if isinstance(role, dict) else ""
    found = _account(account, backup.region)
    if found.id:  # otherwise what these credentials may not is told by each part
        found = replace(found, users={each: _user(account, each, arn) for each in named(backup)})
    if not looks.apart(primary.region, backup.region):
        return found, None
    return found, _account(looks.account(primary.region), primary.region)


def _account(account: AccountLooks, region: str) -> Account:
    found = Account()
    try:
        found = replace(found, sts=account.sts())
        caller = account.caller(region)
    except NotSeenError:
        return found
    return replace(found, id=caller.account, caller=caller.arn)


def _user(account: AccountLooks, arn: str, role: str) -> User | Unread | None:
    try:
        found = account.user(arn, role)
    except NotSeenError as error:
        return Unread(str(error), error.needs)
    return User(arn, found.keys, found.may) if found else None
