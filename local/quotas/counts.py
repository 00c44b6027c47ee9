"""What was asked and refused, by quota and by caller: figures for a person and for tests."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

APPS = "apps"
"""Whoever is no deployed function."""


@dataclass
class Counts:
    """Safe for threads."""

    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(Region, quota, caller)."""
    refused: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, region: str, quota: str, caller: str, *, refused: bool) -> None:
        """One call."""
        key = (region, quota, caller)
        with self._lock:
            self.asked[key] += 1
            self.refused[key] += refused

    def state(self) -> dict[str, Any]:
        """Every caller of every quota."""
        with self._lock:
            return {
                "calls": [
                    {
                        "region": region,
                        "quota": quota,
                        "caller": caller,
                        "asked": number,
                        "refused": self.refused[region, quota, caller],
                    }
                    for (region, quota, caller), number in sorted(self.asked.items())
                ]
            }
