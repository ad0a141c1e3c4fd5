"""Means, spreads and correlations that are added up are those of all numbers together."""

from __future__ import annotations

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.reporting.spread import Spread, Together, share, stands_out

_numbers = st.lists(st.floats(-1e3, 1e3), max_size=30)


def _spread(numbers: list[float]) -> Spread:
    spread = Spread()
    for number in numbers:
        spread.add(number)
    return spread


@given(_numbers, _numbers)
def test_a_spread_of_two_parts_is_that_of_all_numbers(one: list[float], other: list[float]) -> None:
    """As the standard library counts it."""
    spread = _spread(one)
    spread.merge(_spread(other))
    assert spread.count == len(one + other)
    if one + other:
        assert spread.mean == pytest.approx(statistics.fmean(one + other), abs=1e-6)
        assert spread.deviation == pytest.approx(statistics.pstdev(one + other), abs=1e-4)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=30))
def test_a_correlation_is_pearsons(pairs: list[tuple[int, int]]) -> None:
    """As the standard library counts it; none where one of the two is constant."""
    together = Together()
    for one, other in pairs:
        together.add(one, other)
    try:
        expected = statistics.correlation([one for one, _ in pairs], [other for _, other in pairs])
    except statistics.StatisticsError:
        assert together.correlation is None
    else:
        assert together.correlation == pytest.approx(expected, abs=1e-6)


def test_a_change_stands_out_only_where_it_is_large_and_no_chance() -> None:
    """Ten answers prove little, ten thousand prove much; and what is proved may still be small."""
    assert stands_out(share(5, 10), share(3, 10), 0.1) == 0.0
    assert stands_out(share(5000, 10000), share(3000, 10000), 0.1) == pytest.approx(-0.2)
    assert stands_out(share(5000, 10000), share(3000, 10000), 0.21) == 0.0
    assert stands_out(Spread(), share(5, 10), 0.0) == 0.0


def test_chance_alone_does_not_stand_out() -> None:
    """Of 2,000 pairs of samples from one distribution none is told apart."""
    draw = random.Random(1)  # noqa: S311 - nothing secret
    told = sum(
        stands_out(*(_spread([draw.random() for _ in range(40)]) for _ in range(2)), by=0.0) != 0.0 for _ in range(2000)
    )
    assert told <= 2
