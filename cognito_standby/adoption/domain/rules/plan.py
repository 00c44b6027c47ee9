"""Feature plan, protection and what watches over a pool."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Side
from cognito_standby.adoption.domain.telling import NOTHING, command, console, listed

LOWER = Matter(
    *("plan-lower", Severity.LOSES),
    "the backup has a lower feature plan",
    "What the lower plan lacks is not there: codes as first factor, claims in access tokens, "
    "threat protection.",
)
HIGHER = Matter(
    *("plan-higher", Severity.NOTE),
    "the backup has a higher feature plan",
    "It costs more for each active user, also for those who are replayed.",
)
DELETABLE = Matter(
    *("deletion-protection", Severity.INCONVENIENT),
    "a pool can be deleted by one call or a wrong deployment",
    "Everybody's passwords go with it; a standby that was deleted is no standby.",
)
THREATS = Matter(
    *("threat-protection", Severity.INCONVENIENT),
    "threat protection does less in the backup",
    "Leaked passwords and suspicious sign-ins are not stopped on a day when everybody signs in "
    "anew.",
)
THREATS_MORE = Matter(
    *("threat-protection-more", Severity.NOTE),
    "threat protection does more in the backup",
    "On a day when everybody comes from a new device some are stopped who are not at home.",
)
RISK = Matter(
    *("risk-settings", Severity.INCONVENIENT),
    "threat protection is set up otherwise",
    "People are stopped, or let in, where they are not at home.",
)
LOGS = Matter(
    *("log-delivery", Severity.INCONVENIENT),
    "the pools' own logs go elsewhere, or nowhere",
    "Nobody sees failed mails and sign-ins on the day.",
)
WAF = Matter(
    *("web-acl-missing", Severity.INCONVENIENT),
    "AWS WAF stands in front of the primary and not of the backup",
    "The backup has no rate limits and no rules against bots on the day.",
)
KEY = Matter(
    *("pool-key", Severity.BLOCKS),
    "the KMS key that a pool is encrypted by cannot be used",
    "Cognito refuses everything that the pool is asked for.",
)
OWN_KEY = Matter(
    *("pool-key-missing", Severity.INCONVENIENT),
    "the primary is encrypted by a key of yours, and the backup by one of AWS's",
    "What your key's policy promises does not hold for the copies.",
)
_PLANS = ("LITE", "ESSENTIALS", "PLUS")
_MODES = ("OFF", "AUDIT", "ENFORCED")


def _tier(side: Side) -> str:
    """Pools that tell none are of Essentials, Cognito's default."""
    return str(side.pool.get("UserPoolTier") or "ESSENTIALS")


def plans(case: Case) -> Iterator[Finding]:
    """UserPoolTier. One that is not known here is higher than all."""
    ours, theirs = map(_tier, case.sides)
    if ours != theirs:
        step = console(case.backup, "Settings > Feature plan")
        rank = {name: place for place, name in enumerate(_PLANS)}
        lower = rank.get(theirs, len(rank)) < rank.get(ours, len(rank))
        yield Finding(LOWER if lower else HIGHER, "", (ours, theirs), (step,))


def protection(case: Case) -> Iterator[Finding]:
    """DeletionProtection, of each pool."""
    for side in case.sides:
        state = str(side.pool.get("DeletionProtection") or "INACTIVE")
        if state != "ACTIVE":
            told = case.on(side, state)
            step = console(side, "Settings > Deletion protection")
            yield Finding(DELETABLE, f"{side.region} {side.pool_id}", told, (step,))


def threats(case: Case) -> Iterator[Finding]:
    """UserPoolAddOns."""
    told = [
        str((side.pool.get("UserPoolAddOns") or {}).get("AdvancedSecurityMode") or "OFF")
        for side in case.sides
    ]
    rank = {name: place for place, name in enumerate(_MODES)}
    if told[0] != told[1]:
        lower = rank.get(told[1], len(rank)) < rank.get(told[0], len(rank))
        step = console(case.backup, "Security > Threat protection")
        yield Finding(THREATS if lower else THREATS_MORE, "", told, (step,))


def risk(case: Case) -> Iterator[Finding]:
    """The pool's own settings; those of clients are shown by `rest`."""
    ours, theirs = (side[Part.RISK].get("pool") for side in case.sides)
    if ours != theirs:
        step = console(case.backup, "Security > Threat protection")
        yield Finding(RISK, "", ("set" if ours else NOTHING, "set" if theirs else NOTHING), (step,))


def logs(case: Case) -> Iterator[Finding]:
    """By what is logged; where to differs on purpose."""
    ours, theirs = ({*side[Part.LOGS]} for side in case.sides)
    if ours - theirs:
        step = console(case.backup, "Security > Log streaming")
        yield Finding(LOGS, "", (listed(ours), listed(theirs)), (step,))


def wafs(case: Case) -> Iterator[Finding]:
    """Which rules an ACL has is not looked at: they are others' for other reasons."""
    ours, theirs = (
        str((side[Part.WEB_ACL].get("pool") or {}).get("WebACLArn") or "") for side in case.sides
    )
    if ours and not theirs:
        attach = command(
            *(case.backup, "wafv2", "associate-web-acl"),
            web_acl_arn="<ARN of a web ACL of this Region>",
            resource_arn=case.backup.arn(),
        )
        yield Finding(WAF, "", (ours, NOTHING), (attach,))


def key_of(side: Side) -> str:
    """ARN of the owner's key; empty: it is AWS's own."""
    return str((side.pool.get("KeyConfiguration") or {}).get("KmsKeyArn") or "")


def keys(case: Case) -> Iterator[Finding]:
    """A key of another Region is no key of this pool: a multi-Region key has a replica here."""
    for side in case.sides:
        arn = key_of(side)
        state = side[Part.KEYS].get(arn)
        if arn and (state != "Enabled" or arn.split(":")[3:4] != [side.region]):
            look = command(side, "kms", "describe-key", key_id=arn)
            seen = case.on(side, f"{arn}: {state or 'there is no such key'}")
            yield Finding(KEY, side.region, seen, (look,))
    ours, theirs = map(key_of, case.sides)
    if ours and not theirs:
        step = console(case.backup, "Settings > Encryption key")
        yield Finding(OWN_KEY, "", (ours, NOTHING), (step,))


RULES = (
    Rule(plans),
    Rule(protection),
    Rule(threats),
    Rule(risk, (Part.RISK,)),
    Rule(logs, (Part.LOGS,)),
    Rule(wafs, (Part.WEB_ACL,)),
    Rule(keys, (Part.POOL, Part.KEYS)),
)
