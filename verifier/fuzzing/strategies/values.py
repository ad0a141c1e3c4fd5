"""Values: plain data as functions take and return it, and what JSON holds.

Each strategy is made once. Hypothesis takes one that is made anew in the middle of a case for another, now and then:
how deep it looks into a union depends on what it still has in its caches.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st


@cache
def json_values(*, allow_nan: bool = True) -> st.SearchStrategy[Any]:
    """Make anything that Python's decoder makes of JSON, such as ``{"a": [0, None]}``. Shrinks to None.

    Lone surrogates are among it: JSON can escape them.

    Args:
        allow_nan: also NaN and the infinities, which Python reads and strict decoders refuse.
    """
    numbers = st.integers() | st.floats(allow_nan=allow_nan, allow_infinity=allow_nan)
    return st.recursive(
        st.none() | st.booleans() | numbers | any_text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text(), inner, max_size=4),
        max_leaves=12,
    )


@cache
def any_text() -> st.SearchStrategy[str]:
    """Make any text that Python can hold, lone surrogates and NUL included. Shrinks to the empty text."""
    return st.text(st.characters(codec=None, exclude_categories=()))


@cache
def values() -> st.SearchStrategy[Any]:
    """Make plain data of every type that crosses to a program and back, such as ``[(0.0, {1}), b""]``. Shrinks to None.

    Huge integers, NaN, Decimal, Fraction, sets, and dictionaries with any keys are among them. There is no signalling
    NaN, which not even equals itself without raising.
    """
    keys = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.complex_numbers(),
        st.text(),
        st.binary(),
        st.fractions(),
    )
    huge = st.integers(0, 9).map(lambda last: 10**5000 + last)  # Hypothesis cannot write such a choice down
    quiet = st.decimals().filter(lambda value: not (type(value) is Decimal and value.is_snan()))
    return st.recursive(
        keys | quiet | huge | any_text(),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.lists(inner, max_size=4).map(tuple),
            st.sets(keys, max_size=4),
            st.frozensets(keys, max_size=4),
            st.dictionaries(keys | st.tuples(keys, keys), inner, max_size=4),
            st.dictionaries(any_text(), inner, max_size=4),
        ),
        max_leaves=12,
    )
