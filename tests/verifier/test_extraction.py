"""Which part of an answer is the program."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import languages
from verifier.extraction import LONGEST_BARE_PROGRAM, extract


@pytest.mark.parametrize(
    ("answer", "program"),
    [
        pytest.param("Here:\n```python\nrun()\n```\nDone.", "run()\n", id="one block"),
        pytest.param("```python\nold()\n```\nBetter:\n```python\nnew()\n```", "new()\n", id="the last block"),
        pytest.param("```python\nrun()\n```\n```\n5 7\n```", "run()\n", id="a tag outranks a later block without"),
        pytest.param("```\nold()\n```\n```\nnew()\n```", "new()\n", id="the last block without a tag"),
        pytest.param("```\nrun()\n```\n```cpp\nint x;\n```", "run()\n", id="another language after it"),
        pytest.param("```cpp\nint x;\n```", None, id="another language only"),
        pytest.param("```text\nrun()\n```", None, id="text is another language"),
        pytest.param("```python\nrun()\n```\n```python\n\n```", "run()\n", id="an empty block is not there"),
        pytest.param("```python\n  \n```", None, id="an empty block only"),
        pytest.param("```python\nrun()", "run()", id="cut off"),
        pytest.param("```python", None, id="cut off before the program"),
        pytest.param("\ufeff```python\r\na()\r\nb()\r\n```\r\n", "a()\nb()\n", id="byte order mark and CRLF"),
        pytest.param("```python\na()\rb()\r```", "a()\nb()\n", id="CR alone"),
        pytest.param("```python\nx = '\0'\n```", "x = '\0'\n", id="NUL stays"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_blocks(answer: str, program: str | None) -> None:
    """The last block in the suite's language is the program."""
    assert extract(answer, "python") == program


@pytest.mark.parametrize(
    "opening",
    [
        "```python",
        "```py",
        "```python3",
        "```py3",
        "```Python",
        "``` python",
        '```python title="a.py"',
        "```python:a.py",
        "```python,ignore",
        "```{.python}",
        "``` {.python .numbered}",
        "```{python}",
        "~~~python",
        "`````python",
        "\t```python",
    ],
)
def test_tags_of_python(opening: str) -> None:
    """Every usual way to tag a block counts, whatever its case and attributes."""
    closing = opening.strip()[:3] * 2
    assert extract(f"```\nother\n```\n{opening}\nrun()\n{closing}\n", "python") == "run()\n"


@pytest.mark.parametrize("opening", ["```pythonic", "```notpython", "```cython", "```python2", "```py thon`"])
def test_tags_of_no_python(opening: str) -> None:
    """A tag that only resembles the language is another language."""
    assert extract(f"{opening}\nrun()\n```\n", "python") is None


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        ("cpp", "c++"),
        ("c++", "cpp"),
        ("cpp", "CXX"),
        ("javascript", "js"),
        ("zig", "Zig"),
        ("Rust", "rs"),
        ("C#", "c#"),
        ("golang", "go"),
        ("shell", "bash"),
        ("TypeScript", "ts"),
    ],
)
def test_other_languages(language: str, tag: str) -> None:
    """A suite in another language takes the blocks that its names and abbreviations tag; one unknown, its own name."""
    assert extract(f"```{tag}\nmain\n```\n```python\nrun()\n```", language) == "main\n"


