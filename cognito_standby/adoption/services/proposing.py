"""A proposal beside the pool that it is for, to be judged as if it stood."""

from __future__ import annotations

from dataclasses import replace

from cognito_standby.adoption.domain.proposal import KEPT, Proposal, proposed
from cognito_standby.adoption.domain.reading import side_of
from cognito_standby.adoption.domain.sides import Case, Plan
from cognito_standby.adoption.services.looking import Looks, Whereabouts, accounts_of, with_facts
from cognito_standby.configuration.domain.differences import differences


def propose(
    looks: Looks, home: Whereabouts, region: str, account: str = ""
) -> tuple[Proposal, Case]:
    """What a proposal leaves out by sections it says itself. `account`: of the standby, where it is
    another one. PoolGoneError, StandbyError, NotProposedError: the pool cannot be read, or not be
    copied."""
    found = looks.reader(home.region).read(home.pool_id)
    proposal = proposed(found, region, account)
    sides = [with_facts(looks, side_of(each), Plan()) for each in (found, proposal.document)]
    kept = {name: items for name, items in found.sections.items() if name in KEPT}
    case = Case(
        *(sides[0], sides[1], Plan(), *accounts_of(looks, sides[0], sides[1])),
        differences=differences(replace(found, sections=kept, unread=()), proposal.document),
    )
    return proposal, case
