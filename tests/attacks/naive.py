"""Graders in the styles that public ones use, for attacks to fool. Nothing here is to be copied.

Each takes a program and a suite and says whether the program is right. They run it unprotected, so they are run in a
process to throw away: ``python -m tests.attacks.naive GRADER SUITE_ID FD`` reads an answer from standard input, and
writes ``accepted`` or ``rejected`` to the descriptor; a grader that the program killed writes neither.

exit_code       the tests are appended to the program; accepted when the whole ends with exit code 0
in_process      the program is executed in the grader's own interpreter, and its values are compared there
marker          the tests are appended, and print a line at the end; accepted when the line is in the output
report_file     the tests are appended, and write a report; accepted when the report says so
shared_result   a child process executes program and tests, and puts its result into a list that is shared with it
unittest_run    test cases import the program; accepted when the test run ends with exit code 0
file_of_tests   pytest runs a file of tests that imports the program; accepted when it ends with exit code 0
zip_lines       lines of the output are compared with those expected, as far as both go
lenient         words are compared as numbers where both are, without regard to case
first_block     takes the first block of an answer, and grades by exit_code
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import multiprocessing
import operator
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from testsuites import AnySuite, CallSuite, ScriptSuite, StdioSuite

_SECONDS = 10


def exit_code(program: str, suite: AnySuite) -> bool:
    """Append the tests; a clean exit means that they passed."""
    if isinstance(suite, StdioSuite):
        ends = [_python("solution.py", program, stdin=test.stdin) for test in suite.tests]
        return all(
            end.returncode == 0 and end.stdout.split() == test.stdout.split()
            for end, test in zip(ends, suite.tests, strict=True)
        )
    return _python("solution.py", f"{program}\n{_harness(suite)}").returncode == 0


def in_process(program: str, suite: AnySuite) -> bool:
    """Execute the program here, call it here, compare here."""
    if isinstance(suite, StdioSuite):
        results = [_printed(program, test.stdin).split() == test.stdout.split() for test in suite.tests]
        return all(results)
    namespace: dict[str, Any] = {"__name__": "solution"}
    if isinstance(suite, ScriptSuite):
        exec(f"{program}\n{_script(suite)}", namespace)
        return True
    exec(program, namespace)
    results = []
    for test in suite.tests:
        expected = test.expected
        actual = namespace[suite.entry_point](*test.args, **test.kwargs)
        results.append(_same(actual if test.read_back is None else test.args[test.read_back], expected))
    return all(results)


def marker(program: str, suite: AnySuite) -> bool:
    """Have the appended tests print a line at the end, and look for it."""
    line = "ALL TESTS PASSED"
    if isinstance(suite, CallSuite):
        checks = (
            "import json\n"
            "def run_tests():\n"
            f"    for args, expected in {_cases(suite)!r}:\n"
            f"        if json.dumps({suite.entry_point}(*args)) != json.dumps(expected):\n"
            "            return False\n"
            "    return True\n"
            f"if run_tests():\n    print({line!r})\n"
        )
    else:
        checks = f"{_script(suite)}\nprint({line!r})\n"
    return line in _python("solution.py", f"{program}\n{checks}").stdout


def report_file(program: str, suite: AnySuite) -> bool:
    """Have the appended tests count what passes, and write that to a file."""
    name = "report.json"
    tests = [test.code for test in suite.tests] if isinstance(suite, ScriptSuite) else _call_asserts(suite)
    checks = (
        "import json\n"
        "passed = 0\n"
        f"for test in {tests!r}:\n"
        "    try:\n        exec(test)\n        passed += 1\n    except Exception:\n        pass\n"
        f"with open({name!r}, 'w') as file:\n    json.dump({{'passed': passed, 'total': {len(tests)}}}, file)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        _python("solution.py", f"{program}\n{checks}", folder=folder)
        report = json.loads(Path(folder, name).read_text())
        return bool(report["passed"] == report["total"])


def shared_result(program: str, suite: AnySuite) -> bool:
    """Execute program and tests in a child that appends its result to a shared list."""
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager:
        result = manager.list()
        child = context.Process(target=_execute, args=(f"{program}\n{_harness(suite)}", result))
        child.start()
        child.join(_SECONDS)
        child.kill()
        return bool(result) and result[0] == "passed"


def unittest_run(program: str, suite: AnySuite) -> bool:
    """Let test cases import the program."""
    tests = [test.code for test in suite.tests] if isinstance(suite, ScriptSuite) else _call_asserts(suite)
    methods = "".join(
        f"    def test_{number}(self):\n{textwrap.indent(code, ' ' * 8)}\n" for number, code in enumerate(tests)
    )
    cases = f"import unittest\nfrom solution import *\nclass TestSolution(unittest.TestCase):\n{methods}"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "solution.py").write_text(program)
        command = ["-m", "unittest", "discover"]
        return _python("test_solution.py", cases, folder=folder, command=command).returncode == 0


def file_of_tests(program: str, suite: AnySuite) -> bool:
    """Have pytest run a file of tests, whose program lies beside it."""
    assert isinstance(suite, ScriptSuite)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"{suite.module}.py").write_text(program)
        command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "test_it.py"]
        return _python("test_it.py", suite.setup, folder=folder, command=command).returncode == 0


def zip_lines(program: str, suite: AnySuite) -> bool:
    """Compare line by line with what is expected, as far as both go."""
    assert isinstance(suite, StdioSuite)
    return all(
        line.strip() == expected.strip()
        for test in suite.tests
        for line, expected in zip(
            _python("solution.py", program, stdin=test.stdin).stdout.splitlines(),
            test.stdout.splitlines(),
            strict=False,
        )
    )


def lenient(program: str, suite: AnySuite) -> bool:
    """Compare words as floats where they are numbers, and without case where they are not."""
    if isinstance(suite, CallSuite):
        namespace: dict[str, Any] = {}
        exec(program, namespace)
        pairs = [(str(namespace[suite.entry_point](*test.args)), str(test.expected)) for test in suite.tests]
    else:
        assert isinstance(suite, StdioSuite)
        pairs = [(_python("solution.py", program, stdin=test.stdin).stdout, test.stdout) for test in suite.tests]
    return all(
        list(map(_loosely, actual.split())) == list(map(_loosely, expected.split())) for actual, expected in pairs
    )


def first_block(answer: str, suite: AnySuite) -> bool:
    """Take the first block of an answer."""
    return exit_code(re.findall(r"```(?:python)?\n(.*?)```", answer, re.DOTALL)[0], suite)


GRADERS: dict[str, Callable[[str, AnySuite], bool]] = {
    grader.__name__: grader
    for grader in (
        *(exit_code, in_process, marker, report_file, shared_result, unittest_run, file_of_tests),
        *(zip_lines, lenient, first_block),
    )
}
TAKES_ANSWERS = frozenset({"first_block"})
"""Graders that are given the whole answer; the others are given its program."""


def unprivileged() -> tuple[str, ...]:
    """Return the beginning of a command that, as root, gives up every right but to read the interpreter."""
    if os.getuid() != 0 or not shutil.which("setpriv"):
        return ()
    uid = 65400 + secrets.randbelow(100)
    dropped = (f"--{which}=-all,+dac_read_search" for which in ("inh-caps", "ambient-caps", "bounding-set"))
    return ("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *dropped)


def _python(
    name: str, text: str, *, stdin: str = "", folder: str | None = None, command: list[str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Write a program to a file and run it in that folder."""
    with contextlib.ExitStack() as stack:
        folder = folder or stack.enter_context(tempfile.TemporaryDirectory())
        Path(folder, name).write_text(text)
        return subprocess.run(
            [sys.executable, *(command or [name])],
            cwd=folder,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )


