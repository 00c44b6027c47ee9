"""From a pool's configuration to a side's parts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cognito_standby.adoption.domain.sides import Part, Read, Side, Unread
from cognito_standby.configuration.domain.document import (
    POOL,
    PoolConfiguration,
    Section,
    WhyUnread,
)
from cognito_standby.configuration.domain.document import Unread as NotRead

SECTIONS: Mapping[Part, tuple[Section, ...]] = {
    Part.POOL: (Section.POOL,),
    Part.ATTRIBUTES: (Section.ATTRIBUTES,),
    Part.TRIGGERS: (Section.TRIGGERS,),
    Part.FACTORS: (Section.MFA,),
    Part.CLIENTS: (Section.CLIENTS,),
    Part.GROUPS: (Section.GROUPS,),
    Part.PROVIDERS: (Section.PROVIDERS,),
    Part.RESOURCE_SERVERS: (Section.RESOURCE_SERVERS,),
    Part.DOMAINS: (Section.DOMAINS,),
    Part.LOOK: (Section.UI, Section.BRANDING),
    Part.RISK: (Section.RISK,),
    Part.LOGS: (Section.LOGS,),
    Part.TAGS: (Section.TAGS,),
    Part.SESSIONS: (Section.SESSIONS,),
    Part.TERMS: (Section.TERMS,),
    Part.CLIENT_METADATA: (Section.CLIENT_METADATA,),
    Part.REPLICAS: (Section.REPLICAS,),
    Part.WEB_ACL: (Section.WEB_ACL,),
}
"""All sections: what could not be read of one is told, also where no rule asks for it."""
_ONE_ITEM = frozenset({Section.POOL, Section.MFA})


def side_of(found: PoolConfiguration, facts: Mapping[Part, Read] | None = None) -> Side:
    """A pool as it was read, and what was read of its Region."""
    parts = {part: _part(found, sections) for part, sections in SECTIONS.items()}
    lacks = sorted({e.section for e in found.unread if e.why is WhyUnread.UNSUPPORTED})
    return Side(
        *(found.region, found.user_pool_id, {**parts, **(facts or {})}, found.account),
        lacks=tuple(lacks),
    )


def _part(found: PoolConfiguration, sections: Sequence[Section]) -> Read:
    """A section of which anything is not known is not known: a rule could take what is lacking for
    what is not there. What the plan does not have is not there."""
    for each in found.unread:
        if each.section in sections and each.why is not WhyUnread.UNSUPPORTED:
            return _unread(each)
    items: dict[str, Any] = {}
    for section in sections:
        told = found.items(section)
        named = told.get(POOL, {}) if section in _ONE_ITEM else told
        prefix = f"{section.value}/" if len(sections) > 1 else ""
        items |= {f"{prefix}{name}": item for name, item in named.items()}
    return items


def _unread(each: NotRead) -> Unread:
    denied = each.why is WhyUnread.DENIED
    service = "wafv2" if each.section is Section.WEB_ACL else "cognito-idp"
    return Unread(f"{each.operation}: {each.code}", f"{service}:{each.operation}" if denied else "")
