"""A pool made anew from its configuration: which calls, in which order, and what is lost. Pure.

The order is that of dependence: a client names providers and scopes, a style its client, classic
hosted UI a domain. Each step is left out where what it makes is there already, so a restore that
was interrupted is run again as it was.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cognito_standby.configuration.domain.document import (
    POOL,
    Fields,
    PoolConfiguration,
    Section,
    WhyUnread,
)
from cognito_standby.configuration.domain.made_fields import (
    CLIENT_ELSEWHERE,
    OF_CLIENT,
    OF_POOL,
    POOL_ELSEWHERE,
    client_request,
    functions_in,
    pool_request,
    provider_request,
    schema_of,
    secrets_of,
    triggers_of,
)

RESTORED_FROM = "cognito-standby:restored-from"
"""Tag of a pool that was made from a snapshot: which one."""
WEB_ACL = "AssociateWebACL"
"""AWS WAF's; all other operations are Cognito's."""


@dataclass(frozen=True)
class Step:
    """One call, less the pool's id. `client`: the former id of the app client that it is about."""

    section: Section
    item: str
    operation: str
    request: Mapping[str, Any]
    client: str = ""

    @property
    def told(self) -> str:
        """In one line, without what is given."""
        return f"{self.operation} {self.item}" if self.item != POOL else self.operation


@dataclass(frozen=True)
class Wanted:
    """What a person says besides. `secrets`: provider -> name of the secret -> its value; `domain`:
    the prefix instead of the former one; `without`: sections that are left out."""

    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    domain: str = ""
    without: frozenset[Section] = frozenset()


@dataclass(frozen=True)
class Plan:
    """`refused`: why nothing can be done; `asked`: what has to be given first; `lost`: what the new
    pool will lack, or have otherwise."""

    source: str
    pool: Step
    steps: tuple[Step, ...]
    lost: tuple[str, ...]
    refused: tuple[str, ...]
    asked: tuple[str, ...]
    functions: Mapping[str, str]


def plan_of(document: PoolConfiguration, snapshot: str, wanted: Wanted) -> Plan:
    """What a restore would do. `document` is what is to be there; what is left out is not."""
    kept = without(document, wanted)
    source = f"{document.user_pool_id}/{snapshot}"
    pool = {
        **pool_request(kept.pool),
        "PoolName": kept.name,
        "Schema": schema_of(kept.items(Section.ATTRIBUTES)),
        "LambdaConfig": triggers_of(kept.items(Section.TRIGGERS)),
        "UserPoolTags": {
            **{
                key: tag["Value"]
                for key, tag in kept.items(Section.TAGS).items()
                if not key.startswith("aws:")
            },
            RESTORED_FROM: source,
        },
    }
    given = {name: value for name, value in pool.items() if value not in ([], {})}
    return Plan(
        source,
        Step(Section.POOL, POOL, "CreateUserPool", given),
        tuple(each for part in _PARTS for each in part(kept, wanted)),
        tuple(_lost(document, kept)),
        tuple(_refused(kept, wanted)),
        tuple(_asked(kept, wanted)),
        functions_in(kept.items(Section.TRIGGERS)),
    )


def without(document: PoolConfiguration, wanted: Wanted) -> PoolConfiguration:
    """What is to be there: less what a person leaves out, what registers itself, and Cognito's
    own; under the domain that they say."""
    sections = {
        section: dict(items)
        for section, items in document.sections.items()
        if section not in wanted.without and section is not Section.REPLICAS
    }
    itself = {
        client
        for client, item in document.items(Section.CLIENTS).items()
        if item.get("ClientType") == "DCR"
    }
    for section, items in sections.items():
        sections[section] = {
            name: item for name, item in items.items() if name.partition("/")[0] not in itself
        }
    servers = sections.get(Section.RESOURCE_SERVERS, {})
    sections[Section.RESOURCE_SERVERS] = {
        name: item for name, item in servers.items() if "ManagedBy" not in item
    }
    if Section.PROVIDERS in wanted.without:
        clients = sections.get(Section.CLIENTS, {})
        sections[Section.CLIENTS] = {name: _local(item) for name, item in clients.items()}
    if wanted.domain:
        domains = sections.get(Section.DOMAINS, {})
        sections[Section.DOMAINS] = {
            (name if item.get("Custom") else wanted.domain): item for name, item in domains.items()
        }
    return replace(
        document, sections={section: items for section, items in sections.items() if items}
    )


def _local(client: Fields) -> Fields:
    """A client names only providers that are there."""
    known = [each for each in client.get("SupportedIdentityProviders") or () if each == "COGNITO"]
    rest = {key: each for key, each in client.items() if key != "SupportedIdentityProviders"}
    return {**rest, "SupportedIdentityProviders": known} if known else rest


