"""People who use a pool as an app's users and administrators do: through the public API."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from local.demo.watch import Watch
from local.outputs import RegionOutputs
from local.remote import Stage

CODE = "123456"
PASSWORD = "Correct-horse-7-battery"  # noqa: S105 - of people who do not exist
_GIVEN = [
    "Ada",
    "Ben",
    "Chloé",
    "Dmitri",
    "Eun",
    "Fatima",
    "Gül",
    "Hiro",
    "Inês",
    "José",
    "Kofi",
    "Lena",
    "Mei",
    "Nils",
    "Олег",
    "Priya",
]
_FAMILY = [
    "Abe",
    "Brandt",
    "Costa",
    "Diaz",
    "Evans",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jansen",
    "Kim",
    "López",
    "Müller",
]


@dataclass(frozen=True)
class Person:
    """One invented person."""

    username: str
    email: str
    name: str


def invent(count: int, seed: int = 7) -> list[Person]:
    """Reproducible people, some with names outside ASCII."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    people = []
    for number in range(1, count + 1):
        given, family = rng.choice(_GIVEN), rng.choice(_FAMILY)
        people.append(
            Person(f"person{number:02d}", f"person{number:02d}@example.org", f"{given} {family}")
        )
    return people


class Crowd:
    """Acts on one Region's pool. `sign_in` is "username" or "email", as the pool was made."""

    def __init__(self, stage: Stage, region: RegionOutputs, sign_in: str) -> None:
        self._client = stage.client("cognito-idp", region.region)
        self._region, self._sign_in = region, sign_in
        self._pool = {"UserPoolId": region.user_pool_id}
        self._local = bool(stage.outputs.endpoint)

    def name_of(self, person: Person) -> str:
        """What the person types to sign in."""
        return person.email if self._sign_in == "email" else person.username

    def sign_up(self, person: Person, watch: Watch | None = None) -> str:
        """SignUp and ConfirmSignUp; returns the sub.

        On AWS nobody reads the code, so an administrator confirms them and verifies the address.
        """
        sub = self.begin_sign_up(person)
        if self._local:
            self.confirm_sign_up(person)
        else:
            self.admin("admin_confirm_sign_up", person)
            self.set_attributes(person, {"email_verified": "true"})
        if watch is not None:
            watch.signed_up(sub, self.name_of(person))
        return sub

    def sign_up_unverified(self, person: Person) -> str:
        """SignUp, then an administrator confirms: the address stays unverified. Returns the sub."""
        sub = self.begin_sign_up(person)
        self.admin("admin_confirm_sign_up", person)
        return sub

    def confirm_sign_up(self, person: Person) -> None:
        """The code from the mail."""
        self._client.confirm_sign_up(
            ClientId=self._region.client_id,
            Username=self.name_of(person),
            ConfirmationCode=CODE,
        )

    def begin_sign_up(self, person: Person) -> str:
        """SignUp alone; returns the sub."""
        answer = self._client.sign_up(
            ClientId=self._region.client_id,
            Username=self.name_of(person),
            Password=PASSWORD,
            UserAttributes=[
                {"Name": "email", "Value": person.email},
                {"Name": "name", "Value": person.name},
            ],
        )
        return str(answer["UserSub"])

    def sign_up_all(self, people: list[Person], watch: Watch, at_once: int) -> None:
        """Several people at the same time."""
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda person: self.sign_up(person, watch), people))

    def admin(self, operation: str, person: Person, **request: Any) -> None:
        """An administrator's call about one person, such as `admin_disable_user`."""
        call = getattr(self._client, operation)
        call(**self._pool, Username=self.name_of(person), **request)

    def set_attributes(self, person: Person, attributes: dict[str, str]) -> None:
        """An administrator writes attributes."""
        pairs = [{"Name": name, "Value": value} for name, value in attributes.items()]
        self.admin("admin_update_user_attributes", person, UserAttributes=pairs)

    def set_own_attributes(self, person: Person, attributes: dict[str, str]) -> None:
        """The person signs in and writes attributes of their own."""
        pairs = [{"Name": name, "Value": value} for name, value in attributes.items()]
        token = self._sign_in_as(person, PASSWORD)
        self._client.update_user_attributes(AccessToken=token, UserAttributes=pairs)

    def create_group(self, name: str, **request: Any) -> None:
        """An administrator makes a group."""
        self._client.create_group(**self._pool, GroupName=name, **request)

    def delete_group(self, name: str) -> None:
        """An administrator removes a group, and with it all its memberships."""
        self._client.delete_group(**self._pool, GroupName=name)

    def recover_and_sign_in(self, person: Person, new_password: str) -> str:
        """Forgot password, the code from the mail, a new password, and in. Returns the sub that
        the person has in this pool."""
        client_id, name = self._region.client_id, self.name_of(person)
        self._client.forgot_password(ClientId=client_id, Username=name)
        self._client.confirm_forgot_password(
            ClientId=client_id, Username=name, ConfirmationCode=CODE, Password=new_password
        )
        user = self._client.get_user(AccessToken=self._sign_in_as(person, new_password))
        attributes = {pair["Name"]: str(pair["Value"]) for pair in user["UserAttributes"]}
        return attributes["sub"]

    def sign_in(self, person: Person, password: str) -> dict[str, str]:
        """The tokens that the person gets with a password."""
        answer = self._client.admin_initiate_auth(
            **self._pool,
            ClientId=self._region.client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": self.name_of(person), "PASSWORD": password},
        )
        return dict(answer["AuthenticationResult"])

    def _sign_in_as(self, person: Person, password: str) -> str:
        return self.sign_in(person, password)["AccessToken"]
