"""Somebody who is awaited, and strangers who sign up for the names that are theirs, in pools of
every kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cognito_standby.replication.domain.on_demand import Comer, Coming, response_of
from cognito_standby.replication.services import on_demand
from cognito_standby.triggers.domain.sign_ups import BY_ADMINISTRATOR, names_typed
from local.cognito_rules import names
from local.cognito_rules.migrations import FORGOT
from tests.twins.pool.config import CONTACTS, PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.unit.replication.empty_backup import ATTRIBUTES, Empty
from tests.unit.world import BACKUP, PRIMARY

PASSWORD = "Aa1!aaaaaa"
BY_PERSON = "PreSignUp_SignUp"
PREFERRED = "preferred_username"
ALIASES = (*CONTACTS, PREFERRED)
MODES: Mapping[str, Mapping[str, Any]] = {
    "username": {},
    "username, capitals told apart": {"case_sensitive": True},
    "aliases": {"alias_attributes": ALIASES},
    "aliases, capitals told apart": {"alias_attributes": ALIASES, "case_sensitive": True},
    "alias: preferred username": {"alias_attributes": (PREFERRED,)},
    "alias: e-mail": {"alias_attributes": ("email",)},
    "e-mail": {"username_attributes": ("email",)},
    "phone": {"username_attributes": ("phone_number",)},
    "e-mail or phone": {"username_attributes": CONTACTS},
}
HERS = {
    "username": "ann",
    "email": "ann@example.org",
    "phone_number": "+4915112345678",
    PREFERRED: "annie",
}


@dataclass(frozen=True)
class Stranger:
    """Who signs up.

    source    of PreSignUp's question
    names     username, contacts and preferred username; a contact's flag, of an administrator's
    """

    source: str
    names: Mapping[str, str]

    @property
    def attributes(self) -> dict[str, str]:
        """All but the username."""
        return {name: value for name, value in self.names.items() if name != "username" and value}


def awaited(mode: str, has: Mapping[str, str]) -> tuple[Empty, str]:
    """Ann is at home with these attributes, and awaited in the backup, which is active; her sub."""
    settings = {"attributes": ATTRIBUTES, "auto_verified": CONTACTS, **MODES[mode]}
    configs = {
        region: PoolConfig(pool_id=f"{region}_Pool", **settings) for region in (PRIMARY, BACKUP)
    }
    made = Empty(configs=configs)
    sub = made.sign_up(_username(made, has), Stranger(BY_ADMINISTRATOR, has).attributes)
    made.carry(sub)
    made.fail_over()
    made.backup.pool.migrate = lambda source, name, _: _asked(made, source, name)
    return made, sub


def her_names(made: Empty) -> list[str]:
    """Everything that Ann signs in by, by the rules of Cognito."""
    pool = made.primary.pool
    (ann,) = pool._accounts
    free = not pool.config.username_attributes
    held = names.held(pool.config, ann)
    return sorted({value for kind, value in held if free or kind != "username"})


def sign_up(made: Empty, who: Stranger) -> None:
    """Unless PreSignUp, or Cognito itself, refuses; whoever is in is captured."""
    pool, context = made.backup.pool, made.backup.context
    username = who.names["username"] if not pool.config.username_attributes else "a-uuid"
    typed = names_typed(who.source, username, who.attributes)
    asked = (typed.names, typed.preferred, lambda: context.directory.schema().names)
    try:
        if on_demand.keeps_one_of(context, *asked):
            return
        sub = _made(made, who)
    except CognitoError:
        return
    made.backup.run({"local_sub": sub, "user_pool_id": pool.config.pool_id})


def comes(made: Empty, sub: str, name: str) -> bool:
    """Whether Ann gets in by a name, as herself, by forgot password."""
    pool = made.backup.pool
    try:
        pool.forgot_password(name)
        user = pool.admin_get_user(name)
    except CognitoError:
        return False
    return user.origin_sub == sub and on_demand.bind(made.backup.context, user) == sub


def _made(made: Empty, who: Stranger) -> str:
    pool, given = made.backup.pool, who.attributes
    username = _username(made, who.names)
    if who.source == BY_ADMINISTRATOR:
        return pool.admin_create_user(username, given).sub
    own = {name: value for name, value in given.items() if not name.endswith("_verified")}
    sub = pool.sign_up(username, PASSWORD, own)
    if code := pool.latest_code(username):
        pool.confirm_sign_up(username, code)
    else:
        pool.admin_confirm_sign_up(username)
    return sub


def _username(made: Empty, given: Mapping[str, str]) -> str:
    """What a sign-up gives as one: where addresses are usernames, the first that there is."""
    kinds = made.primary.pool.config.username_attributes
    first = next((given[each] for each in kinds if given.get(each)), "")
    return first if kinds else given["username"]


def _asked(made: Empty, source: str, name: str) -> dict[str, Any]:
    coming = Coming.FORGOT if source == FORGOT else Coming.UNVOUCHED
    number = len(made.backup.pool.messages) + len(made.backup.pool._accounts)
    return response_of(on_demand.meet(made.backup.context, Comer(name, coming), f"q{number}"))
