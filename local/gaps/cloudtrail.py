"""Gap: Cognito's calls do not reach EventBridge.

With a trail, CloudTrail delivers each management call of `cognito-idp.amazonaws.com` to the default
bus of its Region as `AWS API Call via CloudTrail`, with names, attributes and secrets replaced by
`HIDDEN_DUE_TO_SECURITY_REASONS` and the user's `sub` in `additionalEventData`; read-only calls are
not delivered by default (Amazon Cognito developer guide, "Amazon Cognito logging in AWS
CloudTrail"; Amazon EventBridge user guide, "AWS service events delivered via AWS CloudTrail";
AWS CloudTrail user guide, "CloudTrail userIdentity element"). Delivery is best effort and late.

Here every call that is not read-only is told after it was answered: at once, or delayed or lost as
a test asks. A call by a deployed function carries that function's role, one with other credentials
an IAM user, an unauthenticated one the type `Unknown`.

Limits: calls made inside the emulator (CloudFormation, a machine's own SDK integration) are not
seen; managed login events do not exist; `responseElements` is null but for SignUp's.
"""

from __future__ import annotations

import heapq
import itertools
import json
import logging
import re
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.cognito_store import CognitoStore, Pool, token_claims
from local.gaps.function_identity import caller_from
from local.gateway import Forward
from local.protocol import Call, Reply
from local.trail import Trail

logger = logging.getLogger(__name__)
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_READ_ONLY = re.compile(r"^(Get(?!TokensFrom)|List|Describe|AdminGet|AdminList)")
_CLEAR = {"UserPoolId", "ClientId", "GroupName", "MessageAction", "Permanent", "AuthFlow"}
_CLEAR |= {"DesiredDeliveryMediums", "ForceAliasCreation", "Precedence", "RoleArn", "PoolName"}
_CLEAR |= {"ChallengeName"}
Detail = dict[str, Any]


class CloudTrail:
    """Tells the default bus about calls."""

    def __init__(self, store: CognitoStore, trail: Trail) -> None:
        self._store, self._trail = store, trail
        self._queue: list[tuple[float, int, Pool, Detail]] = []
        self._order = itertools.count()
        self._change = threading.Condition()
        self._open = True
        threading.Thread(target=self._deliver, name="cloudtrail", daemon=True).start()

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Answer first, tell later; the user is looked up before a deletion can hide them."""
        if _READ_ONLY.match(call.operation):
            return await forward(call)
        pool = self._store.pool_of(call)
        sub = self._sub(call, pool)
        reply = await forward(call)
        pool = pool or self._store.pool_of(call)
        if pool is not None:
            self._tell(pool, detail_of(call, reply, pool, sub or self._sub(call, pool)))
        return reply

    def close(self) -> None:
        """Stop delivering."""
        with self._change:
            self._open = False
            self._change.notify()

    def _sub(self, call: Call, pool: Pool | None) -> str:
        user = self._store.user_of(call, pool) if pool else None
        return user.sub if user else str(token_claims(call).get("sub", ""))

    def _tell(self, pool: Pool, detail: Detail) -> None:
        if self._trail.loses(detail["eventName"]):
            return
        with self._change:
            due = time.monotonic() + self._trail.delay
            heapq.heappush(self._queue, (due, next(self._order), pool, detail))
            self._change.notify()

    def _deliver(self) -> None:
        while True:
            with self._change:
                while self._open and (wait := self._until_due()) != 0:
                    self._change.wait(wait)
                if not self._open:
                    return
                _, _, pool, detail = heapq.heappop(self._queue)
            try:
                _put(pool, detail)
            except Exception:
                logger.exception("a CloudTrail event was lost")

    def _until_due(self) -> float | None:
        """Seconds until the next event is due, 0 when one is, None when there is none."""
        return max(0.0, self._queue[0][0] - time.monotonic()) if self._queue else None


def _put(pool: Pool, detail: Detail) -> None:
    from ministack.core.responses import request_scope  # noqa: PLC0415
    from ministack.services import eventbridge  # noqa: PLC0415

    entry = {
        "Source": "aws.cognito-idp",
        "DetailType": "AWS API Call via CloudTrail",
        "Detail": json.dumps(detail),
    }
    with request_scope(pool.account, pool.region):
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)


def detail_of(call: Call, reply: Reply, pool: Pool, sub: str) -> Detail:
    """The CloudTrail record of one call."""
    detail: Detail = {
        "eventVersion": "1.11",
        "userIdentity": _identity(call, pool),
        "eventTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": "cognito-idp.amazonaws.com",
        "eventName": call.operation,
        "awsRegion": pool.region,
        "sourceIPAddress": (call.scope.get("client") or ("127.0.0.1",))[0],
        "userAgent": call.headers.get("user-agent", ""),
        "requestParameters": _masked(call.params),
        "responseElements": _response(call, reply),
        "additionalEventData": {"sub": sub} if sub else {},
        "requestID": reply.header("x-amzn-requestid") or str(uuid.uuid4()),
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": pool.account,
        "eventCategory": "Management",
    }
    if "UserPoolId" not in call.params:
        detail["additionalEventData"]["userPoolId"] = pool.id
    if not reply.ok:
        detail.update(errorCode=reply.error, errorMessage=reply.message)
    return detail


def _masked(params: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name[0].lower() + name[1:]: value if name in _CLEAR else HIDDEN
        for name, value in params.items()
    }


def _response(call: Call, reply: Reply) -> Any:
    if call.operation != "SignUp" or not reply.ok:
        return None
    answer = reply.json
    return {"userConfirmed": answer.get("UserConfirmed"), "userSub": answer.get("UserSub")}


def _identity(call: Call, pool: Pool) -> dict[str, Any]:
    function = caller_from(call.headers.get("x-amz-security-token", ""))
    if function is None and not call.signed:
        return {"type": "Unknown", "principalId": "Anonymous"}
    if function is None:
        return {
            "type": "IAMUser",
            "principalId": "AIDALOCALOPERATOR",
            "arn": f"arn:aws:iam::{pool.account}:user/local-operator",
            "accountId": pool.account,
            "accessKeyId": pool.account,
            "userName": "local-operator",
        }
    role, session = function.role_name, function.function
    issuer = {
        "type": "Role",
        "principalId": "AROALOCALFUNCTION",
        "arn": function.role_arn,
        "accountId": pool.account,
        "userName": role,
    }
    attributes = {"creationDate": "2026-01-01T00:00:00Z", "mfaAuthenticated": "false"}
    return {
        "type": "AssumedRole",
        "principalId": f"AROALOCALFUNCTION:{session}",
        "arn": f"arn:aws:sts::{pool.account}:assumed-role/{role}/{session}",
        "accountId": pool.account,
        "accessKeyId": "ASIALOCALFUNCTION",
        "sessionContext": {"sessionIssuer": issuer, "attributes": attributes},
    }
