"""Checking a law: what is found, counted and told, and when it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import reject
from hypothesis import strategies as st

from verifier.fuzzing.checking import check
from verifier.fuzzing.law import Law, LawBroken
from verifier.fuzzing.target import TargetBroken

LISTS = st.lists(st.integers())


def law(check_case: Callable[[Any, Any], None], cases: st.SearchStrategy[Any] | None = LISTS) -> Law[Any]:
    """Return a law of lists."""
    return Law(name="a-law", says="It holds.", cases=lambda _: cases, check=check_case)


def short_sums(_: Any, case: list[int]) -> None:
    """Break where four numbers or more add up to more than 100."""
    if len(case) > 3 and sum(case) > 100:
        raise LawBroken(f"adds up to {sum(case)}", example=repr(case), problem="sums")


def test_the_smallest_case_is_told() -> None:
    """The case that breaks a law is shrunk, and told with what happened."""
    found = check(law(short_sums), None, examples=300, seed=1, seconds=60)
    assert (found.law, found.holds, found.told) == ("a-law", False, "adds up to 101")
    assert (found.example, found.problem) == ("[0, 0, 0, 101]", "sums")
    assert 1 < found.cases < 300


def test_a_seed_makes_the_same_cases() -> None:
    """The same seed tries the same, another tries something else."""
    seen: dict[int, list[list[int]]] = {}

    def noted(seed: int) -> list[list[int]]:
        tried: list[list[int]] = []
        check(law(lambda _, case: tried.append(case)), None, examples=30, seed=seed, seconds=60)
        return tried

    seen = {seed: noted(seed) for seed in (1, 2)}
    assert noted(1) == seen[1] != seen[2]


def test_all_cases_are_counted_where_the_law_holds() -> None:
    """So many cases are tried as were asked for."""
    found = check(law(lambda *_: None), None, examples=25, seed=1, seconds=60)
    assert (found.holds, found.cases, found.told, found.example) == (True, 25, "", "")


def test_a_law_that_does_not_apply_is_not_judged() -> None:
    """Without cases, and with cases that all say nothing, the law is neither kept nor broken."""

    def says_nothing(*_: Any) -> None:
        reject()

    assert check(law(short_sums, None), None, examples=9, seed=1, seconds=60).holds is None
    found = check(law(says_nothing), None, examples=9, seed=1, seconds=60)
    assert (found.holds, found.cases) == (None, 0)


def test_time_ends_the_cases() -> None:
    """After the time no case is begun; without time none is."""
    begun: list[Any] = []

    def slow(_: Any, case: Any) -> None:
        begun.append(case)
        time.sleep(0.05)

    found = check(law(slow), None, examples=100_000, seed=1, seconds=3)
    assert (found.holds, found.cases) == (True, len(begun))
    assert 0 < len(begun) <= 61
    assert check(law(slow), None, examples=9, seed=1, seconds=-1).holds is None


def test_time_ends_the_shrinking() -> None:
    """A break that is found just before the end is told as it is."""
    started: list[Any] = []

    def slow_to_shrink(_: Any, case: list[int]) -> None:
        started.append(case)
        if len(started) > 3:
            time.sleep(0.6)
        if sum(case) > 10**6:
            raise LawBroken("large", example=repr(case))

    large = st.lists(st.integers(10**7, 10**9), min_size=5)
    found = check(law(slow_to_shrink, large), None, examples=9, seed=1, seconds=3)
    assert (found.holds, found.cases) == (False, 1)
    assert len(started) < 12


def test_a_case_that_breaks_once_is_told() -> None:
    """A subject that is not deterministic is caught too, with the case that it was caught by."""
    tried: list[Any] = []

    def once(_: Any, case: list[int]) -> None:
        tried.append(case)
        if len(tried) == 7:
            raise LawBroken("once", example=repr(case))

    found = check(law(once), None, examples=50, seed=1, seconds=60)
    assert (found.holds, found.cases, found.example) == (False, 7, repr(tried[6]))


def test_a_target_without_a_reward_breaks_any_law() -> None:
    """A law that lets `TargetBroken` through is broken, and told so."""

    def dies(*_: Any) -> None:
        raise TargetBroken("it died")

    found = check(law(dies), None, examples=9, seed=1, seconds=60)
    assert (found.holds, found.told) == (False, "the target gave no reward: it died")


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_other_errors_pass_through(error: type[BaseException]) -> None:
    """An interrupt, and a fault of the law itself, are no findings."""

    def fails(*_: Any) -> None:
        raise error

    with pytest.raises(error):
        check(law(fails), None, examples=9, seed=1, seconds=60)


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """Hypothesis keeps its words to itself, also about cases of a megabyte, which are warnings elsewhere."""
    giants = st.sampled_from([[text * 1_000_000] for text in "ab"])

    def breaks(_: Any, case: list[Any]) -> None:
        raise LawBroken(f"{len(case)} items", example="giant")

    assert check(law(breaks, giants), None, examples=9, seed=1, seconds=60).holds is False
    check(law(short_sums), None, examples=300, seed=1, seconds=60)
    assert capfd.readouterr() == ("", "")
