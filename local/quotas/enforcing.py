"""Puts every quota of an account in its place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from local.cognito_store import CognitoStore
from local.quotas import functions, layers, machines
from local.quotas.account import AccountQuotas
from local.quotas.counts import Counts


@dataclass(frozen=True)
class Enforced:
    """The quotas of a running local AWS, and what they refused."""

    rates: layers.RequestRates
    mails: layers.Mails
    invocations: functions.Invocations
    counts: Counts = field(default_factory=Counts)

    @property
    def trigger(self) -> Callable[[str], AbstractContextManager[str]]:
        """What a Cognito trigger asks before it is called."""
        return self.invocations.trigger

    def state(self) -> dict[str, Any]:
        """Calls and refusals by quota and caller, peaks of concurrency by Region."""
        return {**self.counts.state(), "concurrency": self.invocations.state()}


def enforce(quotas: AccountQuotas, store: CognitoStore, account: str) -> Enforced:
    """Patch Lambda and Step Functions, and make Cognito's layers; once per process.

    `account`: whose a call is that names none.
    """
    counts = Counts()
    invocations = functions.Invocations(quotas, counts)
    functions.install(invocations)
    machines.install(machines.Machines(quotas, counts))
    rates = layers.RequestRates(store, quotas, counts, account)
    return Enforced(rates, layers.Mails(store, quotas, counts), invocations, counts)
