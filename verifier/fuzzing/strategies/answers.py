"""Answers: what models write around a program, in every form of docs/answers.md, and text that is no answer.

Nothing here asks the extractor: an answer is put together so that the stated rule finds the program in it.
"""

from __future__ import annotations

import ast
import re

from hypothesis import strategies as st

from testsuites.parsing import parse
from verifier.fuzzing.strategies.values import any_text

_TAGS = ("python", "py", "Python", "python3", "py3", " python", "{.python}", 'python title="a.py"', "python:a.py")
_PROSE = (
    "Here is the program.\n",
    "\n",
    "The tag `<think>` is text here.\n",
    "1. Read.\n2. Add.\n\n",
    "Isn't it `short`?\n",
    "> quoted \ud800 text\n",
    "It takes n ~~ m steps.\n",
)
_EARLIER = (
    "```python\nprint('draft')\n```\n",
    "~~~py\ndraft()\n~~~\n",
    "```\ndraft()\n```\n",
    "```cpp\nint main() {}\n```\n",
)
"""Blocks that a later one in the language outranks."""
_LATER = (
    "```\n4 2\n```\n",
    "```text\n4 2\n```\n",
    "```bash\npython a.py\n```\n",
    "```python\n \n```\n",
    "~~~\nx\n~~~\n",
)
"""Blocks that a tagged one outranks."""
_THOUGHTS = (
    "<think>Let me see.</think>\n",
    "<think>\n```python\nprint('thought')\n```\n</think>\n",
    "<THINKING>```python\nprint('cut off\n</THINKING>\n",
    "<reasoning>\n<think>\n~~~python\nthought()\n~~~\n</reasoning>\n",
    "so\n```python\nprint('thought')\n```\n</think>\n",
)
"""Reasoning, closed; the last was opened in the prompt."""
_CUT_OFF = "<think>\nOr better:\n```python\nprint('thought')\n```\n"
"""Reasoning that is never closed."""
_FRAGMENTS = (
    "```", "~~~", "````", "python", "cpp", "\n", "\r\n", "\r", " ", "    ", "\t", "<think>", "</think>", "<reasoning>",
    "</THINKING>", "`", "f()", "print(1)", "'''", "\ud800", "\0", "\ufeff", "<", "{.python}",
)  # fmt: skip


def as_extracted(program: str) -> str:
    """Return a program as it is found in an answer: no byte order mark, LF alone, and a line feed at its end."""
    lines = program.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return lines if lines.endswith("\n") else lines + "\n"


def answers(program: str) -> st.SearchStrategy[str]:
    r"""Make answers in which docs/answers.md finds exactly `as_extracted(program)`, for the language Python.

    For example ``<think>...</think>\n1. Read.\n  ~~~~{.python}\n  print(1)\n  ~~~~\n``. Shrinks to one block of three
    backticks and the tag ``python``.

    Args:
        program: a program that is not blank. One that is no valid Python gets no bare form.
    """
    return _around(as_extracted(program))


def reasoned() -> st.SearchStrategy[str]:
    """Make answers whose programs are all in reasoning, so that there is none by docs/answers.md.

    For example ``<think>...a block...</think>`` and a sentence. Shrinks to reasoning without a word after it.
    """
    thoughts = st.lists(st.sampled_from(_THOUGHTS), min_size=1, max_size=3).map("".join)
    words = st.sampled_from(["", "So it is done.\n", "\nI am not sure - `print`?\n"])
    return st.builds("{}{}{}".format, thoughts, words, st.sampled_from(["", _CUT_OFF]))


def broken_answers() -> st.SearchStrategy[str]:
    r"""Make text that may hold no program, or any: random text, and fences and tags in any order.

    For example ``"~~~</think>\n```"``. Shrinks to the empty text.
    """
    pieces = st.lists(st.sampled_from(_FRAGMENTS), max_size=20).map("".join)
    whole = answers("print(1)\n")
    cut = st.builds(lambda answer, share: answer[: len(answer) * share // 100], whole, st.integers(0, 99))
    return any_text() | pieces | cut


@st.composite
def _around(draw: st.DrawFn, text: str) -> str:
    confusing = "</" in text and _fence_lengths(text, "`~")  # could be taken for a draft that was never closed
    if confusing or (_is_plain_program(text) and draw(st.integers(0, 7)) == 7):
        return draw(_ends(text))
    before = "".join(draw(st.lists(st.sampled_from(_PROSE + _EARLIER), max_size=3)))
    thoughts = "".join(draw(st.lists(st.sampled_from(_THOUGHTS), max_size=2)))
    block, closed = draw(_block(text))
    after = "".join(draw(st.lists(st.sampled_from(_PROSE + _LATER), max_size=2))) if closed else ""
    cut_off = _CUT_OFF if closed and draw(st.integers(0, 7)) == 7 else ""
    return draw(_ends(f"{thoughts}{before}{block}{after}{cut_off}"))


@st.composite
def _block(draw: st.DrawFn, program: str) -> tuple[str, bool]:
    """Return a fenced block with the program, and whether it is closed."""
    character = draw(st.sampled_from("`~"))
    longest = max(_fence_lengths(program, character), default=0)
    fence = character * max(3, longest + 1, draw(st.integers(3, 5)))
    tag = draw(st.sampled_from(_TAGS))
    indent = draw(st.sampled_from(["", " ", "    ", "\t"]))
    lines = "".join(f"{indent}{line}\n" for line in program[:-1].split("\n"))
    # The text of an open block of tildes is Python: ~~~python inverts a name three times.
    if character == "`" and draw(st.integers(0, 7)) == 7:
        return f"{indent}{fence}{tag}\n{lines}", False
    return f"{indent}{fence}{tag}\n{lines}{indent}{fence}\n", True


@st.composite
def _ends(draw: st.DrawFn, answer: str) -> str:
    """Write the ends of lines, and the beginning of the text, as some systems do."""
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return mark + answer.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))


def _fence_lengths(program: str, characters: str) -> list[int]:
    """Return how long the runs are that could open or close a block."""
    return [len(run) for run in re.findall(f"[{characters}]{{3,}}", program)]


def _is_plain_program(text: str) -> bool:
    """Tell whether a text without any fence is a program for certain: valid Python that does more than name things."""
    try:
        body = parse(text).body
    except ValueError:
        return False
    return len(text) < 60_000 and any(isinstance(node, ast.FunctionDef | ast.Import | ast.Assign) for node in body)
