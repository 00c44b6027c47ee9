"""Which second factors a pool is to ask somebody for. Pure.

An administrator can turn codes by SMS and mail on, where the pool offers them and the address is
there; an authenticator and a passkey hold a secret that nobody can read, so that the person sets
them up again. Whatever is turned on, its channel resets no password, and a one-time code begins no
sign-in any more: what would lock somebody out of the standby is left out there, or taken away.

Sources: API reference, AdminSetUserMFAPreference, SMSMfaSettingsType ("You can't turn off SMS MFA
for any of your users when MFA is required in your user pool"), EmailMfaSettingsType; and those of
core/domain/recoverability.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import Observation, PoolSchema, UserStatus
from cognito_standby.core.domain.recoverability import Standing, locks_out
from cognito_standby.core.domain.sign_in import CODES_GO_TO, Channel, Factor, MfaMode
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    FACTOR,
    PREFERRED_FACTOR,
    TRUE,
    Fields,
    names_with,
)

BY_CODE = {FACTOR + factor: factor for factor in CODES_GO_TO}
"""Field -> the factor that an administrator can turn on."""


@dataclass(frozen=True)
class Choice:
    """wanted   the winner's fields
    observed what the pool shows
    told     what it is to show, but for factors: the addresses that codes go to
    standby  nobody has changed anything here that counts
    """

    wanted: Fields
    observed: Observation
    told: Fields
    schema: PoolSchema
    standby: bool = False

    @property
    def seen(self) -> Fields:
        """Before."""
        return self.observed.fields


def factors_in(
    choice: Choice,
    carried: Mapping[str, str],
    changed: Collection[str],
    refused: Collection[str],
    unrecorded: Collection[str],
) -> tuple[Fields, dict[str, str]]:
    """The fields about factors that the pool is to show, and why each differs from the winner's.
    The preferred factor comes first: of two that would together lock somebody out it stays."""
    held, left_out = dict[str, str](), dict[str, str]()
    preferred = FACTOR + choice.wanted.get(PREFERRED_FACTOR, "")
    names = {FACTOR + each for each in names_with(FACTOR, {*choice.wanted, *choice.seen})}
    for name in sorted(names, key=lambda each: (each != preferred, each)):
        if name in changed:
            reason, stays = "", name in choice.wanted
        else:
            reason, stays = _decided(choice, name, held, name in unrecorded)
            if not reason and stays and name not in choice.seen:
                reason = carried.get(name, "") or (NotHeld.REFUSED if name in refused else "")
                stays = not reason
        if reason:
            left_out[name] = reason
        if stays:
            held[name] = TRUE
    _prefer(choice, held, left_out, changed, unrecorded)
    return held, left_out


def _decided(choice: Choice, name: str, held: Fields, unrecorded: bool) -> tuple[str, bool]:
    """Why a factor is not as the winner has it, and whether it is on."""
    wanted, seen = name in choice.wanted, name in choice.seen
    if seen and not wanted:
        if unrecorded or name.removeprefix(FACTOR) not in frozenset(Factor):
            return NotHeld.ONLY_HERE, True
        required = choice.schema.sign_in.mfa is MfaMode.ON
        return (NotHeld.MFA_REQUIRED, True) if required else ("", False)
    if seen and (not choice.standby or choice.schema.sign_in.mfa is MfaMode.ON):
        return "", True
    reason = _cannot_hold(choice, name, held, seen)
    return reason, not reason


def _cannot_hold(choice: Choice, name: str, held: Fields, seen: bool) -> str:
    """Why a factor of the winner's is not turned on here. One that is on can only be in the way."""
    factor = BY_CODE.get(name)
    if factor is None:
        return "" if seen else NotHeld.NEEDS_ENROLMENT
    if not choice.schema.carries_factors:
        return NotHeld.CODES_INSTEAD
    standing = _standing(choice, held)
    if not seen:
        rules = choice.schema.sign_in
        if rules.mfa is MfaMode.OFF or factor not in rules.factors:
            return NotHeld.NOT_OFFERED
        # A code by SMS goes to any number ("Phone numbers don't need to be verified"); a mailbox
        # that nobody has proved to be theirs is not made the key to an account.
        to = CODES_GO_TO[factor]
        there = standing.verified if factor is Factor.EMAIL else standing.reachable
        if to not in there:
            return NotHeld.NO_ADDRESS_FOR_CODES
    return NotHeld.BLOCKS_RECOVERY if locks_out(standing, factor, choice.schema.sign_in) else ""


def _standing(choice: Choice, held: Fields) -> Standing:
    """Of somebody as replays leave them: confirmed. Whether they are disabled does not count, or
    whoever is let in again would be locked out."""
    told = choice.told
    reachable = frozenset(each for each in Channel if told.get(ATTRIBUTE + each))
    flags = {each: told.get(f"{ATTRIBUTE}{each}_verified") for each in reachable}
    verified = frozenset(each for each, flag in flags.items() if flag == TRUE)
    theirs = {FACTOR + Factor.TOTP} & set(choice.seen)
    on = frozenset(each for each in Factor if FACTOR + each in {*held, *theirs})
    return Standing(UserStatus.CONFIRMED, True, reachable, verified, on)


def _prefer(
    choice: Choice,
    held: dict[str, str],
    left_out: dict[str, str],
    changed: Collection[str],
    unrecorded: Collection[str],
) -> None:
    """Of the factors that are on, the winner's preferred one; else what is there stays."""
    wanted, seen = choice.wanted.get(PREFERRED_FACTOR), choice.seen.get(PREFERRED_FACTOR)
    if PREFERRED_FACTOR in changed:
        held.update({PREFERRED_FACTOR: wanted} if wanted else {})
        return
    stays = seen if seen and FACTOR + seen in held else None
    final = wanted if wanted and FACTOR + wanted in held else None
    reason = ""
    if wanted and final is None:
        final, reason = stays, left_out.get(FACTOR + wanted, NotHeld.NOT_OFFERED)
    elif stays and not wanted and PREFERRED_FACTOR in unrecorded:
        final, reason = stays, NotHeld.ONLY_HERE
    if final != stays and _lacks_address(choice, held, final, stays):
        # The call that moves the preference says that both are on, which takes their addresses.
        final, reason = stays, NotHeld.NO_ADDRESS_FOR_CODES
    if final:
        held[PREFERRED_FACTOR] = final
    if final != wanted:
        left_out[PREFERRED_FACTOR] = reason


def _lacks_address(choice: Choice, held: Fields, *factors: str | None) -> bool:
    reachable = _standing(choice, held).reachable
    codes = (BY_CODE.get(FACTOR + each) for each in factors if each)
    return any(CODES_GO_TO[each] not in reachable for each in codes if each)
