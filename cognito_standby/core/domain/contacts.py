"""Addresses and their verification flags: read in one form, written so that nobody is mailed. Pure.

Cognito sends a code to an address that an administrator changes without its flag being true in the
same call, wherever the pool verifies such addresses by itself; where it requires verification
before an update it keeps the old address as well. Source: AdminUpdateUserAttributes,
"email_verified" and "phone_number_verified".
"""

from __future__ import annotations

from collections.abc import Mapping

from cognito_standby.core.domain.subjects import ATTRIBUTE, FALSE, TRUE, Fields

CONTACTS = ("email", "phone_number")
"""Attributes with a verification flag of their own."""

PREFERRED = "preferred_username"
"""What signs in beside contacts where it is an alias; nothing verifies it."""

FLAGS = {f"{contact}_verified": contact for contact in CONTACTS}
"""Flag -> the address that it is about."""

CONTACT_OF = {ATTRIBUTE + flag: ATTRIBUTE + contact for flag, contact in FLAGS.items()}
"""The same, of fields."""


def with_flags(fields: Fields) -> dict[str, str]:
    """A user's state with a flag for each address, and none without.

    Cognito tells no flag of an address that was never verified, which means the same as false; and
    what an update has set to false can never be made absent again. So two pools could not agree on
    what is absent in one of them.
    """
    told = dict(fields)
    for flag, contact in FLAGS.items():
        if told.get(ATTRIBUTE + contact):
            told.setdefault(ATTRIBUTE + flag, FALSE)
        else:
            told.pop(ATTRIBUTE + flag, None)
    return told


def silent_updates(wanted: Mapping[str, str], seen: Fields) -> tuple[Mapping[str, str], ...]:
    """The updates, in order, that give a user these attributes and send no message, whatever the
    pool verifies; an update without attributes is left out.

    An address that changes goes in as verified, and loses the flag in a call of its own. One that
    stays is not sent again.
    """
    first = {n: v for n, v in wanted.items() if n not in CONTACTS or v != seen.get(ATTRIBUTE + n)}
    changed = [flag for flag, contact in FLAGS.items() if contact in first]
    then = {flag: wanted.get(flag, FALSE) for flag in changed if wanted.get(flag, FALSE) != TRUE}
    first |= dict.fromkeys(changed, TRUE)
    return tuple(each for each in (first, then) if each)


def with_verification(wanted: Mapping[str, str], target: Fields) -> dict[str, str]:
    """These fields, and the verification flag of each contact among them: a flag always goes along
    with its contact."""
    together = dict(wanted)
    for flag, contact in FLAGS.items():
        if contact in wanted and ATTRIBUTE + flag in target:
            together[flag] = target[ATTRIBUTE + flag]
    return together
