"""verifier.calibrating.separating: survivors told apart, in the real sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Call, LocalSandbox, Stdin
from tests.verifier.answers import calls, script, stdio
from testsuites import AnySuite, CallTest
from verifier.calibrating.mutants import Mutant
from verifier.calibrating.separating import Separation, separate
from verifier.oracle import Oracle

CLAMP = "def f(x):\n    return x if x > 0 else 0\n"
CLAMP_TESTS = calls((3, 3), (14, 14), (-5, 0), (0, 0))


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    """One oracle for all."""
    oracle = Oracle(1)
    yield oracle
    oracle.close()


@pytest.fixture
def told(sandbox: LocalSandbox, oracle: Oracle) -> object:
    """Separate programs by a suite and its reference; return the result."""

    def told(suite: AnySuite, reference: str, *sources: str, **settings: object) -> Separation:
        survivors = [Mutant(f"m{number}", source) for number, source in enumerate(sources)]
        found = separate(suite, reference, survivors, sandbox, oracle, **{"inputs": 80, **settings})  # type: ignore[arg-type]
        assert [*(gap.mutant.name for gap in found.gaps), *(mutant.name for mutant in found.equivalent)]
        return found

    return told


def _gaps(found: Separation) -> list[str]:
    return [gap.mutant.name for gap in found.gaps]


def test_wrong_ones_differ_and_the_same_ones_do_not(told: type[Separation]) -> None:
    """One that is wrong for small numbers, one that raises there; the same in other words is presumed equivalent."""
    found = told(
        CLAMP_TESTS,
        CLAMP,
        "def f(x):\n    return x if x > 1 else 0\n",
        "def f(x):\n    return max(x, 0)\n",
        "def f(x):\n    return [None, 3, 14][3 // x] if x in (1, 2) else max(x, 0)\n",
    )
    assert _gaps(found) == ["m0", "m2"]
    assert [mutant.name for mutant in found.equivalent] == ["m1"]
    assert found.inputs_tried > 20
    assert found.gaps[0].input == Call(function="f", args=(1,))
    assert found.gaps[0].output == 1


def test_inputs_are_made_small(told: type[Separation]) -> None:
    """Of a long list only what shows the gap is left."""
    suite = calls(([3, 1, 2, 12, 7, 5, 9, 11], 50), ([30, 20, 10, 60, 70, 80], 270), ([4, 4, 13, 6, 8, 2], 37))
    wrong = "def f(x):\n    return sum(x) if x.count(max(x)) < 2 else 0\n"
    found = told(suite, "def f(x):\n    return sum(x)\n", wrong)
    (gap,) = found.gaps
    assert isinstance(gap.input, Call)
    (argument,) = gap.input.args
    assert len(argument) == 2
    assert len(set(argument)) == 1


def test_the_same_seed_finds_the_same(told: type[Separation]) -> None:
    """Inputs, outputs and order; nothing is drawn from elsewhere."""
    wrong = "def f(x):\n    return x if x > 1 else 0\n"
    assert told(CLAMP_TESTS, CLAMP, wrong, seed=3) == told(CLAMP_TESTS, CLAMP, wrong, seed=3)


def test_an_endless_loop_is_a_gap(told: type[Separation]) -> None:
    """A program that never ends where the reference does at once, again and again."""
    endless = "def f(x):\n    while x == 1:\n        pass\n    return max(x, 0)\n"
    assert _gaps(told(CLAMP_TESTS, CLAMP, endless, inputs=40)) == ["m0"]


def test_the_noise_of_floats_is_no_gap(told: type[Separation]) -> None:
    """Where 0.1 + 0.2 is compared with 0.3 any answer is luck; where 0.5 is compared with 0.5 it is not."""
    suite = calls(*(([a, b], a + b > 0.35) for a, b in [(0.1, 0.1), (0.9, 0.4), (0.2, 0.3), (0.1, 0.05), (0.7, 0.6)]))
    reference = "def f(x):\n    return sum(x) > 0.35\n"
    sorted_first = "def f(x):\n    return sum(sorted(x, reverse=True)) > 0.35\n"
    assert _gaps(told(suite, reference, sorted_first)) == []
    half = calls(([0.1, 0.1], False), ([0.9, 0.4], True), ([0.2, 0.2], False), ([0.7, 0.9], True))
    or_equal = "def f(x):\n    return sum(x) >= 0.5\n"
    assert _gaps(told(half, "def f(x):\n    return sum(x) > 0.5\n", or_equal, inputs=150)) == ["m0"]


def test_a_result_within_tolerance_is_no_gap(told: type[Separation]) -> None:
    """The suite's own comparator decides."""
    suite = calls((1.5, 3.0), (2.5, 5.0), (7.0, 14.0))
    assert _gaps(told(suite, "def f(x):\n    return 2 * x\n", "def f(x):\n    return 2 * x + 1e-9\n")) == []


