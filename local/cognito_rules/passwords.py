"""What is a password."""

from __future__ import annotations

import re
import string

from local.cognito_rules.pools import PasswordPolicy
from local.cognito_rules.refusals import CognitoError, constraint

MAX_PASSWORD_LENGTH = 256
"""Guide, "Quotas in Amazon Cognito"; API, PasswordType."""


def check_password(policy: PasswordPolicy, password: str) -> None:
    """API, PasswordType: up to 256 characters without blanks; PasswordPolicyType.

    The symbols of the guide, "Adding user pool password requirements", are those of ASCII.
    """
    if len(password) > MAX_PASSWORD_LENGTH:
        raise constraint("password", f"have length less than or equal to {MAX_PASSWORD_LENGTH}")
    if re.search(r"\s", password):
        raise constraint("password", r"satisfy regular expression pattern: [\S]+")
    wanted = {
        "uppercase": (policy.upper, string.ascii_uppercase),
        "lowercase": (policy.lower, string.ascii_lowercase),
        "numeric": (policy.numbers, string.digits),
        "symbol": (policy.symbols, string.punctuation),
    }
    lacking = [
        f"Password must have {kind} characters"
        for kind, (on, characters) in wanted.items()
        if on and not set(characters) & set(password)
    ]
    if len(password) < policy.minimum_length:
        lacking.insert(0, "Password not long enough")
    if lacking:
        text = f"Password did not conform with policy: {'; '.join(lacking)}"
        raise CognitoError("InvalidPasswordException", text)
