"""What a caller of the Admin API does in the drill: signed, as an AWS client signs."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.drill.scene import SceneError
from local.outputs import RegionOutputs
from local.remote import Stage

_SECONDS = 120.0


def erase(stage: Stage, region: RegionOutputs, username: str) -> None:
    """Somebody asks to be forgotten. SceneError: it was refused."""
    url = f"{region.admin_api}/users/{quote(username, safe='')}/erase"
    request = AWSRequest("POST", url)
    caller = Credentials(stage.outputs.account_of(region.region), "local")
    SigV4Auth(caller, "execute-api", region.region).add_auth(request)
    signed: Any = request.prepare()
    sent = urllib.request.Request(  # noqa: S310 - the stage's own address
        signed.url, signed.body, dict(signed.headers), method=signed.method
    )
    try:
        urllib.request.urlopen(sent, timeout=_SECONDS).close()  # noqa: S310 - as above
    except urllib.error.HTTPError as error:
        raise SceneError(f"the erasure was refused: {error.read().decode()}") from error
