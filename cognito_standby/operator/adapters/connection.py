"""boto3 clients for a person at a terminal: with short time-outs a dark Region costs seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from threading import Lock
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.loaders import create_loader

from cognito_standby.core.adapters.whole_answers import whole

QUICK = Config(
    connect_timeout=1, read_timeout=1.5, retries={"mode": "standard", "total_max_attempts": 1}
)
"""For `standby status`: better no answer than a late one."""

PATIENT = Config(
    connect_timeout=1, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 2}
)
"""For commands that change something."""


@dataclass(frozen=True)
class Connection:
    """An AWS account, or the local AWS at `endpoint` with its dummy credentials.

    Of an installation in two accounts it is both: `beside` reaches the account that has
    `beside_region`, and whoever asks for a client there gets one of that account.
    """

    profile: str = ""
    endpoint: str = ""
    account: str = ""
    config: Config = PATIENT
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Temporary ones of a role that was assumed; none: the person's own."""
    beside: Connection | None = None
    beside_region: str = ""
    _lock: Lock = field(default_factory=Lock, compare=False)
    _sessions: dict[str, Any] = field(default_factory=dict, compare=False)

    def quick(self) -> Connection:
        """The same accounts, with less patience."""
        return replace(self, config=QUICK)

    def anew(self) -> Connection:
        """The same accounts by sessions of their own: credentials that were renewed are found."""
        beside = self.beside.anew() if self.beside else None
        return replace(self, beside=beside, _lock=Lock(), _sessions={})

    def acting(self, keys: Mapping[str, str], region: str) -> Connection:
        """With the keys of a role of the account that has a Region; the other account, if there is
        one, as before."""
        if self.beside is not None and region == self.beside_region:
            return replace(self, beside=replace(self.beside, keys=keys))
        return replace(self, keys=keys)

    def client(self, service: str, region: str) -> Any:
        """A client; making one is not thread-safe, using one is (boto3 guide, "Multithreading")."""
        own = self._of(region)
        local = (
            {
                "endpoint_url": own.endpoint,
                "aws_access_key_id": own.account,
                "aws_secret_access_key": "local",
            }
            if own.endpoint
            else {}
        )
        with own._lock:
            if "" not in own._sessions:
                own._sessions[""] = _session(own.profile)
            session: Any = own._sessions[""]
            told = {**local, **own.keys}
            return whole(
                session.create_client(service, region_name=region, config=self.config, **told)
            )

    def _of(self, region: str) -> Connection:
        """That of the account that has a Region; its patience is not asked, but this one's."""
        return self.beside if self.beside and region == self.beside_region else self

    def only(self, region: str) -> Connection:
        """The account that has a Region, and no other, wherever it is asked: what is of an account
        as a whole is asked in Regions that are not its own here."""
        return replace(self._of(region), config=self.config, beside=None, beside_region="")

    def told_apart(self, region: str) -> str:
        """The profile that commands have to name for what is there, because there are two accounts;
        empty: there is one, or its profile is the shell's own."""
        return self._of(region).profile if self.beside else ""

    def called(self, region: str) -> str:
        """The profile that is asked there, to go on a sentence: the wrong one is the commonest
        reason why something is not there. Empty: none was named."""
        profile = self._of(region).profile
        return f" in the account of the profile {profile}" if profile else ""

    def sts_endpoints(self) -> str:
        """`regional` or `legacy`: which STS the tools of this machine ask for a role, by this
        profile."""
        with self._lock:
            core = botocore.session.Session(profile=self.profile or None)
            return str(core.get_config_variable("sts_regional_endpoints"))


def _session(profile: str) -> Any:
    """One that finds its credentials itself, and has read no model of a service again."""
    made: Any = botocore.session.Session(profile=profile or None)
    made.register_component("data_loader", _models(made.get_config_variable("data_path")))
    return made


@cache
def _models(folders: str | None) -> Any:
    """Of all services: most of the time that a client takes is to read its model."""
    return create_loader(folders)
