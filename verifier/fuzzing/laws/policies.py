"""Laws of policies: what turns a report into a reward. Those of what components add are in `components`."""

from __future__ import annotations

import math
from typing import Any, Protocol

import msgspec
from hypothesis import strategies as st

from verifier.fuzzing.law import Law, LawBroken
from verifier.fuzzing.strategies.reports import JUDGED, reports, results
from verifier.report import Report, TestResult
from verifier.verdict import WITHOUT_CREDIT, Verdict


class AnyPolicy(Protocol):
    """Whatever turns a report into a number.

    Attributes:
        range: lowest and highest reward.
    """

    @property
    def range(self) -> tuple[float, float]:
        """As above."""
        ...

    def reward(self, report: Report) -> float:
        """Return the reward; raise where the submission was not judged."""
        ...


_FAILED = tuple(verdict for verdict in JUDGED if verdict is not Verdict.ACCEPTED)
_PAIR = st.tuples(reports(), reports())


def _reward(policy: AnyPolicy, report: Report) -> float:
    """Ask a policy.

    Raises:
        LawBroken: it raised, or gave no number.
    """
    try:
        reward = policy.reward(report)
    except Exception as error:
        raise LawBroken(f"raised {type(error).__name__}", example=told(report)) from None
    if isinstance(reward, bool) or not isinstance(reward, int | float):
        raise LawBroken(f"gave {type(reward).__name__}, no number", example=told(report))
    return reward


def told(*shown: Report) -> str:
    """Write reports for a person: a line each, such as ``accepted (2), wrong_answer (1, group a); baseline 0.5``."""
    lines = []
    for report in shown:
        tests = (
            f"{test.verdict} ({test.weight:g}{f', group {test.group}' if test.group else ''})" for test in report.tests
        )
        lines.append(", ".join(tests) + (f"; baseline {report.baseline!r}" if report.baseline else ""))
    return "\n".join(lines)


def _is_finite(policy: AnyPolicy, report: Report) -> None:
    low, high = policy.range
    reward = _reward(policy, report)
    if not (math.isfinite(reward) and low <= reward <= high):
        raise LawBroken(f"paid {reward!r}, and the range is {low:g} to {high:g}", example=told(report))


def _is_pure(policy: AnyPolicy, pair: tuple[Report, Report]) -> None:
    first = _reward(policy, pair[0])
    _reward(policy, pair[1])
    second = _reward(policy, pair[0])
    if first != second:
        raise LawBroken(f"paid {first!r}, then {second!r}", example=told(pair[0]))


@st.composite
def _worsened(draw: st.DrawFn) -> tuple[Report, Report]:
    """Make a report, and the same with a stronger verdict on one test."""
    report = draw(reports([verdict for verdict in JUDGED if verdict not in WITHOUT_CREDIT]))
    place = draw(st.integers(0, len(report.tests) - 1))
    stronger = [verdict for verdict in JUDGED if JUDGED.index(verdict) < JUDGED.index(report.tests[place].verdict)]
    verdict = draw(st.sampled_from(stronger[::-1] or [report.tests[place].verdict]))
    return report, _replaced(report, place, verdict)


def _pays_no_more(policy: AnyPolicy, pair: tuple[Report, Report]) -> None:
    better, worse = (_reward(policy, report) for report in pair)
    if not worse <= better:
        raise LawBroken(f"the first is paid {better!r}; the second, which does worse, {worse!r}", example=told(*pair))


@st.composite
def _failing_and_passing(draw: st.DrawFn) -> tuple[Report, Report]:
    """Make a report that fails one test, or up to three, and a report that passes."""
    failed = draw(reports([Verdict.ACCEPTED]))
    places = draw(st.lists(st.integers(0, len(failed.tests) - 1), min_size=1, max_size=3, unique=True))
    verdict = draw(st.sampled_from(_FAILED[::-1]))
    for place in places:
        failed = _replaced(failed, place, verdict)
    return failed, draw(reports([Verdict.ACCEPTED]))


