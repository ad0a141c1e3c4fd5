"""Reads lines in CloudWatch's embedded metric format as CloudWatch would, and refuses what it would refuse."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema

MOST_VALUES = 100  # of one metric in one line
MOST_BYTES = 256 * 1024  # of a line: the specification's older figure, which is the smaller

_SCHEMA = json.loads((Path(__file__).parent / "emf_schema.json").read_text("utf-8"))


class Line(NamedTuple):
    """What CloudWatch makes of one line.

    Attributes:
        namespace: of all its metrics.
        dimensions: of all its metrics.
        timestamp: seconds since 1970.
        units: by the name of the metric.
        values: likewise.
    """

    namespace: str
    dimensions: dict[str, str]
    timestamp: float
    units: dict[str, str]
    values: dict[str, list[float]]


def lines_of(log: str) -> list[Line]:
    """Return the lines with metrics in a log, each checked against the specification."""
    return [read_line(line) for line in log.splitlines() if '"_aws"' in line]


def read_line(text: str) -> Line:
    """Read one line, and check it."""
    assert len(text.encode()) <= MOST_BYTES
    line = json.loads(text, parse_constant=_no_number)
    jsonschema.Draft202012Validator(_SCHEMA).validate(line)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    (names,) = directive["Dimensions"]
    for name in names:
        assert isinstance(line[name], str)
        assert 1 <= len(line[name]) <= 1024
    values = {metric["Name"]: _values(line[metric["Name"]]) for metric in directive["Metrics"]}
    assert len(values) == len(directive["Metrics"]), "a metric is there twice"
    return Line(
        namespace=directive["Namespace"],
        dimensions={name: line[name] for name in names},
        timestamp=line["_aws"]["Timestamp"] / 1000,
        units={metric["Name"]: metric["Unit"] for metric in directive["Metrics"]},
        values=values,
    )


def all_values(lines: list[Line]) -> dict[str, list[float]]:
    """Return the values of every metric, over all lines."""
    found = defaultdict(list)
    for line in lines:
        for name, values in line.values.items():
            found[name] += values
    return dict(found)


def _values(member: Any) -> list[float]:
    """Return the values of a member of the root that a metric names: a number, or up to a hundred."""
    values = member if isinstance(member, list) else [member]
    assert 1 <= len(values) <= MOST_VALUES
    for value in values:
        assert isinstance(value, int | float)
        assert not isinstance(value, bool)
        assert math.isfinite(value)
    return values


def _no_number(text: str) -> float:
    raise AssertionError(f"{text} is not JSON")
