"""verifier.calibrating.rates: Wilson's interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.calibration import Share
from verifier.calibrating.rates import pooled, share

COUNTS = st.integers(0, 10**6).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_known_intervals(count: int, total: int, low: float, high: float) -> None:
    """The bounds are those of R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, method 3, to four digits."""
    found = share(count, total)
    assert (found.count, found.total) == (count, total)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(COUNTS)
def test_the_bounds_hold_the_share(counts: tuple[int, int]) -> None:
    """They are in 0..1, around the share; nothing is known of nothing."""
    count, total = counts
    found = share(count, total)
    assert 0.0 <= found.low <= (count / total if total else 0.0) <= found.high <= 1.0
    if not total:
        assert found == Share(count=0, total=0, low=0.0, high=1.0)


@given(COUNTS)
def test_more_programs_make_narrower_bounds(counts: tuple[int, int]) -> None:
    """The same share of ten times as many is better known."""
    few, many = share(*counts), share(10 * counts[0], 10 * counts[1])
    if counts[1]:
        assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize(("count", "total"), [(-1, 3), (4, 3), (1, 0)])
def test_what_is_no_share_is_refused(count: int, total: int) -> None:
    """A count is part of its total."""
    with pytest.raises(ValueError, match="no share"):
        share(count, total)


def test_shares_are_pooled_by_their_counts() -> None:
    """Not by their means."""
    assert pooled([share(1, 2), share(0, 8), share(0, 0)]) == share(1, 10)
    assert pooled([]) == share(0, 0)
