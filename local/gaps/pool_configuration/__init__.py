"""Gap: settings of a pool that the emulator does not know, or takes and forgets.

* `beside`: threat protection, delivery of logs, managed login's styles, terms, sessions, policies
  of client metadata; and a pool's replicas, of which there are none.
* `kept`: settings of pools, clients, providers and domains that the emulator drops are told again,
  and a client's id is of lower case.

What is set here has no effect. Refusals are those of the API reference; their texts are ours.
"""

from local.gaps.pool_configuration.beside import BesidePools
from local.gaps.pool_configuration.kept import install

__all__ = ["BesidePools", "install"]