def test_a_language_of_a_users_own_brings_its_tags(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The tags are those of the languages' files (`sandbox.languages`), wherever these are."""
    bash = (Path(languages.__file__).parent / "bash.toml").read_text()
    bash = bash.replace('"bash"\n', '"csharp"\n', 1).replace('["bash", "sh", "shell"]', '["csharp", "cs"]')
    (tmp_path / "csharp.toml").write_text(bash)
    answer = "```cs\nmain\n```"
    assert extract(answer, "csharp") is None
    monkeypatch.setenv(languages.FOLDER, str(tmp_path))
    assert extract(answer, "csharp") == "main\n"


def test_python_by_any_of_its_names_is_python() -> None:
    """Prose is no program then, and for another language it is left to the compiler."""
    assert extract("I do not know.", "py3") is None
    assert extract("I do not know.", "cpp") == "I do not know."


def test_other_languages_without_fence() -> None:
    """Without a fence the whole text is the program of a language that cannot be parsed here."""
    assert extract("<think>hm</think>fn main() {}", "rust") == "fn main() {}"
    assert extract(" \n", "rust") is None


@pytest.mark.parametrize(
    ("answer", "program"),
    [
        pytest.param("````python\na()\n```\nb()\n````", "a()\n```\nb()\n", id="a shorter fence is content"),
        pytest.param("~~~python\na()\n```\n~~~~", "a()\n```\n", id="a fence of the other kind is content"),
        pytest.param("```python\na()\n```python\nb()\n```", "a()\n```python\nb()\n", id="a closing fence has no tag"),
        pytest.param("``` `x`\nrun()", None, id="backticks after backticks are no fence"),
        pytest.param("~~~python `x`\nrun()\n~~~", "run()\n", id="backticks after tildes are"),
        pytest.param("\n~~~python\nrun()\n", "run()\n", id="tildes that Python could read, never closed"),
        pytest.param("  ```python\n  if a:\n    b()\n c()\n  ```", "if a:\n  b()\nc()\n", id="indentation is removed"),
        pytest.param("1. So\n\n    ```python\n    a()\n    ```", "a()\n", id="in a list"),
        pytest.param("```python\na()\n   ```\nb", "a()\n", id="closed three columns further right"),
        pytest.param("```python\na()\n    ```\n    b()", "a()\n    ```\n    b()", id="not closed four columns further"),
        pytest.param("text ```python\na()\n```", None, id="a fence begins its line"),
        pytest.param("```python\na()\n``` \t\n x", "a()\n", id="white space after a closing fence"),
    ],
)
def test_fences(answer: str, program: str | None) -> None:
    """Fences are those of CommonMark, at any indentation."""
    assert extract(answer, "python") == program


@pytest.mark.parametrize(
    ("answer", "program"),
    [
        pytest.param("<think>```python\nold()\n```</think>\n```python\nnew()\n```", "new()\n", id="a draft"),
        pytest.param(
            "```python\nnew()\n```\n<think>```python\nold()\n```</think>", "new()\n", id="a draft that follows"
        ),
        pytest.param("<think>```python\nold()\n```\n</think>\nI am sorry.", None, id="only a draft"),
        pytest.param("<THINK>a</Think>```python\nnew()\n```", "new()\n", id="any case, fence right after"),
        pytest.param("<thinking>\n```\nold()\n</thinking>\n```\nnew()\n```", "new()\n", id="a draft never closed"),
        pytest.param(
            "<reasoning>x\n```python\nold()\n```</reasoning>\n```\nnew()\n```", "new()\n", id="fence, then tag"
        ),
        pytest.param("```python\nold()\n```\n</think>\n```\nnew()\n```", "new()\n", id="opened in the prompt"),
        pytest.param(
            "old\n```python\nold()\n\n</think>\n```python\nnew()\n```", "new()\n", id="draft and tag unclosed"
        ),
        pytest.param(
            "<think>a<think>b</think>\n```python\nold()\n```\n</think>\n```\nnew()\n```", "new()\n", id="nested"
        ),
        pytest.param("```python\nnew()\n```\n<think>\n```python\nold()\n```", "new()\n", id="never closed"),
        pytest.param("<think>\n```python\nold()\n```", None, id="never closed, nothing before"),
        pytest.param("Use `<think>`:\n```python\nnew()\n```", "new()\n", id="a tag in backticks is prose"),
        pytest.param("<think>x</think>\nnew()\n", "\nnew()\n", id="no fence"),
        pytest.param("<b>x</b>\n```python\nnew()\n```", "new()\n", id="other tags"),
    ],
)
def test_reasoning(answer: str, program: str | None) -> None:
    """Nothing in the reasoning is the program."""
    assert extract(answer, "python") == program


@pytest.mark.parametrize("tag", ["<think>", "</think>", "</thinking> <reasoning>", "</think>\n<think>\n"])
@pytest.mark.parametrize(
    "frame", ["```python\n{}```", "<think>a</think>\n```\n{}```\nbye", "a</think>\n~~~py\n{}~~~", "{}"]
)
def test_programs_that_write_tags(tag: str, frame: str) -> None:
    """A tag inside the program is text of the program."""
    program = f'print("""{tag}""")\n'
    assert extract(frame.format(program), "python") == program


def test_a_tag_in_an_earlier_block() -> None:
    """A closing tag in one block says nothing about the next block."""
    answer = "```python\nprint('</think>')\n```\n```python\na()\n```python\nb()\n```"
    assert extract(answer, "python") == "a()\n```python\nb()\n"


def test_program_that_writes_fences() -> None:
    """An answer that is a program as a whole is that program, fences in its texts included."""
    program = '"""Use:\n\n```python\nold()\n```\n"""\nprint(1)\n'
    assert extract(program, "python") == program


@pytest.mark.parametrize(
    "text",
    ["print(42)", "x = 1", "import sys", "def f():\n    pass", "# so\nfor x in a: f(x)", "print('\\d')", "1 is 1; f()"],
)
def test_bare_programs(text: str) -> None:
    """Text without a fence is a program when it parses and does something; the parser's warnings are not seen."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert extract(text, "python") == text


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "42",
        "not sure",
        "answer: yes",
        "a, b",
        '"print(1)"',
        "pass",
        "# print(1)",
        "Let me think about it.",
        "print(1",
        "f()\0",
        "f()\ud800",
        "(" * 1000,
        "f" + "()" * 60_000,
        "f()\n" * (LONGEST_BARE_PROGRAM // 4 + 1),
    ],
    ids=lambda text: text[:12],
)
def test_bare_prose(text: str) -> None:
    """Text that does not parse, does nothing, or is too long to be parsed is no program."""
    assert extract(text, "python") is None


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [
                "```",
                "~~~",
                "python",
                "````",
                "\n",
                "\r\n",
                " ",
                "    ",
                "<think>",
                "</think>",
                "f()",
                "`",
                "\ud800",
                "\0",
                "<",
            ]
        )
    ).map("".join),
    st.sampled_from(["python", "cpp", "", "\ud800"]),
)
def test_any_text(answer: str, language: str) -> None:
    """No text raises, the answer is stable, and a program is never empty and never made up."""
    program = extract(answer, language)
    assert program == extract(answer, language)
    if program is not None:
        assert program.strip()
        assert set(program) <= set(answer) | {"\n"}


@given(st.text(alphabet=st.characters(exclude_characters="\r`", codec="utf-8")).filter(str.strip))
def test_a_block_comes_back_whole(program: str) -> None:
    """Whatever stands between two fences comes back as it is."""
    assert extract(f"Sure.\n```python\n{program}\n```\nBye.", "python") == program + "\n"


@pytest.mark.parametrize(
    "piece",
    [
        "`",
        "<think>",
        "</think>",
        "```python\n",
        "```python\nx\n```\n",
        "```python\n</think>\n",
        "</think>``` a `",
        "\n",
        " ",
        "~",
    ],
    ids=repr,
)
def test_time_is_linear(piece: str) -> None:
    """Four times the text takes about four times the time, at 5 MB."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        return min(_processor_seconds(lambda: extract(text, "python")) for _ in range(2))

    assert seconds(5_000_000) < 10 * max(seconds(1_250_000), 0.01)


def _processor_seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start
