"""Names that look like other names: refused when a user is created, because a person who reads the
name could take it for the other. Pure.

A small part of Unicode's technical report 36: compatibility forms, and letters of scripts that
share shapes in one name. Sources: UAX #15 (normalization), UTS #39 (confusables).
"""

from __future__ import annotations

import unicodedata

_SHARING_SHAPES = ("LATIN", "CYRILLIC", "GREEK")


def look_alike_problem(name: str) -> str:
    """What makes a name pass for another, or nothing."""
    if unicodedata.normalize("NFKC", name) != name:
        return "letters in a compatibility form, or not composed, are refused"
    scripts = {_script(letter) for letter in name if letter.isalpha()}
    if len(scripts & set(_SHARING_SHAPES)) > 1:
        return "letters of several scripts that look alike are refused"
    return ""


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", 1)[0]
