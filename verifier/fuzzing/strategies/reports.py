"""Reports, as judging makes them: any mix of verdicts, weights and groups."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from hypothesis import strategies as st

from verifier.report import Report, TestResult
from verifier.verdict import Verdict

JUDGED: tuple[Verdict, ...] = tuple(verdict for verdict in Verdict if verdict is not Verdict.JUDGE_ERROR)
"""Verdicts on a submission that was judged, from the strongest to the weakest."""
_OF_THE_WHOLE = (Verdict.NO_CODE, Verdict.COMPILE_ERROR)
"""Given to all tests at once."""


def weights() -> st.SearchStrategy[float]:
    """Make weights that a test may have, very small and very large ones included. Shrinks to 1.0."""
    extreme = st.sampled_from([5e-324, 1e-300, 1e-17, 1e17, 1e300])
    return st.integers(1, 9).map(float) | st.floats(1e-6, 1e6) | extreme


def results(verdicts: Iterable[Verdict] = JUDGED) -> st.SearchStrategy[TestResult]:
    """Make results of single tests with one of those verdicts. Shrinks to an accepted one of weight 1."""
    return st.builds(
        TestResult,
        name=st.just("t"),
        verdict=st.sampled_from(_weakest_first(verdicts)),
        weight=weights(),
        group=st.none() | st.sampled_from("ab"),
    )


def reports(verdicts: Iterable[Verdict] = JUDGED) -> st.SearchStrategy[Report]:
    """Make reports that judging can make of an answer, with up to three verdicts out of `verdicts`.

    For example two tests, one accepted and one timed out, of weights 1 and 5e-324 in one group, on a suite where a
    trivial program earns 0.5. Shrinks to one accepted test. ``no_code`` and ``compile_error`` are given to all tests.
    """
    weakest, *stronger = _weakest_first(verdicts)
    others = st.lists(st.sampled_from(stronger), max_size=2, unique=True) if stronger else st.just([])
    tests = others.flatmap(lambda chosen: st.lists(results([weakest, *chosen]), min_size=1, max_size=8))
    return st.builds(_report, tests, st.just(0.0) | st.floats(0.0, 1.0))


def _weakest_first(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return sorted(verdicts, key=tuple(Verdict).index, reverse=True)


def _report(tests: list[TestResult], baseline: float) -> Report:
    whole = next((test.verdict for test in tests if test.verdict in _OF_THE_WHOLE), None)
    made = tuple(
        msgspec.structs.replace(test, name=str(number), verdict=whole or test.verdict)
        for number, test in enumerate(tests, 1)
    )
    return Report(suite="s", digest="", tests=made, baseline=baseline)
