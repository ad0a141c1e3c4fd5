"""Run one test of a file of tests: of a `unittest.TestCase`, or in the way of pytest.

Which tests there are was decided when the suite was read (`testsuites.collecting`): here nothing can add one or take
one away.
"""

from __future__ import annotations

import contextlib
import itertools
import sys
from collections.abc import Iterator
from typing import Any

from .fixtures import Fixtures, needed
from .pytest_subset import MARKS, parameter_sets

SKIPS = "a test is skipped while it runs"
EXPECTED = "a test is expected to fail"


class Tests:
    """The tests of one file, run one by one in the order of their file."""

    def __init__(self, namespace: dict[str, Any], link: Any) -> None:
        """Run nothing yet.

        Args:
            namespace: what the file defines.
            link: the channel; refuses what cannot be served.
        """
        self._namespace = namespace
        self._link = link
        self._fixtures = Fixtures(namespace, link)
        self._class: Any = None
        self._broken: BaseException | None = None
        self._module_is_set_up = False

    def run(self, name: str, case: int | None = None) -> None:
        """Run the test of that name, such as ``test_f`` or ``TestF.test_g``, with set `case` of its parameters.

        None means with all of them, one after another.

        Raises:
            BaseException: the test failed.
        """
        self._set_up_module()
        owner, _, method = name.rpartition(".")
        kind = self._namespace[owner] if owner else None
        self._enter_class(kind)
        if self._broken is not None:
            raise self._broken
        if kind is not None and _is_test_case(kind):
            self._run_unittest(kind(method))
            return
        function = getattr(kind, method) if kind else self._namespace[method]
        marks = [*MARKS.of(kind), *MARKS.of(function)]
        self._look_at(marks)
        sets = parameter_sets(marks)
        for parameters in sets if case is None else [next(itertools.islice(sets, case, None))]:
            self._run_pytest(kind, method, function, marks, parameters)

    def _set_up_module(self) -> None:
        if not self._module_is_set_up:
            self._module_is_set_up = True
            for name in ("setUpModule", "setup_module"):
                _call_if_there(self._namespace.get(name), [])

    def _enter_class(self, kind: Any) -> None:
        """Leave the class of the last test, where this one is of another, and set that up."""
        if kind is self._class:
            return
        last, self._class, self._broken = self._class, kind, None
        if last is not None:
            with contextlib.suppress(Exception):  # the tests of that class have their results
                _call_if_there(getattr(last, "tearDownClass", None) or getattr(last, "teardown_class", None), [])
                _call_if_there(getattr(last, "doClassCleanups", None), [])
            self._fixtures.leave_class()
        try:
            _call_if_there(getattr(kind, "setUpClass", None) or getattr(kind, "setup_class", None), [])
        except BaseException as error:  # each of its tests fails by it
            self._broken = error

    def _look_at(self, marks: list[Any]) -> None:
        for mark in marks:
            if mark.name == "xfail":
                raise self._link.refuse(EXPECTED)
            if mark.name == "skip" or (mark.name == "skipif" and any(mark.args[:1])):
                raise self._link.refuse(SKIPS)

    def _run_unittest(self, case: Any) -> None:
        found = _result(self._link)
        case.run(found)
        if found.first is not None:
            raise found.first

    def _run_pytest(self, kind: Any, name: str, function: Any, marks: list[Any], parameters: dict[str, Any]) -> None:
        instance = kind() if kind else None
        with self._set_up(kind, instance, name), self._fixtures.around(instance, parameters) as fixtures:
            for mark in marks:
                if mark.name == "usefixtures":
                    for fixture in mark.args:
                        fixtures.value(fixture)
            fixtures.start_automatic()
            call = getattr(instance, name) if kind else function
            call(**{each: fixtures.value(each) for each in needed(call)})

    @contextlib.contextmanager
    def _set_up(self, kind: Any, instance: Any, name: str) -> Iterator[None]:
        """Call the methods or functions that go around each test."""
        method = getattr(instance, name, None)
        _call_if_there(getattr(instance, "setup_method", None), [method])
        if not kind:
            _call_if_there(self._namespace.get("setup_function"), [self._namespace.get(name)])
        try:
            yield
        finally:
            _call_if_there(getattr(instance, "teardown_method", None), [method])
            if not kind:
                _call_if_there(self._namespace.get("teardown_function"), [self._namespace.get(name)])


def _call_if_there(function: Any, args: list[Any]) -> None:
    """Call a function of the author's, with as many of the arguments as it takes."""
    if callable(function):
        function(*args[: len(needed(function))])


def _is_test_case(kind: Any) -> bool:
    unittest = sys.modules.get("unittest")
    return unittest is not None and isinstance(kind, type) and issubclass(kind, unittest.TestCase)


def _result(link: Any) -> Any:
    """Return what a test case tells how it went: the first failure counts."""
    import unittest

    class First(unittest.TestResult):
        first: BaseException | None = None

        def note(self, error: Any) -> None:
            self.first = self.first or error[1]

        def addError(self, test: Any, error: Any) -> None:  # noqa: N802 - the names are those of unittest
            self.note(error)

        def addFailure(self, test: Any, error: Any) -> None:  # noqa: N802
            self.note(error)

        def addSubTest(self, test: Any, subtest: Any, error: Any) -> None:  # noqa: N802
            if error:
                self.note(error)

        def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
            self.first = self.first or link.refuse(SKIPS)

        def addExpectedFailure(self, test: Any, error: Any) -> None:  # noqa: N802
            self.first = self.first or link.refuse(EXPECTED)

        def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802
            self.first = self.first or link.refuse(EXPECTED)

    return First()
