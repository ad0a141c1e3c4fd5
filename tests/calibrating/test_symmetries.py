"""verifier.calibrating.symmetries: order that means nothing to the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from sandbox import Call, LocalSandbox
from tests.verifier.answers import calls
from verifier.calibrating.observing import Observed
from verifier.calibrating.symmetries import symmetric
from verifier.calibrating.trials import Trials

PAIRS = ((1, 2), (3, 9), (4, 4), (5, 8))
LISTS = (([1, 2],), ([3, 4, 8],), ([2, 6],), ([5],))


def _found(function: Callable[..., Any], seen: Sequence[tuple[Any, ...]], **call: Any) -> list[Any]:
    observed = [Observed(Call(function="f", args=args, **call), function(*args)) for args in seen]

    def agrees(known: Sequence[Observed]) -> list[bool]:
        return [isinstance(item.input, Call) and function(*item.input.args) == item.answer for item in known]

    return [item.input.args for item in symmetric(observed, agrees) if isinstance(item.input, Call)]


def test_arguments_change_places_where_the_answer_stays() -> None:
    """A sum does not ask which is first; a difference does."""
    assert _found(lambda a, b: a + b, PAIRS) == [(2, 1), (9, 3), (8, 5)]
    assert _found(lambda a, b: b - a, PAIRS) == []


def test_lists_are_turned_round_where_the_answer_stays() -> None:
    """The largest does not ask for an order; the first does."""
    assert _found(max, LISTS) == [([2, 1],), ([8, 4, 3],), ([6, 2],)]
    assert _found(lambda numbers: numbers[0], LISTS) == []


@pytest.mark.parametrize(
    ("function", "seen", "call"),
    [
        (lambda a, b: a + b, PAIRS[:3], {}),
        (lambda a, b: True, PAIRS, {}),
        (lambda a, b: str(a) + str(b), [(1, "a"), (2, "b"), (3, "c")], {}),
        (max, LISTS, {"read_back": 0}),
    ],
)
def test_too_little_shows_nothing(function: Callable[..., Any], seen: Any, call: dict[str, Any]) -> None:
    """Two changed calls, one answer to all, arguments of several types, what is changed in place."""
    assert _found(function, seen, **call) == []


def test_the_reference_runs_in_the_sandbox(sandbox: LocalSandbox) -> None:
    """What it answers is compared as the suite does; where it raises it does not agree."""
    reference = "def f(a, b):\n    return 12 / a + 12 / b\n"
    trials = Trials(calls((1, 1)), reference, (), (), sandbox)
    known = [((1, 2), 18.0 + 1e-9), ((2, 1), 18.5), ((0, 1), 0)]
    observed = [Observed(Call(function="f", args=args), answer) for args, answer in known]
    assert trials.agrees(observed) == [True, False, False]
