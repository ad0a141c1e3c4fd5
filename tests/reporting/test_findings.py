"""What to look at: a healthy run says so, and each trouble is told, on the right side of its limit."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.reporting.grades import a_run, failed, figures_for, missed, row
from verifier.reporting.findings import Level, findings_of, is_healthy


def _titles(grades: list[dict[str, Any]], *levels: Level) -> list[str]:
    return [finding.title for finding in findings_of(figures_for(grades)) if not levels or finding.level in levels]


def test_a_healthy_run_says_so() -> None:
    """Nothing but notes, the progress among them."""
    found = findings_of(a_run("healthy"))
    assert is_healthy(found)
    assert "The pass rate rises" in [finding.title for finding in found]


def test_a_run_that_collapses_is_told() -> None:
    """The reward and the pass rate fall from their best, and programs go missing."""
    alarms = [finding.title for finding in findings_of(a_run("collapsing")) if finding.level is Level.ALARM]
    assert {"The reward collapses", "The pass rate falls", "Fewer answers hold a program"} <= set(alarms)


def test_a_component_that_rises_while_correctness_falls_is_told() -> None:
    """The sign of a reward that is being hacked; a component that only rises is none."""
    alarms = [finding.title for finding in findings_of(a_run("hacking")) if finding.level is Level.ALARM]
    assert "conciseness rises while correctness falls" in alarms
    assert not any(title.startswith(("format", "efficiency")) for title in alarms)
    assert "conciseness rises while correctness falls" not in [
        finding.title for finding in findings_of(a_run("healthy"))
    ]


def test_a_reward_that_rises_without_passes_is_told() -> None:
    """Fewer answers pass, and yet more is paid."""
    grades = []
    for step in range(60):
        passing = 24 - step // 5
        grades += [row(step=step, reward=0.2 + step / 100)] * passing
        grades += [failed(step=step, reward=-0.1 + step / 100)] * (40 - passing)
    assert "The reward rises without passes" in _titles(grades, Level.ALARM)


def test_chance_is_no_finding() -> None:
    """Runs in which nothing changes are healthy, whatever is drawn."""
    for seed in range(20):
        draw = random.Random(seed)  # noqa: S311 - nothing secret
        grades = [row(step=n // 8) if draw.random() < 0.5 else failed(step=n // 8) for n in range(400)]
        assert _titles(grades, Level.ALARM, Level.WARNING) == []


@pytest.mark.parametrize(("count", "told"), [(1, []), (2, ["Many answers are not judged"])])
def test_many_answers_that_are_not_judged_are_told(count: int, told: list[str]) -> None:
    """More than one in a hundred."""
    grades = [row(id=n) if n % 2 else failed(id=n) for n in range(100 - count)] + [missed(id=-1)] * count
    assert _titles(grades) == told


@pytest.mark.parametrize(("violations", "level"), [(0, None), (1, Level.NOTE), (2, Level.WARNING), (11, Level.ALARM)])
def test_violations_are_told_by_how_many_there_are(violations: int, level: Level | None) -> None:
    """A few in a thousand are a note, more than one in a hundred an alarm."""
    broken = row(verdict="security_violation", reward=-1.0, credit=0.0)
    grades = [broken] * violations + [row() if n % 2 else failed() for n in range(1000 - violations)]
    levels = [finding.level for finding in findings_of(figures_for(grades)) if finding.title == "Violations"]
    assert levels[:1] == ([] if level is None else [level])


@pytest.mark.parametrize(
    ("flat", "level"), [(19, []), (20, [Level.WARNING]), (35, [Level.WARNING]), (36, [Level.ALARM])]
)
def test_groups_without_variance_are_told(flat: int, level: list[Level]) -> None:
    """Half of the groups is a warning, nine in ten an alarm: GRPO learns nothing from them."""
    grades = []
    for number in range(40):
        last = failed if number < flat else row
        grades += [failed(step=0, group=number), last(step=0, group=number)]
    found = [finding.level for finding in findings_of(figures_for(grades)) if finding.place == "groups"]
    assert found == level


@pytest.mark.parametrize(("missing", "told"), [(5, []), (6, ["feedback is often not judged"])])
def test_a_component_that_is_often_not_judged_is_told(missing: int, told: list[str]) -> None:
    """More than one in twenty."""
    grades = [row(id=n, components={"feedback": None if n < missing else 0.5}) for n in range(100)]
    assert [title for title in _titles(grades) if title.startswith("feedback")] == told


def test_suites_of_the_wrong_difficulty_are_told() -> None:
    """Where more than half always or never pass there is little to learn."""

    def grades(learnable: int) -> list[dict[str, Any]]:
        passes = [(n, k, n % 2 == 1 or (n < learnable and k % 2 == 1)) for k in range(8) for n in range(12)]
        return [(row if passed else failed)(suite=f"s{n}", id=f"{n}/{k}") for n, k, passed in passes]

    assert "Suites of the wrong difficulty" in _titles(grades(8))
    assert "Suites of the wrong difficulty" not in _titles(grades(12))


def test_passes_that_left_something_are_told() -> None:
    """From one in two hundred on."""
    grades = [row(id=n, anomalies=["files"] if n < 6 else []) if n % 2 else failed(id=n) for n in range(1000)]
    assert "Passes that left something behind" in _titles(grades)
    assert "Passes that left something behind" not in _titles([dict(grade, anomalies=[]) for grade in grades])
