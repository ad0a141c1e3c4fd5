"""Standard inputs like those of a suite: the same structure of lines and words, with counts that stay right.

A text is read as some lines that every input has, and a body of lines that may be more or fewer:

    3 5             a count of the lines below, and a number
    4 1 2           a line of the body: words, read as integers where they are some
    ...

Every word of a first line is an argument, or the line where its length differs from input to input; the body is one
more (`arguments`). Where a number of the first lines was in every input that of the lines in the body, of the words on
the next line or on each line of the body, or of their characters, it is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from sandbox.job import Stdin
from verifier.calibrating.inputs.arguments import arguments_like
from verifier.calibrating.inputs.hints import hints_of

_INTEGER = re.compile(r"-?[1-9][0-9]{0,299}|0", re.ASCII)
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,99})\.[0-9]{1,99}", re.ASCII)
_MOST_BYTES = 20_000
_MOST_HEAD = 4

Row = tuple[Any, ...]
Counting = Callable[[list[Row], list[Row]], int | None]
"""Counts something, given the lines below the number: those of the first lines, and the body."""


class _Count(NamedTuple):
    """A number that counts: where it stands in the first lines, and what it is the number of."""

    line: int
    column: int
    number: Counting


class _Layout(NamedTuple):
    """What the inputs of a suite have in common.

    Attributes:
        widths: words on each of the first lines; None where that differs.
        counts: numbers on them that count.
        single: whether every line of the body is one word.
        ending: of the last line.
    """

    widths: tuple[int | None, ...]
    counts: tuple[_Count, ...]
    single: bool
    ending: str

    def split(self, rows: list[Row]) -> tuple[Any, ...]:
        """Return an input as arguments."""
        arguments: list[Any] = []
        for row, width in zip(rows, self.widths, strict=False):
            arguments.extend([list(row)] if width is None else row)
        body: list[Any] = rows[len(self.widths) :]
        arguments.append([row[0] for row in body] if self.single else body)
        return tuple(arguments)

    def join(self, arguments: tuple[Any, ...]) -> Stdin:
        """Return the input for some arguments."""
        left = list(arguments)
        first: list[Row] = []
        for width in self.widths:
            first.append(tuple(left.pop(0)) if width is None else tuple(left.pop(0) for _ in range(width)))
        body = [(line,) for line in left[0]] if self.single else left[0]
        for count in self.counts:
            number = count.number(first[count.line + 1 :], body)
            if number is not None:
                row = first[count.line]
                first[count.line] = (*row[: count.column], number, *row[count.column + 1 :])
        lines = [" ".join(map(str, row)) for row in (*first, *body)]
        return Stdin(("\n".join(lines) + self.ending).encode())


def valid_stdins(observed: Sequence[Stdin], reference: str) -> SearchStrategy[Stdin]:
    """Return a strategy of inputs that are valid as far as the observed ones, at least one, tell.

    Args:
        observed: what the suite gives on standard input.
        reference: a right program, whose constants are tried.
    """
    texts = [text for item in observed if (text := _decoded(item.data)) is not None and len(text) <= _MOST_BYTES]
    if not texts:
        return st.nothing()
    layout, inputs = _layout(texts)
    return arguments_like([layout.split(rows) for rows in inputs], hints_of(reference)).map(layout.join)


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _layout(texts: Sequence[str]) -> tuple[_Layout, list[list[Row]]]:
    """Return what texts, at least one, have in common, and the texts as lines of words."""
    inputs = [[_row(line) for line in text.removesuffix("\n").split("\n")] for text in texts]
    head = _head(inputs)
    found = [{len(rows[line]) for rows in inputs} for line in range(head)]
    body = [row for rows in inputs for row in rows[head:]]
    if _is_prose(body):
        inputs = [[*rows[:head], *((" ".join(row),) for row in rows[head:])] for rows in inputs]
        body = [row for rows in inputs for row in rows[head:]]
    layout = _Layout(
        widths=tuple(lengths.pop() if len(lengths) == 1 else None for lengths in found),
        counts=tuple(_counts(inputs, head)),
        single=bool(body) and all(len(row) == 1 for row in body),
        ending="\n" if any(text.endswith("\n") for text in texts) else "",
    )
    return layout, inputs


def _row(line: str) -> Row:
    """Return the words of a line, integers as such; the whole line where its spaces are not single ones."""
    words = line.split(" ")
    if "" in words or not line.isprintable():
        return (line,)
    return tuple(map(_word, words))


def _word(word: str) -> Any:
    if _INTEGER.fullmatch(word):
        return int(word)
    return Decimal(word) if _DECIMAL.fullmatch(word) else word


def _is_prose(body: list[Row]) -> bool:
    """Whether lines are texts to be taken as a whole: words only, and not always equally many."""
    return len({len(row) for row in body}) > 1 and all(isinstance(word, str) for row in body for word in row)


def _head(inputs: list[list[Row]]) -> int:
    """Return how many lines come before the body: all, where every input has equally many."""
    lengths = {len(rows) for rows in inputs}
    if len(lengths) == 1 and max(lengths) <= _MOST_HEAD:
        return max(lengths)
    for head in range(1, min(_MOST_HEAD, min(lengths)) + 1):
        if any(count.number is _lines for count in _counts(inputs, head)):
            return head
    return 0


def _lines(below: list[Row], body: list[Row]) -> int | None:
    return len(body)


def _next_words(below: list[Row], body: list[Row]) -> int | None:
    return len([*below, *body][0]) if below or body else None


def _next_characters(below: list[Row], body: list[Row]) -> int | None:
    rows = [*below, *body]
    return len(str(rows[0][0])) if rows and len(rows[0]) == 1 else None


def _body_words(below: list[Row], body: list[Row]) -> int | None:
    widths = {len(row) for row in body}
    return widths.pop() if len(widths) == 1 else None


def _body_characters(below: list[Row], body: list[Row]) -> int | None:
    widths = {len(str(row[0])) for row in body if len(row) == 1}
    return widths.pop() if len(widths) == 1 else None


_COUNTINGS: tuple[Counting, ...] = (_lines, _next_words, _body_words, _body_characters, _next_characters)


def _counts(inputs: list[list[Row]], head: int) -> list[_Count]:
    """Return the numbers of the first lines that count the same thing in every input, the body's lines first."""
    found: dict[tuple[int, int], _Count] = {}
    for number in _COUNTINGS:
        for line in range(head):
            for column in range(min(len(rows[line]) for rows in inputs)):
                told = [rows[line][column] for rows in inputs]
                counted = [number(rows[line + 1 : head], rows[head:]) for rows in inputs]
                if told == counted and len(set(told)) > 1 and all(type(value) is int for value in told):
                    found.setdefault((line, column), _Count(line, column, number))
    return list(found.values())
