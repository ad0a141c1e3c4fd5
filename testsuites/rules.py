"""What every suite must keep to, wherever it comes from."""

from __future__ import annotations

import keyword
import math
from collections.abc import Sequence

from testsuites.errors import SuiteInvalid
from testsuites.literals import check_plain
from testsuites.model import AnySuite, CallSuite, CallTest, ScriptSuite, ScriptTest, StdioSuite, StdioTest

MAX_TESTS = 100_000
MAX_WEIGHT = 1e300
"""So that the weights of `MAX_TESTS` tests have a sum."""
_LIMITS = {"cpu_seconds": (0.01, 3600.0), "memory_mb": (16.0, 1024.0 * 1024), "output_mb": (0.001, 1024.0)}
"""The interpreter alone takes about 12 MiB."""
_Test = StdioTest | CallTest | ScriptTest


def check_suite(suite: AnySuite, place: str) -> None:
    """Return if the suite can be used.

    Args:
        suite: the suite.
        place: path or name that a message starts with.

    Raises:
        SuiteInvalid: it breaks a rule; the message names the field and quotes no hidden value.
    """
    try:
        _check_head(suite)
        _check_tests(suite.tests)
        if isinstance(suite, CallSuite) and suite.comparator.name not in (None, "values"):
            _check_texts_expected(suite)
    except ValueError as error:
        raise SuiteInvalid(f"{place}: {error}") from None


def _check_head(suite: AnySuite) -> None:
    if not suite.tests:
        raise ValueError("tests: there are none; a suite needs at least one")
    if len(suite.tests) > MAX_TESTS:
        raise ValueError(f"tests: more than {MAX_TESTS:,}")
    if not suite.language:
        raise ValueError("language: empty")
    _check_text(suite.language, "language")
    for name in suite.limits.__struct_fields__:
        limit = getattr(suite.limits, name)
        lowest, highest = _LIMITS[name]
        if limit is not None and not lowest <= limit <= highest:
            raise ValueError(f"limits.{name}: must be from {lowest:g} to {highest:g}")
    for name in ("absolute", "relative"):
        if not 0 <= getattr(suite.comparator, name) < math.inf:
            raise ValueError(f"comparator.{name}: must be finite and not negative")
    if isinstance(suite, StdioSuite) and suite.comparator.name == "values":
        raise ValueError("comparator.name: values compares what functions return; a program's output is a text")
    if isinstance(suite, CallSuite) and not _is_name(suite.entry_point):
        raise ValueError("entry_point: must be the name of a function")
    if isinstance(suite, ScriptSuite):
        _check_text(suite.setup, "setup")
        if suite.module and not _is_name(suite.module):
            raise ValueError("module: must be the name by which the tests import the solution")
        if not suite.names or not all(map(_is_name, suite.names)):
            raise ValueError("names: must list the names that the tests take from the solution")


def _check_tests(tests: Sequence[_Test]) -> None:
    seen: set[str] = set()
    for number, test in enumerate(tests):
        try:
            _check_test(test)
            if test.name in seen:
                raise ValueError("name: given to an earlier test as well")  # noqa: TRY301 - the loop says which
        except ValueError as error:
            raise ValueError(f"tests[{number}].{error}") from None
        if test.name:
            seen.add(test.name)


def _check_test(test: _Test) -> None:
    if not 0 < test.weight <= MAX_WEIGHT:
        raise ValueError(f"weight: must be positive, and at most {MAX_WEIGHT:g}")
    _check_text(test.name, "name")
    _check_text(test.group or "", "group")
    match test:
        case StdioTest():
            _check_text(test.stdin, "stdin")
            _check_text(test.stdout, "stdout")
        case ScriptTest():
            _check_text(test.code, "code")
        case CallTest():
            for field in ("args", "kwargs", "expected", "also_accepted"):
                try:
                    check_plain(getattr(test, field))
                except ValueError as error:
                    raise ValueError(f"{field}: {error}") from None
            if test.read_back is not None and not 0 <= test.read_back < len(test.args):
                raise ValueError("read_back: must be the index of one of the arguments")


def _check_texts_expected(suite: CallSuite) -> None:
    for number, test in enumerate(suite.tests):
        if not all(type(value) is str for value in (test.expected, *test.also_accepted)):
            raise ValueError(f"tests[{number}].expected: must be a text for comparator {suite.comparator.name}")


def _check_text(text: str, field: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{field}: holds half of a surrogate pair, which no program can be given") from None


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)
