"""Events of a Lambda function: the shapes of `verifier.aws.events`, and broken ones."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import strategies as st

from verifier.fuzzing.strategies.answers import broken_answers
from verifier.fuzzing.strategies.values import json_values

_SUITES = ({"inputs": ["2\n"], "outputs": ["4\n"]}, {"suite": "a/b"}, "a/b")


@st.composite
def events(draw: st.DrawFn) -> Any:
    """Make events with one to three samples, in any shape from A to E.

    For example ``{"body": '[{"id": "s-0", "messages": [...], "reference_answer": "a/b"}]'}``. Shrinks to shape A with
    one sample and an empty answer.
    """
    shape = draw(st.sampled_from("ABCDE"))
    count = draw(st.integers(1, 3))
    samples = [_sample(number, draw(broken_answers()), draw(st.sampled_from(_SUITES))) for number in range(count)]
    if shape == "B":
        samples = [{"metadata": {"reference_answer": sample.pop("reference_answer")}, **sample} for sample in samples]
    if shape == "C":
        samples = [_in_parts(sample) for sample in samples]
    if shape == "D":
        return _enveloped(samples, draw(st.sampled_from(["text", "base64", "object"])))
    if shape == "E":
        return draw(st.sampled_from([samples[0], {"trajectories": samples}, {"batch": samples}]))
    return samples


def broken_samples(*, allow_nan: bool = True) -> st.SearchStrategy[Any]:
    """Make samples of which something is broken, most often: fields missing, or of any JSON value. Shrinks to None.

    Args:
        allow_nan: as in `json_values`; the runtime client of Lambda refuses NaN.
    """
    anything = json_values(allow_nan=allow_nan)
    text_parts = st.lists(st.fixed_dictionaries({"type": st.just("text"), "text": anything}), max_size=3)
    roles = st.sampled_from(["user", "assistant", "nova_assistant", "tool"]) | anything
    turn = anything | st.fixed_dictionaries({}, optional={"role": roles, "content": anything | text_parts})
    reference = st.one_of(
        anything,
        st.fixed_dictionaries({"suite": anything}),
        st.fixed_dictionaries({"inputs": anything, "outputs": anything}),
    )
    return anything | st.fixed_dictionaries(
        {},
        optional={
            "id": anything,
            "messages": anything | st.lists(turn, max_size=4),
            "metadata": anything | st.fixed_dictionaries({"reference_answer": reference}),
            "reference_answer": reference,
        },
    )


def _sample(number: int, answer: str, reference: Any) -> dict[str, Any]:
    turns = [{"role": "user", "content": "Print the double."}, {"role": "assistant", "content": answer}]
    return {"id": f"s-{number}", "messages": turns, "reference_answer": reference}


def _in_parts(sample: dict[str, Any]) -> dict[str, Any]:
    turns = [{**turn, "content": [{"type": "text", "text": turn["content"]}]} for turn in sample["messages"]]
    turns[-1]["role"] = "nova_assistant"
    return {**sample, "messages": turns}


def _enveloped(samples: list[Any], form: str) -> Any:
    match form:
        case "object":
            return {"body": {"batch": samples}}
        case "base64":
            return {"body": base64.b64encode(json.dumps(samples).encode()).decode(), "isBase64Encoded": True}
    return {"body": json.dumps(samples), "headers": {"content-type": "application/json"}}
