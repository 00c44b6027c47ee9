"""The pool's people, while it is adopted: an app in which they sign up, sign in, change their
profile and leave, and an office of administrators. Nobody tries anything twice."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.demo.people import CODE, PASSWORD
from tests.adopt.owner import CLAIM, GROUPS, REFUSAL, REFUSED, Owner

_LAST_SECONDS = 120.0
"""Who is at it when the traffic ends may end it."""
_REST = 4
_RENAMES, _LEAVES, _IS_REFUSED, _OFFICE = 3, 8, 5, 13
"""Every so many'th."""


@dataclass(frozen=True)
class SignUp:
    """Somebody whom the app saw confirmed. `phase`: of the adoption, when they began."""

    name: str
    sub: str
    phase: str


@dataclass
class Seen:
    """What the app and the office saw. `failed`: calls that nobody expected to fail."""

    sign_ups: list[SignUp] = field(default_factory=list)
    sign_ins: list[str] = field(default_factory=list)
    """Names, one for each."""
    gone: set[str] = field(default_factory=set)
    """Names of whom the app or the office deleted."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Name -> the last value of the attribute `name`."""
    refused: int = 0
    """Sign-ups that the owner's function refused, with its own words."""
    without_claim: list[str] = field(default_factory=list)
    """Who got a token without the owner's claim."""
    named: int = 0
    """Tokens that told the origin sub."""
    failed: list[str] = field(default_factory=list)
    office: int = 0
    """Changes by administrators."""


class Traffic:
    """`workers` people at once. Between two of them there are `pause` seconds, or four times as
    long as the last one's calls took: a busy machine would drown in what each of them sets off.
    In a `rush` there is no pause. `earlier`: usernames of the years before, for the office to
    change."""

    def __init__(self, owner: Owner, earlier: Sequence[str], *, pause: float, workers: int = 2):
        self.seen, self.phase = Seen(), "before"
        self._owner, self._earlier = owner, list(earlier)
        self._pause, self._workers = pause, workers
        self._ended, self._hurry = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._number = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the block lasts."""
        self._ended.clear()
        self._hurry.clear()
        works = [*[self._app] * self._workers, self._office]
        threads = [threading.Thread(target=self._work, args=(each,), daemon=True) for each in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._hurry.set()
            for thread in threads:
                thread.join(_LAST_SECONDS)

    @contextmanager
    def rush(self) -> Iterator[None]:
        """No pauses: while a pool's triggers change."""
        self._hurry.set()
        try:
            yield
        finally:
            self._hurry.clear()

    def more(self, count: int, seconds: float = 1800.0) -> None:
        """Wait until so many more have signed up. AssertionError: something failed."""
        wanted, deadline = len(self.seen.sign_ups) + count, time.monotonic() + seconds
        while len(self.seen.sign_ups) < wanted:
            assert not self.seen.failed, self.seen.failed
            assert time.monotonic() < deadline, f"{count} sign-ups took more than {seconds:.0f} s"
            time.sleep(0.2)

    def _work(self, one: Callable[[int], None]) -> None:
        while not self._ended.is_set():
            with self._lock:
                number = self._number = self._number + 1
            began = time.monotonic()
            try:
                one(number)
            except (BotoCoreError, ClientError) as error:
                self.seen.failed.append(f"{self.phase}, {number}: {error}")
            if not self._hurry.is_set():
                self._ended.wait(max(self._pause, _REST * (time.monotonic() - began)))

    def _app(self, number: int) -> None:
        """A person of the app, from the first page to the last."""
        if number % _IS_REFUSED == 0:
            self._is_refused(f"{REFUSED}-{number:06d}")
            return
        phase, name = self.phase, f"new-{number:06d}"
        sub = str(self._sign_up(name)["UserSub"])
        self._owner.cognito.confirm_sign_up(
            ClientId=self._owner.client, Username=name, ConfirmationCode=CODE
        )
        self.seen.sign_ups.append(SignUp(name, sub, phase))
        if number % _RENAMES == 0:
            self._renames(name, f"Renamed {number}")
        if number % _LEAVES == 0:
            self._leaves()

    def _sign_up(self, name: str) -> Any:
        return self._owner.cognito.sign_up(
            ClientId=self._owner.client,
            Username=name,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": f"{name}@example.org"}],
        )

    def _is_refused(self, name: str) -> None:
        try:
            self._sign_up(name)
        except ClientError as error:
            told = error.response["Error"]
            if told["Code"] == "UserLambdaValidationException" and told["Message"] == (
                f"PreSignUp failed with error {REFUSAL}."
            ):
                self.seen.refused += 1
                return
            raise
        self.seen.failed.append(f"{self.phase}: {name} was let in")

    def _renames(self, name: str, value: str) -> None:
        pairs = [{"Name": "name", "Value": value}]
        token = self._sign_in(name)
        self._owner.cognito.update_user_attributes(AccessToken=token, UserAttributes=pairs)
        self.seen.renamed[name] = value

    def _leaves(self) -> None:
        """Somebody who has been there for a while."""
        with self._lock:
            staying = [each.name for each in self.seen.sign_ups if each.name not in self.seen.gone]
            name = staying[len(staying) // 2]
            self.seen.gone.add(name)
        self._owner.cognito.delete_user(AccessToken=self._sign_in(name))

    def _sign_in(self, name: str) -> str:
        tokens = self._owner.cognito.admin_initiate_auth(
            UserPoolId=self._owner.pool,
            ClientId=self._owner.client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )["AuthenticationResult"]
        self.seen.sign_ins.append(name)
        claims = _claims(tokens["IdToken"])
        if claims.get(CLAIM) != "theirs":
            self.seen.without_claim.append(name)
        self.seen.named += "origin_sub" in claims
        return str(tokens["AccessToken"])

    def _office(self, number: int) -> None:
        """An administrator's change of somebody of the years before, or somebody made anew."""
        name = self._earlier[number % len(self._earlier)]
        if name in self.seen.gone:
            return
        pool = {"UserPoolId": self._owner.pool, "Username": name}
        cognito, kind = self._owner.cognito, number % _OFFICE
        if kind == 0:
            cognito.admin_delete_user(**pool)
            self.seen.gone.add(name)
        elif kind <= _OFFICE // 3:
            cognito.admin_add_user_to_group(**pool, GroupName=GROUPS[1])
        elif kind <= 2 * _OFFICE // 3:
            made = {**pool, "Username": f"made-{number:06d}"}
            cognito.admin_create_user(**made, MessageAction="SUPPRESS")
        else:
            value = f"By the office {number}"
            pairs = [{"Name": "name", "Value": value}]
            cognito.admin_update_user_attributes(**pool, UserAttributes=pairs)
            self.seen.renamed[name] = value
        self.seen.office += 1


def _claims(token: str) -> dict[str, Any]:
    """Of a token of one's own pool on this machine: nobody has to check its signature."""
    body = token.split(".")[1]
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return told
