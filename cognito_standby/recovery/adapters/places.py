"""Where the active pool is published: an SSM parameter, and a file behind an open gateway."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import ServiceUnavailableError, ThrottledError
from cognito_standby.recovery.domain.active_pool import ActivePool

_BUSY = {"TooManyUpdates": ThrottledError, "InternalServerError": ServiceUnavailableError}


class ActiveParameter:
    """For whatever has credentials, the fence among it."""

    name = "parameter"

    def __init__(self, client: Any, parameter: str) -> None:
        self._client, self._parameter = client, parameter

    def text_of(self, pool: ActivePool) -> str:
        """With the standing down."""
        return pool.parameter

    def read(self) -> str | None:
        """One GetParameter."""
        with translated(_BUSY):
            try:
                answer = self._client.get_parameter(Name=self._parameter)
            except ClientError as error:
                if code_of(error) == "ParameterNotFound":
                    return None
                raise
        return str(answer["Parameter"]["Value"])

    def write(self, text: str) -> None:
        """One PutParameter."""
        with translated(_BUSY):
            self._client.put_parameter(
                Name=self._parameter,
                Value=text,
                Type="String",
                Overwrite=True,
                Description="Which Region and pool are active; written by publish_active alone",
            )


class ActiveDocument:
    """For apps, which need no credentials: the gateway of the Region hands it out."""

    name = "document"

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        self._client, self._place = client, {"Bucket": bucket, "Key": key}

    def text_of(self, pool: ActivePool) -> str:
        """What anybody may know."""
        return pool.document

    def read(self) -> str | None:
        """One GetObject."""
        with translated():
            try:
                answer = self._client.get_object(**self._place)
            except ClientError as error:
                if code_of(error) == "NoSuchKey":
                    return None
                raise
            body: bytes = answer["Body"].read()
        return body.decode("utf-8", "replace")

    def write(self, text: str) -> None:
        """One PutObject."""
        with translated():
            self._client.put_object(
                **self._place, Body=text.encode(), ContentType="application/json"
            )
