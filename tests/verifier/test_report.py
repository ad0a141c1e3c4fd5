"""What tests add up to: one verdict, and a credit."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.report import Report, TestResult
from verifier.verdict import Verdict, strongest

OK, BAD = Verdict.ACCEPTED, Verdict.WRONG_ANSWER

results = st.builds(
    TestResult,
    name=st.just("t"),
    verdict=st.sampled_from(list(Verdict)),
    weight=st.floats(min_value=1e-6, max_value=1e6),
    group=st.sampled_from([None, "a", "b"]),
)
reports = st.builds(
    Report,
    suite=st.just("s"),
    digest=st.just(""),
    tests=st.lists(results, min_size=1, max_size=12).map(tuple),
    baseline=st.floats(min_value=0.0, max_value=1.0),
)


def report_of(*tests: tuple[Verdict, float, str | None], baseline: float = 0.0) -> Report:
    """Return a report of tests given as verdict, weight and group."""
    made = tuple(TestResult(name="t", verdict=verdict, weight=weight, group=group) for verdict, weight, group in tests)
    return Report(suite="s", digest="", tests=made, baseline=baseline)


def test_credit_is_the_weighted_share() -> None:
    """A test counts as much as its weight says."""
    assert report_of((OK, 3.0, None), (BAD, 1.0, None)).credit == 0.75
    assert report_of((BAD, 3.0, None), (OK, 1.0, None)).credit == 0.25
    assert report_of((BAD, 3.0, None)).credit == 0.0


def test_a_group_is_all_or_nothing() -> None:
    """One failure costs the whole group and nothing else."""
    one_fails = report_of((OK, 2.0, "a"), (BAD, 1.0, "a"), (OK, 1.0, "b"), (OK, 1.0, None))
    assert one_fails.credit == 0.4
    assert report_of((OK, 2.0, "a"), (OK, 1.0, "a"), (BAD, 1.0, "b")).credit == 0.75


def test_an_empty_text_is_a_group_as_any_other() -> None:
    """Only None means no group."""
    assert report_of((OK, 1.0, ""), (BAD, 1.0, "")).credit == 0.0


def test_what_a_trivial_program_earns_is_taken_off() -> None:
    """At the baseline the credit is 0, below it too, and above it the rest is stretched to 1."""
    half = ((OK, 1.0, None), (BAD, 1.0, None))
    assert report_of(*half, baseline=0.5).credit == 0.0
    assert report_of(*half, baseline=0.75).credit == 0.0
    assert report_of(*half, baseline=0.2).credit == pytest.approx(0.375)
    assert report_of((OK, 1.0, None), baseline=0.5).credit == 1.0


def test_where_a_trivial_program_passes_everything_only_everything_counts() -> None:
    """A baseline of 1 leaves credit for a full score alone, and divides by nothing."""
    assert report_of((OK, 1.0, None), (BAD, 1e-9, None), baseline=1.0).credit == 0.0
    assert report_of((OK, 1.0, None), baseline=1.0).credit == 1.0


def test_a_report_without_tests_is_an_error() -> None:
    """Invariant I6: nothing failed, and it is no pass."""
    with pytest.raises(ValueError, match="empty"):
        _ = Report(suite="s", digest="", tests=()).verdict


@given(reports)
def test_the_verdict_is_the_strongest(report: Report) -> None:
    """Accepted means every test is; every other verdict is one that a test has, and none outranks it."""
    order = list(Verdict)
    verdicts = [test.verdict for test in report.tests]
    assert report.verdict in verdicts
    assert order.index(report.verdict) == min(map(order.index, verdicts))
    assert (report.verdict is OK) == (set(verdicts) == {OK})
    assert strongest(iter(verdicts)) is report.verdict


@given(reports)
def test_credit_is_a_share(report: Report) -> None:
    """Between 0 and 1 whatever the weights; 1 for an accepted submission, and 0 where no test is accepted."""
    assert 0.0 <= report.credit <= 1.0
    if report.verdict is OK:
        assert report.credit == 1.0
    if all(test.verdict is not OK for test in report.tests):
        assert report.credit == 0.0


@given(reports, st.randoms(use_true_random=False))
def test_the_order_of_the_tests_does_not_matter(report: Report, shuffler: random.Random) -> None:
    """Invariant I9: the same results in another order give the same verdict and, to the last bit, the same credit."""
    tests = list(report.tests)
    shuffler.shuffle(tests)
    other = Report(suite="s", digest="", tests=tuple(tests), baseline=report.baseline)
    assert (other.verdict, other.credit) == (report.verdict, report.credit)


@given(reports, st.data())
def test_one_more_accepted_test_never_costs_credit(report: Report, data: st.DataObject) -> None:
    """Turning one failure into a pass leaves the credit or raises it."""
    number = data.draw(st.integers(0, len(report.tests) - 1))
    tests = list(report.tests)
    old = tests[number]
    tests[number] = TestResult(name=old.name, verdict=OK, weight=old.weight, group=old.group)
    better = Report(suite="s", digest="", tests=tuple(tests), baseline=report.baseline)
    assert better.credit >= report.credit


@given(reports)
def test_a_higher_baseline_never_raises_the_credit(report: Report) -> None:
    """The more a trivial program earns, the less the same results are worth."""
    lower = Report(suite="s", digest="", tests=report.tests, baseline=report.baseline / 2)
    assert report.credit <= lower.credit or math.isclose(report.credit, lower.credit)
