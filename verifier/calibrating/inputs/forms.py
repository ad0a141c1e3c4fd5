"""Texts that have a form: a number, texts that differ in their numbers only, balanced brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from verifier.calibrating.inputs.numbers import Integers

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_PADDED = re.compile(r"-?0[0-9]|-0(\.0*)?$", re.ASCII)
_PIECES = re.compile(r"[0-9]+|[^0-9]+", re.ASCII)
_PAIRS = ("()", "[]", "{}", "<>")
_FEWEST = 3
"""Texts from which a form is believed."""


def learn_form(texts: Sequence[str]) -> Numerals | Forms | Brackets | None:
    """Return the form that texts, none of them empty, have in common, if there is one."""
    distinct = sorted(set(texts))
    if len(distinct) >= _FEWEST and all(map(_NUMBER.fullmatch, distinct)):
        return None if any(map(_PADDED.match, distinct)) else Numerals(distinct)
    rows = [_PIECES.findall(text) for text in distinct]
    if len(rows) >= _FEWEST and _are_alike(rows):
        return Forms(rows)
    return Brackets(distinct) if len(distinct) >= _FEWEST and all(map(_has_brackets, distinct)) else None


class Numerals:
    """Decimal numbers written as texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Texts that are all such numbers."""
        numbers = [Decimal(text) for text in texts]
        self._decimals = max(-int(number.as_tuple().exponent) for number in numbers)
        self._integers = Integers([int(number.scaleb(self._decimals)) for number in numbers])

    @cached_property
    def fresh(self) -> SearchStrategy[str]:
        """Return a number, with as many decimals as were seen or fewer."""
        return st.tuples(self._integers.fresh, st.integers(0, self._decimals)).map(self._written).filter(self.holds)

    def changed(self, value: str) -> SearchStrategy[str]:
        """Return another number, often a near one."""
        near = self._integers.changed(int(Decimal(value).scaleb(self._decimals)))
        return st.one_of(near.map(lambda number: self._written((number, 0))).filter(self.holds), self.fresh)

    def holds(self, value: Any) -> bool:
        """Say whether it is such a number in the range."""
        if type(value) is not str or not _NUMBER.fullmatch(value) or _PADDED.match(value):
            return False
        decimals = len(value.partition(".")[2])
        return decimals <= self._decimals and self._integers.holds(int(Decimal(value).scaleb(self._decimals)))

    def _written(self, drawn: tuple[int, int]) -> str:
        number, cut = drawn
        scaled = Decimal(number).scaleb(-self._decimals)
        return f"{scaled:.{self._decimals - cut}f}"


class Decimals:
    """Decimals whose texts are such numbers."""

    def __init__(self, values: Sequence[Decimal]) -> None:
        """Values that `are_plain`."""
        self._texts = Numerals([str(value) for value in values])

    @cached_property
    def fresh(self) -> SearchStrategy[Decimal]:
        """Return a number, with as many decimals as were seen or fewer."""
        return self._texts.fresh.map(Decimal)

    def changed(self, value: Decimal) -> SearchStrategy[Decimal]:
        """Return another number, often a near one."""
        return self._texts.changed(str(value)).map(Decimal)

    def holds(self, value: Any) -> bool:
        """Say whether it is such a number in the range."""
        return type(value) is Decimal and self._texts.holds(str(value))


def are_plain(values: Sequence[Decimal]) -> bool:
    """Say whether the texts of all are digits with or without a point between them."""
    return all(_NUMBER.fullmatch(str(value)) and not _PADDED.match(str(value)) for value in values)


class Forms:
    """Texts that differ in their numbers only."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        """`rows` are the texts in pieces: numbers, and what is between them."""
        columns = list(zip(*rows, strict=True))
        self._between = [None if column[0].isdigit() else column[0] for column in columns]
        self._numbers = [
            Integers([int(piece) for piece in column]) if column[0].isdigit() else None for column in columns
        ]
        self._widths = [len(column[0]) if len(set(map(len, column))) == 1 else 0 for column in columns]
        self._padded = any(len(piece) > 1 and piece[0] == "0" for column in columns for piece in column)

    @cached_property
    def fresh(self) -> SearchStrategy[str]:
        """Return the same text with other numbers."""
        return self._joined([number.fresh if number else None for number in self._numbers])

    def changed(self, value: str) -> SearchStrategy[str]:
        """Return the same text with other numbers, often near ones."""
        pieces = _PIECES.findall(value)
        if len(pieces) != len(self._numbers):
            return self.fresh
        near = [
            number.changed(int(piece)) | st.just(int(piece)) if number else None
            for number, piece in zip(self._numbers, pieces, strict=True)
        ]
        return st.one_of(self._joined(near), self.fresh)

    def holds(self, value: Any) -> bool:
        """Say whether it is the same text with numbers in their ranges."""
        if type(value) is not str:
            return False
        pieces = _PIECES.findall(value)
        return len(pieces) == len(self._numbers) and all(
            piece == between if number is None else piece.isdigit() and number.holds(int(piece))
            for number, between, piece in zip(self._numbers, self._between, pieces, strict=True)
        )

    def _joined(self, numbers: Sequence[SearchStrategy[int] | None]) -> SearchStrategy[str]:
        parts: list[SearchStrategy[str]] = []
        for number, between, width in zip(numbers, self._between, self._widths, strict=True):
            if number is None:
                parts.append(st.just(between or ""))
            else:
                parts.append(number.map(_padded(width if self._padded else 0)))
        return st.tuples(*parts).map("".join).filter(self.holds)


class Brackets:
    """Texts of balanced brackets and whatever else stands between them."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Balanced texts."""
        seen = set("".join(texts))
        self._pairs = [pair for pair in _PAIRS if set(pair) <= seen]
        self._others = sorted(seen - set("".join(self._pairs)))

    @cached_property
    def fresh(self) -> SearchStrategy[str]:
        """Return a balanced text."""
        leaves = st.sampled_from(["", *self._others])
        nested = st.recursive(
            leaves,
            lambda inner: st.one_of(
                st.tuples(st.sampled_from(self._pairs), inner).map(lambda drawn: drawn[0][0] + drawn[1] + drawn[0][1]),
                st.lists(inner, min_size=1, max_size=3).map("".join),
            ),
            max_leaves=8,
        )
        return st.lists(nested, min_size=1, max_size=4).map("".join)


def _padded(width: int) -> Callable[[int], str]:
    return lambda number: f"{number:0{width}}" if width else str(number)


def are_balanced(text: str) -> bool:
    """Say whether every bracket in it is closed by its own, in order."""
    opened = []
    for character in text:
        for pair in _PAIRS:
            if character == pair[0]:
                opened.append(pair[1])
            elif character == pair[1] and (not opened or opened.pop() != character):
                return False
    return not opened


def _has_brackets(text: str) -> bool:
    return are_balanced(text) and any(set(pair) <= set(text) for pair in _PAIRS)


def _are_alike(rows: Sequence[Sequence[str]]) -> bool:
    """Whether all have the same pieces apart from numbers, and at least one number."""
    kinds = {tuple("" if piece.isdigit() else piece for piece in row) for row in rows}
    return len(kinds) == 1 and "" in next(iter(kinds)) and len(rows[0]) > 1
