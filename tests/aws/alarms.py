"""Decides alarms as CloudWatch does, over the metrics that a CloudWatch (moto's) holds.

Known are those parts of an alarm that the template uses: one metric, or an expression over some; a threshold; so many
of so many periods; missing data that breach nothing.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

Series = list[float | None]

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def ringing(alarms: Mapping[str, Mapping[str, Any]], client: Any, now: datetime) -> set[str]:
    """Return the names of the alarms that ring at a time, among those of a deployment."""
    return {alarm["AlarmName"] for alarm in alarms.values() if _rings(alarm, client, now)}


def metrics_of(alarm: Mapping[str, Any]) -> list[tuple[dict[str, Any], str, int]]:
    """Return each metric that an alarm looks at, with its statistic and its period in seconds."""
    if "MetricName" in alarm:
        metric = {name: alarm[name] for name in ("Namespace", "MetricName", "Dimensions")}
        return [(metric, alarm["Statistic"], int(alarm["Period"]))]
    stats = [query["MetricStat"] for query in alarm["Metrics"] if "MetricStat" in query]
    return [(stat["Metric"], stat["Stat"], int(stat["Period"])) for stat in stats]


def _rings(alarm: Mapping[str, Any], client: Any, now: datetime) -> bool:
    assert alarm["TreatMissingData"] == "notBreaching"
    breaches = _COMPARISONS[alarm["ComparisonOperator"]]
    threshold = float(alarm["Threshold"])
    values = _series(alarm, client, now)
    return sum(value is not None and breaches(value, threshold) for value in values) >= int(alarm["DatapointsToAlarm"])


def _series(alarm: Mapping[str, Any], client: Any, now: datetime) -> Series:
    """Return what an alarm watches, for each of its periods up to now; None where there is nothing."""
    periods = int(alarm["EvaluationPeriods"])
    read = [_read(client, *wanted, now, periods) for wanted in metrics_of(alarm)]
    if "MetricName" in alarm:
        return read[0]
    ids = [query["Id"] for query in alarm["Metrics"] if "MetricStat" in query]
    (expression,) = [query["Expression"] for query in alarm["Metrics"] if "Expression" in query]
    tree = ast.parse(expression, mode="eval").body
    return [_value(tree, dict(zip(ids, point, strict=True))) for point in zip(*read, strict=True)]


def _read(client: Any, metric: dict[str, Any], stat: str, period: int, now: datetime, periods: int) -> Series:
    start = now - timedelta(seconds=period * periods)
    values: Series = []
    for number in range(periods):
        begin = start + timedelta(seconds=period * number)
        found = client.get_metric_statistics(
            **metric, StartTime=begin, EndTime=begin + timedelta(seconds=period), Period=period, Statistics=[stat]
        )["Datapoints"]
        assert len(found) <= 1
        values.append(found[0][stat] if found else None)
    return values


def _value(node: ast.expr, known: Mapping[str, float | None]) -> float | None:
    """Return what an expression comes to at one time; None where a part of it is missing, or divided by nothing."""
    match node:
        case ast.Constant(value=value):
            return float(value)
        case ast.Name(id=name):
            return known[name]
        case ast.BinOp(left=left, op=op, right=right):
            one, other = _value(left, known), _value(right, known)
            if one is None or other is None or (isinstance(op, ast.Div) and other == 0):
                return None
            return _ARITHMETIC[type(op)](one, other)
        case ast.Call(func=ast.Name(id="IF"), args=[condition, then, otherwise]):
            holds = _value(condition, known)
            return None if holds is None else _value(then if holds else otherwise, known)
        case ast.Compare(left=left, ops=[ast.Lt()], comparators=[right]):
            one, other = _value(left, known), _value(right, known)
            return None if one is None or other is None else float(one < other)
    raise AssertionError(f"the template uses {ast.dump(node)}, which is not known here")
