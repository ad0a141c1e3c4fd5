"""verifier.components.ai_feedback: what a policy file may say."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from tests.feedback.evidences import CRITERIA, feedback
from verifier.components import AIFeedback, ComponentError, component_of, panel_of
from verifier.components.loading import ALWAYS
from verifier.policy import PolicyError, load_policy

FILE = """
kind = "graded"
at_stake = 0.2

[components.ai_feedback]
weight = 1
model = "us.amazon.nova-pro-v1:0"
region = "us-east-1"
sees = "code"

[components.ai_feedback.criteria]
readability = "Could a stranger follow it?"
"""


def test_a_file_turns_it_on(tmp_path: Path) -> None:
    """With the numbers of the file, and the built-in ones for the rest."""
    path = tmp_path / "policy.toml"
    path.write_text(FILE, encoding="utf-8")
    policy = load_policy(path)
    found = policy.components["ai_feedback"]
    assert isinstance(found, AIFeedback)
    assert (found.weight, found.model, found.sees, found.budget) == (1.0, "us.amazon.nova-pro-v1:0", "code", 256)
    assert found.only_accepted
    assert policy.stake == 0.2


def test_it_is_off_until_a_file_names_it() -> None:
    """It costs money, so nobody has it who did not ask for it."""
    assert "ai_feedback" not in ALWAYS
    assert "ai_feedback" not in panel_of({})


BOUNDS = {
    "budget": (1, 1_000_000),
    "cache": (0, 1_000_000),
    "longest": (1, 200_000),
    "max_tokens": (16, 32_768),
    "attempts": (1, 10),
    "seconds": (0.1, 600),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_numbers_at_their_bounds(name: str) -> None:
    """Each takes its least and its most, and nothing beside them; the message names it and the bounds."""
    least, most = BOUNDS[name]
    for good in (least, most):
        feedback(**{name: good})
    for bad in (math.nextafter(least, -1), most + 1, math.nan):
        with pytest.raises(ComponentError, match=f"^{name}: .* must be from {least} to {most}$"):
            feedback(**{name: bad})


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"model": ""}, "model: '' is no id"),
        ({"model": "a model"}, "model: 'a model' is no id"),
        ({"model": "m" * 2049}, "model: "),
        ({"model": "../../x"}, "model: "),
        ({"region": "earth"}, "region: 'earth' is no region"),
        ({"region": "us-east-1.evil.example"}, "region: "),
        ({"sees": "everything"}, "sees"),
        ({"criteria": {}}, "criteria: name 1 to 16"),
        ({"criteria": {f"c{number}": "w" for number in range(17)}}, "criteria: name 1 to 16"),
        ({"criteria": {"two words": "w"}}, "criteria: name 'two words' with letters"),
        ({"criteria": {"größe": "w"}}, "criteria: name 'größe' with letters"),
        ({"criteria": {"c" * 65: "w"}}, "criteria: name "),
        ({"criteria": {"c": " "}}, "criteria: say in 1 to 4000 characters how to score c"),
        ({"criteria": {"c": "w" * 4001}}, "criteria: say in 1 to 4000"),
        ({"criteria": "be kind"}, "criteria"),
        ({"weight": -1}, "weight: -1.0 must be 0 or more"),
        ({"budget": 1.5}, "budget"),
        ({"calls": 7}, "calls"),
    ],
)
def test_tables_that_cannot_be(table: dict[str, Any], words: str) -> None:
    """The message names the component and the number."""
    with pytest.raises(ComponentError) as caught:
        component_of("ai_feedback", {"model": "m", "criteria": CRITERIA, **table})
    assert str(caught.value).startswith("components.ai_feedback: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("missing", ["model", "criteria"])
def test_what_a_table_must_have(missing: str, tmp_path: Path) -> None:
    """A model and criteria are nobody's to guess."""
    table = {"model": "m", "criteria": CRITERIA}
    del table[missing]
    with pytest.raises(ComponentError, match=missing):
        component_of("ai_feedback", table)
    path = tmp_path / "policy.toml"
    path.write_text('kind = "binary"\n[components.ai_feedback]\nweight = 1\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=r"components\.ai_feedback: .*model"):
        load_policy(path)


@pytest.mark.parametrize(
    "model",
    [
        "amazon.nova-lite-v1:0",
        "m" * 2048,
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0",
    ],
)
def test_models_that_can_be(model: str) -> None:
    """Ids and ARNs of models, and of inference profiles."""
    assert feedback(model=model).model == model


def test_sixteen_criteria_and_long_words_can_be() -> None:
    """The other side of their bounds."""
    assert len(feedback(criteria={f"c{number}": "w" * 4000 for number in range(16)}).criteria) == 16
