"""Fault injection: what AWS does on a bad day, on request and reproducibly.

Nothing here is active until a fault is added, by `Faults.add` in the process of the local AWS or by
`python -m local fault add` beside it. Every decision is drawn from the fault's seed and from how
often the same caller has made the same call, so that one seed gives one sequence a caller,
whatever the threads do.
"""

from local.faults.model import Callers, Fault, FaultError, FaultKind, How
from local.faults.registry import Faults

__all__ = ["Callers", "Fault", "FaultError", "FaultKind", "Faults", "How"]
