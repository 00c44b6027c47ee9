"""The account and what stands around the pools."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Side
from cognito_standby.adoption.domain.telling import NOTHING, command, console, listed

GONE = Matter(
    *("pool-missing", Severity.BLOCKS),
    "there is no such pool",
    "Nothing can be replicated, and nobody can fail over to it.",
)
STRANGE = Matter(
    *("pool-account", Severity.BLOCKS),
    "a pool is not of the account that the configuration names",
    "Its Region's stack is in that account, whose functions could not reach the pool.",
)
FOREIGN = Matter(
    *("other-account", Severity.LOSES),
    "something that a pool uses is of the other pool's account",
    "It is lost with that account, and whoever has that account can stop or change it.",
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
_USES = (Part.POOL, Part.TRIGGERS, Part.GROUPS, Part.DOMAINS, Part.LOGS)
_ARN = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:")


def gone(case: Case) -> Iterator[Finding]:
    """Also one that was deleted while it was read."""
    for side in case.sides:
        if side.gone and not _is_strange(case, side):
            owner = case.owners[case.sides.index(side)]
            told = case.on(side, f"not there, in the account {owner}" if owner else "not there")
            look = command(side, "cognito-idp", "list-user-pools", max_results="60")
            again = "AWS Support can have a deleted pool back within days; ask at once"
            yield Finding(GONE, f"{side.region} {side.pool_id}", told, (look, again))


def strange(case: Case) -> Iterator[Finding]:
    """Whose the pools are. One that is not there may have been looked for in the wrong account,
    where nobody can say whether it is gone."""
    for side, meant in zip(case.sides, _meant(case), strict=True):
        if not _is_strange(case, side):
            continue
        beside = side is case.backup and bool(case.home or case.plan.standby)
        key = "backup_account" if beside else "account"
        right = f"correct `{key}` in cdk.json ({meant})"
        option = "--backup-profile" if beside else "--profile"
        mend = (
            f"{option}: credentials of {meant}, or {right}"
            if side.gone
            else f"name a pool of {meant}, or {right}"
        )
        yield Finding(STRANGE, f"{side.region} {side.pool_id}", case.owners, (mend,))


def _meant(case: Case) -> tuple[str, str]:
    """Of the primary and of the backup: as configured, else as the credentials are."""
    one, other = (m or by.id for m, by in zip(case.plan.accounts, case.asked, strict=True))
    return one, other


def _is_strange(case: Case, side: Side) -> bool:
    place = case.sides.index(side)
    found, meant = case.owners[place], _meant(case)[place]
    return bool(side.account or side.gone) and bool(found and meant) and found != meant


def foreign(case: Case) -> Iterator[Finding]:
    """By ARN: of the account that the standby is to outlive, or of the one that is to outlive it
    (docs/adr/0022). What stands in a Region's own account is looked at by other rules."""
    if not case.apart:
        return
    for side, other in zip(case.sides, reversed(case.owners), strict=True):
        for part in _USES:
            for path, arn in _arns(side[part] if side.has(part) else {}, ()):
                if arn.split(":")[4] == other:
                    about = f"{side.region}: {part.value}, {'.'.join(path)}"
                    own = case.owners[case.sides.index(side)]
                    mend = (f"name one of the account {own}", console(side, "where it is named"))
                    yield Finding(FOREIGN, about, case.on(side, arn), mend)


def _arns(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _arns(each, (*path, str(name)))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _arns(each, path)
    elif isinstance(value, str) and _ARN.match(value):
        yield path, value


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
    Rule(foreign, ()),
    Rule(quotas, (Part.QUOTAS,)),
    Rule(trails, ()),
    Rule(identity_pools, (Part.IDENTITY_POOLS,)),
)
