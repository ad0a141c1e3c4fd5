"""Values that a program returns, and the calls that test code makes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbox.inside import values
from tests.decoders.decoder import Decoder
from tests.decoders.mutating import of_json
from tests.decoders.plain import exact, survey

_TAGS = ("t", "s", "f", "d", "i", "b", "c", "r", "D", "F")
_VALUES: tuple[Any, ...] = (
    *(None, True, 7, -1.5, float("nan"), "\ud800", 10**5000, b"ab", 1 + 2j, range(3, 10**30, 2)),
    *([1, [2, "x"]], (1, ()), {1, "a", (2, 3)}, frozenset({frozenset(), 1.5}), {"k": [1], (1, 2): {3: None}}),
    *(Decimal("1.50"), Decimal("NaN"), Fraction(-3, 7), {Fraction(1, 2): Decimal("1E+9")}),
    [0, ["value", [[-1, -2], (0.5, "x" * 50)]]],
)


def _read(data: bytes) -> None:
    value = values.decode(data)
    count, depth = survey(value)
    assert count <= len(data) + 1, "a value holds more than its text"
    assert depth <= values.MAX_DEPTH, "a value is deeper than the bound"
    try:
        text = values.encode(value)
    except values.NotPlainData:  # just inside a bound lies what only a forger writes
        return
    assert exact(values.decode(text)) == exact(value), "a value changes on its way"


DECODER = Decoder(
    name="values",
    reads="values that a program returns, and calls",
    read=_read,
    refuses=(values.NotPlainData,),
    seeds=lambda: [values.encode(value) for value in [*_VALUES, list(_VALUES)]],
    words=_TAGS,
    mutate=of_json(_TAGS),
    longest=16384,
)
