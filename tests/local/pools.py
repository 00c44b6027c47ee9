"""User pools for tests: made by the API, spoken to as an app would."""

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from local.emulator import LocalAws
from tests.local.conftest import REGION, unique

PASSWORD = "Passw0rd!Passw0rd!"
CODE = "123456"


def claims(token: str) -> dict[str, Any]:
    """What a token says."""
    body = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


def listed(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


@dataclass
class TestPool:
    """One pool with one app client."""

    __test__ = False
    aws: LocalAws
    region: str = REGION
    settings: dict[str, Any] = field(default_factory=dict)
    client_settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cognito = self.aws.client("cognito-idp", self.region)
        self.id = self.cognito.create_user_pool(PoolName=unique("pool"), **self.settings)[
            "UserPool"
        ]["Id"]
        self.client = self.cognito.create_user_pool_client(
            UserPoolId=self.id,
            ClientName="app",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            **self.client_settings,
        )["UserPoolClient"]["ClientId"]

    def admin(self, operation: str, **params: Any) -> Any:
        """An operation on this pool with credentials."""
        return getattr(self.cognito, operation)(UserPoolId=self.id, **params)

    def app(self, operation: str, **params: Any) -> Any:
        """An operation of this pool's app client."""
        return getattr(self.cognito, operation)(ClientId=self.client, **params)

    def sign_up(self, name: str, /, **attributes: str) -> str:
        """Sign up; returns the sub."""
        got = self.app(
            "sign_up", Username=name, Password=PASSWORD, UserAttributes=listed(attributes)
        )
        return str(got["UserSub"])

    def confirm(self, name: str, code: str = CODE, **more: Any) -> None:
        self.app("confirm_sign_up", Username=name, ConfirmationCode=code, **more)

    def create(self, name: str, /, **attributes: str) -> str:
        """AdminCreateUser without a message; returns the username."""
        got = self.admin(
            "admin_create_user",
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=listed(attributes),
        )
        return str(got["User"]["Username"])

    def user(self, name: str) -> dict[str, str]:
        """The user's attributes, with `status` and `username` among them."""
        got = self.admin("admin_get_user", Username=name)
        attributes = {a["Name"]: a["Value"] for a in got["UserAttributes"]}
        return {**attributes, "status": got["UserStatus"], "username": got["Username"]}

    def token(self, name: str) -> str:
        """Sign in; returns the access token."""
        parameters = {"USERNAME": name, "PASSWORD": PASSWORD}
        got = self.app("initiate_auth", AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        return str(got["AuthenticationResult"]["AccessToken"])
