"""Password hashes that an import job takes.

Source: guide, "Importing users with password hashes": formats, and the greatest parameters.
"""

from __future__ import annotations

import re

ALGORITHMS = ("BCRYPT", "SCRYPT", "ARGON2ID", "PBKDF2_SHA256")

_FORMS = {
    "BCRYPT": re.compile(r"\$2[abxy]\$([0-9]{2})\$[./A-Za-z0-9]{53}"),
    "SCRYPT": re.compile(r"([0-9]+)\$([0-9]+)\$([0-9]+)\$(?:[0-9a-fA-F]{2})+\$(?:[0-9a-fA-F]{2})+"),
    "ARGON2ID": re.compile(
        r"\$argon2id\$v=[0-9]+\$m=([0-9]+),t=([0-9]+),p=([0-9]+)\$[+/A-Za-z0-9]+\$[+/A-Za-z0-9]+"
    ),
    "PBKDF2_SHA256": re.compile(r"\$pbkdf2-sha256\$([0-9]+)\$[+/.A-Za-z0-9]+\$[+/.A-Za-z0-9]+"),
}
_MOST = {
    "BCRYPT": (12,),
    "SCRYPT": (65536, 8, 1),
    "ARGON2ID": (19456, 2, 1),
    "PBKDF2_SHA256": (600_000,),
}


def problem(algorithm: str, value: str) -> str:
    """Why a hash is refused, or "". Nothing of the hash is told."""
    found = _FORMS[algorithm].fullmatch(value)
    if found is None:
        return f"The password hash is malformed for {algorithm}."
    given = (int(number) for number in found.groups())
    if any(number > most for number, most in zip(given, _MOST[algorithm], strict=True)):
        return "A parameter of the password hash is out of bounds."
    return ""
