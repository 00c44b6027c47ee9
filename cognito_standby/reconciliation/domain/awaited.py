"""How people get into a pool that makes them when they first come. Pure.

Cognito asks us about somebody whom a pool lacks when they sign in by a password or say that they
forgot theirs, and not when they ask for a one-time code (developer guide, "Migrate user Lambda
trigger"). So whoever is awaited, and whose former pool cannot be asked about the password, comes
in by a reset or not at all: a code as first factor lets in only those who are there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from cognito_standby.core.domain.contacts import CONTACTS
from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.core.domain.recoverability import Recoverability, Standing, recoverability
from cognito_standby.core.domain.sign_in import Channel, FirstFactor, SignInRules
from cognito_standby.core.domain.subjects import ATTRIBUTE, ENABLED, TRUE, Fields
from cognito_standby.reconciliation.domain.readiness import LISTED, Helpless


def way_of_awaited(fields: Fields, rules: SignInRules) -> Recoverability:
    """How somebody gets in whom this pool makes from a record of these fields."""
    there = {each for each in CONTACTS if fields.get(ATTRIBUTE + each)}
    verified = {each for each in there if fields.get(f"{ATTRIBUTE}{each}_verified") == TRUE}
    standing = Standing(
        status=UserStatus.RESET_REQUIRED,
        enabled=fields.get(ENABLED) == TRUE,
        reachable=frozenset(map(Channel, there)),
        verified=frozenset(map(Channel, verified)),
    )
    by_password = rules.first_factors & {FirstFactor.PASSWORD}
    return recoverability(standing, replace(rules, first_factors=by_password))


def counted_awaited(
    states: Mapping[str, Fields], rules: SignInRules
) -> tuple[dict[str, int], tuple[Helpless, ...]]:
    """Key -> fields of the winner: reason -> people, and who does not get in."""
    decided = {key: way_of_awaited(fields, rules).reason for key, fields in states.items()}
    counts = Counter(reason.value for reason in decided.values())
    helpless = (
        Helpless(key, "", reason.value, True)
        for key, reason in sorted(decided.items())
        if reason in LISTED
    )
    return dict(counts), tuple(helpless)
