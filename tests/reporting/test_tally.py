"""What is counted row by row is what a look at all rows gives."""

from __future__ import annotations

import tracemalloc
from collections import defaultdict

import pytest

from benchmarks.grades import rows
from tests.reporting.grades import a_run, failed, figures_for, missed, reading_of, row
from verifier.reporting import groups, suites, tally
from verifier.reporting.suites import OTHER_SUITES
from verifier.reporting.suspicions import Why


@pytest.mark.parametrize("kind", ["healthy", "collapsing", "hacking"])
def test_figures_are_those_of_all_rows(kind: str) -> None:
    """Rewards, verdicts, groups, suites and components, counted the plain way beside it."""
    figures = a_run(kind, 3000)
    grades = list(rows(3000, kind))
    judged = [grade for grade in grades if grade["judged"]]
    rewards = [grade["reward"] for grade in judged]
    assert (figures.rows, figures.judged, figures.total.not_judged) == (3000, len(judged), 3000 - len(judged))
    assert figures.total.rewards.mean == pytest.approx(sum(rewards) / len(rewards))
    by_group = defaultdict(list)
    by_suite = defaultdict(list)
    for grade in judged:
        by_group[grade["group"]].append(grade["reward"])
        by_suite[grade["suite"]].append(grade["verdict"] == "accepted")
    several = [group for group in by_group.values() if len(group) > 1]
    assert figures.total.groups == len(several)
    assert figures.total.flat_groups == sum(len(set(group)) == 1 for group in several)
    assert {suite.suite: suite.pass_rate for suite in figures.suites} == {
        suite: sum(passed) / len(passed) for suite, passed in by_suite.items()
    }
    concise = next(component for component in figures.components if component.name == "conciseness")
    assert concise.mean == pytest.approx(sum(grade["components"]["conciseness"] for grade in judged) / len(judged))


def test_rows_are_not_kept() -> None:
    """Four times the rows take no more memory."""
    peaks = []
    for count in (500, 2000):
        grades = list(rows(count, "healthy"))
        reading_of(grades[:5])
        tracemalloc.start()
        reading_of(dict(grade, message="x" * 10_000) for grade in grades)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def test_a_group_is_its_rows_group_within_a_step() -> None:
    """The same group in another step is another group; answers that were not judged are in none."""
    grades = [row(step=1, group="p"), failed(step=1, group="p"), missed(step=1, group="p")]
    grades += [row(step=2, group="p"), row(step=2, group="p"), row(step=2, group=1), row(step=3, group="p")]
    total = figures_for(grades).total
    assert (total.groups, total.flat_groups) == (2, 1)


def test_without_a_group_the_suite_within_its_step_is_one() -> None:
    """Inline suites share a name, and are told apart by their digests."""
    grades = [row(step=1, suite="inline", digest=digest, id=number) for number, digest in enumerate("aabbc")]
    assert figures_for(grades).total.groups == 2


def test_without_steps_ids_that_repeat_are_groups() -> None:
    """As trainers send several answers to one problem under its id; ids that do not repeat are no groups."""
    assert figures_for([row(id=7), failed(id=7), row(id="7"), row(id=8)]).total.groups == 1
    assert figures_for([row(id=number) for number in range(5)]).total.groups == 0


def test_groups_that_are_not_seen_for_long_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded: with room for two, a third pushes the first out, whose next answer begins a new group."""
    monkeypatch.setattr(groups, "MOST_OPEN", 2)
    assert figures_for([row(id=1), row(id=2), row(id=1)]).total.groups == 1
    assert figures_for([row(id=1), row(id=2), row(id=3), row(id=1)]).total.groups == 0


def test_steps_are_used_where_most_judged_answers_have_one() -> None:
    """Else the order of the file is; rows without a step are counted, and in no part."""
    half = figures_for([row(step=5), row()])
    assert (half.has_steps, half.unit, half.total.last) == (False, "row", 2)
    most = figures_for([row(step=5), row(), row(step=9), missed(), missed()])
    assert (most.has_steps, most.total.first, most.total.last, most.without_step) == (True, 5, 9, 1)
    assert (most.judged, most.total.not_judged) == (3, 2)


def test_there_is_no_end_of_suites_components_or_reasons_that_memory_would_have_to_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is beyond the bounds is counted together, or left out."""
    monkeypatch.setattr(tally, "MOST_SUITES", 3)
    monkeypatch.setattr(tally, "MOST_COMPONENTS", 3)
    monkeypatch.setattr(tally, "MOST_REASONS", 2)
    words = ("one", "two", "three", "four", "five")
    grades = [row(suite=word, components={word: 1.0}) for word in words] + [missed(message=word) for word in words]
    figures = figures_for(grades)
    assert [(suite.suite, suite.answers) for suite in figures.suites] == [
        (OTHER_SUITES, 2), ("one", 1), ("three", 1), ("two", 1),
    ]  # fmt: skip
    assert [component.name for component in figures.components] == ["correctness", "one", "two"]
    assert figures.not_judged == [("other reasons", 3), ("one", 1), ("two", 1)]
    assert len(figures_for([row(suite="x" * 1000)]).suites[0].suite) == suites.LONGEST_ID


def test_messages_that_differ_in_numbers_are_one_reason() -> None:
    """Lines, workers and ports would otherwise make each its own."""
    assert figures_for([row(), missed(message="worker 1"), missed(message="worker 22")]).not_judged == [("worker N", 2)]


def test_a_grade_without_correctness_has_its_credit() -> None:
    """Grades of the first release have no components."""
    figures = figures_for([row(), failed(credit=0.5)])
    assert [(component.name, component.mean) for component in figures.components] == [("correctness", 0.75)]


def _suspicious(*grades: dict[str, object]) -> dict[Why, int]:
    return figures_for(grades).suspicious


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"anomalies": ["files"]}, {Why.LEFT_SOMETHING: 1}),
        ({"baseline": 0.5}, {Why.GAMEABLE: 1}),
        ({"baseline": 0.49}, {}),
        ({"tests": [{"attempts": 2}]}, {Why.RETRIED: 1}),
        ({"tests": [{"attempts": 1}]}, {}),
    ],
)
def test_passes_that_are_worth_a_look_say_why(fields: dict[str, object], why: dict[Why, int]) -> None:
    """By what the row itself holds; an answer that fails is never suspicious."""
    assert _suspicious(row(**fields)) == why
    assert _suspicious(failed(**fields)) == {}


def test_the_only_pass_among_many_is_worth_a_look() -> None:
    """Among twenty answers, not among nineteen; and not where two pass."""
    assert _suspicious(row(), *[failed()] * 19) == {Why.ONLY_ONE: 1}
    assert _suspicious(row(), *[failed()] * 18) == {}
    assert _suspicious(row(), row(), *[failed()] * 19) == {}


@pytest.mark.parametrize(("cost", "usual", "found"), [(0.01, 0.2, 1), (0.05, 0.2, 0), (0.001, 0.019, 0)])
def test_a_pass_that_is_far_cheaper_is_worth_a_look(cost: float, usual: float, found: int) -> None:
    """A tenth of the usual processor time is; what takes next to none is measured too badly to tell."""
    grades = [row(id=number, tests=[{"cpu_seconds": usual}]) for number in range(30)]
    figures = figures_for([*grades, row(id="cheap", tests=[{"cpu_seconds": cost}])])
    assert figures.suspicious.get(Why.CHEAP, 0) == found
    assert [example.answer.id for example in figures.examples] == ["cheap"] * found