def _never_reaches(policy: AnyPolicy, pair: tuple[Report, Report]) -> None:
    failing, passing = (_reward(policy, report) for report in pair)
    if not failing < passing:
        raise LawBroken(f"the first fails and is paid {failing!r}; the second passes, {passing!r}", example=told(*pair))


@st.composite
def _void(draw: st.DrawFn) -> tuple[Report, Report]:
    """Make a report that no credit is due to, and the same where no test was passed."""
    verdict = draw(st.sampled_from(sorted(WITHOUT_CREDIT)))
    report = draw(reports([Verdict.ACCEPTED, Verdict.WRONG_ANSWER]))
    report = _replaced(report, draw(st.integers(0, len(report.tests) - 1)), verdict)
    tests = tuple(msgspec.structs.replace(test, verdict=verdict) for test in report.tests)
    return report, msgspec.structs.replace(report, tests=tests)


def _earns_nothing(policy: AnyPolicy, pair: tuple[Report, Report]) -> None:
    mixed, pure = (_reward(policy, report) for report in pair)
    if not mixed <= pure:
        raise LawBroken(f"the first is paid {mixed!r}; the second, without a pass, {pure!r}", example=told(*pair))


def _permuted(report: Report) -> st.SearchStrategy[tuple[Report, Report]]:
    orders = st.permutations(report.tests)
    return orders.map(lambda tests: (report, msgspec.structs.replace(report, tests=tuple(tests))))


def _ignores_order(policy: AnyPolicy, pair: tuple[Report, Report]) -> None:
    first, second = (_reward(policy, report) for report in pair)
    if not math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-12):
        raise LawBroken(f"paid {first!r}, and {second!r} in another order", example=told(*pair))


def _not_judged(report: Report) -> st.SearchStrategy[Report]:
    fault = results([Verdict.JUDGE_ERROR])
    return fault.map(lambda test: msgspec.structs.replace(report, tests=(*report.tests, test)))


def _refuses(policy: AnyPolicy, report: Report) -> None:
    try:
        reward: Any = policy.reward(report)
    except Exception:
        return
    if reward is not None:
        raise LawBroken(f"paid {reward!r} where the judge had failed", example=told(report))


def _replaced(report: Report, place: int, verdict: Verdict) -> Report:
    tests: list[TestResult] = list(report.tests)
    tests[place] = msgspec.structs.replace(tests[place], verdict=verdict)
    return msgspec.structs.replace(report, tests=tuple(tests))


REPORT_LAWS: tuple[Law[AnyPolicy], ...] = (
    Law(
        name="policy-is-finite-and-in-range",
        says="Every report is paid a finite number in the range.",
        cases=lambda _: reports(),
        check=_is_finite,
    ),
    Law(
        name="policy-is-pure",
        says="The same report gets the same reward again.",
        cases=lambda _: _PAIR,
        check=_is_pure,
    ),
    Law(
        name="policy-is-monotone",
        says="A stronger verdict on one test, a failure for a pass included, never pays more.",
        cases=lambda _: _worsened(),
        check=_pays_no_more,
    ),
    Law(
        name="policy-keeps-failing-below-passing",
        says="A report with one failing test, whatever its weight, is paid less than any that passes.",
        cases=lambda _: _failing_and_passing(),
        check=_never_reaches,
    ),
    Law(
        name="policy-voids-credit",
        says="Without a program, without one that compiles, or after a violation, passed tests are worth nothing.",
        cases=lambda _: _void(),
        check=_earns_nothing,
    ),
    Law(
        name="policy-ignores-order",
        says="The order of the tests does not change the reward.",
        cases=lambda _: reports().flatmap(_permuted),
        check=_ignores_order,
    ),
    Law(
        name="policy-refuses-judge-errors",
        says="Where the judge has failed there is no reward.",
        cases=lambda _: reports().flatmap(_not_judged),
        check=_refuses,
    ),
)
