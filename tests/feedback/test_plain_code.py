"""verifier.feedback.plain_code: what is left of a program does the same, and says nothing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.extraction import LONGEST_BARE_PROGRAM
from verifier.feedback.errors import NotShown
from verifier.feedback.plain_code import LONGEST_TEXT, plain_code

BUNDLED = Path(__file__).parents[2] / "testsuites" / "bundled"
PROGRAMS = sorted(path.read_text("utf-8") for path in BUNDLED.rglob("submissions/**/*.py"))
WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=60)


def parsed(text: str) -> bool:
    """Whether a text is Python."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


GOOD = [text for text in PROGRAMS if parsed(text) and len(text) < LONGEST_BARE_PROGRAM]


def test_there_are_programs_to_try() -> None:
    """The bundled suites have enough."""
    assert len(GOOD) > 30


@pytest.mark.parametrize("program", GOOD[:: max(1, len(GOOD) // 40)])
def test_real_programs_keep_their_code(program: str) -> None:
    """All names stay, and all that is done with them; what is left is Python and is left as it is by another turn."""
    plain = plain_code(program)
    assert "#" not in re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", "", plain)
    assert plain_code(plain) == plain
    left, had = ast.parse(plain), ast.parse(program)
    for kind in (ast.Name, ast.Call, ast.Return, ast.FunctionDef, ast.If, ast.BinOp):
        count = [sum(isinstance(node, kind) for node in ast.walk(tree)) for tree in (left, had)]
        assert count[0] == count[1], kind


@given(st.sampled_from(GOOD[:10]), WORDS, st.integers(0, 30))
def test_a_comment_or_a_lonely_text_leaves_no_trace(program: str, words: str, line: int) -> None:
    """Wherever between two statements it stands: what is shown is the same as without it."""
    lines = program.split("\n")
    tree = ast.parse(program)
    starts = [node.lineno - 1 for node in tree.body if not getattr(node, "decorator_list", None)]
    at = starts[line % len(starts)]
    for added in (f"# {words}", repr(words), f"f{words.replace('{', '').replace('}', '')!r}", repr(words.encode())):
        told = "\n".join([*lines[:at], added, *lines[at:]])
        if parsed(told) and "from __future__" not in program:
            assert plain_code(told) == plain_code(program)


@pytest.mark.parametrize(
    ("program", "plain"),
    [
        ("def f():\n    'only words'", "def f():\n    pass"),
        ("class C:\n    '''words'''\n    x = 1", "class C:\n    x = 1"),
        ("if x:\n    'words'\nelse:\n    'more'", "if x:\n    pass"),
        ("try:\n    f()\nfinally:\n    'words'", "try:\n    f()\nfinally:\n    pass"),
        ("for x in y:\n    'a'\n    'b'", "for x in y:\n    pass"),
        ("match x:\n    case 1:\n        'words'", "match x:\n    case 1:\n        pass"),
        ("...", ""),
        ("f'words'\nf''", ""),
        ("f'words {hidden()}'", "f'words {hidden()}'"),  # it does something, so it is seen
        ("x = 1  # words", "x = 1"),
        ("async def f():\n    'words'", "async def f():\n    pass"),
        (r"x = '\d'", r"x = '\\d'"),  # a doubtful escape, of which Python warns
    ],
)
def test_what_is_left(program: str, plain: str) -> None:
    """Blocks without anything left in them are still blocks."""
    assert plain_code(program) == plain


def test_a_long_text_is_its_length() -> None:
    """At the bound it stays; above, its length is told. So in parts of f-strings, and for bytes."""
    for quote in ("", "b"):
        stays = f"x = {quote}'{'w' * LONGEST_TEXT}'"
        assert plain_code(stays) == stays
        assert "w" not in plain_code(f"x = {quote}'{'w' * (LONGEST_TEXT + 1)}'")
    assert plain_code(f"x = '{'w' * 41}'") == "x = '<text of 41 characters>'"
    assert plain_code(f"x = f'{'w' * 41}{{y}}'") == "x = f'<text of 41 characters>{y}'"
    assert plain_code("x = " + " ".join(["'ten of w: '"] * 9)) == "x = '<text of 90 characters>'"


@pytest.mark.parametrize(
    "program",
    ["def f(:", "x = \0", "x = '\ud800'", "a+" * 30_000 + "a", "-" * 5_000 + "a", "(" * 300 + ")" * 300],
    ids=["syntax", "NUL", "surrogate", "a long sum", "many signs", "deep"],
)
def test_what_cannot_be_written_anew_is_not_shown(program: str) -> None:
    """An author chooses that, so it must not be worth more than what can be."""
    with pytest.raises(NotShown):
        plain_code(program)


def test_a_program_may_be_so_long() -> None:
    """The parser runs in the judge, so its work is bounded."""
    line = "x = 1\n"
    longest = line * (LONGEST_BARE_PROGRAM // len(line))
    longest += "\n" * (LONGEST_BARE_PROGRAM - len(longest))
    assert plain_code(longest)
    with pytest.raises(NotShown):
        plain_code(f"{longest}\n")


PRINTS = '''"""Words."""
import sys

def shout(word):
    """Words."""
    # words
    "words"
    return f"{word!r:>8}{word.upper()}{{}}"

class Box:
    """Words."""

try:
    print(shout("ab"), Box.__name__, sorted({3, 1, 2}), [x ** 2 for x in range(4) if x % 2])
finally:
    "words"
print("a\\tb", b"\\x00\\xff", 1_000, 0x10, 1e3, ..., sep="|")
'''


def test_what_is_left_runs_the_same() -> None:
    """A program with a bit of everything prints the same."""
    printed = [
        subprocess.run([sys.executable, "-c", text], capture_output=True, check=True).stdout
        for text in (PRINTS, plain_code(PRINTS))
    ]
    assert printed[0] == printed[1] != b""
    assert "ords" not in plain_code(PRINTS)
