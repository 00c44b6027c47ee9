"""Gap: Cognito's refusals.

The emulator stores what it is given. AWS refuses much of it, and code that only ever met the
emulator breaks at the first real pool. The rules stand in `local/cognito_rules`; this layer hands
them what a call gives and what the emulator holds (`operations`), before the emulator sees the
call, and then makes the changes that the emulator leaves out (`effects`).

Limits: what `operations` does not list passes.
"""

from local.gaps.strict_cognito.layer import StrictCognito

__all__ = ["StrictCognito"]
