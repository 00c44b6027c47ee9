"""What a proposed pool will lack, and how it gets it once it is there. Pure.

`<UserPoolId>` in a command is the new pool's id, which nobody knows yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cognito_standby.configuration.domain.document import POOL, PoolConfiguration, Section
from cognito_standby.configuration.domain.mending import CONSOLE, aws, session_command, shell

NEW = "<UserPoolId>"


@dataclass(frozen=True)
class LeftOut:
    """`how`: commands that begin with `aws`, or steps."""

    what: str
    how: tuple[str, ...]


_SECTIONS: Mapping[Section, str] = {
    Section.TRIGGERS: "triggers",
    Section.UI: "the classic pages' look",
    Section.BRANDING: "managed login's style",
    Section.TERMS: "terms documents",
    Section.RISK: "threat protection's settings",
    Section.LOGS: "log delivery",
    Section.SESSIONS: "session tracking",
    Section.CLIENT_METADATA: "client metadata policies",
    Section.REPLICAS: "Cognito's own replicas",
    Section.WEB_ACL: "the web ACL",
    Section.TAGS: "tags",
}
_STEPS: Mapping[Section, str] = {
    Section.TRIGGERS: "deploy your functions in {region}; ours come by make deploy, standby attach",
    Section.LOGS: "make a destination in {region}, then {console}",
    Section.CLIENT_METADATA: "aws cognito-idp create-cimd-policy, as describe-cimd-policy shows it",
    Section.REPLICAS: "nothing: they stay what they are",
}
OF_POOL: Mapping[str, tuple[str, str]] = {
    "KeyConfiguration": (
        "the pool's own KMS key",
        "name a key of {region} in the template, before users are in the pool",
    ),
    "IssuerConfiguration": ("the issuer's kind", "{console}: Settings"),
    "DcrConfiguration": ("registration of clients", "{console}: App clients"),
    "AcrConfiguration": ("authentication context classes", "{console}: Sign-in"),
}


def left_out(home: PoolConfiguration, region: str, account: str) -> Iterator[LeftOut]:
    """Of what the primary's pool has. `account`: of the standby."""
    for section, what in _SECTIONS.items():
        if any(not each.startswith("aws:") for each in home.items(section)):
            yield LeftOut(what, tuple(_how(section, home, region, account)))
    for name, (what, step) in OF_POOL.items():
        if home.pool.get(name):
            yield LeftOut(what, (step.format(region=region, console=_console(region)),))
    if any(each.get("Custom") for each in home.items(Section.DOMAINS).values()):
        name = "give the backup a name of its own, with a certificate in us-east-1"
        yield LeftOut("your own domain", (f"{name}: {_console(region)}: Branding > Domain",))
    if any(each.get("RoleArn") for each in home.items(Section.GROUPS).values()):
        yield LeftOut("IAM roles of groups", ("name them in group_roles of cdk.json",))
    sms = home.pool.get("SmsConfiguration") or {}
    if account != home.account and (role := str(sms.get("SnsCallerArn") or "")):
        name = role.partition(":role/")[2]
        make = f"make {name} in the account {account}, as it is in {home.account}, before the pool"
        yield LeftOut("the role by which SMS are sent", (make,))


def _console(region: str) -> str:
    return f"console, {region}, the new user pool"


def _how(section: Section, home: PoolConfiguration, region: str, account: str) -> Iterator[str]:
    match section:
        case Section.SESSIONS:
            yield from _sessions(home, region)
        case Section.TAGS:
            told = {
                key: each.get("Value")
                for key, each in home.items(section).items()
                if not key.startswith("aws:")
            }
            arn = f"arn:aws:cognito-idp:{region}:{account}:userpool/{NEW}"
            options = {"resource_arn": arn, "tags": shell(told)}
            yield aws(region, "cognito-idp", "tag-resource", **options)
        case Section.WEB_ACL:
            arn = f"arn:aws:cognito-idp:{region}:{account}:userpool/{NEW}"
            options = {"web_acl_arn": "<ARN of a web ACL of that Region>", "resource_arn": arn}
            yield aws(region, "wafv2", "associate-web-acl", **options)
        case _:
            place = f"{_console(region)}: {CONSOLE.get(section, 'Settings')}"
            yield _STEPS.get(section, "{console}").format(region=region, console=place)


def _sessions(home: PoolConfiguration, region: str) -> Iterator[str]:
    clients = home.items(Section.CLIENTS)
    for name, wanted in home.items(Section.SESSIONS).items():
        called = clients.get(name, {}).get("ClientName", name)
        client = "" if name == POOL else f"<id of the new client {called}>"
        yield session_command(region, NEW, wanted, client)
