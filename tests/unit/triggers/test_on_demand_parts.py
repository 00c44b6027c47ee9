"""A pool that is filled on demand: whose name nobody takes, and who gets no token yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.pools import PoolUser, UserStatus
from cognito_standby.triggers.domain.sign_ups import BY_ADMINISTRATOR, BY_PROVIDER, Typed
from cognito_standby.triggers.ports import RefusedError
from cognito_standby.triggers.services.binding import REFUSAL, RENEWED, BindFirst
from cognito_standby.triggers.services.kept_names import MARGIN, NOT_NOW, TAKEN, KeepNames
from tests.unit.triggers.events import ORIGIN, PERSONAL, POOL, SUB, attributes, call, event, tokens

MARK = {"custom:origin_sub": ORIGIN}
SIGN_UP = "PreSignUp_SignUp"


@dataclass
class Kept:
    """Names that are kept, or an error."""

    names: Any = ()
    asked: list[tuple[str, Typed]] = field(default_factory=list)

    def __call__(self, pool: str, typed: Typed, _: float) -> bool:
        self.asked.append((pool, typed))
        if isinstance(self.names, Exception):
            raise self.names
        return bool({*typed.names, typed.preferred} & set(self.names))


@pytest.mark.parametrize("name", [PERSONAL[0], PERSONAL[2]])
@pytest.mark.parametrize("source", [SIGN_UP, BY_ADMINISTRATOR])
def test_nobody_takes_a_name_of_who_is_awaited(source: str, name: str) -> None:
    kept = Kept({name})
    with pytest.raises(RefusedError, match=TAKEN):
        KeepNames(kept)(call(event(source, attributes())), {})
    assert kept.asked == [(POOL, Typed((PERSONAL[2], PERSONAL[0])))]


def test_a_preferred_username_is_a_name_where_an_administrator_gives_it() -> None:
    """At a sign-up Cognito takes none that signs in."""
    nick = {"preferred_username": "annie"}
    kept = Kept({"annie"})
    with pytest.raises(RefusedError, match=TAKEN):
        KeepNames(kept)(call(event(BY_ADMINISTRATOR, nick)), {})
    assert KeepNames(kept)(call(event(SIGN_UP, nick)), {}) == {}
    assert [typed.preferred for _, typed in kept.asked] == ["annie", ""]


def test_whoever_has_a_name_of_their_own_signs_up() -> None:
    assert KeepNames(Kept({"another"}))(call(event(SIGN_UP, attributes())), {"a": 1}) == {"a": 1}


@pytest.mark.parametrize(
    "given", [event(BY_ADMINISTRATOR, attributes(**MARK)), event(BY_PROVIDER, attributes())]
)
def test_who_is_made_as_one_of_the_awaited_or_by_a_provider_is_not_asked_about(given: Any) -> None:
    kept = Kept({PERSONAL[0]})
    KeepNames(kept)(call(given), {})
    assert not kept.asked


@pytest.mark.parametrize("fault", [ServiceUnavailableError("dark"), TimeoutError(), KeyError("x")])
def test_where_it_cannot_be_read_nobody_signs_up(fault: Exception) -> None:
    with pytest.raises(RefusedError, match=NOT_NOW):
        KeepNames(Kept(fault))(call(event(SIGN_UP, attributes())), {})
    with pytest.raises(RefusedError, match=NOT_NOW):
        KeepNames(Kept())(call(event(SIGN_UP, attributes()), MARGIN), {})


@dataclass
class Ledger:
    """Maps a sub, or binds it when it is asked to; or fails."""

    mapped: Any = None
    binds: Any = ""
    bound: list[PoolUser] = field(default_factory=list)

    def origin_of(self, *_: Any) -> Any:
        if isinstance(self.mapped, Exception):
            raise self.mapped
        return self.mapped

    def bind(self, pool: str, user: PoolUser, _: float) -> str:
        assert pool == POOL
        self.bound.append(user)
        if isinstance(self.binds, Exception):
            raise self.binds
        return str(self.binds)


def test_a_copy_is_bound_before_its_first_token() -> None:
    ledger = Ledger(binds=ORIGIN)
    given = tokens(**MARK)
    assert BindFirst(ledger, ledger.bind)(call(given), {}) == {}
    (user,) = ledger.bound
    assert (user.sub, user.username, user.origin_sub) == (SUB, PERSONAL[2], ORIGIN)
    assert user.status is UserStatus.CONFIRMED


@pytest.mark.parametrize(
    "ledger",
    [
        Ledger(),
        Ledger(mapped=ServiceUnavailableError("dark"), binds=ORIGIN),
        Ledger(binds=ServiceUnavailableError("dark")),
        Ledger(mapped=TimeoutError()),
    ],
)
def test_whoever_is_not_certain_gets_no_token(ledger: Ledger) -> None:
    with pytest.raises(RefusedError, match=REFUSAL):
        BindFirst(ledger, ledger.bind)(call(tokens(**MARK)), {})
    with pytest.raises(RefusedError, match=REFUSAL):
        BindFirst(ledger, ledger.bind)(call(tokens(**MARK), 0.1), {})


@pytest.mark.parametrize(
    "given",
    [
        tokens(),
        tokens(**{"custom:origin_sub": SUB}),
        event(RENEWED, attributes(**MARK)),
        event("TokenGeneration_ClientCredentials", {}),
    ],
    ids=["born here", "the own sub", "renewed", "an app"],
)
def test_who_was_not_just_made_is_not_asked_about(given: Any) -> None:
    ledger = Ledger(mapped=ServiceUnavailableError("dark"))
    assert BindFirst(ledger, ledger.bind)(call(given), {}) == {}
    assert not ledger.bound


def test_who_is_bound_already_is_not_bound_again() -> None:
    ledger = Ledger(mapped=ORIGIN)
    BindFirst(ledger, ledger.bind)(call(tokens(**MARK)), {})
    assert not ledger.bound
