"""By which names somebody signs in who is not in a pool yet, and which nobody else may take. Pure.

Two names are one in composition and, in most pools, in capitals (as in the index of names). Names
that are kept in any pool are kept in any case: the answer must not take a look at the pool.
"""

from __future__ import annotations

from collections.abc import Callable

from cognito_standby.core.domain.contacts import CONTACTS, PREFERRED
from cognito_standby.core.domain.names_index import NAMES, composed, normal
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.sign_in_names import SignInNames
from cognito_standby.core.domain.subjects import ATTRIBUTE, FEDERATED, TRUE, USERNAME, Fields
from cognito_standby.replication.domain import canary


def signs_in_by(pool: SignInNames, fields: Fields, name: str) -> bool:
    """Whether a pool with these names would let the user of a record in by a name. Guide,
    "Customizing sign-in attributes"."""
    if pool.usernames:
        names = [fields.get(ATTRIBUTE + each, "") for each in pool.usernames]
    else:
        names = [fields.get(USERNAME, ""), *_aliases(pool, fields)]
    return _is_one_of(name, names, case_sensitive=pool.case_sensitive)


def keeps(record: Record | None, name: str, pool: Callable[[], SignInNames]) -> bool:
    """Whether somebody has a name that nobody else may take while they are awaited: one by which
    they sign in to the pool; in any pool their username, and a contact that they verified. A
    provider's user is made by the provider alone, and keeps none.

    pool  its names; asked only where they decide, for a trigger may have to ask Cognito
    """
    if record is None or not is_called(record, name):
        return False
    fields = record.fields
    anywhere = [fields.get(USERNAME, ""), *(fields[ATTRIBUTE + each] for each in verified(fields))]
    return _is_one_of(name, anywhere) or signs_in_by(pool(), fields, name)


def is_called(record: Record | None, name: str) -> bool:
    """Whether a name is one of theirs at all, in a pool of any kind, and they could keep it."""
    if record is None or record.deleted or FEDERATED in record.fields or is_canary(record):
        return False
    return _is_one_of(name, [record.fields.get(each, "") for each in NAMES])


def is_canary(record: Record | None) -> bool:
    """Whether it is the user by whom the lag is measured."""
    fields = record.fields if record else {}
    return fields.get(USERNAME) == canary.NAME or fields.get(ATTRIBUTE + "email") == canary.EMAIL


def verified(fields: Fields) -> list[str]:
    """Contacts that are there and verified."""
    return [
        each
        for each in CONTACTS
        if fields.get(ATTRIBUTE + each) and fields.get(f"{ATTRIBUTE}{each}_verified") == TRUE
    ]


def _aliases(pool: SignInNames, fields: Fields) -> list[str]:
    told = [fields.get(ATTRIBUTE + PREFERRED, "")] if PREFERRED in pool.aliases else []
    return told + [fields[ATTRIBUTE + each] for each in verified(fields) if each in pool.aliases]


def _is_one_of(name: str, names: list[str], *, case_sensitive: bool = False) -> bool:
    form = composed if case_sensitive else normal
    return form(name) in {form(each) for each in names if each}
