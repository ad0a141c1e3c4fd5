"""Test code in another language than Python, in one process with the solution: a grade that can be forged, and says so.

A test is passed when its process ends well, and writes at the end of its output a word that it was given. That is what
the process says, and so what the solution says, against the rule that holds everywhere else. It is done where a suite
asks for it (`ScriptSuite.integrity`), and every report on such a suite is marked.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Literal

from sandbox import Job, Limits, Outcome, Program, Run, Sandbox, Status, Stdin
from sandbox.languages.testing import with_test
from testsuites import AnySuite, ScriptSuite

Integrity = Literal["strong", "weak"]


def integrity_of(suite: AnySuite) -> Integrity:
    """Return ``weak`` where a solution can say itself that it passed."""
    return "weak" if isinstance(suite, ScriptSuite) and suite.integrity else "strong"


def run_tests(suite: ScriptSuite, source: str, limits: Limits, sandbox: Sandbox) -> Iterator[tuple[Outcome, Run, bool]]:
    """Build and run a program with each test, one after another; yield how that went, and whether it says it passed.

    Raises:
        SandboxError: as for `Sandbox.run`.
    """
    for test in suite.tests:
        word = secrets.token_hex(16).encode()
        text = with_test(suite.language, source, suite.setup, test.code)
        program = Program(source=text, language=suite.language)
        outcome = sandbox.run(Job(program=program, inputs=(Stdin(word + b"\n"),), limits=limits))
        (run,) = outcome.runs
        yield outcome, run, run.status is Status.FINISHED and run.stdout.split()[-1:] == [word]
