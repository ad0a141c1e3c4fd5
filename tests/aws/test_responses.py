"""Replies keep the contract, and a judge's failure is not the model's."""

from __future__ import annotations

import json

import msgspec
import pytest
from contract import enveloped_results_of, metric, results_of
from hypothesis import given
from hypothesis import strategies as st
from judges import judged, unjudged

from verifier.aws.responses import build_response, in_envelope
from verifier.components.loading import TAKEN
from verifier.grade import Grade
from verifier.report import TestResult
from verifier.sample import Sample
from verifier.verdict import Verdict


def _samples(*prompts: str) -> list[Sample]:
    return [Sample(id=str(number), prompt_key=prompt) for number, prompt in enumerate(prompts)]


def _scores(grades: list[Grade], *prompts: str) -> list[float]:
    reply = build_response(_samples(*prompts), grades, neutral=0.5)
    return [result["aggregate_reward_score"] for result in reply]


def test_what_was_not_judged_gets_the_mean_of_its_prompt() -> None:
    """Only judged samples of the same prompt count."""
    grades = [judged(1.0), unjudged(), judged(-0.5, credit=0.5), judged(-1.0, credit=0.0), unjudged()]
    assert _scores(grades, "p", "p", "p", "q", "q") == [1.0, 0.25, -0.5, -1.0, -1.0]


def test_what_was_not_judged_has_the_rewards_of_its_prompt_too() -> None:
    """Means over a batch say the same with it as without it."""
    reply = build_response(_samples("p", "p"), [judged(credit=0.5), unjudged()], neutral=0.0)
    assert [metric(result, "correctness") for result in reply] == [0.5, 0.5]
    assert [metric(result, "judged") for result in reply] == [1, 0]
    assert [metric(result, "accepted") for result in reply] == [0, 0]


def test_a_prompt_of_which_nothing_was_judged_is_neutral() -> None:
    """There is no mean to take."""
    assert _scores([unjudged(), judged(-1.0)], "p", "q") == [0.5, -1.0]


@pytest.mark.parametrize("reward", [float("nan"), float("inf"), None])
def test_a_reward_that_json_cannot_carry_is_not_judged(reward: float | None) -> None:
    """It would make the whole reply unreadable."""
    reply = build_response(_samples("p"), [judged(reward)], neutral=0.5)
    (result,) = results_of(reply, ["0"])
    assert result["aggregate_reward_score"] == 0.5
    assert metric(result, "judged") == 0


def test_tests_are_counted_by_verdict() -> None:
    """Metrics count tests; a test that was never started is expected and not run."""
    verdicts = [Verdict.ACCEPTED, *[Verdict.TIME_LIMIT_EXCEEDED] * 3, Verdict.WRONG_ANSWER]
    tests = [TestResult(name="t", verdict=verdict, wall_seconds=0.1) for verdict in verdicts]
    tests.append(TestResult(name="t", verdict=Verdict.TIME_LIMIT_EXCEEDED))
    grade = Grade(
        suite="s", digest="", verdict=Verdict.TIME_LIMIT_EXCEEDED, reward=-0.9, judged=True, tests=tuple(tests)
    )
    (result,) = results_of(build_response(_samples("p"), [grade], neutral=0.0), ["0"])
    assert metric(result, "tests_expected") == 6
    assert metric(result, "tests_run") == 5
    assert metric(result, "timeouts") == 4
    assert metric(result, "wrong_answers") == 1
    assert metric(result, "pass_rate") == 1 / 6


def test_no_text_of_a_grade_is_in_a_reply() -> None:
    """Messages and details are for people who grade, never for the policy."""
    tests = (TestResult(name="secret-name", verdict=Verdict.WRONG_ANSWER, detail="secret-detail"),)
    grade = Grade(
        suite="secret-suite",
        digest="secret-digest",
        verdict=Verdict.WRONG_ANSWER,
        reward=-0.8,
        judged=True,
        tests=tests,
        message="secret-message",
    )
    assert "secret" not in json.dumps(build_response(_samples("p"), [grade], neutral=0.0))


def test_the_envelope_carries_the_list_as_text() -> None:
    """HTTP trainers decode the body themselves."""
    enveloped_results_of(in_envelope(build_response(_samples("p"), [judged()], neutral=0.0)), ["0"])


def test_no_component_can_take_the_name_of_a_metric() -> None:
    """Whatever else stands in a reply is a name that a policy may not give to a component."""
    (result,) = results_of(build_response(_samples("p"), [judged(credit=0.5)], neutral=0.0), ["0"])
    names = {"aggregate_reward_score", *(entry["name"] for entry in result["metrics_list"])}
    assert names == TAKEN | {"correctness"} | judged().components.keys()


def test_a_component_that_was_not_judged_is_no_metric() -> None:
    """A reply holds numbers only; what was measured keeps its name and its type."""
    components = {"correctness": 0.5, "format": 1.0, "ai_feedback": None}
    grade = msgspec.structs.replace(judged(credit=0.5), components=components)
    (result,) = results_of(build_response(_samples("p"), [grade], neutral=0.0), ["0"])
    kinds = {entry["name"]: entry["type"] for entry in result["metrics_list"]}
    assert "ai_feedback" not in kinds
    assert kinds["format"] == kinds["correctness"] == "Reward"
    assert (metric(result, "correctness"), metric(result, "format")) == (0.5, 1.0)


def test_correctness_is_what_may_be_paid() -> None:
    """After a violation the tests that passed have earned credit, and none of it is due."""
    grade = msgspec.structs.replace(
        judged(-1.0), verdict=Verdict.SECURITY_VIOLATION, credit=0.75, components={"correctness": 0.0}
    )
    (result,) = results_of(build_response(_samples("p"), [grade], neutral=0.0), ["0"])
    assert metric(result, "correctness") == 0.0


def test_means_stand_in_for_the_components_too() -> None:
    """Of those of the group that have them."""
    grades = [
        msgspec.structs.replace(judged(), components={"correctness": 1.0, "format": 0.5, "efficiency": None}),
        msgspec.structs.replace(judged(), components={"correctness": 1.0, "format": 1.0, "efficiency": 0.25}),
        unjudged(),
    ]
    *_, last = results_of(build_response(_samples("p", "p", "p"), grades, neutral=0.0), ["0", "1", "2"])
    assert [metric(last, name) for name in ("format", "efficiency", "judged")] == [0.75, 0.25, 0]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "q"]),
            st.builds(
                Grade,
                suite=st.text(),
                digest=st.text(),
                verdict=st.sampled_from(Verdict),
                reward=st.none() | st.floats(),
                judged=st.booleans(),
                credit=st.floats(),
                components=st.dictionaries(
                    st.sampled_from(["correctness", "format", "judged"]), st.none() | st.floats()
                ),
            ),
        )
    )
)
def test_any_grades_make_a_valid_reply(pairs: list[tuple[str, Grade]]) -> None:
    """No number that a policy or a component comes to can break the contract."""
    samples = _samples(*(prompt for prompt, _ in pairs))
    reply = build_response(samples, [grade for _, grade in pairs], neutral=0.0)
    results_of(reply, [sample.id for sample in samples])
