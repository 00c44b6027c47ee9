"""A proposal beside the pool that it is for, to be judged as if it stood."""

from __future__ import annotations

from dataclasses import replace

from cognito_standby.adoption.domain.proposal import KEPT, Proposal, proposed
from cognito_standby.adoption.domain.reading import side_of
from cognito_standby.adoption.domain.sides import Case, Plan
from cognito_standby.adoption.services.looking import Looks, Whereabouts, account_of, facts_of
from cognito_standby.configuration.domain.differences import differences


def propose(looks: Looks, home: Whereabouts, region: str) -> tuple[Proposal, Case]:
    """What a proposal leaves out by sections it says itself. PoolGoneError, StandbyError,
    NotProposedError: the pool cannot be read, or not be copied."""
    found = looks.reader(home.region).read(home.pool_id)
    proposal = proposed(found, region)
    sides = [
        replace(side, parts={**side.parts, **facts_of(looks.account, side, Plan())})
        for side in map(side_of, (found, proposal.document))
    ]
    kept = {name: items for name, items in found.sections.items() if name in KEPT}
    case = Case(
        *(sides[0], sides[1], Plan(), account_of(looks.account, sides[1])),
        differences(replace(found, sections=kept, unread=()), proposal.document),
    )
    return proposal, case
