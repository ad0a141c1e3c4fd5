"""Hypothesis at work: different inputs from a strategy, and one of them made smaller. The seed decides everything."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from hypothesis import Phase
from hypothesis.errors import Flaky, Unsatisfiable
from hypothesis.strategies import SearchStrategy

from verifier.calibrating.observing import AnyInput, input_key
from verifier.fuzzing.searching import search

_MOST_SMALLER = 60
"""Inputs that are tried in making one smaller."""
_SMALL = 16
"""Characters of an input that is not made smaller."""
_SPARE = 3
"""Times as many inputs as are wanted may be drawn: some are drawn twice."""


class _Enough(BaseException):
    """Ends a search. Not an `Exception`, which Hypothesis would take for a failure to make smaller."""


class _Differs(Exception):
    """Tells Hypothesis that an input is one of those that it is to make smaller."""


def draw(strategy: SearchStrategy[AnyInput], count: int, chosen_seed: int) -> list[AnyInput]:
    """Return so many different inputs, or fewer where there are hardly more."""
    found: dict[str, AnyInput] = {}

    def take(item: AnyInput) -> None:
        found.setdefault(input_key(item), item)
        if len(found) >= count:
            raise _Enough

    _search(take, strategy, _SPARE * count, chosen_seed, (Phase.generate,))
    return list(found.values())


def smaller(
    strategy: SearchStrategy[AnyInput],
    count: int,
    chosen_seed: int,
    item: AnyInput,
    shows: Callable[[AnyInput], bool],
) -> AnyInput:
    """Return the smallest input found that shows what one shows that was drawn before.

    Args:
        strategy: as for `draw`, with which it was drawn.
        count: likewise.
        chosen_seed: likewise.
        item: the input, which shows it.
        shows: says whether an input does. Asked `_MOST_SMALLER` times at most.

    Raises:
        Exception: what `shows` raises.
    """
    best, tried = item, 0
    failed: Exception | None = None

    def show(candidate: AnyInput) -> None:
        nonlocal best, tried, failed
        if tried == 0 and input_key(candidate) != input_key(item):
            return  # drawn before it; the same draws lead to it again
        if tried >= _MOST_SMALLER:
            raise _Enough
        tried += 1
        try:
            differs = tried == 1 or shows(candidate)
        except Exception as error:  # Hypothesis would look for a smaller input that raises it
            failed = error
            raise _Enough from None
        if differs:
            best = min(best, candidate, key=size)
            raise _Differs

    if size(item)[0] > _SMALL:
        _search(show, strategy, _SPARE * count, chosen_seed, (Phase.generate, Phase.shrink))
    if failed is not None:
        raise failed
    return best


def size(item: AnyInput) -> tuple[int, str]:
    """Return what inputs are ordered by: length of the text that tells one, then the text."""
    key = input_key(item)
    return len(key), key


def _search(
    test: Callable[[AnyInput], None],
    strategy: SearchStrategy[AnyInput],
    examples: int,
    chosen_seed: int,
    phases: Sequence[Phase],
) -> None:
    """Try inputs. It is no error where there are none to try, or where one that differed did not the next time."""
    if strategy.is_empty:
        return
    with contextlib.suppress(_Enough, _Differs, Unsatisfiable, Flaky):
        search(test, strategy, examples=examples, seed=chosen_seed, phases=phases)
