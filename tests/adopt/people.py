"""Who was in the pool before: people of the years before, most of them plain, some odd."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local.demo.people import CODE, PASSWORD
from tests.adopt.owner import GROUPS, Owner

_AT_ONCE = 4
_LONGEST = 2048
"""Of a standard attribute without limits of its own ("User pool attributes", developer guide)."""


class Earlier:
    """Makes them through the public API: by sign-up, and by administrators."""

    def __init__(self, owner: Owner) -> None:
        self._owner, self._cognito = owner, owner.cognito
        self._kinds: Sequence[tuple[str, Callable[[str], None]]] = (
            ("signed-up", self._signed_up),
            ("by-admin", self._by_admin),
            ("invited", self._invited),
            ("unconfirmed", self._unconfirmed),
            ("disabled", self._disabled),
            ("grouped", self._grouped),
            ("to-reset", self._to_reset),
            ("bare", self._bare),
            ("long", self._long),
            ("фёдор-名前", self._by_admin),
            ("o'brien+x@example.org", self._by_admin),
            ("UPPER", self._signed_up),
            ("same-address", self._same_address),
            ("unverified", self._unverified),
        )

    def fill(self, count: int) -> list[str]:
        """So many; their usernames. Each kind is there, two thirds are of the first two."""
        names: list[tuple[str, Callable[[str], None]]] = []
        for number in range(count):
            odd = number % 3 == 0
            kind, make = self._kinds[(number // 3) % len(self._kinds) if odd else number % 2]
            names.append((f"{kind}-{number:04d}", make))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for done in [pool.submit(make, name) for name, make in names]:
                done.result()
        return [name for name, _ in names]

    def _admin(self, operation: str, name: str, **request: Any) -> Any:
        call = getattr(self._cognito, f"admin_{operation}")
        return call(UserPoolId=self._owner.pool, Username=name, **request)

    def _create(self, username: str, /, **attributes: str) -> None:
        pairs = [{"Name": key, "Value": value} for key, value in attributes.items()]
        self._admin("create_user", username, MessageAction="SUPPRESS", UserAttributes=pairs)

    def _permanent(self, name: str) -> None:
        self._admin("set_user_password", name, Password=PASSWORD, Permanent=True)

    def _sign_up(self, name: str) -> None:
        self._cognito.sign_up(
            ClientId=self._owner.client,
            Username=name,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": f"{name}@example.org"}],
        )

    def _signed_up(self, name: str) -> None:
        self._sign_up(name)
        self._cognito.confirm_sign_up(
            ClientId=self._owner.client, Username=name, ConfirmationCode=CODE
        )

    def _unconfirmed(self, name: str) -> None:
        """Who never came back with the code: nobody replicates them."""
        self._sign_up(name)

    def _by_admin(self, name: str) -> None:
        number = name.rpartition("-")[2]
        address = f"p{number}@example.org"
        self._create(name, email=address, email_verified="true", name=f"Name {number} Ž")
        self._permanent(name)

    def _invited(self, name: str) -> None:
        """Who was never here: FORCE_CHANGE_PASSWORD."""
        self._create(name, email=f"{name}@example.org", **{"custom:plan": "trial"})

    def _disabled(self, name: str) -> None:
        self._by_admin(name)
        self._admin("disable_user", name)

    def _grouped(self, name: str) -> None:
        self._by_admin(name)
        for group in GROUPS[:2]:
            self._admin("add_user_to_group", name, GroupName=group)

    def _to_reset(self, name: str) -> None:
        self._by_admin(name)
        self._admin("reset_user_password", name)

    def _bare(self, name: str) -> None:
        """Nothing but a username."""
        self._create(name)
        self._permanent(name)

    def _long(self, name: str) -> None:
        self._create(name, profile="x" * _LONGEST, **{"custom:plan": "y" * 128})
        self._permanent(name)

    def _same_address(self, name: str) -> None:
        """An address is no name in this pool: many may have one."""
        self._create(name, email="shared@example.org", email_verified="true")
        self._permanent(name)

    def _unverified(self, name: str) -> None:
        self._create(name, email=f"{name}@example.org", email_verified="false")
        self._permanent(name)
