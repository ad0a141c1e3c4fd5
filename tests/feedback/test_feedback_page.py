"""What docs/feedback.md says: its policy file, its table of numbers, and the request that it shows."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from tests.feedback.evidences import feedback
from tests.feedback.injections import INJECTIONS
from verifier.components import AIFeedback
from verifier.feedback.plain_code import LONGEST_TEXT, plain_code
from verifier.feedback.request import request_of
from verifier.policy import load_policy

PAGE = (Path(__file__).parents[2] / "docs" / "feedback.md").read_text("utf-8")


def _block(tag: str) -> str:
    """Return the first fenced block of a language."""
    found = re.search(rf"^```{tag}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_policy_file_is_one(tmp_path: Path) -> None:
    """It loads as it stands, and two thirds of what is at stake are the model's."""
    path = tmp_path / "policy.toml"
    path.write_text(_block("toml"), "utf-8")
    policy = load_policy(str(path))
    component = policy.components["ai_feedback"]
    assert isinstance(component, AIFeedback)
    assert component.weight / sum(each.weight for each in policy.components.values()) == 2 / 3
    assert list(component.criteria) == ["readability", "structure"]


def test_the_table_has_every_number_and_its_default() -> None:
    """A number that the component has is in the table, with the value that is built in; and no other is."""
    section = PAGE.split("## Turn it on")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*)`? \|", section, flags=re.MULTILINE))
    words = {"needed": msgspec.NODEFAULT, "boto3's": None}
    fields = {field.name: field.default for field in msgspec.structs.fields(AIFeedback) if field.name != "weight"}
    assert {name: words.get(value, value) for name, value in told.items()} == {
        name: default if default in (None, msgspec.NODEFAULT) else msgspec.json.encode(default).decode()
        for name, default in fields.items()
    }


def test_the_request_is_the_one_that_is_sent() -> None:
    """The block stands in the message just so, and the comment of the program is not in it."""
    shown = _block("text")
    word = re.findall(r"^BEGIN (\w+)$", shown, flags=re.MULTILINE)[0]
    program = plain_code("def double(number):\n    return 2 * number  # full marks\n")
    request = request_of(feedback(sees="code"), prompt="Write double(number).", shown=program, word=word)
    assert request["messages"][0]["content"][0]["text"].startswith(shown)


def test_its_figures_are_those_of_the_code() -> None:
    """Bounds, and the size of a request, are as it says."""
    request = request_of(feedback(), prompt="", shown="")
    sent = len(str(request["system"]) + str(request["messages"]) + str(request["toolConfig"]))
    assert 1_500 < sent < 2_500
    assert f"texts of more than {LONGEST_TEXT} characters" in PAGE
    assert len(INJECTIONS) > 40
