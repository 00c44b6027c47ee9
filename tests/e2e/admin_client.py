"""A caller of the Admin API, signing as an AWS client does."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.outputs import RegionOutputs
from local.remote import RemoteStage


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] | Message
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str:
        return str(self.json["type"]).rsplit(":", 1)[-1]


class AdminClient:
    """One Region's API. `secret`: another one than the caller's own makes wrong signatures."""

    def __init__(self, stage: RemoteStage, region: RegionOutputs, secret: str = "") -> None:
        self.base, self._region = region.admin_api, region.region
        if stage.outputs.endpoint:
            self._credentials = Credentials(stage.outputs.account, secret or "local")
        else:
            found = boto3.Session().get_credentials()
            assert found is not None, "no credentials in the environment"
            own: Any = found.get_frozen_credentials()
            self._credentials = Credentials(own.access_key, secret or own.secret_key, own.token)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        signed: bool = True,
        **query: str,
    ) -> Answer:
        """One request; the path is encoded by the caller."""
        url = self.base + path + (f"?{urlencode(query)}" if query else "")
        data = None if body is None else json.dumps(body).encode()
        told = {"Content-Type": "application/json"} if body is not None else {}
        return self.send(AWSRequest(method, url, told | dict(headers or {}), data), signed=signed)

    def send(self, request: AWSRequest, *, signed: bool = True) -> Answer:
        """A request as it is."""
        if signed:
            SigV4Auth(self._credentials, "execute-api", self._region).add_auth(request)
        prepared: Any = request.prepare()
        sent = urllib.request.Request(  # noqa: S310 - the stage's own address
            prepared.url, prepared.body, dict(prepared.headers), method=prepared.method
        )
        try:
            with urllib.request.urlopen(sent, timeout=120) as answer:  # noqa: S310
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode())

    def at(self, location: str) -> Answer:
        """What a Location leads to: on the local AWS, the same path behind another beginning."""
        parts = urlsplit(location)
        path = parts.path.partition("/v1")[2] or parts.path
        query: dict[str, Any] = dict(pair.split("=") for pair in parts.query.split("&") if pair)
        return self.call("GET", path, **query)


def encoded(name: str) -> str:
    return quote(name, safe="")
