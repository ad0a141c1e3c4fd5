"""verifier.calibrating.equality: whether a suite has one right answer for each input."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.answers import calls, script, stdio
from testsuites import CallTest, JudgeProgram, ScriptSuite, ScriptTest
from verifier.calibrating.equality import has_one_answer

CHECK = "def check(candidate):\n    "


@pytest.mark.parametrize(
    "code",
    [
        "assert f(1) == 2",
        "assert 2 == f(1), 'message'",
        "assert f(1)",
        "assert not f(1)",
        "assert f(1) is None and f(2) != 3",
        "assert abs(f(1) - 0.5) < 1e-6",
        "import math\nassert math.isclose(f(1), 0.5)",
        "assert tuple(f([1])) == (1,)",
        "assert f(f(1)) == 4",
        "for number in range(3):\n    assert f(number) == 2 * number",
        "answer = f(1)\nassert answer == 2",
        "g = f\nassert g(1) == 2",
        f"{CHECK}assert candidate(1) == 2\ncheck(f)",
        "import unittest\n\n\nclass T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(f(1), 2)\n",
    ],
)
def test_comparing_means_one_answer(code: str) -> None:
    """Directly or through a parameter, a name, a distance; with a literal or a computed value."""
    assert has_one_answer(script(code))


@pytest.mark.parametrize(
    "code",
    [
        "assert sorted(f(1)) == [1]",
        "assert set(f(1)) == {1}",
        "assert f(1) > 2",
        "assert f(1) in (1, 2)",
        "assert len(f(1)) == 2",
        "assert f(1)[0] == 2",
        "assert f(1) % 2 == 0",
        "answer = f(1)\nassert poly(answer) == 0",
        f"{CHECK}answer = candidate(1)\n    assert answer ** 2 < 1e-4\ncheck(f)",
        "assert all(number > 0 for number in f(1))",
        "assert f(",
    ],
)
def test_anything_else_may_mean_several(code: str) -> None:
    """Where test code looks at a property of the answer, many may be right."""
    assert not has_one_answer(script(code))


def test_other_kinds() -> None:
    """Outputs are compared; values too, unless others are accepted as well."""
    assert has_one_answer(stdio(("1", "2")))
    assert has_one_answer(calls((1, 2)))
    test = CallTest(args=(2,), expected=3, also_accepted=(4,))
    assert not has_one_answer(calls(id="s", tests=(test,)))


@given(st.text(), st.text())
def test_any_text_may_be_test_code(setup: str, code: str) -> None:
    """Nothing is raised."""
    assert has_one_answer(ScriptSuite(id="s", names=("f",), setup=setup, tests=(ScriptTest(code=code),))) in (
        True,
        False,
    )


def test_a_checker_or_an_interactor_means_several() -> None:
    """A program of the author's decides, and what it accepts is not known from one answer."""
    program = JudgeProgram(code="def check(input, output, answer):\n    return True\n")
    suite = stdio(("1", "2"))
    assert has_one_answer(suite)
    assert not has_one_answer(msgspec.structs.replace(suite, checker=program))
    assert not has_one_answer(msgspec.structs.replace(suite, interactor=program))
