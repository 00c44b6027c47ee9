"""How an app chooses its pool by what the Regions publish. Pure, without anything of ours, so that
an app can take this file along.

Each Region serves a document of its own, and any of them may be late or unreachable. So an app
reads both and goes by the highest epoch, never back behind one that it has seen, and only to a pool
that it was built with: who could forge a document could otherwise send people's passwords away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

VERSION = 1


@dataclass(frozen=True)
class Choice:
    """The pool to sign in at.

    number, region  the epoch since which its Region is active; an app keeps the whole choice where
                    it outlives the app's process
    clients         logical name -> id of the app client, as the app was built
    """

    number: int
    region: str
    user_pool_id: str
    clients: Mapping[str, str]

    @property
    def epoch(self) -> tuple[int, str]:
        """What is compared."""
        return self.number, self.region


BuiltWith = Mapping[str, Mapping[str, str]]
"""Pool -> its clients by logical name: all that the app may ever choose."""


def choose(texts: Iterable[str | None], built_with: BuiltWith, last: Choice) -> Choice:
    """The choice by what both documents say; `last` where they say nothing newer.

    texts       both documents as they were answered; None: that Region did not answer
    built_with  the pools that the app knows
    last        the choice so far; at first the pool that was active when the app was built, with
                number 0
    """
    best = last
    for text in texts:
        read = _read(text, built_with)
        if read is not None and read.epoch > best.epoch:
            best = read
    return best


def _read(text: str | None, built_with: BuiltWith) -> Choice | None:
    """None: no answer, another version, no document at all, or of a pool that is not known."""
    try:
        told = json.loads(text or "")
        number, region = told["epoch"]
        pool = told["user_pool_id"]
        if told["version"] != VERSION or type(number) is not int or region != told["region"]:
            return None
        # Of the ids in the document none is used: they tell people which app to look at.
        return Choice(number, region, pool, built_with[pool])
    except (ValueError, KeyError, TypeError):
        return None
