"""verifier.components.format: nobody can mistake which part of an answer is the program."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.components.evidence_made import answered
from verifier.components import Format
from verifier.extraction import extract, layout

BLOCK = "```python\nf()\n```\n"


def figure(answer: str, language: str = "python") -> int:
    """Return how many of the three conditions an answer meets."""
    share = Format().measure(answered(answer, language))
    assert share is not None
    return round(3 * share)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(BLOCK, id="a block"),
        pytest.param(f"Here:\n{BLOCK}Done.", id="with prose"),
        pytest.param(f"<think>\n{BLOCK}</think>{BLOCK}", id="drafts in the reasoning"),
        pytest.param(f"so\n</think>\n{BLOCK}", id="the prompt opened the reasoning"),
        pytest.param(f"<think>a</think>{BLOCK}<reasoning>b</reasoning>", id="reasoning twice"),
        pytest.param(f"<think>a<think>b</think>{BLOCK}", id="reasoning opened twice, closed once"),
        pytest.param(f"{BLOCK}It prints\n```\n5\n```", id="the output in a block without a tag"),
        pytest.param(f"{BLOCK}```cpp\nint x;\n```", id="a block in another language"),
        pytest.param(f"{BLOCK}```python\n\n```", id="an empty block"),
        pytest.param(f"About `<think>`:\n{BLOCK}", id="prose about a tag"),
        pytest.param("```python\nprint('<think>')\n```", id="a program that writes a tag"),
    ],
)
def test_well_written_answers(answer: str) -> None:
    """All three conditions are met."""
    assert figure(answer) == 3


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(f"{BLOCK}<think>more", id="reasoning never closed"),
        pytest.param(f"<think>a</think>b</think>{BLOCK}", id="reasoning closed twice"),
        pytest.param(f"a</think>b</think>{BLOCK}", id="closed twice, opened by the prompt"),
        pytest.param(f"<think>a</think>\n```python\nold()\n</think>\n{BLOCK}", id="a draft that was never closed"),
        pytest.param("```\nf()\n```", id="no tag"),
        pytest.param("```python\nf()", id="cut off"),
        pytest.param(BLOCK + BLOCK, id="two blocks"),
        pytest.param("f()\n", id="a bare program"),
        pytest.param('f("<think>", "</think>")\nf("""\n```python\n""")\n', id="a bare program that writes tags"),
        pytest.param("<think>a</think>\nf()\n", id="a bare program after reasoning"),
    ],
)
def test_answers_with_one_fault(answer: str) -> None:
    """Each costs a third."""
    assert figure(answer) == 2


def test_answers_with_more_faults() -> None:
    """Faults of different kinds add up; three of one kind are one."""
    assert figure("```\nf()\n```\n```\ng()\n```") == 1
    assert figure(f"a</think></think>{BLOCK}{BLOCK}```python\ng()") == 0
    assert figure(BLOCK * 5) == 2


def test_other_languages() -> None:
    """The tag is that of the suite's language."""
    assert figure("```c++\nmain\n```\n```python\nf()\n```", "cpp") == 3
    assert figure("int main() {}", "cpp") == 2


@given(
    st.lists(
        st.sampled_from(["```", "python", "\n", "<think>", "</think>", "f()", "`", "    ", "~~~", "\r", "\ufeff"])
    ).map("".join)
    | st.text(),
    st.sampled_from(["python", "cpp", ""]),
)
def test_any_answer_is_seen_as_extraction_sees_it(answer: str, language: str) -> None:
    """The figure is a number of thirds, and a program comes from a block exactly where there is one to choose from."""
    program = extract(answer, language)
    seen = layout(answer, language, program)
    assert figure(answer, language) in range(4)
    assert program is not None or seen.candidates == 0
    assert seen.candidates > 0 or not seen.is_fenced


@pytest.mark.parametrize("piece", ["</think>", "```python\nx\n```\n", "```python\n</think>\n", "```\n`", "    ```py\n"])
def test_time_is_linear(piece: str) -> None:
    """Four times the text takes about four times the time."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        layout(text, "python", None)
        return time.process_time() - start

    assert seconds(2_000_000) < 10 * max(seconds(500_000), 0.02)
