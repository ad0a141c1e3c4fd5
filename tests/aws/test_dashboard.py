"""The dashboard of container/template.yaml shows what the grader writes, and CloudWatch holds it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator
from embedded_metrics import all_values, lines_of
from moto import mock_aws
from watching import (
    ALARMS,
    GRADER,
    LOST,
    NOW,
    SETTINGS,
    STACK,
    WIDGETS,
    event_log,
    mixed,
    put,
    written,
)

from tests.containers.stacks import deploy
from verifier.aws.metrics import COMPONENT
from verifier.components import panel_of
from verifier.settings import Settings


@pytest.mark.parametrize("count", [3, 250])
def test_cloudwatch_holds_what_was_measured(cloudwatch: Any, count: int) -> None:
    """Statistics of each metric are those of its values, over all lines of an event."""
    lines = lines_of(event_log(mixed(count)))
    when = NOW - timedelta(seconds=30)
    for line in lines:
        put(cloudwatch, line, when)
    dimensions = [{"Name": "service", "Value": GRADER}]
    for name, values in all_values(lines).items():
        (point,) = cloudwatch.get_metric_statistics(
            Namespace=SETTINGS.metrics,
            MetricName=name,
            Dimensions=dimensions,
            StartTime=NOW - timedelta(seconds=60),
            EndTime=NOW,
            Period=60,
            Statistics=["SampleCount", "Sum", "Minimum", "Maximum"],
        )["Datapoints"]
        assert point["SampleCount"] == len(values), name
        assert (point["Minimum"], point["Maximum"]) == (min(values), max(values))
        assert point["Sum"] == pytest.approx(sum(values))


def test_logs_hold_one_record_for_each_sample() -> None:
    """The lines of metrics stand beside them, and no search for samples finds one."""
    log = event_log([*mixed(6), LOST]).splitlines()
    with mock_aws():
        logs = boto3.client("logs", region_name="us-east-1")
        place = {"logGroupName": f"/aws/lambda/{GRADER}"}
        logs.create_log_group(**place)
        logs.create_log_stream(**place, logStreamName="s")
        stamp = int(NOW.timestamp() * 1000)
        events = [{"timestamp": stamp, "message": line} for line in log]
        logs.put_log_events(**place, logStreamName="s", logEvents=events)

        def found(words: str) -> list[Any]:
            lines = logs.filter_log_events(**place, filterPattern=words)["events"]
            return [json.loads(line["message"]) for line in lines]

        assert [record["id"] for record in found("aggregate_reward_score")] == [f"s-{number}" for number in range(7)]
        assert len(found("CloudWatchMetrics")) == 1


def shown_by(widget: dict[str, Any]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield each metric of a widget with its options; a dot stands for what is above it."""
    above = [""] * 4
    for row in widget["properties"]["metrics"]:
        if "expression" not in row[0]:
            *names, options = row
            above = [old if name == "." else name for name, old in zip(names, above, strict=True)]
            yield above, options


def expressions_of(widget: dict[str, Any]) -> list[str]:
    return [row[0]["expression"] for row in widget["properties"]["metrics"] if "expression" in row[0]]


GRAPHS = [widget for widget in WIDGETS if widget["type"] == "metric"]


@pytest.mark.parametrize("widget", GRAPHS, ids=lambda widget: widget["properties"]["title"])
def test_a_graph_shows_metrics_that_exist(widget: dict[str, Any]) -> None:
    """Components that a policy names are written only where it does; all others always are."""
    known = written() | {
        (SETTINGS.metrics, COMPONENT + name, "service", GRADER) for name in ("code_health", "ai_feedback")
    }
    ids = set()
    for names, options in shown_by(widget):
        assert tuple(names) in known
        assert re.fullmatch(r"Sum|Average|Minimum|Maximum|p\d\d", options["stat"])
        assert not (options["stat"].startswith("p") and names[1] == "reward"), "no percentiles of negative values"
        ids.add(options.get("id"))
    for expression in expressions_of(widget):
        assert set(re.findall(r"[a-z]\w*", expression)) <= ids


def test_every_metric_is_shown() -> None:
    """What nobody can look at need not be paid for."""
    shown = {names[1] for widget in GRAPHS for names, _ in shown_by(widget)}
    (line,) = lines_of(event_log(mixed()))
    assert set(line.values) - shown == set()


def test_the_dashboard_is_laid_out() -> None:
    """Its widgets fill places of a grid 24 wide, and none lies over another."""
    places = set()
    for widget in WIDGETS:
        assert widget["x"] + widget["width"] <= 24
        for x in range(widget["x"], widget["x"] + widget["width"]):
            for y in range(widget["y"], widget["y"] + widget["height"]):
                assert (x, y) not in places
                places.add((x, y))


def test_the_dashboard_shows_the_alarms() -> None:
    """Those that there are without a runner, too."""
    (widget,) = [widget for widget in WIDGETS if widget["type"] == "alarm"]
    shown = {arn.rpartition(":")[2] for arn in widget["properties"]["alarms"]}
    assert shown == {alarm["AlarmName"] for alarm in deploy(Split="false").of_type("AWS::CloudWatch::Alarm").values()}


def test_the_services_take_what_the_template_makes(cloudwatch: Any) -> None:
    """Every alarm, the dashboard and every query is a request that boto3's model of the service lets through."""
    for alarm in ALARMS.values():
        cloudwatch.put_metric_alarm(**{**alarm, "Threshold": float(alarm["Threshold"])})
    assert len(cloudwatch.describe_alarms()["MetricAlarms"]) == len(ALARMS)
    dashboard = STACK.of_type("AWS::CloudWatch::Dashboard")["Dashboard"]
    cloudwatch.put_dashboard(**dashboard)
    assert len(cloudwatch.list_dashboards()["DashboardEntries"]) == 1
    logs = boto3.client("logs", region_name="us-east-1")
    for query in STACK.of_type("AWS::Logs::QueryDefinition").values():
        made = {"name": query["Name"], "logGroupNames": query["LogGroupNames"], "queryString": query["QueryString"]}
        shape = logs.meta.service_model.operation_model("PutQueryDefinition").input_shape
        assert ParamValidator().validate(made, shape).generate_report() == ""


def test_without_a_namespace_nothing_is_watched() -> None:
    """Neither alarms nor queries nor a dashboard are made, and the grader writes no metrics."""
    stack = deploy(MetricsNamespace="")
    kinds = {item["Type"] for item in stack.resources.values()}
    assert not any("CloudWatch" in kind or "QueryDefinition" in kind for kind in kinds)
    assert Settings.from_environment(stack.functions["Grader"]["Environment"]["Variables"]).metrics is None


def test_components_of_the_panel_have_their_metrics() -> None:
    """Whatever is always measured is on the dashboard."""
    shown = {names[1] for widget in GRAPHS for names, _ in shown_by(widget)}
    assert {COMPONENT + name for name in ["correctness", *panel_of({})]} <= shown
