"""Short digests of a state, by which whole pools are compared without reading a single user.

A listing gives a user's profile and flag, memberships come from the listings of the groups; so a
summary is put together from parts: `<profile>.<groups>.<enabled>`, empty for an absent subject.
The ledger keeps the summary that was last confirmed; where the pool still shows the same one and
the winning record is still the confirmed one, nothing can have been missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from cognito_standby.core.domain.subjects import (
    ENABLED,
    GROUP,
    TRUE,
    Fields,
    digest,
    fingerprint,
    is_about_factors,
    names_with,
)

_SEPARATOR = "."


@dataclass(frozen=True, slots=True)
class Parts:
    """A summary taken apart, to tell what kind of difference there is."""

    profile: str
    groups: str
    enabled: bool


def summary_of(fields: Fields) -> str:
    """The summary of a state with everything in it, memberships included; "": absent."""
    if not fields:
        return ""
    groups = names_with(GROUP, fields)
    return joined(profile_digest(fields), groups, enabled=fields.get(ENABLED, TRUE) == TRUE)


def profile_digest(fields: Fields) -> str:
    """Digest of everything but memberships, the enabled flag, and second factors: no listing shows
    those, so that a difference of theirs is nothing that a listing could tell."""
    return fingerprint(
        {
            name: v
            for name, v in fields.items()
            if not (name == ENABLED or name.startswith(GROUP) or is_about_factors(name))
        }
    )


def joined(profile: str, groups: Iterable[str], *, enabled: bool) -> str:
    """A summary from the parts that different listings gave."""
    flag = "1" if enabled else "0"
    return _SEPARATOR.join((profile, _groups_digest(tuple(sorted(groups))), flag))


def parts_of(summary: str) -> Parts | None:
    """The parts of a summary; None: absent, or not a summary."""
    parts = summary.split(_SEPARATOR)
    if len(parts) != 3:  # noqa: PLR2004 - profile, groups, enabled
        return None
    return Parts(parts[0], parts[1], parts[2] == "1")


@lru_cache(maxsize=4096)
def _groups_digest(names: tuple[str, ...]) -> str:
    return digest("\n".join(names)) if names else ""
