"""App clients, which are another one in each pool: other ids, other secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Shape
from cognito_standby.adoption.domain.telling import console, listed, of_keys, of_pool
from cognito_standby.configuration.domain.differences import paired_clients
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE

MISSING = Matter(
    *("client-missing", Severity.LOSES),
    "the backup has no app client for one of the primary's",
    "Its app signs nobody in.",
)
SECRET = Matter(
    *("client-secret", Severity.LOSES),
    "an app client has a secret in one pool only",
    "Its app sends a secret hash where none is taken, or none where one is asked for: no sign-in.",
)
FLOWS = Matter(
    *("client-flow-missing", Severity.LOSES),
    "an app client takes fewer ways to sign in at the backup",
    "An app that signs people in that way is refused.",
)
FLOWS_MORE = Matter(
    *("client-flow-more", Severity.INCONVENIENT),
    "an app client takes more ways to sign in at the backup",
    "Ways that were closed on purpose, such as passwords in clear, are open.",
)
OAUTH = Matter(
    *("client-oauth", Severity.LOSES),
    "an app client has fewer grants or scopes at the backup",
    "Managed login, or the token endpoint, refuses what the app asks for.",
)
CALLBACKS = Matter(
    *("client-callbacks", Severity.LOSES),
    "an app client takes fewer addresses to come back to at the backup",
    "Managed login refuses the app's redirect: redirect_mismatch.",
)
PROVIDERS = Matter(
    *("client-providers", Severity.LOSES),
    "an app client offers fewer identity providers at the backup",
    "Who comes by such a provider does not get in.",
)
RIGHTS = Matter(
    *("client-attributes", Severity.LOSES),
    "an app client may read or write fewer attributes at the backup",
    "Profiles show less, and a profile's change is refused whole for one attribute.",
)
RIGHTS_MORE = Matter(
    *("client-attributes-more", Severity.INCONVENIENT),
    "an app client may read or write more attributes at the backup",
    "People can change what they may not at home, and it travels.",
)
TOKENS = Matter(
    *("client-tokens", Severity.INCONVENIENT),
    "tokens, sessions or errors of an app client are otherwise at the backup",
    "Sessions end sooner or later, or the pool says who exists.",
)
MACHINES = Matter(
    *("client-credentials", Severity.LOSES),
    "machines sign in by client credentials, which are others in the backup",
    "Until they have the other id and secret, machines get no token. Whether they do cannot be "
    "seen from here.",
)
_GRANTS = ("AllowedOAuthFlows", "AllowedOAuthScopes", "OAuth")
_TO_COME_BACK = ("CallbackURLs", "LogoutURLs")
_TOLD = (
    *("AccessTokenValidity", "IdTokenValidity", "RefreshTokenValidity", "TokenValidityUnits"),
    *("AuthSessionValidity", "EnableTokenRevocation", "PreventUserExistenceErrors"),
    *("RefreshTokenRotation", "DefaultRedirectURI"),
)
_ATTRIBUTES = ("ReadAttributes", "WriteAttributes")

Pair = tuple[str, Shape, str, Shape]
"""Id and client of the primary, of the backup."""


def pairs(case: Case) -> Iterator[Pair]:
    """Those that are one to apps: as the configuration names them, else by their names."""
    ours, theirs = (side[Part.CLIENTS] for side in case.sides)
    named = {b: a for a, b in case.plan.clients.items() if a in ours and b in theirs}
    rest = paired_clients(
        {each: item for each, item in ours.items() if each not in named.values()},
        {each: item for each, item in theirs.items() if each not in named},
    )
    for other, one in sorted({**rest, **named}.items(), key=lambda pair: pair[1]):
        yield one, ours[one], other, theirs[other]


def name_of(client: Shape, identity: str) -> str:
    """As people know it."""
    return f"{client.get('ClientName') or 'client'} ({identity})"


def missing(case: Case) -> Iterator[Finding]:
    """Clients without a counterpart."""
    found = {one for one, *_ in pairs(case)}
    for identity, client in sorted(case.primary[Part.CLIENTS].items()):
        if identity in found:
            continue
        create = of_pool(
            case.backup, "create-user-pool-client", client_name=f"'{client.get('ClientName')}'"
        )
        mend = (f"{create}  # and its other settings", "name the pair in pools.clients of cdk.json")
        yield Finding(MISSING, name_of(client, identity), ("there", "not there"), mend)


def _only(one: Shape, other: Shape, keys: tuple[str, ...]) -> list[str]:
    return [each for key in keys for each in sorted({*one.get(key, ())} - {*other.get(key, ())})]


def _granted(client: Shape) -> Shape:
    """What OAuth gives it; nothing works while OAuth as a whole is off for the client."""
    on = ("OAuth itself",) if client.get("AllowedOAuthFlowsUserPoolClient") else ()
    return {**client, "OAuth": on}


def _flows(client: Shape) -> Shape:
    """Their old names mean the same (API reference, ExplicitAuthFlows); a renewal is every client's
    where flows are not set."""
    told = client.get("ExplicitAuthFlows") or ("ALLOW_CUSTOM_AUTH", "ALLOW_USER_SRP_AUTH")
    names = {each if str(each).startswith("ALLOW_") else f"ALLOW_{each}" for each in told}
    return {"ExplicitAuthFlows": names - {"ALLOW_REFRESH_TOKEN_AUTH"}}


def alike(case: Case) -> Iterator[Finding]:
    """What each pair's apps would meet."""
    for one, ours, other, theirs in pairs(case):
        about = name_of(ours, one)
        step = (console(case.backup, f"App clients > {theirs.get('ClientName')} ({other})"),)
        if bool(ours.get("HasSecret")) != bool(theirs.get("HasSecret")):
            told = ["a secret" if each.get("HasSecret") else "none" for each in (ours, theirs)]
            again = ("a client's secret cannot be added or removed: make another client",)
            yield Finding(SECRET, about, told, again)
        for matter, first, second in (
            (FLOWS, _flows(ours), _flows(theirs)),
            (FLOWS_MORE, _flows(theirs), _flows(ours)),
        ):
            if less := _only(first, second, ("ExplicitAuthFlows",)):
                side = ("", listed(less)) if matter is FLOWS_MORE else (listed(less), "")
                yield Finding(matter, about, side, step)
        for matter, keys in (
            (OAUTH, _GRANTS),
            (CALLBACKS, _TO_COME_BACK),
            (PROVIDERS, ("SupportedIdentityProviders",)),
        ):
            if less := _only(_granted(ours), _granted(theirs), keys):
                yield Finding(matter, about, (listed(less), "not there"), step)
        if differ := [key for key in _TOLD if ours.get(key) != theirs.get(key)]:
            yield Finding(TOKENS, about, (of_keys(ours, differ), of_keys(theirs, differ)), step)


