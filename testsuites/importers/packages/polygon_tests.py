"""The tests and the limits of a Polygon package: one testset of `problem.xml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from testsuites.importers.cases import limits_of
from testsuites.importers.packages.package import Package
from testsuites.model import StdioTest, SuiteLimits
from testsuites.rules import MAX_TESTS

_CHOSEN = "tests"
_PATTERN = re.compile(r"([\w./-]*)%(?:0([1-9]))?d([\w./-]*)", re.ASCII)


def chosen_testset(problem: Element) -> Element:
    """Return the testset that judges: the one called `tests`, or the only one.

    Raises:
        ValueError: there is none.
    """
    sets = problem.findall("judging/testset")
    named = [one for one in sets if one.get("name") == _CHOSEN] or sets
    if len(named) != 1:
        raise ValueError(f"problem.xml: judging.testset: expected one, or one called {_CHOSEN}")
    return named[0]


def read_limits(testset: Element) -> SuiteLimits:
    """Return the limits of a testset, which are in milliseconds and bytes.

    Raises:
        ValueError: one is no number.
    """
    milliseconds, memory_bytes = (_number(testset, field) for field in ("time-limit", "memory-limit"))
    return limits_of(milliseconds / 1000, memory_bytes)


def read_tests(package: Package, testset: Element) -> tuple[StdioTest, ...]:
    """Return the tests of a testset. They are called `sample-1`, `test-2` and so on.

    Raises:
        SuiteInvalid: one cannot be read, or they are too large.
        ValueError: there are none, files are missing, or a field is not as Polygon writes it.
    """
    told = testset.findall("tests/test")
    count = _number(testset, "test-count") if testset.find("test-count") is not None else len(told)
    if not 0 < count <= MAX_TESTS or (told and len(told) != count):
        raise ValueError(f"problem.xml: judging.testset.test-count: not from 1 to {MAX_TESTS:,}, or not as many tests")
    numbers = range(1, count + 1)
    paths = [
        [_path(testset, field, default, number) for number in numbers]
        for field, default in (("input-path-pattern", "tests/%02d"), ("answer-path-pattern", "tests/%02d.a"))
    ]
    missing = next((path for column in paths for path in column if path not in package), None)
    if missing is not None:
        raise ValueError(f"{missing}: there is no such file; generate the full package in Polygon, with its tests")
    texts = package.tests([path for column in paths for path in column])
    tests = told or [Element("test")] * count
    weights, groups = _weights(tests), _complete_groups(testset)
    return tuple(
        StdioTest(
            stdin=texts[given],
            stdout=texts[expected],
            name=f"{'sample' if test.get('sample') == 'true' else 'test'}-{number}",
            weight=weight,
            group=test.get("group") if test.get("group") in groups else None,
        )
        for number, test, weight, given, expected in zip(numbers, tests, weights, *paths, strict=True)
    )


def _weights(tests: Sequence[Element]) -> list[float]:
    """Return the points of tests as their weights, where each has some; else 1 for each."""
    try:
        points = [float(test.get("points", 0)) for test in tests]
    except ValueError:
        raise ValueError("problem.xml: judging.testset.tests.test.points: not a number") from None
    return points if all(some > 0 for some in points) else [1.0] * len(tests)


def _complete_groups(testset: Element) -> set[str | None]:
    """Return the groups of tests that earn their points only together."""
    groups = testset.findall("groups/group")
    return {group.get("name") for group in groups if group.get("points-policy") == "complete-group"}


def _path(testset: Element, field: str, default: str, number: int) -> str:
    pattern = _PATTERN.fullmatch((testset.findtext(field) or default).strip())
    if pattern is None:
        raise ValueError(f"problem.xml: judging.testset.{field}: expected one such as {default}")
    return f"{pattern[1]}{number:0{pattern[2] or 1}d}{pattern[3]}"


def _number(testset: Element, field: str) -> int:
    text = (testset.findtext(field) or "").strip()
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise ValueError(f"problem.xml: judging.testset.{field}: expected an integer")
    return int(text)
