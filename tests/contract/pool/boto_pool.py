"""The operations of a strict pool, asked of a real or emulated Cognito through boto3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError, ParamValidationError

from cognito_standby.core.domain.pools import PoolGroup, PoolUser, UserStatus
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.pages import Page


class BotoPool:
    """One user pool with one app client. Same names, arguments and errors as `StrictPool`.

    Operations of a signed-in person use the token of that person's last `sign_in`.
    """

    def __init__(self, client: Any, config: PoolConfig) -> None:
        self._client, self._config = client, config
        self._tokens: dict[str, str] = {}
        self.pool_id: str = client.create_user_pool(**_pool_request(config))["UserPool"]["Id"]
        self._app: str = client.create_user_pool_client(
            UserPoolId=self.pool_id,
            ClientName="people",
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            WriteAttributes=sorted(
                {"email", "phone_number", "name", "preferred_username", *config.attributes}
                - config.unwritable
            ),
        )["UserPoolClient"]["ClientId"]

    def latest_code(self, name: str) -> str:
        """Emulators send nothing; where they check codes at all, this is the one."""
        return "123456"

    def sign_up(self, username: str, password: str, attributes: Mapping[str, str]) -> str:
        with answers():
            return str(
                self._client.sign_up(
                    ClientId=self._app,
                    Username=username,
                    Password=password,
                    UserAttributes=pairs(attributes),
                )["UserSub"]
            )

    def confirm_sign_up(self, name: str, code: str, force_alias_creation: bool = False) -> None:
        with answers():
            self._client.confirm_sign_up(
                ClientId=self._app,
                Username=name,
                ConfirmationCode=code,
                ForceAliasCreation=force_alias_creation,
            )

    def sign_in(self, name: str, password: str) -> str:
        with answers():
            answer = self._client.initiate_auth(
                ClientId=self._app,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": name, "PASSWORD": password},
            )
        if "AuthenticationResult" in answer:
            self._tokens[name] = answer["AuthenticationResult"]["AccessToken"]
        return str(answer.get("ChallengeName", ""))

    def forgot_password(self, name: str) -> None:
        with answers():
            self._client.forgot_password(ClientId=self._app, Username=name)

    def confirm_forgot_password(self, name: str, code: str, password: str) -> None:
        with answers():
            self._client.confirm_forgot_password(
                ClientId=self._app, Username=name, ConfirmationCode=code, Password=password
            )

    def update_user_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        with answers():
            self._client.update_user_attributes(
                AccessToken=self._tokens[name], UserAttributes=pairs(attributes)
            )

    def delete_user(self, name: str) -> None:
        with answers():
            self._client.delete_user(AccessToken=self._tokens[name])

    def admin_create_user(
        self,
        username: str,
        attributes: Mapping[str, str],
        *,
        temporary_password: str = "",
        suppress: bool = True,
        force_alias_creation: bool = False,
    ) -> PoolUser:
        more: dict[str, Any] = {"MessageAction": "SUPPRESS"} if suppress else {}
        if temporary_password:
            more["TemporaryPassword"] = temporary_password
        with answers():
            user = self._client.admin_create_user(
                UserPoolId=self.pool_id,
                Username=username,
                UserAttributes=pairs(attributes),
                ForceAliasCreation=force_alias_creation,
                **more,
            )["User"]
        return _user(user, user["Attributes"])

    def admin_get_user(self, name: str) -> PoolUser:
        answer = self._admin("admin_get_user", name)
        return _user(answer, answer["UserAttributes"])

    def admin_update_user_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        self._admin("admin_update_user_attributes", name, UserAttributes=pairs(attributes))

    def admin_delete_user_attributes(self, name: str, names: tuple[str, ...]) -> None:
        self._admin("admin_delete_user_attributes", name, UserAttributeNames=list(names))

    def admin_set_user_password(self, name: str, password: str, permanent: bool) -> None:
        self._admin("admin_set_user_password", name, Password=password, Permanent=permanent)

    def admin_reset_user_password(self, name: str) -> None:
        self._admin("admin_reset_user_password", name)

    def admin_confirm_sign_up(self, name: str) -> None:
        self._admin("admin_confirm_sign_up", name)

    def admin_disable_user(self, name: str) -> None:
        self._admin("admin_disable_user", name)

    def admin_enable_user(self, name: str) -> None:
        self._admin("admin_enable_user", name)

    def admin_delete_user(self, name: str) -> None:
        self._admin("admin_delete_user", name)

    def admin_add_user_to_group(self, name: str, group: str) -> None:
        self._admin("admin_add_user_to_group", name, GroupName=group)

    def create_group(self, group: PoolGroup) -> None:
        with answers():
            self._client.create_group(UserPoolId=self.pool_id, GroupName=group.name)

    def update_group(self, group: PoolGroup) -> None:
        given = {"Description": group.description, "RoleArn": group.role}
        told: Any = {name: value for name, value in given.items() if value}
        with answers():
            self._client.update_group(UserPoolId=self.pool_id, GroupName=group.name, **told)

    def list_users(
        self, query: str = "", limit: int | None = None, token: str | None = None
    ) -> Page:
        request: dict[str, Any] = {"UserPoolId": self.pool_id}
        request |= {"Filter": query} if query else {}
        request |= {} if limit is None else {"Limit": limit}
        request |= {"PaginationToken": token} if token else {}
        with answers():
            return _page(self._client.list_users(**request), "PaginationToken")

    def list_users_in_group(
        self, group: str, limit: int | None = None, token: str | None = None
    ) -> Page:
        request: dict[str, Any] = {"UserPoolId": self.pool_id, "GroupName": group}
        request |= {} if limit is None else {"Limit": limit}
        request |= {"NextToken": token} if token else {}
        with answers():
            return _page(self._client.list_users_in_group(**request), "NextToken")

    def _admin(self, operation: str, name: str, **more: Any) -> Any:
        with answers():
            return getattr(self._client, operation)(UserPoolId=self.pool_id, Username=name, **more)


@contextmanager
def answers() -> Iterator[None]:
    """Raise what Cognito answers as a CognitoError; sizes are checked by the SDK itself."""
    try:
        yield
    except ClientError as error:
        raise CognitoError(error.response["Error"]["Code"]) from error
    except ParamValidationError as error:
        raise CognitoError("InvalidParameterException") from error


def pairs(attributes: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def _user(raw: Any, attributes: Any) -> PoolUser:
    values = {pair["Name"]: pair["Value"] for pair in attributes}
    status = UserStatus(raw["UserStatus"])
    return PoolUser(values["sub"], raw["Username"], status, raw["Enabled"], values)


def _page(answer: Any, token: str) -> Page:
    users = tuple(_user(raw, raw["Attributes"]) for raw in answer["Users"])
    return Page(users, answer.get(token))


def _pool_request(config: PoolConfig) -> dict[str, Any]:
    request: dict[str, Any] = {
        "PoolName": f"contract-{uuid4().hex[:8]}",
        "AutoVerifiedAttributes": list(config.auto_verified),
        "UsernameConfiguration": {"CaseSensitive": config.case_sensitive},
    }
    if config.attributes:
        request["Schema"] = [_schema(name, spec) for name, spec in config.attributes.items()]
    if config.username_attributes:
        request["UsernameAttributes"] = list(config.username_attributes)
    if config.alias_attributes:
        request["AliasAttributes"] = list(config.alias_attributes)
    if config.verify_before_update:
        request["UserAttributeUpdateSettings"] = {
            "AttributesRequireVerificationBeforeUpdate": list(config.verify_before_update)
        }
    return request


def _schema(name: str, spec: AttributeSpec) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "Name": name.removeprefix("custom:"),
        "AttributeDataType": spec.kind.value,
        "Mutable": spec.mutable,
        "Required": spec.required,
    }
    if spec.kind == "String":
        limits = {"MinLength": str(spec.min_length), "MaxLength": str(spec.max_length)}
        schema["StringAttributeConstraints"] = limits
    return schema
