"""Gap: RedriveExecution, and what the describing calls say about it.

AWS runs a FAILED, ABORTED or TIMED_OUT Standard execution on from the state that was entered and
not exited, with that state's input, the variables assigned so far and the definition it was
started with; ARN, input and history are kept, `ExecutionRedriven` is added and the count rises
(AWS Step Functions developer guide, "Restarting executions with redrive"). A redriven task starts
its Retry counts afresh. Redrive is refused for Express executions, for other statuses and 14 days
after the end.

Limits: a failed Map or Parallel state is run again whole (AWS reruns only what failed in it); a
Distributed Map's children are new executions; the machine's time-out does not apply to the
resumed part.
"""

from local.gaps.redrive.installing import install

__all__ = ["install"]
