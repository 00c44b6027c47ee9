"""Two Regions in memory, with a pool each and an account in which nothing is amiss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cognito_standby.adoption.ports import Caller, IamUser, NotSeenError
from cognito_standby.adoption.services.looking import Looks
from cognito_standby.configuration.adapters.reading import CognitoConfigurationReader
from tests.odd_pools import ACCOUNT, ODD_POOLS
from tests.unit.adoption.recorded import AWAY, CALM, HOME, NoWaf, Recorded, made


class CalmAccount:
    """`ports.AccountLooks`. `refused`: names of looks that are not allowed; `answers`: what some
    answer instead."""

    def __init__(self, number: str = ACCOUNT) -> None:
        self.number = number
        self.refused: set[str] = set()
        self.answers: dict[str, Any] = {}
        self.trusts: Mapping[str, Any] | None = None

    def _look(self, name: str, answer: Any) -> Any:
        if name in self.refused:
            raise NotSeenError(f"{name}: AccessDenied", f"aws:{name}")
        return self.answers.get(name, answer)

    def caller(self, region: str) -> Caller:
        ann = Caller(self.number, f"arn:aws:iam::{self.number}:user/ann")
        found: Caller = self._look("caller", ann)
        return found

    def sts(self) -> str:
        return str(self._look("sts", "regional"))

    def function(self, arn: str) -> Sequence[Mapping[str, Any]] | None:
        allow = {"Effect": "Allow", "Principal": {"Service": "cognito-idp.amazonaws.com"}}
        return list(self._look("function", [allow]))

    def key(self, arn: str) -> str | None:
        return str(self._look("key", "Enabled"))

    def quotas(self, region: str) -> Mapping[str, float]:
        return dict(self._look("quotas", {"UserCreation": 50.0}))

    def mail_sending(self, region: str) -> Mapping[str, Any]:
        return dict(self._look("mail_sending", {**_SENDING}))

    def mail_identity(self, region: str, identity: str) -> bool | None:
        return bool(self._look("mail_identity", True))

    def sms_sandbox(self, region: str) -> bool:
        return bool(self._look("sms_sandbox", False))

    def trails(self, region: str) -> Sequence[str]:
        return list(self._look("trails", ["arn:aws:cloudtrail:us-east-1:1:trail/all"]))

    def identity_pools(self, region: str) -> Mapping[str, Sequence[str]]:
        return dict(self._look("identity_pools", {}))

    def trusted(self, role: str) -> Mapping[str, Any] | None:
        found: Mapping[str, Any] | None = self._look("trusted", self.trusts)
        return found

    def user(self, arn: str, role_arn: str) -> IamUser | None:
        found: IamUser = self._look("user", IamUser(1, True))
        return found


class CalmWorld:
    """What a command of two pools looks at."""

    def __init__(self, primary: str = "plain", backup: str = "plain") -> None:
        self.account = CalmAccount()
        self.pools: dict[str, Recorded] = {
            region: made(ODD_POOLS[kind], region)
            for region, kind in ((HOME, primary), (AWAY, backup))
        }

    @property
    def ids(self) -> tuple[str, str]:
        return self.pools[HOME].pool_id, self.pools[AWAY].pool_id

    def looks(self, *_: object) -> Looks:
        return Looks(self._reader, lambda _: self.account)

    def _reader(self, region: str) -> CognitoConfigurationReader:
        return CognitoConfigurationReader(self.pools[region], NoWaf(), lambda: _NOW)


class TwoAccounts(CalmWorld):
    """The backup is in a second account. Whoever comes by a profile is of its account, and sees
    what is in that one alone."""

    def __init__(self, primary: str = "plain", backup: str = "plain") -> None:
        super().__init__(primary, backup)
        self.profiles = {"ours": CalmAccount(), "theirs": CalmAccount(SECOND)}
        self.owners = {HOME: ACCOUNT, AWAY: SECOND}
        away = self.pools[AWAY].pool
        away["Arn"] = away["Arn"].replace(ACCOUNT, SECOND)

    def looks(self, *told: Any) -> Looks:
        (connection,) = told

        def account(region: str) -> CalmAccount:
            return self.profiles[connection.only(region).profile or "ours"]

        def reader(region: str) -> CognitoConfigurationReader:
            if account(region).number == self.owners[region]:
                return self._reader(region)
            nothing = Recorded(region)
            return CognitoConfigurationReader(nothing, NoWaf(), lambda: _NOW)

        return Looks(reader, account, connection.told_apart)


_NOW = datetime(2026, 11, 29, tzinfo=UTC)
SECOND = "222222222222"
_SENDING = {"production": True, "enabled": True, "mails_a_day": 50_000.0}

__all__ = ["CALM", "SECOND", "CalmAccount", "CalmWorld", "TwoAccounts"]
