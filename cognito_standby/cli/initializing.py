"""What `standby init` does once it is said what is wanted: look, judge, propose or write."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from cognito_standby.adoption.domain.findings import Severity, counting
from cognito_standby.adoption.domain.first_config import (
    Basics,
    chained,
    of_existing,
    of_new_pools,
)
from cognito_standby.adoption.domain.judging import judge
from cognito_standby.adoption.domain.sides import Case, Part, Plan, Unread
from cognito_standby.adoption.domain.template import template_of
from cognito_standby.adoption.ports import NotSeenError
from cognito_standby.adoption.services.looking import Looks, Whereabouts, look
from cognito_standby.adoption.services.proposing import propose
from cognito_standby.cli.arguments import refuse
from cognito_standby.cli.config_file import ConfigFile
from cognito_standby.cli.given_files import require_writable
from cognito_standby.cli.pool_pair import where_is
from cognito_standby.cli.views.doctor import show
from cognito_standby.cli.views.init import Profiles, show_proposal, show_written
from cognito_standby.cli.which_account import refuse_unknown
from cognito_standby.configuration.ports import PoolGoneError
from cognito_standby.core.settings import BACKUP_PROFILE

NOT_WRITTEN = 1
"""Exit code: something has to be decided or mended first."""


@dataclass(frozen=True)
class Said:
    """What was given or asked for. `pool` empty: both are to be made."""

    name: str
    pool: str
    backup_pool: str
    primary_region: str
    backup_region: str
    sign_in: str
    alarm_email: str


@dataclass(frozen=True)
class Initializing:
    """What a run works with."""

    looks: Looks
    file: ConfigFile
    console: Console
    sure: Callable[[str], bool]
    overwrite: bool
    template: Path
    profiles: Profiles

    def run(self, said: Said, where: Whereabouts | None) -> int:
        """The exit code."""
        basics = self._basics(said)
        if where is None:
            return self._write(of_new_pools(basics, said.sign_in))
        if not said.backup_pool:
            return self._propose(said, where, basics)
        backup = where_is(said.backup_pool)
        case = look(self.looks, where, backup, Plan())
        if any(side.gone for side in case.sides):
            pairs = zip(case.sides, case.owners, strict=True)
            gone = [f"{side.pool_id} in the account {at}" for side, at in pairs if side.gone]
            refuse(f"there is no pool {', '.join(gone)}")
        if basics.backup_account:
            _require_read(case)
        if not self._judged(case):
            return NOT_WRITTEN
        return self._write(of_existing(basics, case), chained(said.name, case))

    def _basics(self, said: Said) -> Basics:
        """Whose credentials are used is asked of one STS: it knows those of every account."""
        regions = (said.primary_region, said.backup_region)
        account, beside = self._caller(said.primary_region, said), ""
        if self.looks.apart(*regions):
            beside = self._caller(said.backup_region, said)
        if account == beside:
            refuse(
                f"both profiles are of the account {account}. For a standby in it leave "
                f"--backup-profile and {BACKUP_PROFILE} out"
            )
        return Basics(said.name, account, *regions, said.alarm_email, beside)

    def _caller(self, region: str, said: Said) -> str:
        try:
            return self.looks.account(region).caller(said.primary_region).account
        except NotSeenError as error:
            refuse_unknown(error, self.looks.profile(region))

    def _judged(self, case: Case) -> bool:
        """What the doctor says; whether to go on."""
        findings = judge(case)
        show(self.console, case, findings, ())
        blocking = counting(findings, Severity.BLOCKS)
        return not blocking or self.sure("Something blocks. Write the configuration all the same?")

    def _propose(self, said: Said, where: Whereabouts, basics: Basics) -> int:
        if self.template.exists() and not self.overwrite:
            refuse(f"{self.template} is there already: --overwrite replaces it")
        require_writable("--template", self.template)
        try:
            proposal, case = propose(self.looks, where, said.backup_region, basics.backup_account)
        except PoolGoneError:
            refuse(f"there is no pool {where.pool_id} in the account {basics.account}")
        # Name, Regions and address: a pool that no config can name is made for nothing.
        self.file.judge(of_new_pools(basics, said.sign_in))
        told = template_of(proposal)
        show(self.console, case, judge(case), ())
        self.template.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        given = {
            "--alarm-email": said.alarm_email,
            "--config": self.file.called if self.file.named else "",
        }
        more = "".join(f" {flag} {shlex.quote(one)}" for flag, one in given.items() if one)
        again = f"--pool {where.pool_id} --backup-pool <UserPoolId> --name {said.name}{more}"
        show_proposal(self.console, proposal, told, self.template, again, self.profiles)
        return NOT_WRITTEN

    def _write(
        self, config: dict[str, object], theirs: Mapping[str, Mapping[str, str]] | None = None
    ) -> int:
        self.file.judge(config)
        standing = self.file.standing()
        if standing and standing != config and not self.overwrite:
            called, name = self.file.called, standing.get("installation")
            if not self.sure(f"{called} has the installation {name}. Replace it?"):
                self.console.print(f"not written: --overwrite replaces what is in {called}")
                return NOT_WRITTEN
        self.file.write(config)
        show_written(self.console, self.file, config, theirs or {}, self.profiles)
        return 0


def _require_read(case: Case) -> None:
    """With two accounts a pool that cannot be read may be in neither of them, or in the wrong
    one."""
    for side, owner in zip(case.sides, case.owners, strict=True):
        if isinstance(found := side.parts.get(Part.POOL), Unread):
            refuse(f"{side.pool_id} could not be read in the account {owner}: {found.why}")
