"""How the standby's configuration differs from the active one's, less what must differ. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cognito_standby.configuration.domain.differences import Difference, differences
from cognito_standby.configuration.domain.document import Items, PoolConfiguration, Section

_ARN = re.compile(r"arn:[a-z-]+:([a-z0-9-]+):[a-z0-9-]*:[0-9]*:(.+)", re.DOTALL)
_BY_KIND = frozenset({"kms", "acm", "wafv2", "ses", "logs", "firehose", "s3", "mobiletargeting"})
"""Services whose resources of a Region have names or ids of their own: that there is one counts."""
_HERE = "(this Region)"


@dataclass(frozen=True)
class Expected:
    """A difference that must be or may be, and why."""

    difference: Difference
    why: str


@dataclass(frozen=True)
class Drift:
    """`differences`: what should be alike and is not, left the active pool, right the standby."""

    differences: tuple[Difference, ...]
    expected: tuple[Expected, ...]


_WHY: tuple[tuple[Callable[[Difference], bool], str], ...] = (
    (lambda d: d.section is Section.GROUPS, "groups are replicated and reconciled by themselves"),
    (lambda d: d.section is Section.REPLICAS, "Cognito's own replication names its Regions"),
    (lambda d: d.section is Section.POOL and d.path == "Name", "a pool's name is its own"),
    (
        lambda d: d.section is Section.TAGS and d.item.startswith("aws:"),
        "the stack that made the pool",
    ),
    (
        lambda d: d.section is Section.POOL and d.path.endswith(".ExternalId"),
        "the SMS role's external id is the pool's own",
    ),
    (
        lambda d: d.section is Section.POOL and d.path.startswith("Policies.SignInPolicy"),
        "`after_failover` and `factors` say what the backup Region's pool offers",
    ),
    (
        lambda d: d.section is Section.MFA and d.path.endswith(".ExternalId"),
        "the SMS role's external id is the pool's own",
    ),
    (
        lambda d: d.section is Section.POOL and d.path == "DeletionProtection",
        "the configuration protects each Region apart",
    ),
)


def drift_between(active: PoolConfiguration, standby: PoolConfiguration) -> Drift:
    """What a person must know before the standby is opened."""
    found = differences(_told_alike(active), _told_alike(standby))
    expected = tuple(Expected(each, why) for each in found if (why := _why(each)))
    left = {id(each.difference) for each in expected}
    return Drift(tuple(each for each in found if id(each) not in left), expected)


def _why(difference: Difference) -> str:
    return next((why for is_so, why in _WHY if is_so(difference)), "")


def _told_alike(document: PoolConfiguration) -> PoolConfiguration:
    """With the Region's own names in one form: its name, ARNs in it, and its domains."""
    sections = {
        section: {name: _without_place(item, document.region) for name, item in items.items()}
        for section, items in document.sections.items()
    }
    domains = sections.get(Section.DOMAINS)
    if domains:
        sections[Section.DOMAINS] = _by_kind(domains)
    return replace(document, sections=sections)


def _by_kind(domains: Items) -> dict[str, Any]:
    """A name belongs to one pool: so that there is a prefix, or a custom one, counts."""
    return {
        ("custom" if item.get("Custom") else "prefix"): {
            key: value for key, value in item.items() if key != "Routing"
        }
        for item in domains.values()
    }


def _without_place(value: Any, region: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_place(each, region) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_place(each, region) for each in value]
    if not isinstance(value, str):
        return value
    if value == region:
        return _HERE
    if arn := _ARN.fullmatch(value):
        service, rest = arn.groups()
        return f"{service} of {_HERE}" if service in _BY_KIND else f"{service}: {rest}"
    return value
