"""A test runner as it should not be: the tests run in the process of the program, and its exit code is the verdict."""

from __future__ import annotations

from sandbox import Job, LocalSandbox, Program, Status, Stdin
from sandbox.job import Limits
from testsuites import AnySuite, CallSuite, ScriptSuite, StdioSuite
from testsuites.literals import NAMES, write_literal

_LIMITS = Limits(cpu_seconds=3.0)

_WHOLE_PROGRAM = """
import contextlib, io, sys
for given, expected in {tests!r}:
    sys.stdin, out = io.StringIO(given), io.StringIO()
    with contextlib.redirect_stdout(out):
        exec({source!r}, {{"__name__": "__main__"}})
    assert out.getvalue().split() == expected.split()
"""


def exits_with_0(suite: AnySuite, program: str, sandbox: LocalSandbox) -> bool:
    """Say whether a program and its tests, in one file, end with exit code 0. In a sandbox: some are hostile."""
    run = sandbox.run(Job(program=Program(source=_with_tests(suite, program)), inputs=(Stdin(b""),), limits=_LIMITS))
    return run.runs[0].status is Status.FINISHED


def _with_tests(suite: AnySuite, program: str) -> str:
    match suite:
        case StdioSuite():
            return _WHOLE_PROGRAM.format(tests=[(test.stdin, test.stdout) for test in suite.tests], source=program)
        case CallSuite():
            lines = []
            for test in suite.tests:
                accepted = ", ".join(map(write_literal, (test.expected, *test.also_accepted)))
                arguments = ", ".join(map(write_literal, test.args))
                lines.append(f"assert {suite.entry_point}({arguments}) in [{accepted}]")
            return "\n".join([program, NAMES, *lines, ""])
        case ScriptSuite():
            return "\n".join([program, suite.setup, *(test.code for test in suite.tests), ""])
