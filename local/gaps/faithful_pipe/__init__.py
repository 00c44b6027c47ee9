"""Gap: EventBridge Pipes without filter, input template, batch size, retry limit or DLQ.

The emulator hands all new records of a stream, with their full images, to one execution, retries
for ever, and reads no queues. Here a pipe does what AWS documents (Amazon EventBridge user guide,
"Amazon EventBridge Pipes": concepts, "Event filtering", "Input transformation", "Error handling
and troubleshooting"):

* sources: a DynamoDB stream (of any replica) and an SQS queue; target: a state machine, by
  FIRE_AND_FORGET;
* `FilterCriteria` with EventBridge pattern semantics; a queue's message that matches no filter is
  deleted;
* `BatchSize`; the target gets a JSON array with one element an event, each shaped by
  `InputTemplate`;
* a stream's batch is retried in order, with backoff, up to `MaximumRetryAttempts`, halved under
  `AUTOMATIC_BISECT`, and then described (not copied) to the dead-letter queue;
* a queue's message is deleted only once the target accepted it; otherwise it returns after the
  visibility time-out and the queue's own redrive policy counts.

Limits: no enrichment; other targets keep the emulator's own delivery; a stream is one shard, so
`ParallelizationFactor` does nothing; batching windows are not waited for; backoff starts at 0.2 s
and ends at 5 s, where AWS takes longer.
"""

from local.gaps.faithful_pipe.pipes import install

__all__ = ["install"]
