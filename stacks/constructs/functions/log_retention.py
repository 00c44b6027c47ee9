"""How long log groups are kept, by CDK's names."""

from __future__ import annotations

from aws_cdk import aws_logs as logs

_DAYS = {
    "ONE_DAY": 1,
    "THREE_DAYS": 3,
    "FIVE_DAYS": 5,
    "ONE_WEEK": 7,
    "TWO_WEEKS": 14,
    "ONE_MONTH": 30,
    "TWO_MONTHS": 60,
    "THREE_MONTHS": 90,
    "FOUR_MONTHS": 120,
    "FIVE_MONTHS": 150,
    "SIX_MONTHS": 180,
    "ONE_YEAR": 365,
    "THIRTEEN_MONTHS": 400,
    "EIGHTEEN_MONTHS": 545,
    "TWO_YEARS": 731,
    "THREE_YEARS": 1096,
    "FIVE_YEARS": 1827,
    "TEN_YEARS": 3653,
}


def log_retention(days: int) -> logs.RetentionDays:
    """CDK's name of a number of days, which the config has checked."""
    return next(logs.RetentionDays[name] for name, value in _DAYS.items() if value == days)
