"""Cases as data: one file of tests, a right solution, and wrong ones with the tests that they must fail.

%% what it is about
the file of tests
%% right
a solution that passes all of them
%% wrong: test_a TestB.test_c
a solution that fails these and passes the others
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

from testsuites import ScriptSuite, SuiteLimits
from testsuites.collecting import collected

FOLDER = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
LIMITS = SuiteLimits(cpu_seconds=0.5, memory_mb=128, output_mb=1)


class Case(NamedTuple):
    """One case.

    Attributes:
        suite: its file of tests.
        programs: solutions, each with the names of the tests that it must fail.
    """

    suite: ScriptSuite
    programs: list[tuple[str, set[str]]]


def read_case(name: str) -> Case:
    """Read a case by the name of its file."""
    text = (FOLDER / f"{name}.txt").read_text("utf-8")
    (_, tests), *solutions = re.findall(r"^%% (.*)\n((?:(?!%%).*\n)*)", text, re.MULTILINE)
    programs = [(program, set(head.removeprefix("wrong:").split()) - {"right"}) for head, program in solutions]
    return Case(suite_of(tests, name), programs)


def suite_of(tests: str, name: str = "case") -> ScriptSuite:
    """Make a suite of a file of tests. It calls the solution whatever it imports that is not installed."""
    imported = [node.module for node in ast.parse(tests).body if isinstance(node, ast.ImportFrom) and node.module]
    known = {"collections", "copy", "datetime", "decimal", "fractions", "itertools", "unittest.mock"}
    module = next((module for module in imported if module not in known), "solution")
    return ScriptSuite(id=f"cases/{name}", limits=LIMITS, **collected(tests, module))
