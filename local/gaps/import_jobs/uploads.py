"""PUT to a job's pre-signed URL: S3, as far as Cognito uses it."""

from __future__ import annotations

import time

from local.gaps.import_jobs.jobs import URL_SECONDS, Jobs, JobStatus
from local.protocol import App, Receive, Reply, Scope, Send, answer, headers_of, read_body

PREFIX = "/aws-cognito-idp-user-import/"
_SIGNED = ("x-amz-server-side-encryption", "aws:kms")
"""A header that the signature covers: without it S3 answers SignatureDoesNotMatch."""


class Uploads:
    """An ASGI app: takes the files, hands everything else on."""

    def __init__(self, app: App, jobs: Jobs) -> None:
        self._app, self._jobs = app, jobs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        await answer(self._taken(scope, body), send)

    def _taken(self, scope: Scope, body: bytes) -> Reply:
        query = scope.get("query_string", b"").decode("ascii", "replace")
        job = self._jobs.at(f"{scope['path']}?{query}")
        encrypted = headers_of(scope).get(_SIGNED[0]) == _SIGNED[1]
        if job is None or scope["method"] != "PUT" or not encrypted:
            return _refusal("SignatureDoesNotMatch")
        if time.time() - job.created > URL_SECONDS:
            return _refusal("AccessDenied")
        if job.status is JobStatus.CREATED:
            job.body = body
        return Reply(200)


def _refusal(code: str) -> Reply:
    body = f"<Error><Code>{code}</Code></Error>".encode()
    return Reply(403, ((b"content-type", b"application/xml"),), body)
