"""Every event becomes samples, one for each that was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from events import BARE, DOUBLE, ENVELOPED, RIGHT, sample
from hypothesis import given
from hypothesis import strategies as st

from verifier.aws.events import read_event
from verifier.fuzzing.strategies import broken_samples, json_values
from verifier.sample import Sample


def _only(item: object) -> Sample:
    (found,) = read_event([item]).samples
    return found


@pytest.mark.parametrize("shape", [*BARE, *ENVELOPED])
def test_every_shape_is_read(shape: str) -> None:
    """Answers, suites and ids arrive whole and in order."""
    request = read_event((BARE | ENVELOPED)[shape](["first", RIGHT, ""]))
    assert [(found.id, found.answer, found.suite) for found in request.samples] == [
        ("s-0", "first", DOUBLE),
        ("s-1", RIGHT, DOUBLE),
        ("s-2", "", DOUBLE),
    ]
    assert [found.problem for found in request.samples] == [None] * 3
    assert request.envelope is (shape in ENVELOPED)


def test_one_bare_sample_is_a_batch_of_one() -> None:
    """A caller may send a sample without a list around it."""
    assert [found.answer for found in read_event(sample(0, "x")).samples] == ["x"]


def test_an_empty_batch_has_no_samples() -> None:
    """Nothing asked, nothing answered."""
    assert read_event([]).samples == read_event({"batch": []}).samples == ()


@pytest.mark.parametrize(
    ("turns", "answer"),
    [
        ([], ""),
        ([{"role": "user", "content": RIGHT}], ""),
        ([{"role": "user", "content": "q"}, {"role": "assistant", "content": None}], ""),
        ([{"role": "assistant"}], ""),
        ([{"role": "assistant", "content": "old"}, {"role": "assistant", "content": "new"}], "new"),
        ([{"role": "assistant", "content": "a"}, {"role": "user", "content": RIGHT}], "a"),
        ([{"role": "nova_assistant", "content": [{"type": "text", "text": "a"}, {"text": "b"}, "c"]}], "abc"),
        ([{"role": "assistant", "content": [{"type": "image", "image": "x"}, {"type": "text", "text": "a"}]}], "a"),
    ],
)
def test_the_answer_is_what_an_assistant_said_last(turns: list[Any], answer: str) -> None:
    """A user's turn is never graded, and a row without an answer has an empty one."""
    found = _only({"id": 1, "messages": turns, "reference_answer": "s"})
    assert (found.answer, found.problem) == (answer, None)


@pytest.mark.parametrize(
    ("reference", "suite"),
    [
        ("HumanEval/0", "HumanEval/0"),
        ({"suite": "HumanEval/0", "difficulty": 1}, "HumanEval/0"),
        ('{"suite": "a"}', "a"),
        (json.dumps(DOUBLE), DOUBLE),
        (DOUBLE, DOUBLE),
    ],
)
def test_a_suite_is_named_or_inline(reference: object, suite: object) -> None:
    """Each spelling of a reference answer leads to the same suite, beside the messages or in the metadata."""
    turns = [{"role": "assistant", "content": "x"}]
    assert _only({"messages": turns, "reference_answer": reference}).suite == suite
    assert _only({"messages": turns, "metadata": {"reference_answer": reference}}).suite == suite
    assert (
        _only({"messages": turns, "metadata": {"reference_answer": None}, "reference_answer": reference}).suite == suite
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"messages": None}, "messages: missing"),
        ({"messages": "hi"}, "messages: expected a list"),
        ({"messages": ["hi"]}, "messages[0]: expected an object with role and content"),
        (
            {"messages": [{"role": "assistant", "content": 4}]},
            "messages[0].content: expected text, or a list of text parts",
        ),
        (
            {"messages": [{"role": "assistant", "content": [{"type": "text"}]}]},
            "messages[0].content: a text part without text",
        ),
        ({"reference_answer": None}, "reference_answer: missing; it holds the id of a suite, or a suite"),
        ({"reference_answer": {}}, "reference_answer: missing; it holds the id of a suite, or a suite"),
        ({"reference_answer": "{4242"}, "reference_answer: not JSON"),
        ({"reference_answer": ["assert 4242"]}, "reference_answer: expected the id of a suite, or an object"),
        ({"reference_answer": {"suite": 4242}}, "reference_answer.suite: expected the id of a suite"),
    ],
)
def test_a_problem_names_the_field_and_keeps_the_id(changes: dict[str, Any], problem: str) -> None:
    """A sample that cannot be used says where, quotes nothing, and can still be told from the others."""
    found = _only({**sample(7, "x"), **changes})
    assert (found.id, found.problem) == ("s-7", problem)


