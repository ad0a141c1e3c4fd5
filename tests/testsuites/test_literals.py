"""testsuites.literals: plain data as Python literal text."""

from __future__ import annotations

import ast
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.literals import MAX_DEPTH, NAMES, check_plain, is_json, read_literal, write_literal
from testsuites.model import _canonical
from verifier.fuzzing.strategies import values


@given(values())
def test_every_plain_value_comes_back_with_its_types(value: Any) -> None:
    """Reading what was written gives the same value of the same types, NaN and signed zeros included."""
    assert _canonical(read_literal(write_literal(value))) == _canonical(value)


@given(values())
def test_literal_text_is_python(value: Any) -> None:
    """Python itself, with the names that `NAMES` imports, reads a literal as the same value."""
    namespace: dict[str, Any] = {}
    exec(NAMES, namespace)
    assert _canonical(eval(write_literal(value), namespace)) == _canonical(value)  # noqa: S307 - written above


@given(values())
def test_what_is_called_json_survives_json(value: Any) -> None:
    """A value for which `is_json` is true keeps value and types through JSON text."""
    if is_json(value):
        assert _canonical(json.loads(json.dumps(value))) == _canonical(value)


@given(st.text() | st.text("()[]{},:+-jx_.'\"b0123456789eNaif set").map(str))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text leads to anything but a plain value or a ValueError."""
    message, value = "not a Python literal", None
    try:
        value = read_literal(text)
    except ValueError as error:
        message = str(error)
    assert message == "not a Python literal"
    check_plain(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "f()",
        "__import__('os')",
        "[x for x in ()]",
        "1 + 1",
        "'a' + 'b'",
        "{**{}}",
        "...",
        "set([1])",
        "set(1)",
        "frozenset('ab')",
        "{[]}",
        "{[]: 1}",
        "-True",
        "complex('1')",
        "Decimal('x')",
        "Decimal(1)",
        "Fraction(1, 0)",
        "f'{1}'",
        "1; 2",
        "x := 1",
        "(" * 300 + ")" * 300,
    ],
)
def test_anything_but_a_literal_is_refused(text: str) -> None:
    """Calls, expressions, and malformed values are refused, never evaluated."""
    with pytest.raises(ValueError, match="not a Python literal"):
        read_literal(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" ([1, 2], {3}) ", ([1, 2], {3})),
        ("(-0-1j)", -0 - 1j),
        ("{1: None, None: b'x'}", {1: None, None: b"x"}),
        ("(1,)", (1,)),
        ("()", ()),
        ("-inf", -math.inf),
        ("1e999", math.inf),
        ("0xff", 255),
        ("r'\\d'", r"\d"),
        ("'\\d'", r"\d"),
    ],
)
def test_literals_mean_what_python_means(text: str, value: Any) -> None:
    """Hand-written spellings, odd escapes included, are read without a warning."""
    assert read_literal(text) == value


def test_the_language_contains_that_of_literal_eval() -> None:
    """What `ast.literal_eval` reads is read alike."""
    for text in ["[1, -2.5, +3]", "{'a': (1, 2)}", "set()", "1-2j", "-1+2j", "'x' 'y'", "b'\\xff'", "{1, 2}"]:
        assert read_literal(text) == ast.literal_eval(text)


def test_depth_is_bounded_and_the_bound_can_be_read_back() -> None:
    """The deepest value that is written is also read; one level more is refused."""
    deepest: Any = frozenset()
    for _ in range(MAX_DEPTH - 1):
        deepest = frozenset({deepest})
    assert read_literal(write_literal(deepest)) == deepest
    with pytest.raises(ValueError, match=f"nested deeper than {MAX_DEPTH} levels"):
        write_literal([deepest])


@pytest.mark.parametrize("value", [object(), print, range(3), [1, [{2: type}]], bytearray(b"x"), {print: 1}])
def test_what_is_not_plain_data_is_refused(value: Any) -> None:
    """Only exact built-in types can be written."""
    with pytest.raises(ValueError, match="are not plain data"):
        write_literal(value)
