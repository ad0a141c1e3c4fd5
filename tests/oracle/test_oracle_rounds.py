"""Files of tests whose solution runs in a function: each round brings its objects back to where they were."""

from __future__ import annotations

import pytest

from sandbox import Limits, LocalSandbox, Program
from sandbox.functions.replaying import ReplayedSession
from sandbox.protocol import Foresee, nothing_foreseen
from tests.oracle.reading import read_case, suite_of
from tests.sandbox.test_function_replaying import Rounds
from verifier.judging import judge_program
from verifier.oracle import Oracle

CASES = ["bank_account", "callbacks", "enumeration", "errors", "in_place", "mocks"]


class InRounds(LocalSandbox):
    """Opens sessions in rounds, through the bytes of the runner protocol."""

    def __init__(self) -> None:
        """Have made no round."""
        super().__init__(1)
        self.rounds = Rounds(self)
        self._runner = LocalSandbox(1)
        self.rounds._sandbox = self._runner

    def open(self, program: Program, limits: Limits, foresee: Foresee = nothing_foreseen) -> ReplayedSession:  # type: ignore[override]
        """Open one."""
        return ReplayedSession(program, limits, foresee, self.rounds.ask)

    def close(self) -> None:
        """Close both."""
        super().close()
        self._runner.close()


@pytest.mark.parametrize("name", CASES)
def test_verdicts_are_those_of_a_living_program(oracle: Oracle, name: str) -> None:
    """Handles, callbacks, changed arguments and limits come to the same in rounds."""
    case = read_case(name)
    with InRounds() as sandbox:
        for program, failing in case.programs:
            report = judge_program(case.suite, program, sandbox, oracle)
            assert {test.name for test in report.tests if test.verdict != "accepted"} == failing


def test_functions_of_a_file_are_foreseen(oracle: Oracle) -> None:
    """Imports and calls of functions cost one round together; each act on an object costs one."""
    calls = "from solution import f, g\n" + "".join(
        f"def test_{n}():\n    assert f({n}) == g({n})\n" for n in range(20)
    )
    acts = "from solution import Box\ndef test_it():\n    box = Box()\n" + "    assert box.get() == 1\n" * 5
    program = "def f(x): return x\ndef g(x): return x\nclass Box:\n    def get(self): return 1\n"
    counts = []
    for text in (calls, acts):
        with InRounds() as sandbox:
            report = judge_program(suite_of(text), program, sandbox, oracle)
            assert report.verdict == "accepted"
            counts.append(sandbox.rounds.count)
    assert counts[0] <= 2
    assert counts[1] <= 8
