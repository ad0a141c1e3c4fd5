"""testsuites.importers.shapes: Python types that JSON lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.importers.shapes import Shape
from testsuites.model import _canonical


def _argument(*literals: Any) -> Shape:
    shape = Shape(numbers_as_text=True)
    for literal in literals:
        shape.see(literal)
    return shape


@pytest.mark.parametrize(
    ("literals", "given_value", "expected"),
    [
        ([(1, 2)], [3, 4, 5], (3, 4, 5)),
        ([[(1, 2)]], [[1], [2, 3]], [(1,), (2, 3)]),
        ([[(1, 2)]], [], []),
        ([[1, 2]], [[3]], [[3]]),
        ([(1, 2)], [[3], 4], ([3], 4)),
        ([(1, (2, 3))], [1, [2, [3, [4]]]], (1, (2, (3, (4,))))),
        ([[1], (1,)], [1, [2]], [1, [2]]),
        ([{1, 2}], [3, 3], {3}),
        ([{1: "a"}], {"2": "b", "x": "c"}, {2: "b", "x": "c"}),
        ([{"a": (1,)}], {"1": [2]}, {"1": (2,)}),
        ([0, 1j], "(-0-1j)", -0 - 1j),
        ([1], "1e-100", 1e-100),
        ([1], "one", "one"),
        ([1], "[1]", "[1]"),
        (["a", 1], "1", "1"),
        ([[1, 2]], ["1"], ["1"]),
        ([None], "1", "1"),
        ([], [["1"]], [["1"]]),
    ],
)
def test_values_take_the_types_seen_at_their_place(literals: list[Any], given_value: Any, expected: Any) -> None:
    """Each rule of the module, by example."""
    assert _canonical(_argument(*literals).restore(given_value)) == _canonical(expected)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("abc"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
)


@given(plain, plain)
def test_literals_that_json_keeps_change_nothing_but_numbers_as_text(literal: Any, value: Any) -> None:
    """Where only JSON's own types were seen, a JSON value stays as it is."""
    assert _canonical(_argument(literal).restore(value)) == _canonical(value)


tuples = st.recursive(st.integers(), lambda inner: st.lists(inner, min_size=1, max_size=3).map(tuple), max_leaves=6)


@given(tuples)
def test_what_was_seen_is_restored_exactly(literal: Any) -> None:
    """The literal itself comes back from its JSON."""
    assert _argument(literal).restore(json.loads(json.dumps(literal))) == literal


def test_a_set_of_lists_is_refused() -> None:
    """A value that cannot have the type seen is a stated fault."""
    with pytest.raises(ValueError, match="items cannot be in a set"):
        _argument({1}).restore([[1]])
