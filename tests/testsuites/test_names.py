"""testsuites.names: what test code takes from the solution."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.names import names_taken


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        (["assert set(similar((1, 2), (2,))) == set((2,))"], ("similar",)),
        (["assert f(Pair(1, 2)) == [Pair(3, 4)]"], ("f", "Pair")),
        (["x = f(1)\nassert x == [y for y in g(x)]"], ("f", "g")),
        (["assert (lambda a: f(a))(1)"], ("f",)),
        (["import math\nassert math.isclose(f(1), 2)"], ("f",)),
        (["import os.path as p\nfrom sys import path as q\nassert f(p, q)"], ("f",)),
        (["try:\n    f()\nexcept ValueError as error:\n    assert error"], ("f",)),
        (["assert f(1)", "assert f(2)"], ("f",)),
        (["assert len([]) == 0"], ()),
    ],
)
def test_names_are_those_that_nothing_else_defines(tests: list[str], expected: tuple[str, ...]) -> None:
    """Builtins and names bound in the test code are left out, in whatever way they are bound."""
    assert names_taken(tests) == expected


def test_names_of_the_setup_are_left_out() -> None:
    """A helper or a module that the setup provides is not asked of the solution."""
    assert names_taken(["assert close(f(1), pi)"], setup="from math import pi\ndef close(a, b): ...") == ("f",)


def test_a_solution_may_be_called_like_a_builtin() -> None:
    """When the solution defines `sum`, tests of `sum` take it from the solution."""
    assert names_taken(["assert sum(10, 15) == 6"], solution="def sum(a, b): ...") == ("sum",)


@given(st.text() | st.text("fxy()[]=:; \n.lambdor"))
def test_any_text_has_names_or_is_refused(text: str) -> None:
    """No text leads to anything but names or a ValueError that holds no part of it."""
    message, names = "not valid Python", ()
    try:
        names = names_taken([text])
    except ValueError as error:
        message = str(error)
    assert message == "not valid Python"
    assert all(name.isidentifier() for name in names)
