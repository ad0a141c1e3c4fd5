"""The shapes of targets: told by parameters, called as trainers do, and what they return read as rewards."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites import (
    CallSuite,
    CallTest,
    Comparator,
    ScriptSuite,
    ScriptTest,
    StdioSuite,
    StdioTest,
    SuiteLimits,
    inline_suite,
)
from verifier.fuzzing.exploits import SUITES, UNUSABLE, problem
from verifier.fuzzing.targets import TargetError, inline_reference
from verifier.fuzzing.targets.inline import carries_inline
from verifier.fuzzing.targets.rewards import NoRewardError, reply_reward, reward_of
from verifier.fuzzing.targets.shapes import caller_of, shape_of
from verifier.grade import not_judged
from verifier.policy import Binary, Graded

REFERENCE = {"inputs": ["1"], "outputs": ["2"]}


def _answer(answer: str, reference_answer: dict[str, Any]) -> None: ...
def _trl(completions: list[Any], **columns: Any) -> None: ...
def _verl(data_source: str, solution_str: str, ground_truth: str, extra_info: Any = None) -> None: ...
def _aws(event: Any, context: Any) -> None: ...
def _comparator(expected: Any, actual: Any) -> None: ...
def _extractor(answer: str, language: str) -> None: ...


@pytest.mark.parametrize(
    ("found", "shape"),
    [
        (_answer, "answer"), (_trl, "trl"), (_verl, "verl"), (_aws, "aws"), (_comparator, "comparator"),
        (_extractor, "extractor"), (Graded(), "policy"), (Binary, "policy"),
    ],
)  # fmt: skip
def test_a_shape_is_told_by_the_parameters(found: Any, shape: str) -> None:
    """Each trainer's signature is known by the names in it."""
    assert shape_of(found) == shape


def test_a_shape_that_cannot_be_told_is_an_error_that_lists_them() -> None:
    """It says which parameters there are, and which shapes."""
    with pytest.raises(TargetError, match=r"\(one, two\).*--shape.*trl-chat.*verl \(ground_truth, solution_str\)"):
        shape_of(lambda one, two: 0)


def test_each_shape_is_called_as_its_trainer_does() -> None:
    """What reaches the function is the answer and the suite, in that trainer's form."""
    seen: list[Any] = []

    def verl(**given: Any) -> dict[str, Any]:
        seen.append(given)
        return {"score": 0.5, "acc": 1}

    def aws(event: Any, context: Any) -> dict[str, Any]:
        assert context.get_remaining_time_in_millis() == 7000
        results = [{"id": each["id"], "aggregate_reward_score": 0.25} for each in event]
        seen.append(event)
        return {"statusCode": 200, "body": json.dumps(results)}

    async def answer(text: str, reference: Any) -> float:
        seen.append((text, reference))
        return 0.75

    assert caller_of(verl, "verl")("text", REFERENCE) == 0.5
    assert seen[-1]["solution_str"] == "text"
    assert json.loads(seen[-1]["ground_truth"]) == REFERENCE
    assert caller_of(aws, "aws", seconds=7)("text", REFERENCE) == 0.25
    assert seen[-1][0]["messages"][-1] == {"role": "assistant", "content": "text"}
    assert seen[-1][0]["reference_answer"] == REFERENCE
    assert caller_of(answer, "answer")("text", REFERENCE) == 0.75
    assert seen[-1] == ("text", REFERENCE)


def test_trl_functions_get_texts_or_conversations_as_they_can_read_them() -> None:
    """The first answer tells; a fixed form is kept to; every usual column holds the suite."""

    def chat(completions: list[Any], solution: list[Any]) -> list[float]:
        return [float(conversation[0]["content"] == "x" and solution == [REFERENCE]) for conversation in completions]

    def text(prompts: Any, completions: list[Any], **columns: Any) -> list[float | None]:
        assert columns["ground_truth"] == columns["verification_info"] == [REFERENCE]
        return [None if each == "x" else 0.0 for each in completions]

    assert caller_of(chat, "trl")("x", REFERENCE) == 1.0
    assert caller_of(text, "trl")("x", REFERENCE) is None
    assert caller_of(chat, "trl-chat")("x", REFERENCE) == 1.0
    with pytest.raises(TypeError):
        caller_of(chat, "trl-text")("x", REFERENCE)
    assert caller_of(text, "trl-chat")("x", REFERENCE) == 0.0


def test_a_trl_function_that_needs_another_column_says_so() -> None:
    """The column can be named, and is then the only one."""

    def needs(completions: list[str], tests: list[Any], **columns: Any) -> list[float]:
        return [float(tests == [REFERENCE] and "ground_truth" not in columns)]

    with pytest.raises(TargetError, match="column tests"):
        caller_of(needs, "trl")
    assert caller_of(needs, "trl", column="tests")("x", REFERENCE) == 1.0


