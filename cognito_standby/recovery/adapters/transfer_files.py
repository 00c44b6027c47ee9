"""Files of exports and imports: in the Region's bucket, or in a folder that its owner alone reads.

In the bucket every object is encrypted by a KMS key, the bucket's own if it has one, else AWS's key
for S3: whoever reads it needs the right to the object and to the key, and CloudTrail records the
key's use. A folder is for those who keep the files elsewhere, encrypted by their own means.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.reconciliation.adapters.run_files import S3RunFiles

_KMS, _KEY_OF_S3 = "aws:kms", "alias/aws/s3"
_THERE = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
_OWNER_ALONE, _OWNERS_FOLDER = 0o600, 0o700


class BucketFiles:
    """TransferFiles in the bucket of the runs."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket
        self._files = S3RunFiles(client, bucket)

    def write(self, name: str, body: bytes) -> None:
        """One PutObject."""
        with translated():
            self._put(name, body)

    def write_new(self, name: str, body: bytes) -> bool:
        """One PutObject with a condition."""
        with translated():
            try:
                self._put(name, body, IfNoneMatch="*")
            except ClientError as error:
                if code_of(error) in _THERE:
                    return False
                raise
        return True

    def read(self, name: str) -> bytes | None:
        """One GetObject."""
        return self._files.read(name)

    def remove(self, name: str) -> None:
        """One DeleteObject; the bucket keeps no versions."""
        with translated():
            self._client.delete_object(Bucket=self._bucket, Key=name)

    def names(self, prefix: str) -> Sequence[str]:
        """ListObjectsV2."""
        return self._files.names(prefix)

    def _put(self, name: str, body: bytes, **more: Any) -> None:
        encrypted = {"ServerSideEncryption": _KMS, "SSEKMSKeyId": self._key}
        self._client.put_object(Bucket=self._bucket, Key=name, Body=body, **encrypted, **more)

    @cached_property
    def _key(self) -> str:
        """The bucket's own key, or AWS's for S3. One GetBucketEncryption."""
        answer = self._client.get_bucket_encryption(Bucket=self._bucket)
        for rule in answer["ServerSideEncryptionConfiguration"]["Rules"]:
            default = rule.get("ApplyServerSideEncryptionByDefault") or {}
            if default.get("SSEAlgorithm") == _KMS and default.get("KMSMasterKeyID"):
                return str(default["KMSMasterKeyID"])
        return _KEY_OF_S3


class FolderFiles:
    """TransferFiles in a folder of this machine; names are as in the bucket. MisconfiguredError:
    there is no such folder, no room, or no right."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, body: bytes) -> None:
        """Written aside and moved, so that nobody reads half of it."""
        with _in_words():
            path = self._made(name)
            aside = path.with_name(path.name + ".new")
            aside.unlink(missing_ok=True)
            self._fill(aside, body)
            aside.replace(path)

    def write_new(self, name: str, body: bytes) -> bool:
        """Made by this call, or not at all."""
        with _in_words():
            path = self._made(name)
            try:
                self._fill(path, body)
            except FileExistsError:
                return False
        return True

    def read(self, name: str) -> bytes | None:
        """The whole file."""
        with _in_words():
            try:
                return (self._folder / name).read_bytes()
            except FileNotFoundError:
                return None

    def remove(self, name: str) -> None:
        """Of this file alone."""
        with _in_words():
            (self._folder / name).unlink(missing_ok=True)

    def names(self, prefix: str) -> Sequence[str]:
        """All below the folder."""
        files = (path for path in self._folder.rglob("*") if path.is_file())
        found = (path.relative_to(self._folder) for path in files)
        return sorted(str(name) for name in found if str(name).startswith(prefix))

    def _made(self, name: str) -> Path:
        """Its path; the folders above it are there then."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=_OWNERS_FOLDER)
        return path

    @staticmethod
    def _fill(path: Path, body: bytes) -> None:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE)
        with os.fdopen(opened, "wb") as file:
            file.write(body)


@contextmanager
def _in_words() -> Iterator[None]:
    """What the file system refuses, as an operator reads it."""
    try:
        yield
    except OSError as error:
        raise MisconfiguredError(f"{error.filename}: {error.strerror}") from None
