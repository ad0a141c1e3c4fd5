"""Suites with one expected output changed, so that the reference no longer passes."""

from __future__ import annotations

import ast

import msgspec

from testsuites.literals import write_literal
from testsuites.model import AnySuite, CallSuite, StdioSuite
from testsuites.parsing import parse
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.strategies.spoiling import apply
from verifier.fuzzing.strategies.wrapping import known_tests


def corrupted(problem: Problem, number: int, change: str) -> AnySuite:
    """Return the suite with the expected output of one test changed.

    Args:
        problem: the problem.
        number: of a test that `known_tests` knows.
        change: one of its `spoilers`.
    """
    suite = problem.suite
    right = known_tests(problem)[number].right[0]
    if isinstance(suite, StdioSuite):
        return _with(suite, number, stdout=apply(change, said=right))
    wrong = apply(change, value=right)
    if isinstance(suite, CallSuite):
        return _with(suite, number, expected=wrong, also_accepted=())
    call = ast.unparse(next(node for node in ast.walk(parse(suite.tests[number].code)) if isinstance(node, ast.Call)))
    return _with(suite, number, code=f"assert {call} == {write_literal(wrong)}\n")


def _with(suite: AnySuite, number: int, **fields: object) -> AnySuite:
    """Change fields of one test."""
    tests = list(suite.tests)
    tests[number] = msgspec.structs.replace(tests[number], **fields)
    changed: AnySuite = msgspec.structs.replace(suite, tests=tuple(tests))
    return changed
