"""That AWS did not say whose credentials are used, and how one gets some that it takes."""

from __future__ import annotations

from typing import NoReturn

from cognito_standby.adoption.ports import NotSeenError
from cognito_standby.cli.arguments import refuse
from cognito_standby.operator.domain.troubles import CREDENTIALS


def refuse_unknown(error: NotSeenError, profile: str = "") -> NoReturn:
    """Say so, and exit. `profile`: the one that was used; empty: those of the shell."""
    used = f" (profile {profile})" if profile else ""
    refuse(f"which account? {error}{used}{_remedy(error, profile)}")


def _remedy(error: NotSeenError, profile: str) -> str:
    if not CREDENTIALS.search(str(error)):
        return ""
    if profile:
        return f"\n`aws configure sso --profile {profile}` gives it some"
    return (
        "\n`aws configure sso` makes a profile with some; "
        "name it by --profile, or `export AWS_PROFILE=<its name>`"
    )
