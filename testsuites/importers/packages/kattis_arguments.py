"""What a Kattis package tells its validator besides a test's files: flags, in `problem.yaml` and in the groups' files.

A suite has one comparator or one checker, with one list of arguments. So all tests must agree in theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from testsuites.decoding import convert
from testsuites.importers.packages.kattis_settings import SETTINGS, KattisSettings
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.yaml_text import read_yaml

_GROUP_FILES = ("test_group.yaml", "testdata.yaml")
_NO_POINTS = frozenset({"worst_error", "first_error", "sum", "avg", "min", "max"})
"""Modes of Kattis's own grader under which a problem without points is solved where every test is passed."""


class _Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file of a group or of a test says. `Any`: what has no effect on problems without points."""

    output_validator_flags: Any = None
    output_validator_args: list[str] | None = None
    args: list[str] | None = None
    grading: str | None = None
    grader_flags: str | None = None
    scoring: Any = None
    score_aggregation: str | None = None
    max_score: Any = None
    require_pass: Any = None
    static_validation: Any = None
    static_validation_score: Any = None
    on_reject: Any = None
    accept_score: Any = None
    reject_score: Any = None
    range: Any = None
    input_validator_flags: Any = None
    input_validator_args: Any = None
    static_validator_args: Any = None
    input_visualizer_args: Any = None
    output_visualizer_args: Any = None
    full_feedback: Any = None
    hint: Any = None
    description: Any = None


def validator_arguments(package: Package, settings: KattisSettings, tests: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments that the validator gets with every test.

    Args:
        package: the package.
        settings: its `problem.yaml`.
        tests: paths of its tests, without suffix.

    Raises:
        SuiteInvalid: a file cannot be read.
        ValueError: tests differ in them, or a group asks for what a suite cannot do; names file and field.
    """
    groups: dict[str, tuple[str, ...] | None] = {}
    of_tests = {test: _of_test(package, test, groups) for test in tests}
    chosen = of_tests[tests[0]]
    for test, arguments in of_tests.items():
        if arguments != chosen:
            raise ValueError(
                f"{test}.in: its validator gets other flags than that of {tests[0]}.in; a suite has one list of flags: "
                "split the problem"
            )
    return (*_listed(settings.validator_flags, f"{SETTINGS}: validator_flags"), *chosen)


def _of_test(package: Package, test: str, groups: dict[str, tuple[str, ...] | None]) -> tuple[str, ...]:
    """Return the arguments of the nearest file that gives some: the test's own, then those of the folders above it."""
    own = f"{test}.yaml"
    told = _read(package, own) if own in package else None
    folder = test.rpartition("/")[0]
    while told is None and folder:
        if folder not in groups:
            groups[folder] = _of_group(package, folder)
        told = groups[folder]
        folder = folder.rpartition("/")[0]
    return told or ()


def _of_group(package: Package, folder: str) -> tuple[str, ...] | None:
    paths = [f"{folder}/{name}" for name in _GROUP_FILES if f"{folder}/{name}" in package]
    if len(paths) > 1:
        raise ValueError(f"{paths[0]}: beside {_GROUP_FILES[1]}; keep one of them")
    return _read(package, paths[0]) if paths else None


def _read(package: Package, path: str) -> tuple[str, ...] | None:
    """Return the arguments that a file gives; None: it gives none."""
    group = convert(read_yaml(package, path), _Group, path)
    if group.args:
        raise ValueError(f"{path}: args: programs are run without arguments")
    if group.grading not in (None, "default") or set((group.grader_flags or "").split()) - _NO_POINTS:
        raise ValueError(f"{path}: grading, grader_flags: only Kattis's own grader is known, without points")
    if group.scoring or group.max_score or group.require_pass or group.score_aggregation not in (None, "pass-fail"):
        raise ValueError(f"{path}: scoring, max_score, require_pass, score_aggregation: points are not given here")
    if group.static_validation or group.static_validation_score:
        raise ValueError(f"{path}: static_validation: solutions are judged by what they print")
    if group.output_validator_args is not None:
        return tuple(group.output_validator_args)
    if group.output_validator_flags is None:
        return None
    return _listed(group.output_validator_flags, f"{path}: output_validator_flags")


def _listed(flags: Any, field: str) -> tuple[str, ...]:
    if flags is None:
        return ()
    if isinstance(flags, str):
        return tuple(flags.split())
    if isinstance(flags, list) and all(isinstance(flag, str) for flag in flags):
        return tuple(flags)
    raise ValueError(f"{field}: expected a string; flags for several validators are not read")
