"""What a listing tells of somebody's ways in, as a few letters at the end of their row. Pure.

ListUsers shows status, flag and attributes: so which addresses somebody has, which are verified,
and which identities are linked to them. It shows no second factors and no preferences (API
reference, UserType); those are known as of the last look at the user, from the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Container

from cognito_standby.core.domain.identities import identities_of, own_identity
from cognito_standby.core.domain.pools import PoolUser, UserStatus
from cognito_standby.core.domain.recoverability import Standing
from cognito_standby.core.domain.sign_in import Channel, Factor
from cognito_standby.core.domain.subjects import TRUE
from cognito_standby.core.domain.summaries import factors_in
from cognito_standby.replication.domain.canary import EMAIL as CANARY_EMAIL

_LETTERS = {Channel.EMAIL: ("e", "E"), Channel.PHONE: ("p", "P")}
"""Of an address that is there, and of one that is verified."""

_FEDERATED = "F"
"""Of a provider's user whose status does not tell: a password makes them CONFIRMED."""

_UNTOLD = "X"
"""Of a provider's user of whom the pool tells no provider, for example because it was removed."""
_PAIRWISE = "W"
"""Of a provider's user whose subject is another one in the other pool."""
_CANARY = "C"
"""Of the canary, by which the lag is measured: nobody who would have to come in."""

_NUMBER = re.compile(r"\d+$")


def marks_of(user: PoolUser, pairwise: Container[str] = ()) -> str:
    """The letters, and how many identities are linked where any are: "Ep2"; "EF" of a provider's
    user with a password. `pairwise`: providers whose subjects differ between the pools."""
    if user.attributes.get(Channel.EMAIL) == CANARY_EMAIL:
        return _CANARY
    told = ""
    for channel, (there, verified) in _LETTERS.items():
        if user.attributes.get(channel):
            flag = user.attributes.get(f"{channel}_verified", "").lower()
            told += verified if flag == TRUE else there
    own = own_identity(user.attributes)
    told += _PAIRWISE if own and own.provider in pairwise else ""
    if user.status is UserStatus.EXTERNAL_PROVIDER:
        return told if own else told + _UNTOLD
    if own:
        return told + _FEDERATED
    linked = len(identities_of(user.attributes))
    return f"{told}{linked}" if linked else told


def standing_of(status: str, flag: str, marks: str, factors: str = "") -> Standing:
    """Of the end of a row, and the ledger's letters of factors (`core.domain.summaries`). A status
    that Cognito has since learnt counts as the unknown one."""
    reachable = {each for each, letters in _LETTERS.items() if set(letters) & set(marks)}
    verified = {each for each, (_, letter) in _LETTERS.items() if letter in marks}
    known = UserStatus(status) if status in UserStatus.__members__ else UserStatus.UNKNOWN
    return Standing(
        status=UserStatus.EXTERNAL_PROVIDER if _FEDERATED in marks else known,
        enabled=flag == "1",
        reachable=frozenset(reachable),
        verified=frozenset(verified),
        factors=frozenset(map(Factor, factors_in(factors) & frozenset(Factor))),
        linked=identities_in(marks) > 0,
        pairwise=_PAIRWISE in marks,
    )


def is_providers_own(status: str, marks: str) -> bool:
    """Whether a provider's sign-in made the user. A local user to whom one is linked is not so."""
    return status == UserStatus.EXTERNAL_PROVIDER or _FEDERATED in marks


def is_canary(marks: str) -> bool:
    """Whether the row is the canary's, which counts among no people."""
    return marks == _CANARY


def tells_no_provider(marks: str) -> bool:
    """Of a provider's user of whom SYNC can tell nothing, as `federated.tells_no_provider` says."""
    return _UNTOLD in marks


def identities_in(marks: str) -> int:
    """How many identities of providers are linked to a local user."""
    found = _NUMBER.search(marks)
    return int(found[0]) if found else 0
