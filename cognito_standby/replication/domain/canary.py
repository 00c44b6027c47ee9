"""The canary: a user whom the active Region changes, to measure the way to the standby."""

from __future__ import annotations

NAME = "standby-canary"
EMAIL = "standby-canary@canary.invalid"
"""`.invalid` never resolves (RFC 2606): no message to the canary can reach anybody."""

ATTRIBUTE = "profile"
"""A standard attribute, so that every pool has it; holds the time of the last change."""
