"""The part of the config about replays: how fast they go where many records arrive at once."""

from __future__ import annotations

from pydantic import Field

from stacks.config.parts import ConfigPart

QUOTA_SHARE = 0.92
"""Of Cognito's request quotas. A backlog drains at that part of the pace that they allow."""

SMALL_ACCOUNT_SHARE = 0.2
"""Five changes a second by default, about four functions at once: an account may have ten."""


class Replay(ConfigPart):
    """Where many records arrive at once, as after an outage or a change of everybody."""

    quota_share: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Share of Cognito's request quotas (`reconcile.quotas`) that replays use where "
        "many records wait. null: 0.92, and 0.2 where trigger_concurrency is 0, because the "
        "functions of five replays a second leave half of an account of 10 free.",
    )
