"""How often each error is tried again, as the scenarios expect it: a second opinion on
`workflows/named/retries.json`, written once as that is.

Names of sets are those of the machines' files. Errors -> number of retries.
"""

from __future__ import annotations

Errors = tuple[str, ...]

SERVICE: Errors = (
    "Sandbox.Timedout",
    "Runtime.ExitError",
    "Lambda.Unknown",
    "States.Timeout",
    "ServiceUnavailableError",
)
UNSURE: Errors = (
    "Lambda.ServiceException",
    "Lambda.SdkClientException",
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
)
THROTTLED: Errors = ("ThrottledError", "Lambda.TooManyRequestsException")
TURN: Errors = ("LeaseHeldError", "NotYetVisibleError")
WAITING: Errors = (*TURN, "NameHeldError", "DependencyMissingError")
DOUBTED: Errors = ("PoolPausedError", "NotBelievedError")
UPGRADE: Errors = ("NewerSchemaError",)
REPLAN: Errors = ("PlanStaleError",)
PERMANENT: Errors = (
    "InvalidRecordError",
    "RefusedByPoolError",
    "RefusedByTriggerError",
    "MisconfiguredError",
    "NotSettlingError",
    "ChangeRefusedError",
)
UNEXPECTED: Errors = (*WAITING, *UPGRADE, *REPLAN, *DOUBTED)
"""What a function that acts on no subject raises by a bug only."""

LASTING = {SERVICE: 8, UNSURE: 6}
REPLANNED = {REPLAN: 8}
CALLED = LASTING | {THROTTLED: 40}
CALLED_IN_TURN = CALLED | {WAITING: 36}
PATIENTLY = CALLED_IN_TURN | {UPGRADE: 48, DOUBTED: 150}
SOON_AGAIN = LASTING | {THROTTLED: 10}
PROMPTLY = SOON_AGAIN | {TURN: 30} | REPLANNED
ASKING = {tuple(error for error in SERVICE if error != "States.Timeout"): 8, UNSURE: 6} | {
    THROTTLED: 40
}
INTEGRATION: dict[Errors, int] = {("States.Timeout", "DynamoDB.AmazonDynamoDBException"): 8}
"""Matched by States.TaskFailed; the name that the service gives is the one that is told."""
