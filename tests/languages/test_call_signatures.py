"""Signatures: what is one, what is none, and which values have which type."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.languages.signatures import MAX_DEPTH, Parameter, Signature, SignatureInvalid, Type, fits, read_signature

_INT = Type("int")


def _type(text: str) -> Type:
    return read_signature(f"f() -> {text}").result


def test_a_signature_is_a_name_and_types() -> None:
    """White space is of no matter."""
    read = Signature("add", (Parameter("a", Type("list", (_INT,))), Parameter("b", Type("float"))), _INT)
    assert read_signature("add(a: list<int>, b: float) -> int") == read
    assert read_signature(" add\n( a :list < int>,b:float )->int ") == read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected the name of a function at character 1"),
        ("f", "expected '(' at character 2"),
        ("f(a) -> int", "expected ':' at character 4"),
        ("f(a: integer) -> int", "expected a type, one of .* at character 6"),
        ("f(a: list) -> int", "expected '<' at character 10"),
        ("f(a: map<int>) -> int", "expected ',' at character 13"),
        ("f(a: list<int, int>) -> int", "expected '>' at character 14"),
        ("f(a: int, a: int) -> int", "a name that no other parameter has at character 11"),
        ("f(a: int,) -> int", "the name of a parameter at character 10"),
        ("f() -> int;", "expected the end at character 11"),
        ("f()", "expected '->' at character 4"),
        ("f(é: int) -> int", "the name of a parameter at character 3"),
        ("f() -> " + "list<" * 17 + "int" + ">" * 17, f"nested deeper than {MAX_DEPTH}"),
        ("f(" + ",".join(f"a{number}: int" for number in range(33)) + ") -> int", "no more than 32 parameters"),
        ("f() -> tuple<" + ",".join(["int"] * 33) + ">", "expected '>'"),
        ("f() -> int" + " " * 2000, "longer than 2000 characters"),
    ],
)
def test_what_is_no_signature_says_where(text: str, message: str) -> None:
    """The message names a place, and what is expected there."""
    with pytest.raises(SignatureInvalid, match=message.replace("(", r"\(")):
        read_signature(text)


def test_types_nest_to_a_bound() -> None:
    """One less than what is refused."""
    assert _type("list<" * MAX_DEPTH + "int" + ">" * MAX_DEPTH).name == "list"


@given(st.text(alphabet="f(a:int list<map,>)->\n0é", max_size=60) | st.text(max_size=60))
def test_any_text_is_a_signature_or_refused(text: str) -> None:
    """Nothing but the one exception comes out."""
    with contextlib.suppress(SignatureInvalid):
        read_signature(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("int", [0, -(2**63) + 1, 2**63 - 1]),
        ("bigint", [2**200]),
        ("float", [1.5, 3, float("nan"), float("inf")]),
        ("bool", [True]),
        ("string", ["", "é"]),
        ("any", [None, {"a": [1]}]),
        ("list<int>", [[], [1, 2], (1,)]),
        ("tuple<int, string>", [(1, "a"), [1, "a"]]),
        ("set<string>", [set(), {"a"}, frozenset({"a"})]),
        ("map<int, list<bool>>", [{}, {1: [True]}]),
        ("optional<int>", [None, 1]),
    ],
)
def test_values_have_the_types_that_say_so(text: str, values: list[object]) -> None:
    """A list does for a tuple, as TOML and JSON have no other; an integer does for a float."""
    assert all(fits(_type(text), value) for value in values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("int", [True, 1.0, "1", None, 2**63, -(2**63) - 1]),
        ("float", [True, "1", 2**53]),
        ("bool", [0, 1, None]),
        ("string", [1, b"a", None]),
        ("list<int>", [["a"], {1}, "ab", None]),
        ("tuple<int, string>", [(1,), ("a", 1)]),
        ("set<string>", [["a"], {1}]),
        ("map<int, list<bool>>", [{"1": [True]}, {1: [1]}, []]),
        ("optional<int>", ["a"]),
    ],
)
def test_other_values_have_not(text: str, values: list[object]) -> None:
    """A value that a typed language cannot hold is the suite's error, and never the solution's."""
    assert not any(fits(_type(text), value) for value in values)
