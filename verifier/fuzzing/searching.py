"""Hypothesis at work, without a word: it tries cases, and makes smaller what fails. The seed decides everything."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import HypothesisWarning
from hypothesis.strategies import SearchStrategy

Case = TypeVar("Case")


def search(
    test: Callable[[Case], None],
    cases: SearchStrategy[Case],
    *,
    examples: int,
    seed: int,
    phases: Sequence[Phase] = (Phase.generate, Phase.shrink),
) -> None:
    """Call `test` with cases until one raises an `Exception`, then with smaller ones.

    Nothing is printed, and no database is used. The same seed leads to the same cases, whatever phases follow.

    Args:
        test: tries one case. All failures have to be of one class and from one place, to be taken for the same.
        cases: makes them.
        examples: most cases to try, shrinking left out.
        seed: of all that is drawn.
        phases: those of Hypothesis.

    Raises:
        Exception: what the smallest case raised, or one of `hypothesis.errors` where there is no case, or where the
            failure does not repeat. Any other `BaseException` that `test` raises ends the search at once.
    """

    @seeded(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=phases,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(cases)
    def tried(case: Case) -> None:
        test(case)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HypothesisWarning)  # such as one of a case that is long to print
        tried()