@pytest.mark.parametrize(
    ("value", "reward"),
    [
        (1, 1.0), (True, 1.0), (0.5, 0.5), (None, None), ({"reward": 0.5, "score": 1.0}, 0.5), ({"score": 0.25}, 0.25),
        ({"aggregate_reward_score": -1}, -1.0), (not_judged("s", "d", ""), None), (-math.inf, -math.inf),
    ],
)  # fmt: skip
def test_numbers_grades_and_dictionaries_are_rewards(value: Any, reward: float | None) -> None:
    """None, and a grade that was not judged, say that the target declined."""
    assert reward_of(value) == reward


@pytest.mark.parametrize("value", ["1.0", b"1", [1.0], {}, {"points": 1}, object(), 10**400, {"reward": "1"}])
def test_what_is_no_reward_is_told_by_its_type(value: Any) -> None:
    """Texts, lists, other dictionaries and numbers without end are none."""
    with pytest.raises(NoRewardError):
        reward_of(value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "body", "statusCode", "aggregate_reward_score", "metrics_list", "name", "value", "errorType"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_any_reply_is_a_reward_or_told_to_be_none(reply: Any) -> None:
    """Nothing else is raised, whatever an endpoint says."""
    try:
        reward = reply_reward(reply)
    except NoRewardError:
        return
    assert reward is None or isinstance(reward, float)


def test_a_reply_that_says_not_judged_is_declined() -> None:
    """As our own handler says it; errors, other statuses and other ids of rewards are none."""
    metrics = [{"name": "judged", "value": 0, "type": "Metric"}]
    assert reply_reward([{"id": "1", "aggregate_reward_score": 0.0, "metrics_list": metrics}]) is None
    for wrong in ({"errorType": "Oops", "errorMessage": ""}, {"statusCode": 500, "body": "[]"}, [], [{"id": "1"}]):
        with pytest.raises(NoRewardError):
            reply_reward(wrong)


CARRIED = [
    StdioSuite(id="a/b", tests=(StdioTest(stdin="1\n", stdout="2\n", name="first"), StdioTest(stdin="", stdout=""))),
    StdioSuite(
        id="s",
        limits=SuiteLimits(cpu_seconds=2.5, output_mb=1),
        comparator=Comparator(name="floats", absolute=0.1),
        tests=(StdioTest(stdin="1", stdout="0.5"),),
    ),
    CallSuite(id="c", entry_point="f", tests=(CallTest(args=(1, [2, "x"]), expected={"k": None}),)),
    CallSuite(id="c", entry_point="f", tests=(CallTest(args=(), expected=[1]), CallTest(args=("",), expected=[[]]))),
    CallSuite(id="c", entry_point="f", tests=(CallTest(args=(math.inf,), expected=10**40),)),
    ScriptSuite(id="t", names=("f",), tests=(ScriptTest(code="assert f(1) == 2"), ScriptTest(code="f()"))),
]
NOT_CARRIED = [
    StdioSuite(id="s", tests=(StdioTest(stdin="1", stdout="2", weight=2.0),)),
    StdioSuite(id="s", tests=(StdioTest(stdin="1", stdout="2", group="g"),)),
    CallSuite(id="c", entry_point="f", tests=(CallTest(args=((1, 2),), expected=1),)),
    CallSuite(id="c", entry_point="f", tests=(CallTest(args=(1,), expected={1}),)),
    CallSuite(id="c", entry_point="f", tests=(CallTest(args=(1,), kwargs={"k": 1}, expected=1),)),
    CallSuite(id="c", entry_point="f", tests=(CallTest(args=([1],), expected=[1], read_back=0),)),
    CallSuite(id="c", entry_point="f", fresh=True, tests=(CallTest(args=(1,), expected=1),)),
    ScriptSuite(id="t", names=("f",), setup="x = 1", tests=(ScriptTest(code="assert f(x)"),)),
    ScriptSuite(id="t", names=("g",), tests=(ScriptTest(code="assert f(1)"),)),
]


@pytest.mark.parametrize("suite", CARRIED)
def test_a_suite_travels_inline_and_comes_back(suite: Any) -> None:
    """As JSON too; only the names of its tests stay behind."""
    reference = json.loads(json.dumps(inline_reference(suite)))
    again = inline_suite(reference, suite_id=suite.id)
    assert [(test.__struct_fields__, type(test)) for test in again.tests] == [
        (test.__struct_fields__, type(test)) for test in suite.tests
    ]
    assert carries_inline(suite)
    assert carries_inline(again)
    assert inline_reference(again) == reference


@pytest.mark.parametrize("suite", NOT_CARRIED)
def test_what_cannot_be_said_inline_is_refused(suite: Any) -> None:
    """Rather than a suite that grades otherwise."""
    assert not carries_inline(suite)
    with pytest.raises(ValueError, match="cannot travel"):
        inline_reference(suite)


def test_the_suites_of_the_exploits_travel() -> None:
    """All but the one whose answer is read back from an argument, and files of tests."""
    stay = {path.name for path in SUITES.iterdir() if path.name not in UNUSABLE} - {
        path.name for path in SUITES.iterdir() if path.name not in UNUSABLE and carries_inline(problem(path.name).suite)
    }
    assert stay == {
        "sort-call",
        "add-unittest",
        "add-pytest",
        "shapes-unittest",
        "shapes-pytest",
        "spin-unittest",
        "spin-pytest",
    }
