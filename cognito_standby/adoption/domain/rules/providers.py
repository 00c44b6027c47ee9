"""Identity providers, by their name in the pools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Side
from cognito_standby.adoption.domain.telling import NOTHING, console, listed, of_pool

MISSING = Matter(
    *("provider-missing", Severity.LOSES),
    "the backup lacks an identity provider",
    "Who comes by it does not get in, and is not linked.",
)
TYPE = Matter(
    *("provider-type", Severity.LOSES),
    "an identity provider is of another type in the backup",
    "People get another identity there: they are strangers to the apps.",
)
CLIENT = Matter(
    *("provider-client", Severity.LOSES),
    "the pools have different clients at an identity provider",
    "A provider that makes subjects for each client (Apple, Facebook, Entra ID ...) names "
    "everybody otherwise: they are strangers to the apps.",
)
MAPPING = Matter(
    *("provider-mapping", Severity.LOSES),
    "an identity provider fills other attributes in the backup",
    "At the first sign-in there attributes are missing, or written over; a required one that is "
    "missing keeps people out.",
)
IDENTIFIERS = Matter(
    *("provider-identifiers", Severity.INCONVENIENT),
    "an identity provider has other identifiers in the backup",
    "People whose mail domain leads them to it have to choose it by hand.",
)
REGISTRATION = Matter(
    *("provider-registration", Severity.UNKNOWN),
    "whether an identity provider knows the backup's address cannot be seen from here",
    "If it does not, it refuses everybody whom the backup sends to it.",
)
_PAIRWISE_TYPES = frozenset({"Facebook", "SignInWithApple", "LoginWithAmazon", "OIDC"})
"""Whose subjects are, or can be, another one for each client (docs/federated-users.md)."""
_SAML = "SAML"
_PREFIXED = "{domain}.auth.{region}.amazoncognito.com"


def _console(side: Side, name: str) -> tuple[str, ...]:
    return (console(side, f"Social and external providers > {name}"),)


def alike(case: Case) -> Iterator[Finding]:
    """What the primary has, in the backup."""
    there = case.backup[Part.PROVIDERS]
    for name, ours in sorted(case.primary[Part.PROVIDERS].items()):
        theirs = there.get(name)
        if theirs is None:
            create = of_pool(
                case.backup,
                "create-identity-provider",
                provider_name=f"'{name}'",
                provider_type=str(ours.get("ProviderType")),
                provider_details="file://<details>.json",
            )
            yield Finding(MISSING, name, (str(ours.get("ProviderType")), NOTHING), (create,))
            continue
        kinds = [str(each.get("ProviderType")) for each in (ours, theirs)]
        if kinds[0] != kinds[1]:
            yield Finding(TYPE, name, kinds, _console(case.backup, name))
            continue
        yield from _settings(case, name, ours, theirs)


def _settings(
    case: Case, name: str, ours: Mapping[str, object], theirs: Mapping[str, object]
) -> Iterator[Finding]:
    step = _console(case.backup, name)
    clients = [_client(each) for each in (ours, theirs)]
    known = name in case.plan.pairwise
    if ours.get("ProviderType") in _PAIRWISE_TYPES and clients[0] != clients[1] and not known:
        mend = (
            "register one client for both pools, or name the provider in pairwise_providers of "
            "cdk.json: docs/federated-users.md",
        )
        yield Finding(CLIENT, name, clients, mend)
    mapped = [_words(each.get("AttributeMapping")) for each in (ours, theirs)]
    if mapped[0] != mapped[1]:
        only = [listed(mapped[0] - mapped[1]), listed(mapped[1] - mapped[0])]
        yield Finding(MAPPING, name, only, step)
    named = [_names(each.get("IdpIdentifiers")) for each in (ours, theirs)]
    if named[0] != named[1]:
        yield Finding(IDENTIFIERS, name, (listed(named[0]), listed(named[1])), step)


def _client(provider: Mapping[str, object]) -> str:
    details = provider.get("ProviderDetails")
    return str(details.get("client_id") or "") if isinstance(details, Mapping) else ""


def _words(mapping: object) -> set[str]:
    return {f"{k} from {v}" for k, v in mapping.items()} if isinstance(mapping, Mapping) else set()


def _names(identifiers: object) -> set[str]:
    return set(map(str, identifiers)) if isinstance(identifiers, list | tuple) else set()


def registered(case: Case) -> Iterator[Finding]:
    """The addresses to be registered, of each of the backup's domains."""
    domains = case.backup[Part.DOMAINS]
    for name, provider in sorted(case.backup[Part.PROVIDERS].items()):
        kind = str(provider.get("ProviderType"))
        path = "saml2" if kind == _SAML else "oauth2"
        hosts = [_host(case.backup, domain, each) for domain, each in sorted(domains.items())]
        if not hosts:
            continue  # told by the domains: nobody comes by a provider without one
        steps = [f"at {name}: allow https://{host}/{path}/idpresponse" for host in hosts]
        if kind == _SAML:
            steps.append(f"at {name}: add the audience urn:amazon:cognito:sp:{case.backup.pool_id}")
        yield Finding(REGISTRATION, name, ("", kind), tuple(steps))


def _host(side: Side, domain: str, described: Mapping[str, object]) -> str:
    custom = described.get("Custom")
    return domain if custom else _PREFIXED.format(domain=domain, region=side.region)


RULES = (
    Rule(alike, (Part.PROVIDERS,)),
    Rule(registered, (), (Part.PROVIDERS, Part.DOMAINS)),
)
