"""What every suite must keep to, wherever it comes from."""

from __future__ import annotations

import keyword
import math
from collections.abc import Sequence

from testsuites.errors import SuiteInvalid
from testsuites.literals import check_plain
from testsuites.model import AnySuite, CallSuite, CallTest, Comparator, ScriptSuite, ScriptTest, StdioSuite, StdioTest
from testsuites.parsing import parse

MAX_TESTS = 100_000
MAX_WEIGHT = 1e300
"""So that the weights of `MAX_TESTS` tests have a sum."""
_LIMITS = {"cpu_seconds": (0.01, 3600.0), "memory_mb": (16.0, 1024.0 * 1024), "output_mb": (0.001, 1024.0)}
"""The interpreter alone takes about 12 MiB."""
_FOR_WORDS = {"case_sensitive": True, "space_sensitive": False}
_MAX_CODE = 1024 * 1024
_MAX_ARGUMENTS = 100
_UNTYPED = "python"
"""The one language whose functions are called with whatever they take, and whose test code runs apart from them."""
_INTEGRITY = (
    'integrity: must be "weak" where the language is another than Python, and only there: such test code runs in one '
    "process with the solution, which can say that it passed"
)
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
    for name, default in _FOR_WORDS.items():
        if suite.comparator.name != "words" and getattr(suite.comparator, name) != default:
            raise ValueError(f"comparator.{name}: has an effect with the comparator words only")
    if isinstance(suite, StdioSuite):
        _check_programs(suite)
        _check_together(suite)
    if isinstance(suite, StdioSuite) and suite.comparator.name == "values":
        raise ValueError("comparator.name: values compares what functions return; a program's output is a text")
    if isinstance(suite, CallSuite):
        if not _is_name(suite.entry_point):
            raise ValueError("entry_point: must be the name of a function")
        _check_signature(suite)
    if isinstance(suite, ScriptSuite):
        if (suite.integrity == "weak") != (suite.language != _UNTYPED):
            raise ValueError(_INTEGRITY)
        _check_text(suite.setup, "setup")
        if suite.module and not _is_name(suite.module):
            raise ValueError("module: must be the name by which the tests import the solution")
        if not suite.names or not all(map(_is_name, suite.names)):
            raise ValueError("names: must list the names that the tests take from the solution")


def _check_signature(suite: CallSuite) -> None:
    """Check what can be checked without knowing the types (`sandbox.languages.signatures` does)."""
    _check_text(suite.signature, "signature")
    if suite.signature and suite.signature.partition("(")[0].strip() != suite.entry_point:
        raise ValueError("signature: must begin with the entry point, and a parenthesis")
    if suite.language != _UNTYPED:
        if not suite.signature:
            raise ValueError(f"signature: calls in {suite.language} need one, such as add(a: int, b: int) -> int")
        if any(test.kwargs for test in suite.tests):
            raise ValueError(f"tests: calls in {suite.language} take no kwargs; put all arguments into args")


def _check_programs(suite: StdioSuite) -> None:
    """Check the suite's checker and interactor, which the comparator would have no part in."""
    for field, program in (("checker", suite.checker), ("interactor", suite.interactor)):
        if program is None:
            continue
        if suite.comparator != Comparator():
            raise ValueError(f"comparator: has no effect beside a {field}, which decides alone")
        if not program.code.strip():
            raise ValueError(f"{field}.code: empty")
        for what, text in (("code", program.code), *(("arguments", text) for text in program.arguments)):
            _check_text(text, f"{field}.{what}")
            if "\0" in text or len(text) > _MAX_CODE:
                raise ValueError(f"{field}.{what}: at most {_MAX_CODE:,} characters, and none of them NUL")
        if len(program.arguments) > _MAX_ARGUMENTS:
            raise ValueError(f"{field}.arguments: more than {_MAX_ARGUMENTS}")
        if program.arguments and program.protocol == "function":
            raise ValueError(f"{field}.arguments: a function is given none")
        try:
            parse(program.code)
        except ValueError as error:
            raise ValueError(f"{field}.code: {error}") from None


def _check_together(suite: StdioSuite) -> None:
    """Check that an interactor can do what it is asked for."""
    if suite.interactor is None:
        return
    if suite.interactor.protocol == "prints":
        raise ValueError("interactor.protocol: prints says what it thinks on the output that the solution reads")
    if suite.checker is not None and suite.interactor.protocol != "testlib":
        raise ValueError("checker: beside an interactor of testlib only, which writes the output that it checks")


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