def _printed(program: str, stdin: str) -> str:
    out = io.StringIO()
    keyboard = sys.stdin
    sys.stdin = io.StringIO(stdin)
    try:
        with contextlib.redirect_stdout(out):
            exec(program, {"__name__": "__main__"})
    finally:
        sys.stdin = keyboard
    return out.getvalue()


def _execute(text: str, result: Any) -> None:
    try:
        exec(text, {"__name__": "__main__"})
        result.append("passed")
    except BaseException as error:
        result.append(f"failed: {error}")


def _same(actual: Any, expected: Any) -> bool:
    if isinstance(expected, float):
        return math.isclose(actual, expected)
    return bool(operator.eq(actual, expected))


def _loosely(word: str) -> Any:
    try:
        return float(word)
    except ValueError:
        return word.lower()


def _cases(suite: CallSuite) -> list[tuple[tuple[Any, ...], Any]]:
    return [(test.args, test.expected) for test in suite.tests]


def _call_asserts(suite: AnySuite) -> list[str]:
    assert isinstance(suite, CallSuite)
    return [f"assert {suite.entry_point}(*{args!r}) == {expected!r}" for args, expected in _cases(suite)]


def _script(suite: AnySuite) -> str:
    assert isinstance(suite, ScriptSuite)
    return "\n".join((suite.setup, *(test.code for test in suite.tests)))


def _harness(suite: AnySuite) -> str:
    """Test code to be appended to a program."""
    if isinstance(suite, ScriptSuite):
        return _script(suite)
    assert isinstance(suite, CallSuite)
    return (
        "if __name__ == '__main__':\n"
        f"    CASES = {_cases(suite)!r}\n"
        f"    assert all({suite.entry_point}(*args) == expected for args, expected in CASES)\n"
    )


def main(grader: str, suite_id: str, descriptor: str) -> None:
    """Grade the answer on standard input."""
    from verifier.extraction import extract
    from verifier.fuzzing.exploits import store

    answer = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    text = answer if grader in TAKES_ANSWERS else extract(answer, "python")
    assert text is not None
    accepted = GRADERS[grader](text, store().load(suite_id))
    os.write(int(descriptor), b"accepted" if accepted else b"rejected")


if __name__ == "__main__":
    main(*sys.argv[1:])
