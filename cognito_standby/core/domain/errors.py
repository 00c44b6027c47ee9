"""The error taxonomy.

Step Functions matches an error by the literal name of the exception class that a Lambda raised,
without inheritance, so every concrete class here appears by name in a Retry or a Catch of the
machines, or fails in place for an operator (`tests/workflows` walks these classes and checks it).
A message names the step and the kind of trouble, never an attribute value.
"""


class StandbyError(Exception):
    """Base of every error that the project raises on purpose."""

    asked_again: bool = False
    """The SDK made the call more than once, so that an earlier one may still be on its way although
    the last one was answered."""


class RetryableError(StandbyError):
    """The same call can succeed later without anybody's help."""


class PermanentError(StandbyError):
    """The same call will fail again: fail in place, quarantine, tell an operator."""


class PlanStaleError(StandbyError):
    """Something moved since the plan, or the lease is lost: start over at Plan Sync."""


class ThrottledError(RetryableError):
    """An AWS quota refused the call for now."""


class ServiceUnavailableError(RetryableError):
    """A time-out, a broken connection or a 5xx answer of an AWS service."""


class LeaseHeldError(RetryableError):
    """Another living actor is at work on this subject."""


class NotYetVisibleError(RetryableError):
    """Two reads that must agree do not agree yet, for example right after a sign-up."""


class NameHeldError(RetryableError):
    """A username or address that the winner needs is still rightly held by another user."""


class DependencyMissingError(RetryableError):
    """A group that the user belongs to is not in this pool yet; its own sync was woken."""


class NewerSchemaError(RetryableError):
    """A record was written by a newer release: it waits for this Region's upgrade."""


class PoolPausedError(RetryableError):
    """Cognito refuses writes to the pool for now: it is being recovered to a point in time."""


class NotBelievedError(RetryableError):
    """For now it is not known whether a missing user was deleted, or whether a record is true: the
    pool was recovered and not reconciled yet, or the records table is not the confirmed one."""


class InvalidRecordError(PermanentError):
    """A record in the table, or an event, does not have the documented shape."""


class RefusedByPoolError(PermanentError):
    """Cognito refused a call for what it contains; a retry cannot help.

    `attributes`: those that Cognito named as the cause, of the call's; none where it named none.
    `fields`: those of a state that the call was about, where it can be made without them.
    """

    def __init__(
        self, message: str = "", attributes: tuple[str, ...] = (), fields: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.attributes, self.fields = attributes, fields


class RefusedByTriggerError(PermanentError):
    """A Lambda trigger of the pool refused or failed, as PreSignUp can for everybody created.

    All users who meet the trigger have this one cause, so each is quarantined without a dead
    letter.
    """


class ChangeRefusedError(PermanentError):
    """What an administrator asked for is refused, and the reason is noted for them."""


class NotSettlingError(PermanentError):
    """The pool does not keep what is written to it, or somebody undoes it at once: planned over
    and over without an end."""


class MisconfiguredError(PermanentError):
    """A setting, a permission or a resource is wrong or missing."""
