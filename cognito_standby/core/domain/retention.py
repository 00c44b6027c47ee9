"""How long what was deleted is kept, where an installation's config does not say otherwise.

The only place with these defaults: the config's and those of a reconciliation are made of them.
"""

from __future__ import annotations

DELETION_GRACE_DAYS = 7
"""A deleted user stays, disabled, in the standby pool."""

RECORD_TOMBSTONE_DAYS = 30
"""A deleted user's record."""
