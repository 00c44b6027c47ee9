"""The gate behind the faults: calls of deployed functions, and of whoever assumed a role by STS,
are judged before anything sees them; an administrator's, where they are about another account.

Refusals are answered as each service does. An object that is not there is told only to those who
may list its bucket; others are refused (S3 API reference, GetObject).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from local.gaps.function_identity import caller_from
from local.protocol import (
    App,
    Receive,
    Reply,
    Scope,
    Send,
    account_of,
    answer,
    exchange,
    headers_of,
    read_body,
)
from local.rights.beyond import denied_beyond
from local.rights.calls import AwsCall, call_of
from local.rights.enforcing import Denial, Holder, Rights
from local.rights.model import RoleSession, UnknownToJudgeError
from local.rights.refusals import internal_error, refusal

_TEMPORARY = re.compile(r"Credential=(ASIA[^/]+)/")
"""In a signature: keys of AssumeRole begin so (IAM User Guide, "Unique identifiers")."""
_NOT_THERE = 404
_READS = ("GetObject", "HeadObject")


class RightsGate:
    """An ASGI app: refuses, or hands on untouched."""

    def __init__(self, app: App, rights: Rights) -> None:
        self._app, self._rights = app, rights
        self._accounts = set[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        headers = headers_of(scope) if scope["type"] == "http" else {}
        who = self._caller(headers) if self._rights.enforced else None
        if who is None and not self._has_others(headers):
            await self._app(scope, receive, send)
            return
        body = await read_body(receive)
        if who is None:
            reply = self._beyond(scope, headers, body)
            await answer(reply or await exchange(self._app, scope, body), send)
            return
        try:
            call = call_of(scope, headers, body)
        except UnknownToJudgeError as error:
            denial = self._rights.unknown(f"{error} (asked by {who.session})")
            await answer(internal_error("", headers, denial.text), send)
            return
        denied = self._rights.may(who, call.service, call.operation, call.parameters, call.region)
        if denied is not None:
            await answer(_refused(call, headers, denied), send)
            return
        reply = await exchange(self._app, scope, body)
        if reply.status == _NOT_THERE and call.service == "s3" and call.operation in _READS:
            reply = self._hidden(call, who, headers) or reply
        await answer(reply, send)

    def _has_others(self, headers: Mapping[str, str]) -> bool:
        """Whether an administrator could mean something of another account."""
        account = account_of(headers)
        if account and self._rights.enforced:
            self._accounts.add(account)
        return bool(account) and len(self._accounts) > 1

    def _beyond(self, scope: Scope, headers: Mapping[str, str], body: bytes) -> Reply | None:
        """The refusal of what another account does not let an administrator do."""
        try:
            call = call_of(scope, headers, body)
        except UnknownToJudgeError:
            return None  # at home they may do anything
        asked = (call.service, call.operation, call.parameters)
        denied = denied_beyond(self._rights, account_of(headers), asked, call.region)
        return _refused(call, headers, denied) if denied else None

    def _caller(self, headers: Mapping[str, str]) -> Holder | RoleSession | None:
        """A function, or somebody with a temporary key; None: an administrator, or an app, which
        signs nothing."""
        caller = caller_from(headers.get("x-amz-security-token", ""))
        if caller is not None:
            return Holder(caller.role_arn, "lambda.amazonaws.com", caller.function)
        key = _TEMPORARY.search(headers.get("authorization", ""))
        return self._rights.session_of(key.group(1)) if key else None

    def _hidden(
        self, call: AwsCall, who: Holder | RoleSession, headers: Mapping[str, str]
    ) -> Reply | None:
        """What is said instead of "not found" to somebody who may not list the bucket."""
        bucket = {"Bucket": call.parameters["Bucket"]}
        denied = self._rights.may(who, "s3", "ListObjectsV2", bucket, call.region)
        return _refused(call, headers, denied) if denied else None


def _refused(call: AwsCall, headers: Mapping[str, str], denied: Denial) -> Reply:
    if denied.unknown:
        return internal_error(call.service, headers, denied.text)
    return refusal(call.service, headers, denied, head=call.operation.startswith("Head"))