def may(client: Shape, key: str, schema: Mapping[str, Any]) -> set[str]:
    """Attributes that it may read or write. Without a list, or with an empty one: all, and of those
    to write what is mutable (Developer Guide, "Attribute permissions and scopes")."""
    listed_ones = client.get(key)
    if listed_ones:
        return set(listed_ones)
    writes = key == "WriteAttributes"
    return {name for name, each in schema.items() if not writes or each.get("Mutable", True)} - {
        "sub",
        "identities",
    }


def rights(case: Case) -> Iterator[Finding]:
    """Of each pair, over the attributes that both pools have. Who may write custom:origin_sub is a
    finding of its own, of either pool: nobody should, so one pool that allows it lacks nothing."""
    schemas = [side[Part.ATTRIBUTES] for side in case.sides]
    shared = schemas[0].keys() & schemas[1].keys()
    for one, ours, other, theirs in pairs(case):
        step = (console(case.backup, f"App clients > ({other}) > Attribute permissions"),)
        told: dict[Matter, list[str]] = {RIGHTS: [], RIGHTS_MORE: []}
        for key in _ATTRIBUTES:
            compared = shared - {ORIGIN_SUB_ATTRIBUTE} if key == "WriteAttributes" else shared
            here, there = (
                may(client, key, schema) & compared
                for client, schema in zip((ours, theirs), schemas, strict=True)
            )
            verb = key.removesuffix("Attributes").lower()
            told[RIGHTS] += [f"{verb} {name}" for name in sorted(here - there)]
            told[RIGHTS_MORE] += [f"{verb} {name}" for name in sorted(there - here)]
        for matter, names in told.items():
            if names:
                seen = (listed(names), "") if matter is RIGHTS else ("", listed(names))
                yield Finding(matter, name_of(ours, one), seen, step)


def machines(case: Case) -> Iterator[Finding]:
    """Clients of machines, once for all."""
    told = [
        name_of(client, identity)
        for identity, client in sorted(case.primary[Part.CLIENTS].items())
        if "client_credentials" in client.get("AllowedOAuthFlows", ())
    ]
    if told:
        described = of_pool(
            case.backup, "describe-user-pool-client", client_id="<id of the backup's client>"
        )
        mend = (described, "hand id and secret out now, and let machines choose: docs/apps.md")
        yield Finding(MACHINES, "", (listed(told), "others"), mend)


_BOTH = (Part.CLIENTS, Part.ATTRIBUTES)
RULES = (
    Rule(missing, (Part.CLIENTS,)),
    Rule(alike, (Part.CLIENTS,)),
    Rule(rights, _BOTH),
    Rule(machines, (Part.CLIENTS,)),
)
