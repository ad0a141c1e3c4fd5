"""Values as Python literal text, and the names that test code takes."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from fractions import Fraction

from tests.decoders.decoder import HIDDEN, Decoder
from tests.decoders.mutating import of_text
from tests.decoders.plain import exact, survey
from testsuites.literals import MAX_DEPTH, check_plain, is_json, read_literal, write_literal
from testsuites.names import names_taken


def _read(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    with contextlib.suppress(ValueError):
        assert all(map(str.isidentifier, names_taken([text])))
    value = read_literal(text)
    count, depth = survey(value)
    assert count <= len(text), "a value holds more than its text"
    if depth > MAX_DEPTH:
        return
    check_plain(value)
    assert exact(read_literal(write_literal(value))) == exact(value), "a value changes when it is written and read"
    if is_json(value):
        assert exact(json.loads(json.dumps(value))) == exact(value)


_SEEDS = (
    *(None, -1.5, 10**5000, 1 - 2j, float("-inf"), b"\x00ab", f"{HIDDEN}'\n", Decimal("-1E+9"), Fraction(-3, 7)),
    *((1,), [(), [2]], {1, (2, "x")}, set(), frozenset({frozenset()}), {"k": {1: None}, (1,): [float("nan")]}),
)
_WORDS = (
    *("(", ")", "[", "]", "{", "}", ",", ":", "-", "+", "~", "1", "0x", "1e999", "1j", "nan", "inf", "None", "True"),
    *("set()", "frozenset(", "frozenset({", "})", "complex(", "Decimal('", "Fraction(", "'", '"', "b'", "\\x00", "..."),
    *("lambda:", "f(", "x:=1", "for x in y", "f'{", "'''", "\\N{", "\\ud800", "#", "\\\n", ".real", "*", "**", "_"),
)
DECODER = Decoder(
    name="literals",
    reads="literal text in suites, and test code",
    read=_read,
    refuses=(ValueError,),
    seeds=lambda: [write_literal(value).encode() for value in _SEEDS],
    words=_WORDS,
    mutate=of_text(_WORDS),
    longest=8192,
)
