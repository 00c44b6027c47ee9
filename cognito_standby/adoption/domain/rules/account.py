"""The account and what stands around the pools."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Side
from cognito_standby.adoption.domain.telling import NOTHING, command, listed

GONE = Matter(
    *("pool-missing", Severity.BLOCKS),
    "there is no such pool",
    "Nothing can be replicated, and nobody can fail over to it.",
)
STRANGE = Matter(
    *("pool-account", Severity.BLOCKS),
    "a pool is not of the account that the configuration, or the other pool, is of",
    "Both Regions of an installation are of one account: its functions could not reach the pool.",
)
QUOTA = Matter(
    *("quota-lower", Severity.LOSES),
    "a quota of Cognito is lower in the backup's Region",
    "On the day, with everybody signing in anew, requests are throttled that were not at home.",
)
NO_TRAIL = Matter(
    *("trail-missing", Severity.LOSES),
    "no trail brings the write events of a Region",
    "Changes made in the console or by administrators are found by the daily comparison alone.",
)
IDENTITY_POOL = Matter(
    *("identity-pool", Severity.LOSES),
    "an identity pool takes tokens of the primary's pool and none takes those of the backup's",
    "Apps get no AWS credentials for whoever signs in at the backup.",
)


def gone(case: Case) -> Iterator[Finding]:
    """Also one that was deleted while it was read."""
    for side in case.sides:
        if side.gone:
            told = case.on(side, "not there")
            look = command(side, "cognito-idp", "list-user-pools", max_results="60")
            again = "AWS Support can have a deleted pool back within days; ask at once"
            yield Finding(GONE, f"{side.region} {side.pool_id}", told, (look, again))


def strange(case: Case) -> Iterator[Finding]:
    """Whose the pools are."""
    meant = case.plan.account or case.account.id
    told = [side.account for side in case.sides]
    for side, account in zip(case.sides, told, strict=True):
        if account and meant and account != meant:
            mend = (f"use credentials of {account}, or correct `account` in cdk.json ({meant})",)
            yield Finding(STRANGE, f"{side.region} {side.pool_id}", told, mend)


def quotas(case: Case) -> Iterator[Finding]:
    """By category, of the account in each Region."""
    ours, theirs = (side[Part.QUOTAS] for side in case.sides)
    for name in sorted(ours.keys() & theirs.keys()):
        if theirs[name] < ours[name]:
            codes = command(
                *(case.backup, "service-quotas", "list-service-quotas"), service_code="cognito-idp"
            )
            ask = command(
                *(case.backup, "service-quotas", "request-service-quota-increase"),
                service_code="cognito-idp",
                quota_code=f"<code of {name}>",
                desired_value=f"{ours[name]:g}",
            )
            seen = (f"{ours[name]:g} a second", f"{theirs[name]:g} a second")
            yield Finding(QUOTA, name, seen, (codes, ask))


def trails(case: Case) -> Iterator[Finding]:
    """An installation can make one (`trail: create`), so this counts where it stands."""
    for side in case.sides:
        if side.has(Part.TRAIL) and not side[Part.TRAIL]:
            seen = case.on(side, NOTHING)
            mend = (
                "cdk.json: trail: create (the default) makes one",
                command(side, "cloudtrail", "describe-trails"),
            )
            yield Finding(NO_TRAIL, side.region, seen, mend)


def identity_pools(case: Case) -> Iterator[Finding]:
    """In either Region: an identity pool may take tokens of another Region's user pool, and two
    that have one name are two."""
    both = [each for side in case.sides for each in side[Part.IDENTITY_POOLS].items()]
    ours = {name for name, takes in both if _of(case.primary, takes)}
    theirs = {name for name, takes in both if _of(case.backup, takes)}
    if ours and not theirs:
        mend = (
            f"console, {case.backup.region}, Amazon Cognito > Identity pools > <its own there> > "
            f"User access > Add identity provider: {case.backup.pool_id}",
        )
        yield Finding(IDENTITY_POOL, "", (listed(ours), NOTHING), mend)


def _of(side: Side, takes: object) -> bool:
    names = takes if isinstance(takes, list | tuple) else ()
    return any(f"/{side.pool_id}:" in str(each) for each in names)


RULES = (
    Rule(gone, ()),
    Rule(strange, ()),
    Rule(quotas, (Part.QUOTAS,)),
    Rule(trails, ()),
    Rule(identity_pools, (Part.IDENTITY_POOLS,)),
)
