"""Keys of what lies in the ledger table beside its rows, and the table's indexes: for those who
read and write them, who grant the rights to, and who make the table. No subject's key but a
group's begins with #. Shape of the items: docs/data.md.
"""

from __future__ import annotations

NOTES = "#notes"
"""What is noted about this Region as a whole, but for its pool."""
FIRST_POOL, OF_POOL = "#pool", "#pool#"
"""The pool that this Region knows; and the beginning of the keys of what is noted of each pool."""
REVERSE = "#sub#"
"""Beginning of the keys of the reverse map: local sub -> origin sub."""
CONFLICT = "#conflict#"
"""Beginning of the keys of conflicts; the kind and the subject's key follow."""
LETTER = "#letter#"
"""With what the keys of the letters' markers begin."""
CURSOR, ONCE = "#cursor#", "#once#"
"""What the sweep remembers: page tokens, and what it did."""
TURNS = "#turns"
"""When the next turn in the line of replays begins."""
PUBLISHED = "#published"
"""Who publishes the active pool just now, and what was published and told last."""
RUN, QUESTIONS, QUESTION = "#run", "#questions", "#question#"
"""The lock of reconciliations, the list of open questions, and the beginning of their keys."""

BY_SHARD = "by-shard"
"""Index of rows, and that of records, in which a reconciliation compares them."""
BY_ATTENTION = "by-attention"
"""Sparse: only rows with the attribute `attention` are in it."""