def _servers(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    section = Section.RESOURCE_SERVERS
    for name, item in document.items(section).items():
        request = {"Scopes": [], **item, "Identifier": name}
        yield Step(section, name, "CreateResourceServer", request)


def _providers(document: PoolConfiguration, wanted: Wanted) -> Iterator[Step]:
    for name, item in document.items(Section.PROVIDERS).items():
        request = provider_request(name, item, wanted.secrets.get(name, {}))
        yield Step(Section.PROVIDERS, name, "CreateIdentityProvider", request)


def _clients(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    for client, item in document.items(Section.CLIENTS).items():
        yield Step(Section.CLIENTS, client, "CreateUserPoolClient", client_request(item))


def _groups(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    for name, item in document.items(Section.GROUPS).items():
        yield Step(Section.GROUPS, name, "CreateGroup", {**item, "GroupName": name})


def _mfa(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    for name, item in document.items(Section.MFA).items():
        yield Step(Section.MFA, name, "SetUserPoolMfaConfig", item)


def _sessions(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    for name, item in document.items(Section.SESSIONS).items():
        if name == POOL:
            yield Step(Section.SESSIONS, name, "SetUserPoolSessionConfiguration", item)
        else:
            operation = "SetUserPoolClientSessionConfiguration"
            yield Step(Section.SESSIONS, name, operation, item, name)


def _domains(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    for name, item in document.items(Section.DOMAINS).items():
        request = {key: value for key, value in item.items() if key != "Custom"}
        yield Step(Section.DOMAINS, name, "CreateUserPoolDomain", {**request, "Domain": name})


def _ui(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    for name, item in document.items(Section.UI).items():
        if item.get("CSS"):
            yield _of_client(Section.UI, name, "SetUICustomization", {"CSS": item["CSS"]})


def _branding(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    """Cognito's own values exclude settings and pictures."""
    for name, item in document.items(Section.BRANDING).items():
        request: dict[str, Any] = {"UseCognitoProvidedValues": True}
        if not item.get("UseCognitoProvidedValues"):
            pictures = [_picture(each) for each in item.get("Assets") or ()]
            request = {"Settings": item["Settings"]} if item.get("Settings") else {}
            request |= {"Assets": pictures} if pictures else {}
        yield Step(Section.BRANDING, name, "CreateManagedLoginBranding", request, name)


def _picture(asset: Fields) -> dict[str, Any]:
    told = {key: value for key, value in asset.items() if key != "ResourceId"}
    return {**told, "Bytes": base64.b64decode(asset["Bytes"])} if "Bytes" in asset else told


def _terms(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    for name, item in document.items(Section.TERMS).items():
        client, _slash, called = name.partition("/")
        request = {**item, "TermsName": called}
        yield Step(Section.TERMS, name, "CreateTerms", request, client)


def _client_metadata(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    section = Section.CLIENT_METADATA
    for name, item in document.items(section).items():
        request = {key: value for key, value in item.items() if key != "ClientId"}
        client = str(item.get("ClientId", ""))
        yield Step(section, name, "CreateCIMDPolicy", {**request, "PolicyName": name}, client)


def _risk(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    for name, item in document.items(Section.RISK).items():
        if item:
            yield _of_client(Section.RISK, name, "SetRiskConfiguration", item)


def _logs(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    if items := document.items(Section.LOGS):
        told = [{**item, "EventSource": source} for source, item in items.items()]
        request = {"LogConfigurations": told}
        yield Step(Section.LOGS, POOL, "SetLogDeliveryConfiguration", request)


def _web_acl(document: PoolConfiguration, _: Wanted) -> Iterator[Step]:
    for name, item in document.items(Section.WEB_ACL).items():
        yield Step(Section.WEB_ACL, name, WEB_ACL, item)


_PARTS = (
    *(_servers, _providers, _clients, _groups, _mfa, _sessions, _domains, _ui, _branding),
    *(_terms, _client_metadata, _risk, _logs, _web_acl),
)


def _of_client(section: Section, name: str, operation: str, request: Fields) -> Step:
    return Step(section, name, operation, request, "" if name == POOL else name)


def _refused(document: PoolConfiguration, wanted: Wanted) -> Iterator[str]:
    """What is not known well enough to be made."""
    for each in document.unread:
        if each.why is not WhyUnread.UNSUPPORTED and each.section not in wanted.without:
            yield (
                f"the snapshot does not have {each.section}"
                f"{f' of {each.item}' if each.item else ''}: it could not be read ({each.code}); "
                f"use an older one, or say --without {each.section}"
            )
    unknown = document.pool.keys() - OF_POOL - POOL_ELSEWHERE
    if unknown:
        yield f"the pool has {', '.join(sorted(unknown))}, which this release cannot make"
    for client, item in document.items(Section.CLIENTS).items():
        if unknown := item.keys() - OF_CLIENT - CLIENT_ELSEWHERE:
            told = ", ".join(sorted(unknown))
            yield f"the app client {client} has {told}, which this release cannot make"


def _asked(document: PoolConfiguration, wanted: Wanted) -> Iterator[str]:
    """Secrets, which no snapshot has."""
    for name, item in document.items(Section.PROVIDERS).items():
        if missing := sorted(secrets_of(item) - wanted.secrets.get(name, {}).keys()):
            yield (
                f"the identity provider {name} needs {', '.join(missing)}, which no snapshot has: "
                "give --secrets FILE, or say --without providers"
            )


def _lost(document: PoolConfiguration, kept: PoolConfiguration) -> Iterator[str]:
    """What cannot be made as it was."""
    yield "users: `standby restore` makes them; ids of pool and clients, and the issuer, are new"
    if any(item.get("HasSecret") for item in kept.items(Section.CLIENTS).values()):
        yield "secrets of app clients: new ones are made"
    for client, item in document.items(Section.CLIENTS).items():
        if item.get("ClientType") == "DCR":
            yield f"the app client {client} registered itself, and has to again"
    for name, item in kept.items(Section.UI).items():
        if item.get("ImageUrl"):
            yield f"the picture of classic hosted UI ({name}): upload it again"
    saml = [n for n, i in kept.items(Section.PROVIDERS).items() if i.get("ProviderType") == "SAML"]
    for name in saml:
        yield f"the SAML provider {name} must be told the new pool's URN, and its new certificates"
    for name, item in document.items(Section.REPLICAS).items():
        yield f"Cognito's replica in {name} ({item.get('Role', '')})"
    for key in document.items(Section.TAGS):
        if key.startswith("aws:"):
            yield f"the tag {key}: AWS sets it"
