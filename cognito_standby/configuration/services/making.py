"""A pool made anew from a snapshot. What is there already is left, so it can be run again.

The pool is found by its tag; what belongs to it by its name, and app clients by all that they are,
for names of clients are not unique.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cognito_standby.configuration.domain.differences import (
    Difference,
    differences,
    with_clients,
)
from cognito_standby.configuration.domain.document import Items, PoolConfiguration, Section
from cognito_standby.configuration.domain.making import (
    RESTORED_FROM,
    Plan,
    Step,
    Wanted,
    plan_of,
    without,
)
from cognito_standby.configuration.ports import ConfigurationReader, PoolGoneError, PoolMaker
from cognito_standby.core.domain.errors import (
    PermanentError,
    RetryableError,
    ServiceUnavailableError,
    StandbyError,
)

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """What became of it. `clients`: former id -> new one; `failed`: step -> why; `differences`:
    what is not as the snapshot says, left the snapshot, right the new pool."""

    user_pool_id: str
    existed: bool
    clients: Mapping[str, str]
    failed: Mapping[str, str]
    differences: tuple[Difference, ...]

    @property
    def whole(self) -> bool:
        """Whether the new pool is as the snapshot says."""
        return not self.failed and not self.differences


@dataclass(frozen=True)
class Look:
    """`found`: the pool that an earlier run made; empty: none. `standing`: why it is not made now:
    the former pool is there, or a secret is not given yet."""

    plan: Plan
    found: str
    standing: tuple[str, ...]


class NotMadeError(Exception):
    """Nothing was done. The text says why, a reason a line."""


class BrokenOffError(Exception):
    """It broke off, and the pool is made, or may be. The text says why, and what to do."""


@dataclass
class Making:
    """One restore. `beside`: a second pool is wanted while the former one is there."""

    maker: PoolMaker
    reader: ConfigurationReader
    document: PoolConfiguration
    snapshot: str
    wanted: Wanted = field(default_factory=Wanted)
    beside: bool = False

    def look(self) -> Look:
        """What would be done, were the former pool gone and every secret given. NotMadeError: not
        even then, or it could not be looked at."""
        plan = plan_of(self.document, self.snapshot, self.wanted)
        try:
            found = self.maker.made_from(plan.source, self.document.name)
            stands = not (found or self.beside) and self._lives()
            taken = self._taken(plan, found)
            missing = self._missing(plan)
        except StandbyError as error:
            raise NotMadeError(f"{error}{_advice(error)}") from error
        own = {domain for domain, holder in taken.items() if stands and holder == self._former}
        reasons = [*plan.refused, *missing]
        reasons += [_taken_by(each, holder) for each, holder in taken.items() if each not in own]
        standing = [_there(self._former)] if stands else []
        standing += [_taken_by(each, self._former) for each in sorted(own)]
        standing += plan.asked
        if reasons:
            raise NotMadeError("\n".join([*reasons, *standing]))
        return Look(plan, found, tuple(standing))

    def plan(self) -> tuple[Plan, str]:
        """What is going to be done, and the pool that an earlier run made; "": none.
        NotMadeError."""
        looked = self.look()
        if looked.standing:
            raise NotMadeError("\n".join(looked.standing))
        return looked.plan, looked.found

    @property
    def _former(self) -> str:
        return self.document.user_pool_id

    def make(self, tell: Tell) -> Made:
        """Do it, telling each step. NotMadeError; BrokenOffError."""
        plan, found = self.plan()
        pool = found or self._created(plan)
        tell(f"{plan.pool.operation}: {pool}{' (was there)' if found else ''}")
        try:
            return self._completed(plan, pool, tell, existed=bool(found))
        except PoolGoneError as error:
            raise BrokenOffError(f"{error} any more: it was deleted meanwhile") from error
        except StandbyError as error:
            raise BrokenOffError(
                f"{error}: the pool {pool} is made; run it again, it goes on with what is there"
            ) from error

    def _created(self, plan: Plan) -> str:
        """The new pool's id."""
        try:
            return self.maker.create_pool(plan.pool.request)
        except ServiceUnavailableError as error:
            raise BrokenOffError(
                f"{error}: the pool may be made; run it again, it goes on with what is there"
            ) from error
        except StandbyError as error:
            raise NotMadeError(f"{error}{_advice(error)}") from error

    def _completed(self, plan: Plan, pool: str, tell: Tell, *, existed: bool) -> Made:
        """With all that belongs to it. StandbyError, PoolGoneError."""
        now = self.reader.read(pool)
        wanted = without(self.document, self.wanted)
        ids = _same_clients(wanted.items(Section.CLIENTS), now.items(Section.CLIENTS))
        failed = self._steps(plan, pool, now, ids, tell)
        made = self.reader.read(pool)
        former = {new: old for old, new in ids.items()}
        left = differences(wanted, with_clients(made, former))
        told = tuple(each for each in left if not _is_ours(each))
        return Made(pool, existed, ids, failed, told)

    def _steps(
        self, plan: Plan, pool: str, now: PoolConfiguration, ids: dict[str, str], tell: Tell
    ) -> dict[str, str]:
        failed: dict[str, str] = {}
        for step in plan.steps:
            if _is_there(step, now, ids):
                continue
            if step.client and step.client not in ids:
                failed[step.told] = f"the app client {step.client} was not made"
                continue
            request = {**step.request, **({"ClientId": ids[step.client]} if step.client else {})}
            try:
                new = self.maker.call(step.operation, pool, request)
            except PermanentError as error:
                failed[step.told] = str(error)
                tell(f"{step.told}: refused: {error}")
                continue
            if step.section is Section.CLIENTS:
                ids[step.item] = new
            tell(f"{step.told}{f' -> {new}' if new else ''}")
        return failed

    def _lives(self) -> bool:
        """NotMadeError: it may be, and is not told."""
        try:
            return self.maker.is_there(self._former)
        except PermanentError as error:
            raise NotMadeError(
                f"whether the pool {self._former} is there is not told ({error}): ask with rights "
                "that may look at it, or say --beside to make a second one in any case"
            ) from error

    def _missing(self, plan: Plan) -> list[str]:
        missing = set(self.maker.missing_functions(set(plan.functions.values())))
        return [
            f"the function of the trigger {slot} is not there: {arn}; deploy it, or say "
            "--without triggers"
            for slot, arn in plan.functions.items()
            if arn in missing
        ]

    def _taken(self, plan: Plan, found: str) -> dict[str, str]:
        """Domain -> another pool, which has it."""
        wanted = [step.item for step in plan.steps if step.section is Section.DOMAINS]
        holders = {domain: self.maker.holder_of(domain) for domain in wanted}
        return {each: holder for each, holder in holders.items() if holder not in ("", found)}


