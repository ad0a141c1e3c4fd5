"""What an event comes to in metrics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from judges import judged, unjudged

from verifier.aws.metrics import COMPONENT, UNITS, measure
from verifier.grade import Grade
from verifier.report import TestResult
from verifier.sample import Sample
from verifier.verdict import Verdict

NAMESPACE = "rlvr/tests"
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "monitoring.md"


def _samples(*prompts: str) -> list[Sample]:
    return [Sample(id=str(number), prompt_key=prompt) for number, prompt in enumerate(prompts)]


def _measured(grades: Sequence[Grade], *prompts: str, **changes: Any) -> dict[str, list[float]]:
    prompts = prompts or ("p",) * len(grades)
    arguments = {"bounds": (-1.0, 1.0), "quarantined": False, "seconds": 1.5, **changes}
    return {name: metric.values for name, metric in measure(_samples(*prompts), grades, **arguments).items()}


def test_each_sample_is_a_value_of_the_reward() -> None:
    """So CloudWatch can tell how rewards are spread; what was not judged is none of them."""
    found = _measured([judged(1.0), judged(-0.5, credit=0.5), unjudged(), judged(-1.0, credit=0.0)])
    assert found["reward"] == [1.0, -0.5, -1.0]
    assert found["reward_share"] == [1.0, 0.25, 0.0]
    assert found["component_correctness"] == [1.0, 0.5, 0.0]
    assert (found["samples"], found["judged"], found["not_judged"]) == ([4], [3], [1])


def test_shares_of_the_range_are_never_negative() -> None:
    """CloudWatch has no percentiles of a metric with negative values, and rewards begin at -1."""
    low, high = -0.3, 0.1
    found = _measured([judged(low), judged(high), judged(low - 1e-17)], bounds=(low, high))
    assert found["reward_share"] == [0.0, 1.0, 0.0]


def test_every_verdict_is_counted_every_time() -> None:
    """Also where the count is 0: a metric that comes and goes cannot be divided by another."""
    verdicts = [*Verdict, Verdict.NO_CODE]
    grades = [
        Grade(suite="s", digest="", verdict=verdict, reward=0.0, judged=verdict is not Verdict.JUDGE_ERROR)
        for verdict in verdicts
    ]
    found = _measured(grades)
    for verdict in Verdict:
        if verdict is not Verdict.JUDGE_ERROR:
            assert found[verdict.value] == [2 if verdict is Verdict.NO_CODE else 1]
    assert found["not_judged"] == [1]
    assert {name for name, values in _measured([]).items() if values == [0]} >= {
        verdict.value for verdict in Verdict
    } - {"judge_error"}


def test_tests_are_counted_as_in_the_reply() -> None:
    """Those that were started, and those that there are."""
    tests = (
        TestResult(name="1", verdict=Verdict.ACCEPTED, wall_seconds=0.1),
        TestResult(name="2", verdict=Verdict.TIME_LIMIT_EXCEEDED, wall_seconds=0.1),
        TestResult(name="3", verdict=Verdict.TIME_LIMIT_EXCEEDED),
    )
    grade = Grade(
        suite="s", digest="", verdict=Verdict.TIME_LIMIT_EXCEEDED, reward=-0.9, judged=True, tests=tests, seconds=0.25
    )
    found = _measured([grade, grade])
    assert (found["tests_run"], found["tests_expected"]) == ([4], [6])
    assert found["pass_rate"] == [pytest.approx(1 / 3, abs=1e-6)] * 2
    assert (found["seconds"], found["batch_seconds"]) == ([0.25, 0.25], [1.5])


@pytest.mark.parametrize(
    ("rewards", "prompts", "groups", "without_variance"),
    [
        ([1.0, 1.0], "pp", 1, 1),
        ([1.0, -1.0], "pp", 1, 0),
        ([1.0, 1.0, -1.0, -1.0], "pqpq", 2, 0),
        ([1.0, 1.0, -1.0, -1.0], "ppqq", 2, 2),
        ([1.0], "p", 0, 0),
        ([1.0, None, None], "ppp", 0, 0),
        ([1.0, None, 1.0], "ppp", 1, 1),
        ([1.0, 1.0], ["", ""], 0, 0),
    ],
)
def test_groups_without_variance(
    rewards: list[float | None], prompts: Sequence[str], groups: int, without_variance: int
) -> None:
    """A group is the judged answers to one prompt, two at least; it teaches nothing when all have one reward."""
    found = _measured([unjudged() if reward is None else judged(reward) for reward in rewards], *prompts)
    assert (found["groups"], found["zero_variance_groups"]) == ([groups], [without_variance])


def test_a_component_that_was_not_judged_is_counted_and_has_no_value() -> None:
    """None is no number; nor is what a user's component calls itself a name of ours."""
    one = Grade(
        suite="s",
        digest="",
        verdict=Verdict.ACCEPTED,
        reward=1.0,
        judged=True,
        components={"correctness": 1.0, "ai_feedback": None, "samples": 0.25},
    )
    found = _measured([one, judged()])
    assert found["components_not_judged"] == [1]
    assert found["component_correctness"] == [1.0, 1.0]
    assert "component_ai_feedback" not in found
    assert (found["samples"], found["component_samples"]) == ([2], [0.25])


def test_no_name_of_ours_is_that_of_a_component() -> None:
    """Whatever a user calls a component."""
    assert not any(name.startswith(COMPONENT) for name in UNITS)
    assert "aggregate_reward_score" not in UNITS, "queries for samples would find lines of metrics"


def test_the_page_names_every_metric() -> None:
    """With its unit, and their number."""
    page = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| (`.+) \| (Count|Seconds|None) \|", page, flags=re.MULTILINE)
    told = {name: unit for names, unit in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == {**UNITS, f"{COMPONENT}NAME": "None"}
    assert f"{len(UNITS)} of the table" in page
