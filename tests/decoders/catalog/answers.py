"""A model's answer, in which a program is looked for."""

from __future__ import annotations

from tests.decoders.decoder import Decoder
from tests.decoders.mutating import of_text
from verifier.extraction import extract

_LAST_BLOCK = "\n</think>\n```python\nprint(1)\n```\n"


def _read(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    for language in ("python", "cpp"):
        program = extract(text, language)
        if program is not None:
            assert program.strip()
            left = iter(lines)
            assert all(character in left for character in program), "a program was made up"
    assert extract(lines, "python") == extract(text, "python"), "line ends choose the program"
    assert extract(text + _LAST_BLOCK, "python") == "print(1)\n", "what stands before the last block hides it"


_WORDS = (
    *("```python\n", "```\n", "~~~\n", "````", "```c++\n", "```", "`", "<think>", "</think>", "<thinking>"),
    *(
        "</thinking>",
        "<reasoning>",
        "</reasoning>",
        "print(1)\n",
        "def f(x):\n    return x\n",
        "\n",
        "\r\n",
        "\r",
        "   ",
    ),
    *("'''", '"""', "(", "[", "-", "\\\n", "\ufeff", "{.python}", ' title="a.py"', "\u2028", "lambda:", "x=", "f'{"),
)
_SEEDS = (
    "print(1)\n",
    "Text.\n\n```python\nprint(1)\n```\n",
    "<think>\n```python\nold\n```\n</think>```py\nprint(2)\n```",
    "no </think> ~~~ c++\nint main() {}\n~~~\n\n```\nplain\n```",
    "<reasoning>`<think>` is a tag</reasoning>\n  ```python title='x'\n  a = 1\n    b = 2\n  ```\n",
    "````python\n```\ninside\n```\n````\r\n```cpp\r\nint x;\r\n",
    "\ufeffx = [\n    lambda: f'{1}',\n]\nprint(x)\n",
)
DECODER = Decoder(
    name="answers",
    reads="answers of a model",
    read=_read,
    seeds=lambda: [seed.encode() for seed in _SEEDS],
    words=_WORDS,
    mutate=of_text(_WORDS),
    longest=16384,
)