def test_a_second_reference_must_agree(told: type[Separation]) -> None:
    """What other right programs answer differently to is no valid input."""
    wrong = "def f(x):\n    return x if x > 1 else 0\n"
    assert _gaps(told(CLAMP_TESTS, CLAMP, wrong, second_references=[wrong])) == []


def test_an_input_that_the_reference_does_not_answer_as_before_is_not_valid(told: type[Separation]) -> None:
    """It raises, or answers with None where it always gave numbers."""
    reference = "def f(x):\n    return {1: None}.get(x, 12 // (x - 2))\n"
    suite = calls((4, 6), (5, 4), (14, 1))
    wrong = "def f(x):\n    return 5 if x < 3 else 12 // (x - 2)\n"
    assert _gaps(told(suite, reference, wrong)) == []


def test_where_several_answers_are_right_another_one_is_no_gap(told: type[Separation]) -> None:
    """Only that the program crashes counts then."""
    suite = calls(id="s", tests=tuple(CallTest(args=(x,), expected=x, also_accepted=(-x,)) for x in (3, 4, 9)))
    other = "def f(x):\n    return -x\n"
    crash = "def f(x):\n    return x if x > 2 else x[0]\n"
    assert _gaps(told(suite, "def f(x):\n    return x\n", other, crash)) == ["m1"]


def test_test_code_shows_which_inputs_are_valid(told: type[Separation]) -> None:
    """A script suite's calls are learnt from."""
    suite = script("for number in (3, 14, -5, 0):\n    assert f(number) == max(number, 0)")
    found = told(suite, CLAMP, "def f(x):\n    return x if x > 1 else 0\n", "def f(x):\n    return max(0, x)\n")
    assert _gaps(found) == ["m0"]
    assert found.gaps[0].input == Call(function="f", args=(1,))


def test_whole_programs(told: type[Separation]) -> None:
    """Outputs are compared as the suite does, and the count on the first line stays right."""
    suite = stdio(("3\n1 2 3\n", "6\n"), ("2\n5 6\n", "11\n"), ("4\n9 9 1 2\n", "21\n"))
    reference = (
        "n = int(input())\nnumbers = list(map(int, input().split()))\nassert len(numbers) == n\nprint(sum(numbers))\n"
    )
    spaces = reference.replace("print(sum(numbers))", "print(' ', sum(numbers))")
    wrong = reference.replace("sum(numbers)", "sum(numbers) if n > 1 else 0")
    found = told(suite, reference, spaces, wrong, inputs=60)
    assert _gaps(found) == ["m1"]
    assert isinstance(found.gaps[0].input, Stdin)
    assert found.gaps[0].input.data.startswith(b"1\n")


def test_nothing_is_run_without_survivors(told: type[Separation], sandbox: LocalSandbox, oracle: Oracle) -> None:
    """And nothing is found."""
    assert separate(CLAMP_TESTS, CLAMP, [], sandbox, oracle) == Separation()


def test_a_gap_does_not_show_its_input(told: type[Separation]) -> None:
    """It may be a hidden test one day."""
    found = told(CLAMP_TESTS, CLAMP, "def f(x):\n    return x + 7310 if x == 1 else max(x, 0)\n")
    assert "7310" not in repr(found)
    assert "args" not in repr(found)
