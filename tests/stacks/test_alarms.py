"""Alarms: each tells somebody what to do, and looks at a metric that exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.core.domain.metrics import NAMESPACE, Metric
from cognito_standby.operator.domain.cost import ALARM_METRICS, DASHBOARDS
from stacks.config.source import parse
from stacks.names import Names
from tests.stacks.templates import Assembly, Template, without_hash
from tests.stacks.variants import MINIMAL

ROOT = Path(__file__).parents[2]
RUNBOOK = "docs/runbooks/alarms.md"
HEADINGS = re.findall(r"^## ([a-z-]+)$", (ROOT / RUNBOOK).read_text(), re.MULTILINE)


def _alarms(template: Template, installation: str) -> dict[str, dict[str, Any]]:
    found = template.of_type("AWS::CloudWatch::Alarm").values()
    return {one["AlarmName"].removeprefix(f"{installation}-"): one for one in found}


def _metrics(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """What an alarm looks at, by itself or in an expression."""
    found = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", ()) if "MetricStat" in one]
    return found or [alarm]


def test_every_alarm_names_its_runbook_and_tells_the_topic(assembly: Assembly) -> None:
    for template in assembly.regions:
        named = set()
        for alarm in _alarms(template, assembly.config["installation"]).values():
            (heading,) = re.findall(rf"{RUNBOOK}#([a-z-]+)$", alarm["AlarmDescription"])
            named.add(heading)
            for action in ("AlarmActions", "OKActions"):
                (topic,) = alarm[action]
                assert without_hash(topic["Ref"]) == "AlarmsTopic"
        assert named <= set(HEADINGS)
        if assembly.config.get("consistency") != "MRSC":
            elsewhere = {"arrivals", "replication-stopped"}
            assert named == set(HEADINGS) - elsewhere, "a function, an account that is not there"


def test_what_stands_is_in_the_estimate_of_costs(assembly: Assembly) -> None:
    """To within a tenth: a metric of an alarm costs ten cents."""
    for template in assembly.regions:
        alarms = _alarms(template, assembly.config["installation"]).values()
        looked_at = sum(len(_metrics(alarm)) for alarm in alarms)
        assert looked_at == pytest.approx(ALARM_METRICS, rel=0.1)
        assert len(template.of_type("AWS::CloudWatch::Dashboard")) == DASHBOARDS


def test_every_function_that_could_wait_unseen_has_its_throttles_watched(
    assembly: Assembly,
) -> None:
    from stacks.constructs.functions.task_list import TASKS  # noqa: PLC0415 - it starts Node

    installation = assembly.config["installation"]
    filled = assembly.config.get("on_demand", {})
    for side, template in zip(("primary", "backup"), assembly.regions, strict=True):
        watched = [
            next(one["Value"] for one in metric["Dimensions"] if one["Name"] == "FunctionName")
            for alarm in _alarms(template, installation).values()
            for metric in _metrics(alarm)
            if metric["MetricName"] == "Throttles"
        ]
        assert len(watched) == len(set(watched)), "each in one alarm"
        named = {name.removeprefix(f"{installation}-") for name in watched}
        absent = () if filled.get(side) else ("user_migration",)
        assert {task.name for task in TASKS} - named == {"arc_region_switch", *absent}


def test_alarms_look_at_metrics_of_this_installation(assembly: Assembly) -> None:
    installation = assembly.config["installation"]
    for template in assembly.regions:
        for name, alarm in _alarms(template, installation).items():
            for metric in _metrics(alarm):
                dimensions = {one["Name"]: one["Value"] for one in metric["Dimensions"]}
                assert any(
                    not isinstance(value, str) or value.startswith(installation)
                    for value in dimensions.values()
                ), name
                if metric["Namespace"] == NAMESPACE:
                    assert metric["MetricName"] in set(Metric)
                    assert dimensions == {"service": installation}


def test_a_refusal_of_ours_is_no_failure(standard: Assembly) -> None:
    """Lambda counts both as errors."""
    for template in standard.regions:
        alarms = _alarms(template, "alpha")
        for task, refused in (
            ("pre_sign_up", "SignUpsRefused"),
            ("pre_authentication", "SignInsRefused"),
            ("pre_token_generation", "TokensRefused"),
            ("custom_message", "MessagesRefused"),
        ):
            alarm = alarms[f"{task}-errors"]
            assert {one["MetricName"] for one in _metrics(alarm)} == {"Errors", refused}
            (told,) = (one for one in alarm["Metrics"] if "Expression" in one)
            assert told["Expression"] == "counted - FILL(meant, 0)"


def test_many_deletions_are_told_within_minutes(standard: Assembly) -> None:
    for template in standard.regions:
        alarm = _alarms(template, "alpha")["many-deletions"]
        assert (alarm["MetricName"], alarm["Statistic"], alarm["Period"]) == ("Deleted", "Sum", 900)
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 100)


def test_every_rule_has_an_alarm_for_what_it_loses(assembly: Assembly) -> None:
    for template in assembly.regions:
        watched = {
            one["Value"]
            for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
            for metric in _metrics(alarm)
            for one in metric["Dimensions"]
            if one["Name"] == "RuleName"
        }
        assert watched == {one["Name"] for one in template.of_type("AWS::Events::Rule").values()}


def test_every_metric_is_counted_by_a_task() -> None:
    code = "".join(path.read_text() for path in (ROOT / "tasks").glob("*.py"))
    assert [metric for metric in Metric if f"Metric.{metric.name}" not in code] == []


def test_no_data_is_an_alarm_for_what_has_to_run(assembly: Assembly) -> None:
    for template in assembly.regions:
        alarms = _alarms(template, assembly.config["installation"])
        missing = {name for name, one in alarms.items() if one["TreatMissingData"] == "breaching"}
        assert missing == {"sweep-missed", "active-unpublished", "configuration-old"}
        sweep = alarms["sweep-missed"]
        assert (sweep["ComparisonOperator"], sweep["Threshold"]) == ("LessThanThreshold", 1)
        assert sweep["Period"] == 900


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ("rate(1 day)", 2),
        ("cron(0 3 * * ? *)", 2),
        ("cron(0 0/6 * * ? *)", 2),
        ("rate(7 days)", 14),
        ("cron(0 3 ? * SUN *)", 14),
        ("cron(0 3 1 * ? *)", 62),
    ],
)
def test_a_reconciliation_is_missed_after_two_intervals(schedule: str, days: int) -> None:
    from stacks.alarms.reconciliation import alarms  # noqa: PLC0415 - starts Node

    config = parse(MINIMAL | {"schedules": {"reconcile": schedule}}, "test.json")
    specs = {spec.name: spec for spec in alarms(Names("alpha"), config)}
    missed = specs["reconciliation-missed"]
    assert (missed.threshold, missed.below, missed.missing) == (days * 86_400, False, False)
    assert getattr(missed.metric, "metric_name", "") == Metric.RECONCILIATION_AGE
    assert f"for {days} days" in missed.meaning
    for spec in specs.values():
        assert spec.periods * spec.metric.period.to_seconds() <= 7 * 86_400


def test_the_age_of_the_last_reconciliation_is_seen_as_often_as_it_is_measured(
    synthesizer: Any,
) -> None:
    weekly = _alarms(synthesizer.assembly("detached").primary, "delta")["reconciliation-missed"]
    assert (weekly["ComparisonOperator"], weekly["Threshold"]) == (
        "GreaterThanThreshold",
        14 * 86_400,
    )
    assert (weekly["Period"], weekly["EvaluationPeriods"], weekly["Statistic"]) == (
        900,
        1,
        "Maximum",
    )


def test_thresholds(standard: Assembly) -> None:
    alarms = _alarms(standard.primary, "alpha")
    lag = alarms["replication-lag"]
    assert (lag["ExtendedStatistic"], lag["Threshold"]) == ("p99", 60_000)
    assert alarms["dead-letters"]["Threshold"] == 0
    assert alarms["trigger-slow"]["Threshold"] < 5000
    assert {"sync_user-failed", "contain_failure-failed", "sweep_failures-failed"} <= set(alarms)


def test_only_eventual_consistency_has_a_replication_latency(
    standard: Assembly, existing: Assembly
) -> None:
    assert "table-replication" in _alarms(standard.primary, "alpha")
    assert "table-replication" not in _alarms(existing.primary, "gamma")


def test_the_topic_is_encrypted_and_tells_whom_the_config_names(
    standard: Assembly, existing: Assembly
) -> None:
    assert "KmsMasterKeyId" in standard.primary.only("AWS::SNS::Topic")
    assert standard.primary.of_type("AWS::SNS::Subscription") == {}
    subscription = existing.primary.only("AWS::SNS::Subscription")
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "oncall@example.com")
    key = standard.primary.only("AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True
    principals = [one["Principal"] for one in key["KeyPolicy"]["Statement"]]
    assert {"Service": "cloudwatch.amazonaws.com"} in principals


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [
        ("rate(1 minute)", 180),
        ("rate(5 minutes)", 900),
        ("rate(1 hour)", 10_800),
        ("rate(1 day)", 86_400),
        ("cron(0 3 * * ? *)", 86_400),
        ("cron(0/10 * * * ? *)", 1800),
    ],
)
def test_how_long_without_a_sweep(expression: str, seconds: int) -> None:
    from stacks.alarms.construct import window_seconds  # noqa: PLC0415 - starts Node

    assert window_seconds(expression) == seconds


def test_a_dashboard_for_each_region(assembly: Assembly) -> None:
    names = {one.only("AWS::CloudWatch::Dashboard")["DashboardName"] for one in assembly.regions}
    assert len(names) == 2
