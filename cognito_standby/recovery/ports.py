"""What failovers, the publication of the active pool, rehearsals, and whoever starts a machine of
these or of a restore need, as Protocols.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError; the others
are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.roles import Active
from cognito_standby.failures.domain.executions import Execution
from cognito_standby.recovery.domain.active_pool import ActivePool, Pool
from cognito_standby.recovery.domain.limits import Raised
from cognito_standby.recovery.domain.rehearsal_marks import SeenPool
from cognito_standby.recovery.domain.standing import ClaimItem, Standing, Tally


class ClaimItems(Protocol):
    """The partition `#claim` of this Region's replica; reads are strongly consistent there."""

    def standing(self) -> Standing:
        """Both items. InvalidRecordError: one has not the documented shape."""

    def put(self, item: ClaimItem, instead_of: ClaimItem | None) -> bool:
        """Write this Region's own item in place of the one that was read; None: there was none.
        False: another one is there by now."""


@dataclass(frozen=True)
class SurveyPage:
    """A part of the records.

    tallies  Region -> what it wrote, of this part
    highest  of all epochs in this part; None: it had no record
    after    where to go on; "": that was all
    """

    tallies: Mapping[str, Tally]
    highest: Epoch | None
    after: str = ""


class RecordSurvey(Protocol):
    """Every record of this Region's replica, for what it says besides a state."""

    def page(self, after: str) -> SurveyPage:
        """One part, strongly consistent. InvalidRecordError: nothing can go on from `after`."""


class Activity(Protocol):
    """What is under way in this Region."""

    def running(self) -> int:
        """Executions that capture or replay, those in the line of replays included; counted up to
        1,000 of each machine."""

    def parked_hints(self) -> int:
        """Hints in the parking queue, about."""

    def letters(self) -> int:
        """Dead letters, about."""


@dataclass(frozen=True)
class RunLook:
    """A reconciliation as it is seen.

    going  it has not ended
    held   another run held the pool, so that this one ended at once
    clean  nothing was left, and everything was compared
    why    its verdict, or how it failed
    reported  it came to its end and left a report, which may tell of drift
    """

    going: bool
    held: bool = False
    reported: bool = False
    clean: bool = False
    why: str = ""


class Reconciliations(Protocol):
    """The machine `reconcile_pool` of this Region."""

    def look(self, run: str) -> RunLook | None:
        """A run by its id; None: there is none yet."""

    def start(self, run: str) -> None:
        """Start it as a person would. The same twice is once."""


@dataclass(frozen=True)
class PublicationNote:
    """What this Region keeps in mind.

    published  the highest epoch that was published here
    told       the last one that operators were told of
    raised     what was done to the sign-in limit
    """

    published: Epoch | None = None
    told: Epoch | None = None
    raised: Raised | None = None


class ClaimsAndPools(Protocol):
    """Both claims and both pools, as this Region's replica has them now."""

    def read(self) -> tuple[Active, Mapping[str, Pool]]:
        """Strongly consistent. Region -> pool, of those that have noted theirs.

        InvalidRecordError: an item does not have the documented shape.
        """


class PublicationNotes(Protocol):
    """The note, and the right to publish, which one run has at a time."""

    def take(self, holder: str) -> PublicationNote:
        """Have the right until it is given back, for some seconds at most. LeaseHeldError."""

    def keep(self, holder: str, note: PublicationNote) -> None:
        """Write the note. LeaseHeldError: the right was lost."""

    def give_back(self, holder: str) -> None:
        """Let the next run publish at once; nothing happens where the right was lost."""


class Place(Protocol):
    """Where the active pool is published."""

    name: str

    def text_of(self, pool: ActivePool) -> str:
        """What has to stand there."""

    def read(self) -> str | None:
        """What stands there; None: nothing."""

    def write(self, text: str) -> None:
        """Replace it."""


class SignInLimit(Protocol):
    """Cognito's provisioned limit of sign-ins, of the account in this Region."""

    def now(self) -> int:
        """Requests per second."""

    def set(self, to: int) -> None:
        """Set it. RefusedByPoolError: below the default, or above what Service Quotas allows."""


class Notices(Protocol):
    """What operators are told."""

    def tell(self, subject: str, text: str) -> None:
        """Send a message; ids only."""


class Machine(Protocol):
    """One state machine of a Region, for whoever starts and follows its executions by name."""

    def find(self, name: str) -> Execution | None:
        """The execution of that name; None: there is none."""

    def start(self, name: str, given: Mapping[str, Any]) -> bool:
        """Start one. False: another one, with another input, has that name."""

    def redrive(self, arn: str) -> str:
        """Run it on from where it failed. "": it runs; otherwise why not."""

    def stop(self, arn: str, why: str) -> None:
        """End it. Ended already is success."""

    def place(self, arn: str) -> str:
        """In which state it is, and what that waits for; "": not known."""


class RehearsalPools(Protocol):
    """The user pools of the account in a Region, for a rehearsal."""

    def describe(self, user_pool_id: str) -> Mapping[str, Any]:
        """A UserPoolType, as Cognito tells it."""

    def named(self, prefix: str) -> Sequence[SeenPool]:
        """Pools whose names begin so, with their tags."""

    def look(self, user_pool_id: str) -> SeenPool | None:
        """A pool as it says whose it is, without name and tags where this role may not look at it;
        None: it is gone."""

    def create(self, request: Mapping[str, Any]) -> str:
        """Make a pool; its id. RefusedByPoolError."""

    def create_client(self, user_pool_id: str, request: Mapping[str, Any]) -> str:
        """Make an app client; its id. RefusedByPoolError."""

    def sign_in(self, user_pool_id: str, client_id: str, name: str, password: str) -> SignIn:
        """Sign somebody in by their password, with an administrator's rights: sends no message."""

    def delete(self, user_pool_id: str) -> None:
        """Remove a pool; gone already is success. RefusedByPoolError: it is protected."""


SIGN_IN_REFUSED = "NotAuthorizedException"
"""`SignIn.asked` of a wrong password, and of a disabled user."""


@dataclass(frozen=True)
class SignIn:
    """What came of a sign-in. `claims`: of the ID token; none: refused, or something more is asked
    for, by the name of the error or of the challenge."""

    claims: Mapping[str, Any]
    asked: str = ""
