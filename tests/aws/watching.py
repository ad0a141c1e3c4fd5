"""What container/template.yaml watches, and how what the grader writes comes into a CloudWatch.

CloudWatch is moto's, which keeps metrics and lines and evaluates neither alarms nor queries: alarms.py decides alarms.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from embedded_metrics import Line, lines_of
from events import sample
from judges import Judge, unjudged

from tests.containers.stacks import deploy
from verifier.aws.handler import Handler
from verifier.components.loading import BUILT_IN
from verifier.grade import Grade
from verifier.settings import Settings
from verifier.verdict import Verdict

STACK = deploy()
GRADER = STACK.functions["Grader"]["FunctionName"]
RUNNER = STACK.functions["Runner"]["FunctionName"]
SETTINGS = Settings(metrics=Settings.from_environment(STACK.functions["Grader"]["Environment"]["Variables"]).metrics)
ALARMS = STACK.of_type("AWS::CloudWatch::Alarm")
QUERIES = {item["Name"]: item["QueryString"] for item in STACK.of_type("AWS::Logs::QueryDefinition").values()}
WIDGETS = json.loads(STACK.of_type("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"])["widgets"]

NOW = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=1)
WATCHED = timedelta(minutes=45)  # the longest that an alarm looks back
EVERY = timedelta(minutes=5)
OF_LAMBDA = {"Invocations", "Errors", "Throttles", "ConcurrentExecutions", "Duration"}
PAGE = Path(__file__).parents[2] / "docs" / "monitoring.md"


def grade(verdict: Verdict, reward: float) -> Grade:
    """Make a grade with all components that there are."""
    components: dict[str, float | None] = dict.fromkeys(["correctness", *BUILT_IN], 0.5)
    return Grade(
        suite="s", digest="d", verdict=verdict, reward=reward, judged=True, components=components, seconds=0.25
    )


def event_log(grades: Sequence[Grade], *, quarantined: bool = False) -> str:
    """Return what the grader logs of an event, in which eight answers each are to the same prompt."""
    items = [sample(number, str(number), f"suite-{number // 8}") for number in range(len(grades))]
    judge = Judge(lambda answer: grades[int(answer)])
    judge.quarantined = quarantined
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()) as log:
        patch.setenv("AWS_LAMBDA_FUNCTION_NAME", GRADER)
        Handler(lambda: (SETTINGS, judge))(items, None)
    return log.getvalue()


def put(client: Any, line: Line, when: datetime) -> None:
    """Give the metrics of a line to CloudWatch, as it would read them itself."""
    dimensions = [{"Name": name, "Value": value} for name, value in line.dimensions.items()]
    data = [
        {"MetricName": name, "Dimensions": dimensions, "Timestamp": when, "Value": value, "Unit": line.units[name]}
        for name, values in line.values.items()
        for value in values
    ]
    for start in range(0, len(data), 1000):
        client.put_metric_data(Namespace=line.namespace, MetricData=data[start : start + 1000])


def put_of_lambda(client: Any, function: str, name: str, value: float, when: datetime) -> None:
    """Give CloudWatch what Lambda itself counts."""
    dimensions = [{"Name": "FunctionName", "Value": function}]
    data = [{"MetricName": name, "Dimensions": dimensions, "Timestamp": when, "Value": value}]
    client.put_metric_data(Namespace="AWS/Lambda", MetricData=data)


def times(many: int) -> list[datetime]:
    """Return the times of the last events, one in each period."""
    return [NOW - EVERY * number - EVERY / 2 for number in range(many)]


def mixed(count: int = 64) -> list[Grade]:
    """Make the grades of a training that goes well: in each group of eight some pass and some do not."""
    kinds = [grade(Verdict.ACCEPTED, 1.0), grade(Verdict.WRONG_ANSWER, -0.6), grade(Verdict.RUNTIME_ERROR, -0.9)]
    return [kinds[number % 3] for number in range(count)]


BAD = [grade(Verdict.NO_CODE, -1.0), grade(Verdict.COMPILE_ERROR, -1.0), grade(Verdict.RUNTIME_ERROR, -0.9)]
LOST = unjudged("the sandbox failed")
VIOLATION = grade(Verdict.SECURITY_VIOLATION, -1.0)
PASSED = grade(Verdict.ACCEPTED, 1.0)


def written() -> set[tuple[str, str, str, str]]:
    """Return all metrics that there are, with their one dimension: the grader's own, and Lambda's."""
    (line,) = lines_of(event_log(mixed()))
    ((dimension, value),) = line.dimensions.items()
    own = {(line.namespace, name, dimension, value) for name in line.values}
    return own | {("AWS/Lambda", name, "FunctionName", who) for who in (GRADER, RUNNER) for name in OF_LAMBDA}