@pytest.mark.parametrize(
    "event", [None, 4, "text", {"body": None}, {"body": "{"}, {"body": "=", "isBase64Encoded": True}, {"batch": 4}]
)
def test_an_event_without_a_list_is_one_sample_with_a_problem(event: object) -> None:
    """Who sent it gets one result that is not judged, rather than an exception or silence."""
    (found,) = read_event(event).samples
    assert found.problem is not None


def test_nesting_without_end_is_a_problem() -> None:
    """A body or a reference of 100,000 brackets is refused, not followed."""
    (found,) = read_event({"body": "[" * 100_000}).samples
    assert found.problem == "body: not JSON"
    assert _only(sample(0, "x", '{"inputs": ' + "[" * 100_000)).problem == "reference_answer: not JSON"


@pytest.mark.parametrize(
    ("given", "sent_back"),
    [("a", "a"), (7, 7), (1.5, 1.5), (None, None), ("\ud800x", "\ufffdx"), (float("nan"), None), (["a"], None)],
)
def test_an_id_is_kept_unless_no_reply_can_carry_it(given: object, sent_back: object) -> None:
    """One odd id must not make the reply for the whole batch unsendable."""
    assert _only({**sample(0, "x"), "id": given}).id == sent_back


def test_samples_of_one_prompt_share_a_key() -> None:
    """The answer has no part in the key; the prompt and the suite have."""
    key = _only(sample(0, "x")).prompt_key
    other_prompt = sample(0, "x")
    other_prompt["messages"][0]["content"] = "Print the half."
    assert _only(sample(1, "y")).prompt_key == key
    assert _only(other_prompt).prompt_key != key
    assert _only(sample(0, "x", "other-suite")).prompt_key != key


@given(st.lists(broken_samples(), max_size=5))
def test_any_list_gives_one_sample_for_each_item(items: list[Any]) -> None:
    """Whatever the items are."""
    assert len(read_event(items).samples) == len(items)
    assert len(read_event({"body": {"batch": items}}).samples) == len(items)
    assert len(read_event({"body": json.dumps(items)}).samples) == len(items)


@given(
    json_values()
    | st.fixed_dictionaries({"body": json_values() | st.text()}, optional={"isBase64Encoded": json_values()})
)
def test_no_event_raises(event: object) -> None:
    """An exception would fail a trainer's whole batch."""
    assert all(isinstance(found.answer, str) for found in read_event(event).samples)


@pytest.mark.parametrize(
    ("item", "step"),
    [
        ({}, None),
        ({"step": 0}, 0),
        ({"step": 12}, 12),
        ({"metadata": {"step": 3}, "step": 12}, 3),
        ({"metadata": {}, "step": 12}, 12),
        ({"metadata": {"step": "3"}, "step": 12}, 12),
        ({"step": "12"}, None),
        ({"step": 1.5}, None),
        ({"step": True}, None),
        ({"step": -1}, None),
        ({"step": (1 << 53) - 1}, (1 << 53) - 1),
        ({"step": 1 << 53}, None),
    ],
    ids=str,
)
def test_the_step_of_the_training_is_read_where_there_is_one(item: dict[str, Any], step: int | None) -> None:
    """A bad one is left out, and the sample is graded all the same."""
    (read,) = read_event([{**sample(0, RIGHT), **item}]).samples
    assert (read.step, read.problem) == (step, None)
