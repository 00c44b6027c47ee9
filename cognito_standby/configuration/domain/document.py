"""The whole configuration of one pool, as one document. Pure.

A document has sections, a section has items by name, an item has fields by Cognito's own names. It
is canonical: what is not set is left out, lists that are sets are sorted, and what tells of times,
counts or Cognito's own bookkeeping is left out (`canonical`). So two documents are equal exactly if
the pools are set up alike, and a snapshot of a release is read by those after it.

Secrets are never in it: a secret's place holds `HIDDEN` (`secret_fields`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain, to_plain

SCHEMA_VERSION = 1
"""Of the document. Higher: what this release would misread. An addition needs no new one."""

POOL = "pool"
"""The name of the only item of a section about the pool as a whole, and in sections of app clients
the name of what counts for all of them."""

Fields = Mapping[str, Any]
"""An item: JSON under Cognito's names."""
Items = Mapping[str, Fields]
"""A section: name -> item."""


class Section(StrEnum):
    """What belongs to a pool, in the order in which it is read and shown."""

    POOL = "pool"
    """One item: settings of the pool itself."""
    ATTRIBUTES = "attributes"
    """The schema, by name; custom ones with their prefix."""
    TRIGGERS = "triggers"
    """LambdaConfig, by slot."""
    TAGS = "tags"
    """Key -> {"Value": ...}."""
    MFA = "mfa"
    """One item."""
    SESSIONS = "sessions"
    """The pool's session tracking; of app clients, by id, their session."""
    RESOURCE_SERVERS = "resource_servers"
    """By identifier."""
    PROVIDERS = "providers"
    """Identity providers by name."""
    CLIENTS = "clients"
    """By client id."""
    GROUPS = "groups"
    """By name."""
    DOMAINS = "domains"
    """By domain: the prefix, or the custom name."""
    UI = "ui"
    """Classic hosted UI: of the pool, and of app clients by id."""
    BRANDING = "branding"
    """Managed login's style, by client id."""
    TERMS = "terms"
    """By `<client id>/<name>`."""
    RISK = "risk"
    """Threat protection: of the pool, and of app clients by id."""
    LOGS = "logs"
    """Delivery of logs, by event source."""
    CLIENT_METADATA = "client_metadata"
    """Policies of Client ID Metadata Documents, by name."""
    REPLICAS = "replicas"
    """Cognito's own replicas of the pool, by Region."""
    WEB_ACL = "web_acl"
    """One item: the ARN of the AWS WAF web ACL."""


BY_CLIENT = frozenset({Section.SESSIONS, Section.UI, Section.BRANDING, Section.TERMS, Section.RISK})
"""Sections whose items are named by client ids, or begin with one and a slash; POOL apart."""


class WhyUnread(StrEnum):
    """Why something is not in the document although it may be there."""

    DENIED = "denied"
    """No right allows the call."""
    UNSUPPORTED = "unsupported"
    """The pool's plan, its settings or the Region does not have it."""
    FAILED = "failed"
    """Cognito answered with another error."""


@dataclass(frozen=True)
class Unread:
    """What could not be read. `item`: all of the section, where it is empty; `code`: Cognito's."""

    section: Section
    item: str
    operation: str
    why: WhyUnread
    code: str


class NewerDocumentError(Exception):
    """The document was written by a newer release. The text says which version it has."""


@dataclass(frozen=True)
class PoolConfiguration:
    """All that is set up in one pool. `read_at`: UTC, ISO 8601, when the reading ended."""

    user_pool_id: str
    region: str
    account: str
    read_at: str
    sections: Mapping[Section, Items]
    unread: tuple[Unread, ...] = ()
    schema_version: int = field(default=SCHEMA_VERSION)

    def items(self, section: Section) -> Items:
        """Those of a section; none, where nothing is set up or nothing could be read."""
        return self.sections.get(section, {})

    @property
    def pool(self) -> Fields:
        """The settings of the pool itself."""
        return self.items(Section.POOL).get(POOL, {})

    @property
    def name(self) -> str:
        """The pool's name."""
        return str(self.pool.get("Name", ""))


def plain_of(document: PoolConfiguration) -> dict[str, Any]:
    """As JSON. What is empty is there, too: `"unread": []` says that all was read."""
    return to_plain(document)


def document_from(data: Any) -> PoolConfiguration:
    """Read it back. NewerDocumentError, InvalidRecordError."""
    version = data.get("schema_version") if isinstance(data, Mapping) else None
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InvalidRecordError("this is no configuration of a pool: it has no schema_version")
    if version > SCHEMA_VERSION:
        raise NewerDocumentError(
            f"the configuration has schema version {version}, and this release knows "
            f"{SCHEMA_VERSION}: use the release that wrote it, or a newer one"
        )
    sections = _known_sections(data.get("sections"))
    read = from_plain(PoolConfiguration, data)
    _require_known(read)
    return replace(read, sections={name: read.sections[name] for name in sections})


def _require_known(document: PoolConfiguration) -> None:
    """Which pool's it is, and of when. InvalidRecordError."""
    if not (document.user_pool_id and document.name):
        raise InvalidRecordError("this is no configuration of a pool: it does not say of which")
    try:
        datetime.fromisoformat(document.read_at)
    except ValueError:
        raise InvalidRecordError(
            "this is no configuration of a pool: read_at is no time in ISO 8601"
        ) from None


def text_of(document: PoolConfiguration) -> str:
    """Canonical: equal documents have equal texts."""
    return json.dumps(plain_of(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(document: PoolConfiguration) -> str:
    """SHA-256 of what is set up and of what could not be read, whenever that was."""
    plain = plain_of(document)
    told = {name: plain[name] for name in ("schema_version", "sections", "unread")}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _known_sections(sections: Any) -> list[Section]:
    """A restore would lose a section that is not known, so it is refused."""
    if not isinstance(sections, Mapping):
        raise InvalidRecordError("this is no configuration of a pool: it has no sections")
    unknown = sorted(str(each) for each in sections if each not in set(Section))
    if unknown:
        raise NewerDocumentError(
            f"the configuration has {', '.join(unknown)}, which this release does not know: "
            "use the release that wrote it, or a newer one"
        )
    return [each for each in Section if each in sections]
