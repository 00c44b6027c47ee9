"""Whether everybody in the throw-away pool is who their record says, and gets in."""

from __future__ import annotations

from cognito_standby.core.domain.pools import PoolUser, user_fields
from cognito_standby.core.domain.recoverability import recoverability
from cognito_standby.core.domain.subjects import ABSENT, Subject
from cognito_standby.operator.domain.person import SeenUser
from cognito_standby.recovery.domain.rehearsal_checks import (
    Found,
    differences,
    must_sign_in,
    signed_in_as,
)
from cognito_standby.recovery.domain.rehearsal_cost import USER_AUTHENTICATION
from cognito_standby.recovery.domain.rehearsal_pool import marks_origins
from cognito_standby.recovery.ports import SIGN_IN_REFUSED, SignIn
from cognito_standby.recovery.services.rehearsal_stage import Stage
from cognito_standby.triggers.domain.origins import STATUS, claim_of


def compare(stage: Stage) -> None:
    """Look at each of them, and note what differs; what the pool does not hold, and how they would
    recover in the standby, is counted."""
    report, records = stage.report, stage.records
    for number, person in enumerate(stage.plan.people, 1):
        row = stage.ledger.read(person.subject)
        stage.pool.begin_step()
        user = stage.pool.get_user_by_sub(row.local_sub) if row.local_sub else None
        fields = user_fields(user, stage.pool.schema()) if user else ABSENT
        found, record = Found(user, fields, row), records.records[person.subject]
        now, claims = stage.ctx.clock.now(), records.read_claims()
        wrong = differences(record, found, stage.ctx.region, claims, now)
        wrong += _claimed(stage, person.subject, user)
        report.differs(f"person {number}", wrong)
        report.equal += not wrong
        way = recoverability(SeenUser(user).standing if user else None, stage.plan.rules)
        report.looked_at(row.skipped, f"{way.way}: {way.reason}")


def _claimed(stage: Stage, subject: Subject, user: PoolUser | None) -> list[str]:
    """Whether our trigger would claim the right origin: it reads the ledger, and does not run
    here."""
    if user is None:
        return []
    marked = marks_origins(stage.plan.described)
    told = {**user.attributes, STATUS: user.status.value}
    claim = claim_of(told, stage.ledger.origin_of(user.sub), marked=marked)
    return (
        [] if claim.origin == subject.id else [f"the trigger would claim nothing: {claim.reason}"]
    )


def sign_in(stage: Stage) -> None:
    """With a password that is set for this one sign-in, and known to nobody else."""
    report, began = stage.report, stage.ctx.seconds()
    marked = marks_origins(stage.plan.described)
    for number, person in enumerate(stage.plan.people, 1):
        row, record = stage.ledger.read(person.subject), stage.records.records[person.subject]
        stage.pool.begin_step()
        user = stage.pool.get_profile(row.local_username) if row.local_username else None
        if user is None:
            continue  # told of already
        result = _attempt(stage, user)
        if must_sign_in(record):
            wrong = [f"the sign-in asked for {result.asked}"] if result.asked else []
            wrong = wrong or signed_in_as(record, user, row, result.claims, marked=marked)
        else:
            wrong = [] if result.asked == SIGN_IN_REFUSED else ["let in while disabled"]
        report.differs(f"person {number}", wrong)
        report.signed_in += not wrong
    report.seconds["sign_in"] = round(stage.ctx.seconds() - began, 3)


def _attempt(stage: Stage, user: PoolUser) -> SignIn:
    password, ctx = stage.ctx.passwords.new_password(), stage.ctx
    stage.pool.set_permanent_password(user.username, password)
    ctx.pacer.wait(USER_AUTHENTICATION)
    names = stage.pool.schema().sign_in_attributes
    typed = next((user.attributes[n] for n in names if user.attributes.get(n)), user.username)
    return ctx.pools.sign_in(stage.report.pool_id, stage.client_id, typed, password)
