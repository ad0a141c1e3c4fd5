"""Histograms and parts of a run lose no answer, however often they are doubled."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.reporting.histogram import MOST_CELLS, Histogram
from verifier.reporting.timeline import MOST_PARTS, Timeline, merged


def _histogram(numbers: list[float]) -> Histogram:
    histogram = Histogram()
    for number in numbers:
        histogram.add(number)
    return histogram


@given(st.lists(st.floats(-1e6, 1e6), max_size=120), st.lists(st.floats(-1e3, 1e3), max_size=60))
def test_a_histogram_counts_every_number_once(one: list[float], other: list[float]) -> None:
    """Whatever was doubled and merged, cells are few, and each number is in the cell that is its own."""
    histogram = _histogram(one)
    histogram.merge(_histogram(other))
    assert len(histogram.cells) <= MOST_CELLS
    assert sum(histogram.cells.values()) == len(one + other)
    for number in one + other:
        assert any(
            (cell * histogram.width - 1e-3 <= number <= (cell + 1) * histogram.width + 1e-3) for cell in histogram.cells
        )


@pytest.mark.parametrize("number", [number / 10 for number in range(-10, 11)])
def test_a_decimal_is_in_the_cell_that_begins_with_it(number: float) -> None:
    """Rewards are decimals such as 0.3, which binary numbers miss by a little."""
    (cell,) = _histogram([number]).cells
    assert cell == round(number * 10)


@given(st.lists(st.integers(0, 2000) | st.integers(0, 2**53), min_size=1, max_size=300))
def test_a_timeline_has_few_parts_and_every_step(steps: list[int]) -> None:
    """Parts are in order, do not overlap, and hold each step once, in whatever order steps come."""
    timeline = Timeline()
    for step in steps:
        timeline.at(step).rewards.add(float(step % 7))
    parts = timeline.parts()
    assert len(parts) <= MOST_PARTS
    assert sum(part.rewards.count for part in parts) == len(steps)
    assert all(before.last < after.first for before, after in itertools.pairwise(parts))
    for part in parts:
        assert part.rewards.count == sum(part.first <= step <= part.last for step in steps)
    assert (merged(parts).first, merged(parts).last) == (min(steps), max(steps))


@pytest.mark.parametrize(("steps", "parts"), [(50, 50), (51, 26), (100, 50), (101, 26), (50_000, 49)])
def test_parts_are_doubled_when_there_are_too_many(steps: int, parts: int) -> None:
    """Fifty is the limit: with one more, two become one."""
    timeline = Timeline()
    for step in range(steps):
        timeline.at(step).rewards.add(0.0)
    lengths = Counter(part.rewards.count for part in timeline.parts())
    assert lengths.total() == parts
    assert len(lengths) <= 2  # all are equally long but the last
