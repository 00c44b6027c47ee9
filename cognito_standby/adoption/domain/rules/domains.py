"""Domains of managed login, resource servers, and how the pages look."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part
from cognito_standby.adoption.domain.telling import NOTHING, console, listed, of_pool

MISSING = Matter(
    *("domain-missing", Severity.LOSES),
    "the primary has a domain for managed login and the token endpoint, and the backup has none",
    "Apps that use managed login, identity providers or machines' tokens are out. A lost Region "
    "cannot give its name back: the backup needs a name of its own from day one.",
)
CUSTOM = Matter(
    *("domain-custom-missing", Severity.INCONVENIENT),
    "the primary has a domain of your own, and the backup has Cognito's alone",
    "People see an address that they do not know. Passkeys and cookies are of the other domain.",
)
VERSION = Matter(
    *("domain-version", Severity.INCONVENIENT),
    "the pools' pages are of another kind: managed login or the classic hosted UI",
    "Pages look and behave otherwise; some ways to sign in are on one of them alone.",
)
LOOK = Matter(
    *("look-missing", Severity.INCONVENIENT),
    "the primary's pages have a style of their own and the backup's do not",
    "People meet a page that they do not trust.",
)
SERVER = Matter(
    *("resource-server-missing", Severity.LOSES),
    "the backup lacks a resource server",
    "No client gets its scopes: APIs refuse the tokens.",
)
SCOPE = Matter(
    *("resource-scope-missing", Severity.LOSES),
    "a resource server has fewer scopes in the backup",
    "No client gets these scopes: APIs refuse the tokens.",
)
_CLASSIC = 1


def domains(case: Case) -> Iterator[Finding]:
    """Names differ on purpose: one belongs to one pool."""
    ours, theirs = (side[Part.DOMAINS] for side in case.sides)
    create = of_pool(case.backup, "create-user-pool-domain", domain="<a name that is free>")
    if ours and not theirs:
        yield Finding(MISSING, "", (listed(ours), NOTHING), (create,))
        return
    own = [[name for name, each in told.items() if each.get("Custom")] for told in (ours, theirs)]
    if own[0] and not own[1]:
        step = console(case.backup, "Branding > Domain > Create custom domain")
        yield Finding(CUSTOM, "", (listed(own[0]), NOTHING), (step,))
    versions = [
        {int(each.get("ManagedLoginVersion") or _CLASSIC) for each in told.values()}
        for told in (ours, theirs)
    ]
    if ours and versions[0] != versions[1]:
        step = console(case.backup, "Branding > Domain > Edit branding version")
        yield Finding(VERSION, "", (listed(versions[0]), listed(versions[1])), (step,))


def look(case: Case) -> Iterator[Finding]:
    """Whether there is any style at all; what differs in it is shown by `rest`."""
    ours, theirs = (side[Part.LOOK] for side in case.sides)
    if ours and not theirs:
        step = console(case.backup, "Branding > Managed login")
        yield Finding(LOOK, "", (f"{len(ours)} styles", NOTHING), (step,))


def servers(case: Case) -> Iterator[Finding]:
    """By their identifier."""
    there = case.backup[Part.RESOURCE_SERVERS]
    for name, ours in sorted(case.primary[Part.RESOURCE_SERVERS].items()):
        scopes = _scopes(ours.get("Scopes"))
        if name not in there:
            create = of_pool(
                case.backup,
                "create-resource-server",
                identifier=f"'{name}'",
                name=f"'{ours.get('Name') or name}'",
                scopes="file://<scopes>.json",
            )
            yield Finding(SERVER, name, (listed(scopes), NOTHING), (create,))
        elif less := scopes - _scopes(there[name].get("Scopes")):
            step = console(case.backup, f"Branding > Domain > Resource servers > {name}")
            yield Finding(SCOPE, name, (listed(less), "not there"), (step,))


def _scopes(told: object) -> set[str]:
    return {str(each["ScopeName"]) for each in told} if isinstance(told, list | tuple) else set()


RULES = (
    Rule(domains, (Part.DOMAINS,)),
    Rule(look, (Part.LOOK,)),
    Rule(servers, (Part.RESOURCE_SERVERS,)),
)
