"""In which runs of the CDK's command line an installation is deployed, and with whose credentials.

One run for all stacks, as long as they are of one account. Of two accounts each run has credentials
of one: no account need trust the other's deployments, so that whoever has all rights in the one
cannot deploy into the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from stacks.config.model import Config
from stacks.names import DATA, REPLICA, Names


@dataclass(frozen=True)
class Leg:
    """One run. No stacks: all of them; no profile: the credentials of this shell."""

    stacks: tuple[str, ...] = ()
    profile: str = ""


def legs(config: Config, backup_profile: str) -> tuple[Leg, ...]:
    """In order: the table that is joined, what joins it, the other Region. So neither Region works
    for longer than a run without its copy. ValueError: the second account has no profile."""
    if not config.two_accounts:
        return (Leg(),)
    if not backup_profile:
        raise ValueError("the stacks of backup_account need a profile of that account")
    name = Names(config.installation).stack
    return (
        Leg((name(DATA),)),
        Leg((name(REPLICA), name(config.backup_region)), backup_profile),
        Leg((name(config.primary_region),)),
    )
