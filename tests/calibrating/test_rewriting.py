"""verifier.calibrating.rewriting: the same program, written otherwise."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verifier.calibrating.rewriting import rewritten

PROGRAM = '''"""Doc."""
from __future__ import annotations

import math
LIMIT = 3


class Box:
    size = 2

    def area(self, *, scale=1):
        result = self.size ** 2   # odd   layout
        return result * scale


def main(count):
    total = 0
    squares = [x * x for x in range(count) if x < LIMIT]
    for total_of in squares:
        total += total_of
    def inner():
        nonlocal total
        total += 1
        deeper = total
        return deeper
    try:
        part = math.floor(1 / 0)
    except ZeroDivisionError as error:
        part = str(error)
    return f"{total=} {inner()} {part} {Box().area(scale=3)}"


print(main(5))
'''


def _printed(source: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(source, {"__name__": "__main__"})
    return out.getvalue()


def test_rewritten_programs_do_the_same() -> None:
    """Each way of rewriting is used, gives another text, and changes nothing of what is printed."""
    programs = rewritten(PROGRAM)
    assert set(programs) == {"layout", "wrapped-in-if", "renamed-locals", "crlf-line-ends"}
    assert PROGRAM not in programs.values()
    for program in programs.values():
        assert _printed(program) == _printed(PROGRAM)


def test_only_locals_are_renamed() -> None:
    """What others may ask for by its name keeps it: functions, parameters, attributes, constants, what is nonlocal."""
    renamed = rewritten(PROGRAM)["renamed-locals"]
    assert "squares_renamed" in renamed
    assert "deeper_renamed" in renamed
    for name in ("main", "count", "Box", "size", "area", "scale", "LIMIT", "total", "error"):
        assert f"{name}_renamed" not in renamed


@pytest.mark.parametrize("text", ["locals()['y']", "eval('y')", "vars()['y']"])
def test_nothing_is_renamed_where_names_may_be_text(text: str) -> None:
    """A program that looks names up keeps them all."""
    assert "renamed-locals" not in rewritten(f"def f(x):\n    y = x\n    return {text}\n")


@pytest.mark.parametrize("source", ["def f(", "\0", "x = " + "(" * 500])
def test_what_cannot_be_read_has_none(source: str) -> None:
    """Neither text that is no program, nor what is nested too deeply, raises."""
    assert rewritten(source) == {}


@given(st.text(alphabet="xyf=+-<()[]:1, \r\nifnot'\"#\\d\ud800", max_size=40))
def test_any_text_is_taken(source: str) -> None:
    """No text makes it raise or warn, and what comes back is another text."""
    assert source not in rewritten(source).values()
