"""Every field of every odd pool, changed in the backup alone: something is said of it, or it is
listed here as what differs on purpose."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.adoption.domain.judging import judge
from cognito_standby.adoption.domain.rules.rest import ONLY_BACKUP
from cognito_standby.configuration.domain.document import PoolConfiguration, Section
from tests.odd_pools import ODD_POOLS
from tests.unit.adoption.recorded import AWAY, HOME, case_of, odd

pytestmark = pytest.mark.usefixtures("socket_disabled")

ON_PURPOSE = {
    (Section.POOL, "Name"): "each has its own",
    (Section.POOL, "EmailConfiguration.SourceArn"): "an identity of the pool's own Region",
    (Section.POOL, "EmailConfiguration.ConfigurationSet"): "of the Region",
    (Section.POOL, "SmsConfiguration"): "role and external id of the owner's; the Region is judged",
    (Section.POOL, "KeyConfiguration"): "a key of the Region; its state is judged",
    (Section.POOL, "DeletionProtection"): "judged where it is off",
    (
        Section.POOL,
        "EmailConfiguration.EmailSendingAccount",
    ): "judged: Cognito's own sender, or SES",
    (Section.POOL, "AccountRecoverySetting.RecoveryMechanisms.Priority"): "their order is judged",
    (Section.PROVIDERS, "ProviderDetails.client_id"): "judged where subjects are each client's",
    (Section.MFA, "SmsMfaConfiguration"): "whether there is one is judged; its text is the pool's",
    (Section.MFA, "WebAuthnConfiguration.RelyingPartyId"): "the pool's own domain",
    (Section.TAGS, ""): "the owner's",
    (Section.GROUPS, ""): "replicated; roles are judged by the configuration",
    (Section.DOMAINS, ""): "a name belongs to one pool",
    (Section.LOGS, ""): "destinations are of the Region; whether there is one is judged",
    (Section.TRIGGERS, "LambdaArn"): "a function of the Region",
    (Section.RESOURCE_SERVERS, "Scopes.ScopeDescription"): "a text",
    (Section.ATTRIBUTES, "DeveloperOnlyAttribute"): "the name says it, too (`dev:`)",
}


ORIGIN_LIMITS = ("custom:origin_sub", "StringAttributeConstraints")
"""Any that hold a sub are as good."""


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _leaves(each, (*path, name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for place, each in enumerate(value):
            yield from _leaves(each, (*path, place))
    else:
        yield path


def _other(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return str(int(value) - 1) if value.isdigit() else f"other{value}"
        case list():
            return []
        case _:
            return value


def _changed(found: PoolConfiguration, section: Section, path: tuple[Any, ...]) -> Any:
    sections = {name: copy.deepcopy(dict(items)) for name, items in found.sections.items()}
    at: Any = sections[section]
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = _other(at[path[-1]])
    return replace(found, sections=sections)


def _purpose(section: Section, path: tuple[Any, ...]) -> bool:
    words = [str(step) for step in path[1:]]
    dotted = {".".join(words), ".".join(word for word in words if not word.isdigit())}
    return any(
        section is at and (not name or any(f"{each}.".startswith(f"{name}.") for each in dotted))
        for at, name in ON_PURPOSE
    )


@pytest.mark.parametrize("name", ODD_POOLS)
def test_each_field_that_differs_is_told(name: str) -> None:
    home, away = odd(name, HOME), odd(name, AWAY)
    calm = judge(case_of(home, away))
    alone = {each.about for each in calm if each.matter is ONLY_BACKUP}
    silent = [
        f"{section}/{'/'.join(map(str, path))}"
        for section, items in away.sections.items()
        for path in _leaves(dict(items))
        if len(path) > 1
        and path[0] != "sub"
        and f"{section.value}: {path[0]}" not in alone
        and not (_purpose(section, path) or path[:2] == ORIGIN_LIMITS)
        and judge(case_of(home, _changed(away, section, path))) == calm
    ]
    assert silent == []
