"""A standby pool of equal configuration, for another Region, and maybe another account. Pure.

What belongs to a Region (functions, keys, certificates, web ACLs) cannot be equal, and is left out
with what to do about it; mail identities and the role for SMS are named as they are called there;
what replication makes (groups, users) is left to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cognito_standby.adoption.domain.left_out import OF_POOL, LeftOut, left_out
from cognito_standby.configuration.domain.document import (
    POOL,
    Fields,
    Items,
    PoolConfiguration,
    Section,
)
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE

ORIGIN_SUB: Fields = {
    "AttributeDataType": "String",
    "DeveloperOnlyAttribute": False,
    "Mutable": True,
    "Required": False,
    "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "36"},
}
MAX_CUSTOM_ATTRIBUTES = 50
"""Of a pool (Developer Guide, "Quotas in Amazon Cognito")."""
KEPT = (
    *(Section.POOL, Section.ATTRIBUTES, Section.MFA, Section.CLIENTS, Section.PROVIDERS),
    *(Section.RESOURCE_SERVERS, Section.DOMAINS),
)


@dataclass(frozen=True)
class Proposal:
    """`document`: what the pool is to be; `left_out`: what it will lack, with what to do."""

    document: PoolConfiguration
    left_out: tuple[LeftOut, ...]


class NotProposedError(ValueError):
    """No pool can be proposed; the text says why."""


def proposed(home: PoolConfiguration, region: str, account: str = "") -> Proposal:
    """`account`: of the standby; empty: the same. NotProposedError: a section could not be read, or
    the schema is full."""
    account = account or home.account
    unread = sorted({each.section.value for each in home.unread if each.section in KEPT})
    if unread:
        raise NotProposedError(f"the pool's {', '.join(unread)} could not be read")
    sections = {section: dict(home.items(section)) for section in KEPT}
    sections[Section.POOL] = {POOL: _pool(home, region, account)}
    sections[Section.ATTRIBUTES] = _attributes(home.items(Section.ATTRIBUTES))
    sections[Section.CLIENTS] = _clients(home, sections[Section.ATTRIBUTES])
    sections[Section.DOMAINS] = {
        name: each for name, each in home.items(Section.DOMAINS).items() if not each.get("Custom")
    }
    document = replace(
        home,
        region=region,
        account=account,
        user_pool_id=f"{region}_proposed",
        sections={section: items for section, items in sections.items() if items},
        unread=(),
    )
    return Proposal(document, tuple(left_out(home, region, account)))


def _pool(home: PoolConfiguration, region: str, account: str) -> dict[str, Any]:
    def there(arn: str) -> str:
        return arn.replace(f":{home.account}:", f":{account}:")

    told = {name: each for name, each in home.pool.items() if name not in OF_POOL}
    told["DeletionProtection"] = "ACTIVE"
    mail = dict(told.get("EmailConfiguration") or {})
    if source := str(mail.get("SourceArn") or ""):
        told["EmailConfiguration"] = {
            **mail,
            "SourceArn": there(source.replace(home.region, region)),
        }
    if sms := told.get("SmsConfiguration"):
        role = {"SnsCallerArn": there(sms["SnsCallerArn"])} if sms.get("SnsCallerArn") else {}
        told["SmsConfiguration"] = {**sms, **role, "SnsRegion": region}
    return told


def _attributes(items: Items) -> dict[str, Fields]:
    own = [name for name in items if name.startswith(("custom:", "dev:"))]
    if ORIGIN_SUB_ATTRIBUTE not in items and len(own) >= MAX_CUSTOM_ATTRIBUTES:
        raise NotProposedError(f"the schema is full: no room for {ORIGIN_SUB_ATTRIBUTE}")
    return {ORIGIN_SUB_ATTRIBUTE: ORIGIN_SUB, **items}


def _clients(home: PoolConfiguration, schema: Items) -> dict[str, Fields]:
    """As they are, but that none may write the mark of origin."""
    writable = sorted(
        name
        for name, each in schema.items()
        if each.get("Mutable", True) and name not in (ORIGIN_SUB_ATTRIBUTE, "sub", "identities")
    )
    told: dict[str, Fields] = {}
    for name, client in home.items(Section.CLIENTS).items():
        listed = [
            each for each in client.get("WriteAttributes") or () if each != ORIGIN_SUB_ATTRIBUTE
        ]
        told[name] = {**client, "WriteAttributes": listed or writable}
    return told
