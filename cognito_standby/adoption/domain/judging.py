"""All rules, and the catalogue of what they can say. Pure."""

from __future__ import annotations

from types import ModuleType

from cognito_standby.adoption.domain.findings import Finding, Matter, ranked
from cognito_standby.adoption.domain.rules import (
    account,
    break_glass,
    clients,
    domains,
    factors,
    groups,
    messages,
    names,
    origin_rights,
    passwords,
    plan,
    providers,
    rest,
    schema,
    triggers,
)
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case

KINDS: tuple[tuple[str, ModuleType], ...] = (
    ("The pools and their account", account),
    ("Schema", schema),
    ("Names, sign-up and recovery", names),
    ("Who may write the origin sub", origin_rights),
    ("Passwords", passwords),
    ("Second factors", factors),
    ("App clients", clients),
    ("Groups", groups),
    ("Triggers and senders", triggers),
    ("Identity providers", providers),
    ("Domains, resource servers, pages", domains),
    ("Plan and protection", plan),
    ("Mail and SMS", messages),
    ("Whoever fails over", break_glass),
    ("What is not known, or has no rule", rest),
)
"""What a kind is called, and its rules, in the order of docs/doctor.md."""

ALL_RULES: tuple[Rule, ...] = tuple(rule for _, kind in KINDS for rule in kind.RULES)


def matters_of(kind: ModuleType) -> tuple[Matter, ...]:
    """What its rules can say."""
    return tuple(each for each in vars(kind).values() if isinstance(each, Matter))


CATALOGUE: dict[str, Matter] = {each.code: each for _, kind in KINDS for each in matters_of(kind)}
"""Code -> matter."""


def judge(case: Case) -> tuple[Finding, ...]:
    """Everything that the rules have to say, the worst first."""
    return ranked(found for rule in ALL_RULES if rule.applies(case) for found in rule.judge(case))
