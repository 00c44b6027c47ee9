"""What was not read, and what differs without a rule of its own: nothing is passed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Side, Unread
from cognito_standby.adoption.domain.telling import console, listed, shown
from cognito_standby.configuration.domain.differences import Difference, Kind
from cognito_standby.configuration.domain.document import BY_CLIENT, Section

UNREAD = Matter(
    *("unread", Severity.UNKNOWN),
    "something could not be read",
    "Nothing is known of it; what it hides shows on the day.",
)
LACKS = Matter(
    *("not-offered", Severity.NOTE),
    "a pool's plan, its settings or its Region does not have something",
    "It cannot differ there, and cannot be used.",
)
DIFFERS = Matter(
    *("differs", Severity.INCONVENIENT),
    "a setting without a rule of its own differs",
    "People or apps meet another setting than at home.",
)
ONLY_BACKUP = Matter(
    *("only-in-backup", Severity.NOTE),
    "the backup has something that the primary lacks",
    "It is there while the backup is active, and not after the way home.",
)
_ALL = ("",)
JUDGED: Mapping[Section, tuple[str, ...]] = {
    Section.POOL: (
        *("Name", "Policies", "DeletionProtection", "AutoVerifiedAttributes", "AliasAttributes"),
        *("UsernameAttributes", "UserAttributeUpdateSettings", "DeviceConfiguration"),
        *("EmailConfiguration.SourceArn", "EmailConfiguration.EmailSendingAccount"),
        *("EmailConfiguration.ConfigurationSet", "SmsConfiguration", "UsernameConfiguration"),
        *("AdminCreateUserConfig.AllowAdminCreateUserOnly", "AccountRecoverySetting"),
        *("AdminCreateUserConfig.UnusedAccountValidityDays", "UserPoolTier", "MfaConfiguration"),
        *("UserPoolAddOns.AdvancedSecurityMode", "VerificationMessageTemplate"),
        *("EmailVerificationMessage", "EmailVerificationSubject", "SmsVerificationMessage"),
        *("SmsAuthenticationMessage", "KeyConfiguration"),
    ),
    Section.ATTRIBUTES: _ALL,
    Section.TRIGGERS: _ALL,
    Section.TAGS: _ALL,
    Section.MFA: (
        *("MfaConfiguration", "SmsMfaConfiguration", "EmailMfaConfiguration.Enabled"),
        *("SoftwareTokenMfaConfiguration", "WebAuthnConfiguration.RelyingPartyId"),
    ),
    Section.CLIENTS: (
        *("ClientName", "HasSecret", "ExplicitAuthFlows", "AllowedOAuthFlows"),
        *("AllowedOAuthScopes", "CallbackURLs", "LogoutURLs", "SupportedIdentityProviders"),
        *("ReadAttributes", "WriteAttributes", "AccessTokenValidity", "IdTokenValidity"),
        *("RefreshTokenValidity", "TokenValidityUnits", "AuthSessionValidity"),
        *("EnableTokenRevocation", "PreventUserExistenceErrors", "RefreshTokenRotation"),
        *("DefaultRedirectURI", "SecretManaged", "AllowedOAuthFlowsUserPoolClient"),
    ),
    Section.GROUPS: _ALL,
    Section.PROVIDERS: (
        *("ProviderType", "AttributeMapping", "IdpIdentifiers", "ProviderDetails.client_id"),
    ),
    Section.RESOURCE_SERVERS: ("Scopes",),
    Section.DOMAINS: _ALL,
    Section.LOGS: _ALL,
    Section.WEB_ACL: _ALL,
}
"""Section -> fields that a rule judges, that replication carries (groups), or that differ on
purpose (names, tags, ARNs of the Region's own)."""
_WIDTH = 60


def unread(case: Case) -> Iterator[Finding]:
    """Each part of each side."""
    for side in case.sides:
        for part, found in side.parts.items():
            if isinstance(found, Unread):
                told = case.on(side, found.why)
                mend = (f"let the caller look: {found.needs}",) if found.needs else ()
                yield Finding(UNREAD, f"{side.region}: {part.value}", told, mend)


def lacks(case: Case) -> Iterator[Finding]:
    """Of both, in one line."""
    ours, theirs = (side.lacks for side in case.sides)
    if ours or theirs:
        yield Finding(LACKS, "", (listed(ours), listed(theirs)))


def _is_judged(case: Case, each: Difference) -> bool:
    if each.kind is Kind.UNKNOWN:
        return True  # told as not read
    if not each.path and each.kind is Kind.ONLY_LEFT and each.section in _MISSING_IS_TOLD:
        return True
    if each.section in BY_CLIENT and each.item.partition("/")[0] in _alone(case):
        return True
    if each.section in (Section.UI, Section.BRANDING):
        return not case.backup.has(Part.LOOK) or not case.backup[Part.LOOK]
    if each.section is Section.RISK and each.item == "pool":
        return True
    return any(
        not known or each.path == known or each.path.startswith(f"{known}.")
        for known in JUDGED.get(each.section, ())
    )


def _alone(case: Case) -> set[str]:
    """Clients that one side alone has: what belongs to them is told with them."""
    return {
        each.item
        for each in case.differences
        if each.section is Section.CLIENTS and not each.path and each.kind is not Kind.UNKNOWN
    }


_MISSING_IS_TOLD = (Section.CLIENTS, Section.PROVIDERS, Section.RESOURCE_SERVERS)


def _leaves(each: Difference) -> Iterator[Difference]:
    """A field with fields that one side alone has, as these: some may be judged and others not."""
    sides = (each.left, each.right)
    if not each.path or not any(isinstance(side, Mapping) for side in sides):
        yield each
        return
    left, right = (side if isinstance(side, Mapping) else {} for side in sides)
    for name in sorted(left.keys() | right.keys()):
        below = f"{each.path}.{name}"
        yield replace(each, path=below, left=left.get(name), right=right.get(name))


def rest(case: Case) -> Iterator[Finding]:
    """By item: which of its fields, and their values where they are short."""
    items: dict[tuple[Section, str, bool], list[Difference]] = {}
    for each in (leaf for one in case.differences for leaf in _leaves(one)):
        if not _is_judged(case, each):
            extra = each.kind is Kind.ONLY_RIGHT and not each.path
            items.setdefault((each.section, each.item, extra), []).append(each)
    for (section, item, extra), found in items.items():
        about = f"{section.value}: {item}" if item != section.value else section.value
        if extra:
            yield Finding(ONLY_BACKUP, about, ("not there", "there"))
            continue
        told = ["; ".join(_told(each.path, value) for each, value in side) for side in _both(found)]
        yield Finding(DIFFERS, about, told, (_step(case.backup, section),))


def _both(found: list[Difference]) -> tuple[list[tuple[Difference, object]], ...]:
    return [(each, each.left) for each in found], [(each, each.right) for each in found]


def _told(path: str, value: object) -> str:
    text = shown(value)
    short = text if len(text) <= _WIDTH else f"{text[:_WIDTH]}..."
    return f"{path}={short}" if path else short


def _step(side: Side, section: Section) -> str:
    return console(side, section.value.replace("_", " "))


RULES = (Rule(unread, ()), Rule(lacks, ()), Rule(rest, ()))
