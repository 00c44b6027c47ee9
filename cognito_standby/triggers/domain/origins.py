"""Which origin sub a token may claim. Pure.

The claim may be missing, never wrong. What the ledger maps is true. Where it maps nothing yet, a
user's own sub is true only of who was born in this pool. Where the pool has the attribute
`custom:origin_sub`, whoever is made by us carries the origin sub in it from the call on that makes
them, so that a user without it is nobody's copy, and can be captured under their own sub alone
(`replication/services/look.py`, `identify`); where it lacks it, nothing tells. Why that is certain:
docs/protocol.md, "What a token claims".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cognito_standby.core.domain.identities import IDENTITIES, own_identity
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, UserStatus

STATUS = "cognito:user_status"


class Reason(StrEnum):
    """Why a token has the claim, or has none."""

    MAPPED = "the ledger maps the sub"
    BORN_HERE = "born in this pool, and not captured yet"
    NOT_CAPTURED = "not in the ledger, and copies in this pool carry no mark"
    NOT_BOUND = "made by replication, and not bound yet"
    FEDERATED = "a provider's user, who may have another record at home"
    UNREAD = "the ledger could not be read"
    LATE = "no time was left to read the ledger"
    NO_USER = "no user: a token of an app"


@dataclass(frozen=True)
class Claim:
    """What a token claims; `origin` empty: nothing."""

    origin: str
    reason: Reason


def claim_of(
    attributes: Mapping[str, str],
    mapped: str | None,
    *,
    marked: bool,
    home: bool = False,
    pairwise: Collection[str] = (),
) -> Claim:
    """The claim of a user with these attributes, whom the ledger maps to an origin sub, or not.

    marked    the pool has the attribute, so that every copy in it says whose it is
    home      a provider's user whom the ledger has as somebody new is so: in the primary's pool,
              and wherever the records are asked at a first sign-in. Elsewhere they are captured as
              somebody new, though the primary's pool may know the identity by another sub
    pairwise  providers of whose users the records are not asked all the same
    """
    sub = attributes.get("sub", "")
    if not sub:
        return Claim("", Reason.NO_USER)
    home = home and (not pairwise or _provider(attributes) not in {"", *pairwise})
    if _is_federated(attributes) and mapped in ((None, "") if home else (None, "", sub)):
        return Claim("", Reason.FEDERATED)
    if mapped:
        return Claim(mapped, Reason.MAPPED)
    if attributes.get(ORIGIN_SUB_ATTRIBUTE, "") not in ("", sub):
        return Claim("", Reason.NOT_BOUND)
    return Claim(sub, Reason.BORN_HERE) if marked else Claim("", Reason.NOT_CAPTURED)


def _is_federated(attributes: Mapping[str, str]) -> bool:
    """Somebody of a provider has another sub in each pool, and nothing on the user tells whose it
    is. A password gives them another status; who is only linked to an identity was made natively.
    Where Cognito told no status, any identity counts."""
    status = attributes.get(STATUS, "")
    if not status and attributes.get(IDENTITIES):
        return True
    return status == UserStatus.EXTERNAL_PROVIDER or own_identity(attributes) is not None


def _provider(attributes: Mapping[str, str]) -> str:
    """The one that made the user; "": it is not told."""
    who = own_identity(attributes)
    return who.provider if who else ""