def _advice(error: StandbyError) -> str:
    return ": try again" if isinstance(error, RetryableError) else ""


def _there(pool: str) -> str:
    return (
        f"the pool {pool} is there: a pool that is only set up otherwise is mended by hand "
        "(`standby config diff`); say --beside to make a second one"
    )


def _taken_by(domain: str, holder: str) -> str:
    return (
        f"the domain {domain} is taken by {holder}: release it there, say --domain PREFIX, or "
        "--without domains"
    )


def permissions(plan: Plan, pool_arn: str) -> list[str]:
    """The commands that let the new pool call the functions of its triggers."""
    pool, region = pool_arn.rsplit("/", 1)[-1], pool_arn.split(":")[3]
    return [
        f"aws lambda add-permission --region {region} --function-name {arn} --statement-id {pool} "
        f"--action lambda:InvokeFunction --principal cognito-idp.amazonaws.com "
        f"--source-arn {pool_arn}"
        for arn in sorted(set(plan.functions.values()))
    ]


def _same_clients(former: Items, present: Items) -> dict[str, str]:
    """Former id -> present one, of those that are equal in everything, each once."""
    free = dict(present)
    found = {}
    for client, item in former.items():
        for new, made in free.items():
            if _made(item) == _made(made):
                found[client] = new
                del free[new]
                break
    return found


def _made(client: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in client.items() if name != "ClientType"}


def _is_there(step: Step, now: PoolConfiguration, ids: Mapping[str, str]) -> bool:
    """Whether an earlier run has done it. What is set as a whole is set again."""
    if step.section is Section.CLIENTS:
        return step.item in ids
    if step.operation.startswith(("Set", "Associate")):
        return False
    client, slash, rest = step.item.partition("/")
    name = step.item
    if step.client and step.section is not Section.CLIENT_METADATA:
        name = ids.get(client, client) + slash + rest
    return name in now.items(step.section)


def _is_ours(difference: Difference) -> bool:
    return difference.section is Section.TAGS and (
        difference.item == RESTORED_FROM or difference.item.startswith("aws:")
    )
