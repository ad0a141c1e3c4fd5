"""Programs that solve nothing, and wrong ones of every sort."""

from __future__ import annotations

from hypothesis import strategies as st

from verifier.fuzzing.nulls import null_battery
from verifier.fuzzing.problem import Problem
from verifier.fuzzing.strategies.failing import failable, failing, spoilt


def nulls(problem: Problem, *, blind: bool = False) -> st.SearchStrategy[str]:
    """Make programs of the null battery, such as ``print('YES')``. Shrinks to the empty program.

    Args:
        problem: the problem.
        blind: only those whose answer does not depend on the input, which are wrong wherever two answers are needed.
    """
    return st.sampled_from([null.source for null in null_battery(problem.suite) if null.is_blind or not blind])


def wrong(problem: Problem) -> st.SearchStrategy[str]:
    """Make programs that fail at least one test: blind ones, and where possible right ones with something spoilt."""
    blind = nulls(problem, blind=True)
    return blind | failing(problem) | spoilt(problem) if failable(problem) else blind
