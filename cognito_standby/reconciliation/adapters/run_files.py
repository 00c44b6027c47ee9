"""The files of the reconciliation's runs, in the Region's bucket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from botocore.exceptions import (
    ClientError,
    FlexibleChecksumError,
    IncompleteReadError,
    ResponseStreamingError,
)

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    MisconfiguredError,
    ServiceUnavailableError,
)

_BROKEN_OFF = (FlexibleChecksumError, IncompleteReadError, ResponseStreamingError)
"""A body is held to its Content-Length and to the checksum that PutObject stored with the file."""

_ABSENT = ("NoSuchKey", "404")
"""Without the right to list the bucket S3 says AccessDenied instead (GetObject, API reference)."""


class Bucket(Protocol):
    """What is called of boto3's S3 client."""

    def put_object(self, **request: Any) -> Any:
        """PutObject."""

    def get_object(self, **request: Any) -> Any:
        """GetObject."""

    def list_objects_v2(self, **request: Any) -> Any:
        """ListObjectsV2."""


class S3RunFiles:
    """RunFiles. S3 shows a finished write to every later read and listing."""

    def __init__(self, client: Bucket, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def write(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """One PutObject."""
        with self._naming_the_bucket():
            self._client.put_object(
                Bucket=self._bucket, Key=name, Body=body, ContentType=content_type
            )

    def read(self, name: str) -> bytes | None:
        """One GetObject."""
        with self._naming_the_bucket():
            try:
                return self._body(Key=name)
            except ClientError as error:
                if code_of(error) in _ABSENT:
                    return None
                raise

    def read_range(self, name: str, start: int, length: int) -> bytes:
        """One GetObject of a byte range. MisconfiguredError: there is no such file.
        InvalidRecordError: it ends before the range (S3 refuses) or within it (S3 answers what
        there is)."""
        if length <= 0:
            return b""
        with self._naming_the_bucket():
            try:
                body = self._body(Key=name, Range=f"bytes={start}-{start + length - 1}")
            except ClientError as error:
                if code_of(error) != "InvalidRange":
                    raise
                body = b""
        if len(body) != length:
            raise InvalidRecordError(f"{name} is shorter than it was written")
        return body

    def names(self, prefix: str) -> Sequence[str]:
        """ListObjectsV2, 1,000 names at once."""
        found: list[str] = []
        request = {"Bucket": self._bucket, "Prefix": prefix}
        with self._naming_the_bucket():
            while True:
                page = self._client.list_objects_v2(**request)
                found += [each["Key"] for each in page.get("Contents", ())]
                if not page.get("IsTruncated"):
                    return sorted(found)
                request["ContinuationToken"] = page["NextContinuationToken"]

    def _body(self, **request: Any) -> bytes:
        stream = self._client.get_object(Bucket=self._bucket, **request)["Body"]
        try:
            return bytes(stream.read())
        except _BROKEN_OFF:
            text = f"{request['Key']} broke off, or was changed, while it was read"
            raise ServiceUnavailableError(text) from None

    @contextmanager
    def _naming_the_bucket(self) -> Iterator[None]:
        """The error names the bucket, so that an operator need not look for it."""
        try:
            with translated():
                yield
        except MisconfiguredError as error:
            raise MisconfiguredError(f"the bucket {self._bucket}: {error}") from None
