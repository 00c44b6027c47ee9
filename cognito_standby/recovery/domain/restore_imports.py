"""Whom an import job may make, of those whom a restore makes again. Pure.

A job makes only who never was in this pool: who was is known by the ledger, and completed by calls.
"""

from __future__ import annotations

from dataclasses import replace

from cognito_standby.core.domain.contacts import CONTACTS
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.core.domain.subjects import FEDERATED, SubjectKind, attributes_of
from cognito_standby.recovery.domain.import_csv import CsvUser, ImportRules, Misfit, line_of
from cognito_standby.replication.domain.creation_names import name_for
from cognito_standby.replication.domain.decide import project
from cognito_standby.replication.domain.view import View


def may_be_imported(view: View) -> bool:
    """As far as a look tells, of somebody who is missing. The import itself asks the pool for its
    header, and looks again under their lease: whoever it does not make goes by calls.

    In an active Region nobody is: there an absence is a deletion, and a job has no lease.
    """
    winner = view.winner
    if view.active or view.subject.kind is not SubjectKind.USER or winner is None:
        return False
    if view.ledger.was_here or FEDERATED in winner.fields:
        return False
    fields = project(view, replace(winner, deleted=False)).fields
    given = {**attributes_of(fields), ORIGIN_SUB_ATTRIBUTE: view.subject.id}
    rules = ImportRules(tuple(view.schema.attributes), CONTACTS)
    return not isinstance(
        line_of(rules, CsvUser(str(name_for(view.schema, fields)), given)), Misfit
    )
