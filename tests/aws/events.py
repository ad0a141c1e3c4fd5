"""Events as trainers send them, one maker for each shape of the contract."""

from __future__ import annotations

import base64
import json
from typing import Any

DOUBLE = {"inputs": ["2\n", "21\n", "-4\n"], "outputs": ["4\n", "42\n", "-8\n"]}
"""An inline suite: print the double of a number."""

RIGHT = "Doubling it:\n\n```python\nprint(2 * int(input()))\n```\n"
WRONG = "```python\nprint(4)\n```"  # one test of three
BROKEN = "```python\nprint(2 *\n```"
PROSE = "I do not know."

ANSWERS = {RIGHT: "accepted", WRONG: "wrong_answer", BROKEN: "compile_error", PROSE: "no_code"}


def sample(number: int, answer: str, suite: Any = DOUBLE) -> dict[str, Any]:
    """Make a sample of shape A."""
    turns = [{"role": "user", "content": "Print the double."}, {"role": "assistant", "content": answer}]
    return {"id": f"s-{number}", "messages": turns, "reference_answer": suite, "difficulty": 3}


def shape_a(answers: list[str]) -> Any:
    """Make a training job's list."""
    return [sample(number, answer) for number, answer in enumerate(answers)]


def shape_b(answers: list[str]) -> Any:
    """Put the reference in the metadata, which comes before one beside it."""
    decoy = {"inputs": ["1\n"], "outputs": ["nothing prints this\n"]}
    return [{**item, "metadata": {"reference_answer": DOUBLE}, "reference_answer": decoy} for item in shape_a(answers)]


def shape_c(answers: list[str]) -> Any:
    """Make an evaluation's list: another role, and text in parts."""
    items = shape_a(answers)
    for item in items:
        for turn in item["messages"]:
            turn["content"] = [{"type": "text", "text": turn["content"]}]
        item["messages"][-1]["role"] = "nova_assistant"
        item["reference_answer"] = json.dumps(DOUBLE)
    return items


def shape_d(answers: list[str]) -> Any:
    """Make an HTTP request."""
    return {"body": json.dumps({"batch": shape_a(answers)}), "headers": {"content-type": "application/json"}}


def shape_d_base64(answers: list[str]) -> Any:
    """Make the same as it comes through API Gateway, for which a body may be binary."""
    return {"body": base64.b64encode(json.dumps(shape_a(answers)).encode()).decode(), "isBase64Encoded": True}


def shape_d_object(answers: list[str]) -> Any:
    """Make the same with a body that is decoded already."""
    return {"body": {"batch": shape_a(answers)}}


def shape_e(answers: list[str]) -> Any:
    """Wrap trajectories."""
    return {"trajectories": shape_a(answers)}


BARE = {"A": shape_a, "B": shape_b, "C": shape_c, "E": shape_e}
ENVELOPED = {"D": shape_d, "D base64": shape_d_base64, "D object": shape_d_object}
