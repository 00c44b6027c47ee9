"""Who may write the mark that says who somebody is."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.clients import may, name_of
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part
from cognito_standby.adoption.domain.telling import console, listed
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE

WRITABLE = Matter(
    *("origin-sub-writable", Severity.BLOCKS),
    "people can write custom:origin_sub through an app client",
    "Somebody can say that they are another person, to whatever reads the attribute; a replay can "
    "take them for that person. A sign-up that names it is refused only by our PreSignUp trigger.",
)
MAPPED = Matter(
    *("origin-sub-mapped", Severity.BLOCKS),
    "an identity provider writes custom:origin_sub",
    "Whoever can choose the claim can say that they are another person.",
)


def writable(case: Case) -> Iterator[Finding]:
    """In either pool: a failover makes the other the one that people use."""
    for side in case.sides:
        schema = side[Part.ATTRIBUTES]
        if ORIGIN_SUB_ATTRIBUTE not in schema:
            continue
        for identity, client in sorted(side[Part.CLIENTS].items()):
            if ORIGIN_SUB_ATTRIBUTE not in may(client, "WriteAttributes", schema):
                continue
            named = client.get("WriteAttributes")
            seen = "it is listed" if named else "no list: the client may write every attribute"
            told = case.on(side, seen)
            step = console(
                side, f"App clients > ({identity}) > Attribute permissions: list those it may write"
            )
            yield Finding(WRITABLE, f"{side.region}: {name_of(client, identity)}", told, (step,))


def mapped(case: Case) -> Iterator[Finding]:
    """In either pool."""
    for side in case.sides:
        for name, provider in sorted(side[Part.PROVIDERS].items()):
            if ORIGIN_SUB_ATTRIBUTE in (provider.get("AttributeMapping") or {}):
                claim = listed([provider["AttributeMapping"][ORIGIN_SUB_ATTRIBUTE]])
                told = case.on(side, claim)
                step = console(side, f"Social and external providers > {name} > Attribute mapping")
                yield Finding(MAPPED, f"{side.region}: {name}", told, (step,))


RULES = (Rule(writable, (Part.CLIENTS, Part.ATTRIBUTES)), Rule(mapped, (Part.PROVIDERS,)))
