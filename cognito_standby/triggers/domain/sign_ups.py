"""Which sign-ups are refused whatever the pool's role is. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE

BY_ADMINISTRATOR = "PreSignUp_AdminCreateUser"
"""Replay makes its users by this call, and so may administrators."""
REFUSAL = f"{ORIGIN_SUB_ATTRIBUTE} is set by the service alone; sign up without it"


def refusal_of(source: str, attributes: Mapping[str, str]) -> str:
    """Why a sign-up is refused, or nothing. A caller who names an origin sub could otherwise stand
    for somebody else where an app trusts the attribute. A provider's attributes are a caller's."""
    if source == BY_ADMINISTRATOR or not attributes.get(ORIGIN_SUB_ATTRIBUTE):
        return ""
    return REFUSAL
