"""The answer of a PreTokenGeneration trigger, with one claim set or taken out. Pure.

Shapes: "Pre token generation Lambda trigger", Amazon Cognito Developer Guide. Version 1 changes the
ID token; 2 and 3 (Essentials and Plus) change both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIRST = "1"
_WHOLE_FIRST, _WHOLE = "claimsOverrideDetails", "claimsAndScopeOverrideDetails"
_TOKENS = ("idTokenGeneration", "accessTokenGeneration")
_ADDED, _SUPPRESSED = "claimsToAddOrOverride", "claimsToSuppress"

Answer = Mapping[str, Any]


def with_claim(version: str, response: Answer, name: str, value: str) -> dict[str, Any]:
    """The response with this claim in every token that the version can change. An empty value takes
    out whatever an earlier part said under this name: it is ours alone."""
    if version == _FIRST:
        changed = _section(response.get(_WHOLE_FIRST), name, value)
        return dict(response) if changed is None else {**response, _WHOLE_FIRST: changed}
    details = response.get(_WHOLE) or {}
    sections = {token: _section(details.get(token), name, value) for token in _TOKENS}
    changed_ones = {token: each for token, each in sections.items() if each is not None}
    return {**response, _WHOLE: {**details, **changed_ones}} if changed_ones else dict(response)


def _section(section: Mapping[str, Any] | None, name: str, value: str) -> dict[str, Any] | None:
    """None: nothing changes. What is empty then is left out, not sent empty."""
    given = section or {}
    added, suppressed = given.get(_ADDED) or {}, given.get(_SUPPRESSED) or ()
    if not value and name not in added:
        return None
    lists = {
        _ADDED: {k: v for k, v in added.items() if k != name} | ({name: value} if value else {}),
        _SUPPRESSED: [each for each in suppressed if each != name],
    }
    kept = {key: each for key, each in given.items() if key not in lists}
    return {**kept, **{key: each for key, each in lists.items() if each}}
