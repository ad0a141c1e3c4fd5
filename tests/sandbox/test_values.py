"""The data-only boundary: what crosses it, and that nothing else does."""

from __future__ import annotations

import contextlib
import enum
import itertools
import json
import math
import time
from collections import Counter, OrderedDict, defaultdict, namedtuple
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox.inside.values import MAX_DEPTH, NotPlainData, decode, encode

_hashable = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**300), 10**300)
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.fractions()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
PLAIN = st.recursive(
    _hashable | st.sets(_hashable, max_size=3) | st.dictionaries(_hashable, _hashable, max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner) | st.dictionaries(_hashable, inner, max_size=3),
    max_leaves=8,
)


def _same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and repr(left) == repr(right) if isinstance(left, float) else left == right


@given(PLAIN)
@example(float("-0.0"))
@example([10**5000, 1])
@example("\ud800")
@example(range(3, 10, 2))
def test_plain_data_comes_back_as_it_was(value: Any) -> None:
    """What is encoded is decoded to an equal value of the same types."""
    back = decode(encode(value))
    assert type(back) is type(value)
    assert _same(back, value)


def test_numbers_that_equal_nothing_come_back() -> None:
    """NaN and infinities cross, alone and inside lists."""
    back = decode(encode([float("nan"), float("inf"), -float("inf"), Decimal("NaN")]))
    assert math.isnan(back[0])
    assert back[1:3] == [float("inf"), -float("inf")]
    assert back[3].is_nan()


class _Colour(enum.IntEnum):
    RED = 1


class _Liar(str):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


_Pair = namedtuple("_Pair", "a b")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (_Colour.RED, 1),
        (_Liar("x"), "x"),
        (_Pair(1, 2), (1, 2)),
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(int, a=1), {"a": 1}),
        (np.int64(3), 3),
        (np.float64(1.5), 1.5),
        (np.bool_(True), True),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        ({1: 2}.keys(), [1]),
        (bytearray(b"ab"), b"ab"),
    ],
)
def test_subclasses_and_arrays_arrive_as_exact_built_in_types(value: Any, plain: Any) -> None:
    """Whatever a class overrides is left behind."""
    back = decode(encode(value))
    assert type(back) is type(plain)
    assert back == plain


@pytest.mark.parametrize(
    "value", [object(), (i for i in []), iter([]), len, int, [object()], {1: object()}, {object()}]
)
def test_what_is_not_data_is_refused_by_name(value: Any) -> None:
    """Handles, generators and functions do not cross."""
    with pytest.raises(NotPlainData, match="is not plain data"):
        encode(value)


def test_depth_is_bounded_on_both_sides() -> None:
    """One level less than the bound crosses; far deeper neither leaves nor enters, and raises nothing else."""
    deep: Any = 0
    for _ in range(MAX_DEPTH - 1):
        deep = [deep]
    assert decode(encode(deep)) == deep
    with pytest.raises(NotPlainData):
        encode([[deep]])
    for opening, closing in ((b"[", b"]"), (b'{"t":[', b"]}"), (b'{"d":[[0,', b"]]}")):
        with pytest.raises(NotPlainData):
            decode(opening * 100_000 + b"0" + closing * 100_000)


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_decode_or_are_refused(text: bytes) -> None:
    """Nothing but NotPlainData comes out of hostile bytes."""
    with contextlib.suppress(NotPlainData):
        decode(text)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["t", "s", "f", "d", "i", "b", "c", "r", "D", "F", "x"]), inner, max_size=2)
    ),
    max_leaves=10,
)


@given(_json)
@example({"D": "1E+999999999"})
@example({"F": ["1", "0"]})
@example({"d": [[[], 1]]})
@example({"r": [0, 10, 0]})
@example({"b": "0"})
def test_any_tagged_text_decodes_to_exact_types_or_is_refused(tree: Any) -> None:
    """Wrongly used tags are refused; what comes through is built from exact types."""
    exact = (
        type(None),
        bool,
        int,
        float,
        str,
        list,
        tuple,
        set,
        frozenset,
        dict,
        bytes,
        complex,
        range,
        Decimal,
        Fraction,
    )
    try:
        value = decode(json.dumps(tree).encode())
    except NotPlainData:
        return
    assert type(value) in exact


@pytest.mark.parametrize("tag", ["s", "f", "d"])
def test_keys_that_all_collide_are_refused_at_once(tag: str) -> None:
    """A hundred thousand integers of one hash would take minutes to put into a set."""
    modulus = 2**61 - 1
    keys = [number * modulus for number in range(1, 100_000)]
    items: list[Any] = [[key, 0] for key in keys] if tag == "d" else keys
    with pytest.raises(NotPlainData, match="collide"):
        decode(json.dumps({tag: items}).encode())


def test_the_time_for_colliding_keys_is_that_of_the_whole_text() -> None:
    """Many tables, none of which takes long enough to be refused, do not add up to seconds."""
    modulus = 2**61 - 1
    table = json.dumps({"s": [number * modulus for number in range(1, 4000)]})
    with pytest.raises(NotPlainData, match="collide"):
        decode(f"[{','.join([table] * 40)}]".encode())


_TUPLES = [{"t": [-1, number]} for number in range(9)]


@pytest.mark.parametrize("tag", ["s", "d"])
def test_the_clock_is_read_after_a_few_keys_that_are_long_to_compare(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tuples of -1 and -2 all collide, and two of them may be compared to their ends."""
    readings = itertools.count()
    monkeypatch.setattr(time, "thread_time", lambda: 0.2 * next(readings))
    short, long = ({tag: [[key, 0] if tag == "d" else key for key in keys]} for keys in (range(9), _TUPLES))
    assert len(decode(json.dumps(short).encode())) == 9
    with pytest.raises(NotPlainData, match="collide"):
        decode(json.dumps(long).encode())


@pytest.mark.parametrize("value", [Decimal("1e6000"), Decimal("1" * 20_001), Fraction(1, 3**60_000)])
def test_numbers_too_long_to_be_read_are_not_written(value: Any) -> None:
    """Both sides have the same bounds, so that a right program's answer is never taken for a forged one."""
    with pytest.raises(NotPlainData):
        encode([value])


def test_lists_are_counted_and_brackets_in_texts_are_not() -> None:
    """A million lists is the bound, on both sides; a text may hold as many brackets as it likes."""
    assert decode(encode("[{" * 1_000_000)) == "[{" * 1_000_000
    assert decode(encode([[]] * 999_999)) == [[]] * 999_999
    with pytest.raises(NotPlainData, match="too many lists"):
        encode([[]] * 1_000_001)
    with pytest.raises(NotPlainData, match="too many lists"):
        decode(b"[" + b"[]," * 1_000_001 + b"0]")


def test_large_honest_sets_are_accepted() -> None:
    """The guard against collisions does not refuse ordinary large sets."""
    values = set(range(50_000))
    assert decode(encode(values)) == values
