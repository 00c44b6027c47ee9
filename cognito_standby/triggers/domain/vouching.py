"""Whom a pool let in that took a password. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE


@dataclass(frozen=True)
class Vouched:
    """Somebody whose password a pool took. `mark`: its copy of their origin sub, or nothing."""

    sub: str
    mark: str = ""

    def origin(self, mapped: str | None) -> str:
        """Whose copy they are there: as this Region's ledger maps them, for the pool can have been
        this Region's; else by the mark that every creation of ours sets; else who was born there.
        """
        return mapped or self.mark or self.sub


def vouched_of(token: str, attributes: Mapping[str, str]) -> Vouched | None:
    """Of an access token and what the pool shows of its user; None: they are about two people."""
    sub = attributes.get("sub", "")
    if not sub or token_claims(token).get("sub") != sub:
        return None
    return Vouched(sub, attributes.get(ORIGIN_SUB_ATTRIBUTE, ""))


def token_claims(token: str) -> Mapping[str, object]:
    """The claims of a token that Cognito itself answered with, so that its signature tells nothing
    more; none if it cannot be read."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}
