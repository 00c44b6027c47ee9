"""The prices of an estimate: the built-in ones, or those that somebody gives in a file. Pure.

The file is JSON: `{"source": "...", "date": "2026-11", "usd": {"million_read_units": 0.125, ...}}`.
Source and date are told with each figure; a key says of how many of what the dollars are, a month
of storage, alarms, keys and people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from cognito_standby.reconciliation.domain import prices
from cognito_standby.reconciliation.domain.drift_report import CostLine

MOST = 1_000_000
"""Dollars; what is more is a slip of the finger."""

_PLAN = "active_user_"


class PricesError(ValueError):
    """What was given are no prices; the text says which."""


@dataclass(frozen=True)
class Prices:
    """Dollars for one of each; storage a month. `as_built_in`: keys that a file did not have."""

    state_transition: float = prices.STATE_TRANSITION
    express_request: float = prices.EXPRESS_REQUEST
    express_gb_second: float = prices.EXPRESS_GB_SECOND
    lambda_request: float = prices.LAMBDA_REQUEST
    lambda_gb_second: float = prices.LAMBDA_GB_SECOND
    read_unit: float = prices.READ_UNIT
    write_unit: float = prices.WRITE_UNIT
    s3_put: float = prices.S3_PUT
    s3_get: float = prices.S3_GET
    custom_event: float = prices.CUSTOM_EVENT
    stored_gigabyte: float = prices.STORED_GIGABYTE
    recoverable_gigabyte: float = prices.RECOVERABLE_GIGABYTE
    log_gigabyte: float = prices.LOG_GIGABYTE
    alarm_metric: float = prices.ALARM_METRIC
    dashboard: float = prices.DASHBOARD
    custom_metric: float = prices.CUSTOM_METRIC
    key: float = prices.KEY
    secret: float = prices.SECRET
    active_user_lite: float = prices.ACTIVE_USER["Lite"]
    active_user_essentials: float = prices.ACTIVE_USER["Essentials"]
    active_user_plus: float = prices.ACTIVE_USER["Plus"]
    replicated_active_user: float = prices.REPLICATED_ACTIVE_USER
    source: str = prices.SOURCE
    date: str = prices.DATE
    as_built_in: tuple[str, ...] = ()

    def active_user(self, plan: str) -> float:
        """One monthly active user of the standby, by its pool's plan."""
        return float(getattr(self, f"{_PLAN}{plan.lower()}"))


BUILT_IN = Prices()

_BY_THE_MILLION = (
    *("state_transition", "express_request", "express_gb_second", "lambda_request"),
    *("lambda_gb_second", "read_unit", "write_unit", "s3_put", "s3_get", "custom_event"),
)
"""As price lists tell them."""

_TOLD = ("source", "date", "as_built_in")
_KEYS: Mapping[str, tuple[str, int]] = {
    f"million_{name}s" if name in _BY_THE_MILLION else name: (
        name,
        prices.MILLION if name in _BY_THE_MILLION else 1,
    )
    for name in Prices.__dataclass_fields__
    if name not in _TOLD
}
"""Key of the file -> field, and of how many it is the price."""

OF_RUNS: Mapping[str, str] = {
    "state transitions": "state_transition",
    "Express executions": "express_request",
    "Express executions, GB-seconds": "express_gb_second",
    "Lambda, GB-seconds": "lambda_gb_second",
    "DynamoDB read units": "read_unit",
    "DynamoDB write units": "write_unit",
    "S3 writes": "s3_put",
    "S3 reads": "s3_get",
}
"""What a report says that its run used (`reconciliation/services/report_figures.py`) -> field."""


def written() -> dict[str, Any]:
    """The built-in prices as a file has them."""
    usd = {key: round(getattr(BUILT_IN, name) * per, 10) for key, (name, per) in _KEYS.items()}
    return {"source": prices.SOURCE, "date": prices.DATE, "usd": usd}


def given(data: object) -> Prices:
    """Those of a file. What it does not price is as built in. PricesError."""
    if not isinstance(data, dict) or not isinstance(data.get("usd"), dict):
        raise PricesError('not of the form {"source": "...", "date": "...", "usd": {...}}')
    if unknown := sorted(data.keys() - {"source", "date", "usd"}):
        raise PricesError(f"unknown: {', '.join(unknown)}")
    usd: Mapping[str, object] = data["usd"]
    if unknown := sorted(usd.keys() - _KEYS.keys()):
        raise PricesError(f"unknown prices: {', '.join(unknown)}; known are {', '.join(_KEYS)}")
    known = {_KEYS[key][0]: _price(key, value) / _KEYS[key][1] for key, value in usd.items()}
    return replace(
        BUILT_IN,
        **known,
        source=_text(data, "source", "no source named"),
        date=_text(data, "date", "undated"),
        as_built_in=tuple(key for key in _KEYS if key not in usd),
    )


def _price(key: str, value: object) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not 0 <= value <= MOST or not isfinite(value):  # type: ignore[operator,arg-type]
        raise PricesError(f"usd.{key} is a number of dollars from 0 to {MOST:,}")
    return float(value)  # type: ignore[arg-type]


def _text(data: Mapping[str, object], name: str, otherwise: str) -> str:
    told = data.get(name, otherwise)
    if not isinstance(told, str) or not told.strip() or not told.isprintable():
        raise PricesError(f"{name} is a text of one line")
    return told


def run_usd_by(lines: Iterable[CostLine], by: Prices) -> float:
    """What a run costs that used this; an item of another release as its report says."""
    return sum(
        line.number * getattr(by, OF_RUNS[line.item]) if line.item in OF_RUNS else line.usd
        for line in lines
    )
