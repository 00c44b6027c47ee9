"""Why a change did not happen: the problems that a caller can be told, one of a fixed list each."""

from __future__ import annotations

from cognito_standby.changes.domain.changes import Problem

INVALID = Problem("invalid", 400, "The request is not valid.")
USER_NOT_FOUND = Problem("user_not_found", 404, "There is no such user.")
CHANGE_NOT_FOUND = Problem("change_not_found", 404, "There is no such change, or not any more.")
NAME_TAKEN = Problem("name_taken", 409, "The username or an address belongs to another user.")
NOT_ACTIVE = Problem(
    "not_active", 409, "Another Region is active for this user and serves the API."
)
STOOD_DOWN = Problem(
    "stood_down", 503, "This Region makes way for another one and takes no changes. Try later."
)
NOT_REPLICATED = Problem(
    "not_replicated", 409, "The user is not confirmed yet, or signs in by a provider only."
)
POOL_UNPREPARED = Problem(
    "pool_unprepared", 409, "The pool lacks the attribute custom:origin_sub, which creations need."
)
ERASED = Problem("erased", 409, "The user was erased: nothing is kept that could come back.")
BY_PROVIDER = Problem(
    "by_provider", 409, "The user of an identity provider comes back by signing in there."
)
BEHIND = Problem(
    "behind", 409, "A change made in the other Region has yet to arrive at this user. Try later."
)
BUSY = Problem("busy", 409, "Another change of this user is going on. Try again.")
OVERTAKEN = Problem(
    "overtaken", 409, "Somebody else changed the same at the same moment; theirs stands."
)
CHANGED = Problem("changed", 412, "The user is not as the entity tag says.")
KEY_REUSED = Problem("key_reused", 422, "The idempotency key has been used for another request.")
GROUP_NOT_FOUND = Problem("group_not_found", 422, "A group does not exist.")
REFUSED_BY_POOL = Problem("refused_by_pool", 422, "Cognito refuses the change.")
THROTTLED = Problem("throttled", 503, "AWS refuses more calls for now. Try again.")
POOL_PAUSED = Problem(
    "pool_paused", 503, "Cognito refuses changes while the pool is being recovered. Try later."
)
RECORDS_IN_DOUBT = Problem(
    "records_in_doubt", 503, "An operator has to confirm the records first. Try later."
)
NOT_RECORDED = Problem(
    "not_recorded", 503, "The change could not be recorded, and was taken back. Try again."
)
GAVE_UP = Problem("gave_up", 500, "The change came to a halt half-way. An operator has been told.")

PROBLEMS = (
    *(INVALID, USER_NOT_FOUND, CHANGE_NOT_FOUND, NAME_TAKEN, NOT_ACTIVE, STOOD_DOWN),
    *(NOT_REPLICATED,),
    *(POOL_UNPREPARED, ERASED, BY_PROVIDER, BEHIND),
    *(BUSY, OVERTAKEN, CHANGED, KEY_REUSED, GROUP_NOT_FOUND, REFUSED_BY_POOL, THROTTLED),
    *(POOL_PAUSED, RECORDS_IN_DOUBT, NOT_RECORDED, GAVE_UP),
)
"""All of them, each code once."""

_BY_ERROR = {
    "LeaseHeldError": BUSY,
    "PlanStaleError": BUSY,
    "NotYetVisibleError": BEHIND,
    "ThrottledError": THROTTLED,
    "Lambda.TooManyRequestsException": THROTTLED,
    "NotBelievedError": RECORDS_IN_DOUBT,
}


def problem_after(error: str, planned: bool) -> Problem:
    """What a caller is told of an error, by its class, if nothing more exact was noted. `planned`:
    the pool may have been written to."""
    if error == "PoolPausedError":
        return POOL_PAUSED
    return NOT_RECORDED if planned else _BY_ERROR.get(error, GAVE_UP)
