"""Physical names. Each begins with the installation's, so that two never meet in one account."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.domain.roles import active_parameter
from cognito_standby.core.settings import names_secret
from cognito_standby.recovery.domain.past_tables import past_prefix

DATA, REPLICA = "data", "replica"
"""Parts of an installation beside its Regions: what `Names.stack` takes."""


@dataclass(frozen=True)
class Names:
    """The physical names of one installation; the same in both Regions."""

    installation: str

    @property
    def records_table(self) -> str:
        """The global table."""
        return f"{self.installation}-records"

    @property
    def names_secret(self) -> str:
        """The key of the index of names; in both Regions."""
        return names_secret(self.records_table)

    @property
    def ledger_table(self) -> str:
        """A Region's own table."""
        return f"{self.installation}-ledger"

    @property
    def changes_table(self) -> str:
        """A Region's own table of administrators' changes."""
        return f"{self.installation}-changes"

    @property
    def past_tables(self) -> str:
        """How the names of the tables of a time begin."""
        return past_prefix(self.installation)

    @property
    def bus(self) -> str:
        """The bus of the hints."""
        return f"{self.installation}-hints"

    @property
    def archive(self) -> str:
        """The archive of the hints; 48 characters at most."""
        return f"{self.installation}-hints"

    @property
    def dead_letters(self) -> str:
        """The queue of what gave up."""
        return f"{self.installation}-dead-letters"

    @property
    def parked_hints(self) -> str:
        """The queue of hints that the bus did not take."""
        return f"{self.installation}-parked-hints"

    def run_bucket(self, account: str, region: str) -> str:
        """A Region's bucket of runs and reports; the names of buckets are the whole world's."""
        return f"{self.installation}-reconcile-{account}-{region}"

    def function(self, task: str) -> str:
        """A task's function."""
        return f"{self.installation}-{task}"

    def machine(self, name: str) -> str:
        """A state machine."""
        return f"{self.installation}-{name}"

    def rule(self, name: str) -> str:
        """A rule."""
        return f"{self.installation}-{name}"

    def pipe(self, name: str) -> str:
        """A pipe."""
        return f"{self.installation}-{name}"

    @property
    def topic(self) -> str:
        """The topic that alarms are told to."""
        return f"{self.installation}-alarms"

    def alarm(self, name: str) -> str:
        """An alarm."""
        return f"{self.installation}-{name}"

    def dashboard(self, region: str) -> str:
        """A Region's dashboard; the account's Regions share one list of them."""
        return f"{self.installation}-{region}"

    def schedule(self, name: str) -> str:
        """A schedule."""
        return f"{self.installation}-{name}"

    def stack(self, part: str) -> str:
        """A stack."""
        return f"{self.installation}-{part}"

    @property
    def admin_api(self) -> str:
        """The gateway of the Admin API."""
        return f"{self.installation}-admin"

    @property
    def active_parameter(self) -> str:
        """The parameter that says which pool is active; in both Regions."""
        return active_parameter(self.installation)

    @property
    def active_api(self) -> str:
        """The gateway of the document that says the same."""
        return f"{self.installation}-active"

    def dr_role(self, region: str) -> str:
        """The role of whoever fails over; the account's Regions share one list of roles."""
        return f"{self.installation}-dr-{region}"

    @property
    def trail(self) -> str:
        """A created trail."""
        return f"{self.installation}-changes"

    @property
    def user_pool(self) -> str:
        """A created pool."""
        return f"{self.installation}-users"
