"""What people and administrators do in a pool, and what the project must make of it."""

from __future__ import annotations

from typing import Any, NamedTuple

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.pools import PoolGroup, PoolUser, user_fields
from tests.property.tape import freeze
from tests.property.world import Parts, Twins
from tests.twins.stores.frozen import EMPTY, FrozenMap

PASSWORD = "Aa1!of-a-person"
RECOVERED = "Aa1!recovered"
COMES, PROVIDER = "comes", "Google"
"""Signs in through a provider, of which the person's name is the subject."""


class Op(NamedTuple):
    """One act. `person` is a name of the test; the pool knows them by the sub of their sign-up."""

    region: int
    verb: str
    person: str = ""
    value: str = ""
    name: str = ""


class Change(NamedTuple):
    """What an act did to a user: the state afterwards and the fields that it touched.

    stray    its Region was not active for the user
    excused  it fell between the last check of a replay and its write
    known    its Region had a record or a ledger row of the user; of strays only
    behind   the other Region had claimed, and was in step with the user; of others than strays
    """

    person: str
    epoch: Epoch
    fields: FrozenMap
    touched: frozenset[str]
    stray: bool
    excused: bool
    known: bool = True
    behind: bool = False


class Done(NamedTuple):
    """An act's effect. `origin`: the person has just signed up."""

    parts: Parts
    hints: tuple[Hint, ...]
    change: Change | None = None
    origin: str = ""


class People:
    """Everybody who can act on the pools."""

    def __init__(self, twins: Twins) -> None:
        self._twins = twins

    def do(
        self,
        parts: Parts,
        op: Op,
        people: dict[str, str],
        claim: Epoch,
        *,
        stray: bool,
        excused: bool,
        known: bool,
        behind: bool,
    ) -> Done | None:
        """Do it; None when it cannot be done now."""
        if op.verb == COMES and op.person in people:
            return self._comes_again(parts, op)
        if op.verb in ("sign up", COMES):
            if op.person in people:
                return None
        elif op.person and op.person not in people:
            return None
        origin = people.get(op.person, "")
        after, seen = self._twins.change(
            parts, "pool", op.region, (op, origin), lambda: self._act(op, origin)
        )
        if seen is None:
            return None
        sub, before, fields = seen
        if not op.person:
            return Done(after, () if "silently" in op.verb else (Hint(group=op.value),))
        touched = frozenset(n for n in {*before, *fields} if before.get(n) != fields.get(n))
        change = Change(op.person, claim, fields, touched, stray, excused, known, behind)
        created = op.verb in ("sign up", COMES)
        now = self._twins.regions[op.region].now.isoformat() if created else ""
        hint = Hint(local_sub=sub, created=created, hinted_at=now)
        return Done(after, (hint,), change, sub if created else "")

    def find(self, region: int, origin: str) -> PoolUser | None:
        """The user of a person, in the pool as it is loaded."""
        pool = self._twins.pools[region]
        for user in pool.list_users(limit=60).users:
            if origin in (user.sub, user.origin_sub):
                return self._twins.directories[region].get_user_by_sub(user.sub)
        return None

    def fields(self, region: int, origin: str) -> FrozenMap:
        """The replicated state of a person, in the pool as it is loaded."""
        user = self.find(region, origin)
        if user is None:
            return EMPTY
        return FrozenMap(user_fields(user, self._twins.regions[region].schema))

    def _act(self, op: Op, origin: str) -> tuple[str, FrozenMap, FrozenMap] | None:
        pool = self._twins.pools[op.region]
        if not op.person:
            return self._group_act(op)
        before = self.fields(op.region, origin) if origin else EMPTY
        if op.verb in ("sign up", COMES):
            origin = sub = self._sign_up(op) if op.verb == "sign up" else self._enter(op)
        else:
            user = self.find(op.region, origin)
            if user is None or not self._change(pool, op, user):
                return None
            sub = user.sub
        after = self.fields(op.region, origin)
        if after == before and op.verb != "recover":
            return None
        return sub, before, after

    def _comes_again(self, parts: Parts, op: Op) -> Done | None:
        """Somebody who has come through the provider in the other pool comes here, too: Cognito
        makes them a user with another sub, which is no change of the person."""
        pool = self._twins.pools[op.region]
        name = f"{PROVIDER}_{op.person}".lower()

        def enter() -> str:
            known = any(user.username == name for user in pool.list_users(limit=60).users)
            return "" if known else self._enter(op)

        after, sub = self._twins.change(parts, "pool", op.region, op, enter)
        if not sub:
            return None
        now = self._twins.regions[op.region].now.isoformat()
        return Done(after, (Hint(local_sub=sub, created=True, hinted_at=now),))

    def _enter(self, op: Op) -> str:
        pool = self._twins.pools[op.region]
        return pool.federated_sign_in(PROVIDER, op.person, {"email": op.value}).sub

    def _sign_up(self, op: Op) -> str:
        pool = self._twins.pools[op.region]
        name = op.value if pool.config.username_attributes else (op.name or op.person)
        sub = pool.sign_up(name, PASSWORD, {"email": op.value})
        pool.confirm_sign_up(name, pool.latest_code(name))
        return sub

    @staticmethod
    def _change(pool: Any, op: Op, user: PoolUser) -> bool:
        match op.verb:
            case "set":
                pool.admin_update_user_attributes(user.username, {op.name or "name": op.value})
            case "email":
                flag = {"email_verified": "true"}
                pool.admin_update_user_attributes(user.username, {"email": op.value, **flag})
            case "unverified email":
                pool.admin_update_user_attributes(user.username, {"email": op.value})
            case "delete":
                pool.admin_delete_user(user.username)
            case "set and disable":
                pool.admin_update_user_attributes(user.username, {"name": op.value})
                pool.admin_disable_user(user.username)
            case "disable":
                pool.admin_disable_user(user.username)
            case "enable":
                pool.admin_enable_user(user.username)
            case "join":
                pool.admin_add_user_to_group(user.username, op.value)
            case "leave":
                pool.admin_remove_user_from_group(user.username, op.value)
            case "recover":
                pool.forgot_password(user.username)
                code = pool.latest_code(user.username)
                pool.confirm_forgot_password(user.username, code, RECOVERED)
            case _:
                raise AssertionError(op.verb)
        return True

    def _group_act(self, op: Op) -> tuple[str, FrozenMap, FrozenMap]:
        pool = self._twins.pools[op.region]
        match op.verb:
            case "create group" | "create group silently":
                pool.create_group(PoolGroup(op.value))
            case "describe group":
                pool.update_group(PoolGroup(op.value, op.name))
            case "delete group":
                pool.delete_group(op.value)
            case _:
                raise AssertionError(op.verb)
        return "", EMPTY, freeze({"group": op.value})
