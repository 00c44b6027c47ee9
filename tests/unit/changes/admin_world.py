"""The Admin API and its machine on the in-memory twins: a caller's view, and what is underneath."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlencode
from uuid import UUID

from cognito_standby.changes.services.apply import apply_change, write_record
from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.changes.services.end import compensate_change, complete_change
from cognito_standby.changes.services.snapshot import snapshot_user
from cognito_standby.changes.services.submit import ApiContext
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import RetryableError, StandbyError
from cognito_standby.core.settings import ApiSettings
from cognito_standby.replication.services.context import SyncContext
from tasks import admin_api
from tests.twins.clock import ManualClock, NumberedPasswords
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.twins.stores.changes import (
    InMemoryChangeBus,
    InMemoryChangeStore,
)
from tests.twins.stores.erasures import InMemoryErasureList
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable

PRIMARY, BACKUP = "us-east-1", "us-west-2"
INSTALLATION = Installation(PRIMARY, BACKUP)
ADDRESSES = {PRIMARY: "https://primary.example/v1", BACKUP: "https://backup.example/v1"}
WAIT_SECONDS = 5
CALLER = {"user": "AROAEXAMPLE:ada@example.org", "accountId": "111111111111"}


@dataclass
class Answer:
    """What a caller gets."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """Of a problem."""
        return str(self.json["type"]).rsplit(":", 1)[-1]


@dataclass
class AdminWorld:
    """One Region. `busy`: the machine does not run, as if it were slow."""

    region: str = PRIMARY
    config: PoolConfig = field(
        default_factory=lambda: PoolConfig(
            pool_id=f"{PRIMARY}_Pool",
            attributes={
                "custom:origin_sub": AttributeSpec(),
                "custom:plan": AttributeSpec(),
                "custom:fixed": AttributeSpec(mutable=False),
            },
        )
    )
    busy: bool = False

    def __post_init__(self) -> None:
        self.clock, numbers = ManualClock(), count(1)
        self.table = GlobalTable(INSTALLATION)
        self.pool = StrictPool(self.config, self.clock)
        self.bus, self.changes = InMemoryChangeBus(), InMemoryChangeStore(self.clock)
        self.hints = InMemoryHintBus()
        self.sync = SyncContext(
            region=self.region,
            user_pool_id=self.config.pool_id,
            directory=InMemoryUserDirectory(self.pool),
            records=self.table.store(self.region),
            ledger=InMemoryLedger(self.clock, user_pool_id=self.config.pool_id),
            bus=self.hints,
            clock=self.clock,
            passwords=NumberedPasswords(),
            erasures=InMemoryErasureList(self.region),
        )
        self.machine = ChangeContext(self.sync, self.changes)
        self.api = ApiContext(
            region=self.region,
            directory=self.sync.directory,
            records=self.sync.records,
            ledger=self.sync.ledger,
            changes=self.changes,
            bus=self.bus,
            clock=self.clock,
            addresses=ADDRESSES,
            new_id=lambda: str(UUID(int=next(numbers))),
            pause=self._pause,
        )
        self.runs = 0

    def _pause(self, seconds: float) -> None:
        """While the handler waits, the machine works."""
        self.clock.advance(seconds)
        self.work()

    def work(self) -> None:
        """Everything that waits on the bus, one change after another."""
        while self.bus.waiting and not self.busy:
            self.run(self.bus.take())

    def run(self, change_id: str) -> None:
        """What `apply_admin_change` does, without its retries."""
        self.runs += 1
        holder, cause, done = f"arn:run-{self.runs}#0", "", None
        steps: tuple[Callable[..., Any], ...] = (snapshot_user, apply_change, write_record)
        for step in steps:
            try:
                step(self.machine, change_id, holder)
            except StandbyError as error:
                cause = type(error).__name__
                if step is not snapshot_user:
                    done = compensate_change(self.machine, change_id, holder)
                break
        not_reverted, irreversible = (done.not_reverted, done.irreversible) if done else ((), False)
        complete_change(self.machine, change_id, holder, cause, not_reverted, irreversible)

    @contextmanager
    def deployed(self) -> Iterator[None]:
        """The task's handler finds this world."""
        names = (name.upper() for name in ApiSettings.__dataclass_fields__)
        numbers = {"LEASE_SECONDS": "90", "WAIT_SECONDS": "5"}
        ours = {"GROUP_ROLES": "{}", "SUBJECT_TYPES": "{}"}
        ways = {"FEDERATED": "skip", "AFTER_FAILOVER": "reset"}
        environ = dict.fromkeys(names, "x") | numbers | ours | ways
        told = ApiSettings.from_env(environ)
        with (
            patch.object(admin_api, "context", lambda: self.api),
            patch.object(admin_api, "settings", lambda: told),
        ):
            yield

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        raw: str | None = None,
        **query: str,
    ) -> Answer:
        """One request. The path may have names in braces: `/users/{a/b}` is percent-encoded."""
        text = raw if raw is not None else (None if body is None else json.dumps(body))
        whole = _encoded(path) + (f"?{urlencode(query)}" if query else "")
        return self.send(event_of(method, whole, text, headers or {}))

    def send(self, event: dict[str, Any]) -> Answer:
        """One event of the gateway."""
        with self.deployed():
            answer = admin_api.handler(event, None)
        return Answer(answer["statusCode"], answer["headers"], answer["body"])


def event_of(
    method: str,
    target: str,
    body: str | None,
    headers: Mapping[str, str],
    context: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What the gateway makes of a request: it matches the path and keeps it as it was sent.

    Shape: "Input format of a Lambda function for proxy integration", API Gateway developer guide.
    """
    path, _, query = target.partition("?")
    parsed: dict[str, list[str]] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        parsed.setdefault(_plain(name), []).append(_plain(value))
    return {
        "resource": _resource(path),
        "path": path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueQueryStringParameters": parsed or None,
        "requestContext": context
        if context is not None
        else {"path": f"/v1{path}", "stage": "v1", "identity": CALLER},
        "body": body,
        "isBase64Encoded": False,
    }


def _resource(path: str) -> str:
    match path.split("/"):
        case ["", "users", _]:
            return "/users/{username}"
        case ["", "users", _, "erase"]:
            return "/users/{username}/erase"
        case ["", "changes", _]:
            return "/changes/{id}"
        case _:
            return path


def _encoded(path: str) -> str:
    before, brace, rest = path.partition("{")
    if not brace:
        return path
    name, _, after = rest.partition("}")
    return before + quote(name, safe="") + after


def _plain(text: str) -> str:
    from urllib.parse import unquote_plus  # noqa: PLC0415

    return unquote_plus(text)


def refuses(error: RetryableError) -> Callable[..., Any]:
    """Something that does not answer."""

    def failing(*_: Any, **__: Any) -> Any:
        raise error

    return failing
