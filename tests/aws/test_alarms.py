"""Alarms of container/template.yaml ring for the disease that they are for, and for nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from alarms import metrics_of, ringing
from embedded_metrics import lines_of
from watching import (
    ALARMS,
    BAD,
    EVERY,
    GRADER,
    LOST,
    NOW,
    PAGE,
    PASSED,
    RUNNER,
    VIOLATION,
    WATCHED,
    event_log,
    mixed,
    put,
    put_of_lambda,
    times,
    written,
)

from tests.containers.stacks import TEMPLATE, deploy
from verifier.grade import Grade


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        (mixed(), set()),
        ([BAD[number % 3] for number in range(64)], {"reward-collapse"}),
        ([BAD[0]] * 64, {"reward-collapse", "zero-variance"}),
        ([BAD[number % 3] for number in range(63)], set()),
        ([*mixed(99), LOST], set()),
        ([*mixed(98), LOST, LOST], {"not-judged"}),
        ([LOST] * 64, {"not-judged"}),
        ([*mixed(99), VIOLATION], set()),
        ([*mixed(98), VIOLATION, VIOLATION], {"violations"}),
        ([PASSED] * 64, {"zero-variance"}),
        ([PASSED] * 48 + mixed(16), set()),
        ([PASSED] * 56 + mixed(8), {"zero-variance"}),
    ],
    ids=[
        "healthy",
        "nothing but broken answers",
        "nothing but answers without code",
        "broken answers, too few to tell",
        "1 % not judged",
        "2 % not judged",
        "nothing judged",
        "1 % violations",
        "2 % violations",
        "every answer passes",
        "75 % of the groups without variance",
        "87 % of the groups without variance",
    ],
)
def test_each_disease_rings_its_alarm_and_no_other(cloudwatch: Any, grades: list[Grade], expected: set[str]) -> None:
    """Three quarters of an hour of one event in each five minutes."""
    lines = lines_of(event_log(grades))
    for when in times(WATCHED // EVERY):
        for line in lines:
            put(cloudwatch, line, when)
    assert ringing(ALARMS, cloudwatch, NOW) == {f"rlvr-verifier-{name}" for name in expected}


@pytest.mark.parametrize(
    ("function", "values", "events", "expected"),
    [
        (GRADER, {"Errors": 0, "Throttles": 0, "Duration": 297_900}, 9, set()),
        (GRADER, {"Errors": 1, "Duration": 300_003}, 1, {"grader-errors", "grader-timeouts"}),
        (GRADER, {"Errors": 1}, 1, {"grader-errors"}),
        (GRADER, {"Throttles": 1}, 1, {"grader-throttles"}),
        (RUNNER, {"Errors": 5, "Throttles": 0, "Duration": 118_000}, 9, set()),
        (RUNNER, {"Throttles": 40}, 2, set()),
        (RUNNER, {"Throttles": 40}, 3, {"runner-throttles"}),
        (RUNNER, {"Duration": 120_001}, 1, {"runner-timeouts"}),
    ],
    ids=[
        "grader, healthy",
        "grader, timed out",
        "grader, died",
        "grader, throttled",
        "runner, healthy",
        "runner, throttled shortly",
        "runner, throttled",
        "runner, timed out",
    ],
)
def test_each_fault_of_a_function_rings_its_alarm(
    cloudwatch: Any, function: str, values: dict[str, float], events: int, expected: set[str]
) -> None:
    """From the metrics that Lambda keeps by itself."""
    for when in times(events):
        for name, value in values.items():
            put_of_lambda(cloudwatch, function, name, value, when)
    assert ringing(ALARMS, cloudwatch, NOW) == {f"rlvr-verifier-{name}" for name in expected}


def test_nothing_rings_while_nothing_is_trained(cloudwatch: Any) -> None:
    """There are no metrics then at all."""
    assert ringing(ALARMS, cloudwatch, NOW) == set()


def test_one_bad_event_is_no_disease(cloudwatch: Any) -> None:
    """An event of which nothing was judged, between healthy ones, rings nothing."""
    healthy, lost = (lines_of(event_log(grades)) for grades in (mixed(), [LOST] * 64))
    for number, when in enumerate(times(WATCHED // EVERY)):
        for line in lost if number == 1 else healthy:
            put(cloudwatch, line, when)
    assert ringing(ALARMS, cloudwatch, NOW) == set()


def test_one_passed_tripwire_rings_at_once(cloudwatch: Any) -> None:
    """One event is enough."""
    for line in lines_of(event_log(mixed(), quarantined=True)):
        put(cloudwatch, line, NOW - timedelta(seconds=30))
    assert ringing(ALARMS, cloudwatch, NOW) == {"rlvr-verifier-tripwire"}


def test_a_threshold_is_a_parameter(cloudwatch: Any) -> None:
    """A training that has reached more can be told apart from one that fell back to this."""
    for when in times(WATCHED // EVERY):
        for line in lines_of(event_log(mixed())):
            put(cloudwatch, line, when)
    for percent, expected in (("42", set()), ("43", {"rlvr-verifier-reward-collapse"})):  # the mean of them is 42.6
        alarms = deploy(CollapsePercent=percent).of_type("AWS::CloudWatch::Alarm")
        assert ringing(alarms, cloudwatch, NOW) == expected


def watched_by(alarms: Mapping[str, Mapping[str, Any]]) -> set[tuple[str, str, str, str]]:
    """Return the metrics that alarms look at, likewise."""
    return {
        (metric["Namespace"], metric["MetricName"], dimension["Name"], dimension["Value"])
        for alarm in alarms.values()
        for metric, *_ in metrics_of(alarm)
        for dimension in metric["Dimensions"]
    }


def test_alarms_watch_metrics_that_exist() -> None:
    """Under the namespace, name and dimension that the grader writes."""
    assert watched_by(ALARMS) <= written()
    assert len(watched_by(ALARMS)) > 10


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("MetricName: not_judged", "MetricName: notjudged"),
        ("{ Name: service, Value: !Ref Grader }", "{ Name: function, Value: !Ref Grader }"),
        ("{ Name: service, Value: !Ref Grader }", "{ Name: service, Value: !Ref Runner }"),
        ("Namespace: !Ref MetricsNamespace", "Namespace: verifier"),
        ("MetricName: Throttles", "MetricName: Throttled"),
    ],
)
def test_an_alarm_on_what_nobody_writes_is_seen(right: str, wrong: str) -> None:
    """It would never ring, and nobody would know."""
    text = TEMPLATE.read_text("utf-8")
    assert right in text
    planted = deploy(text.replace(right, wrong)).of_type("AWS::CloudWatch::Alarm")
    assert not watched_by(planted) <= written()


def test_the_page_names_every_alarm() -> None:
    """And how many metrics they look at, each of which is paid for."""
    page = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| (`.+?) \|", page, flags=re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(.+?)`", row)}
    assert {alarm["AlarmName"].removeprefix("rlvr-verifier-") for alarm in ALARMS.values()} <= named
    assert f"{sum(len(metrics_of(alarm)) for alarm in ALARMS.values())} with a runner" in page
