"""Python types that JSON lost, learnt from the same arguments written as Python.

MBPP+ gives its arguments as JSON, where a tuple is a list and a complex number a text, next to assert lines that show
a few of them as Python literals. A `Shape` collects the types seen in the literals at each place, and then turns other
JSON values for the same place into those types:

- a place seen as one kind of sequence only (tuple, set) makes every list there one; seen as several: left a list
- items of a sequence share one shape, and so do keys and values of a dictionary
- where literals mix plain values with sequences, as in ``(1, (2, 3))``, deeper levels look like the last one seen
- where an argument, or a key, was only ever a number, a text that reads as a number is one
- where nothing was seen, nothing is changed
"""

from __future__ import annotations

from typing import Any

from testsuites.literals import read_literal

_SEQUENCES = (list, tuple, set, frozenset)
_NUMBERS = frozenset({int, float, complex})


class Shape:
    """Types seen at one place of a value."""

    def __init__(self, *, numbers_as_text: bool = False) -> None:
        """Start with nothing seen.

        Args:
            numbers_as_text: whether a number may be written as a text at this place. True for arguments, as JSON has
                no complex numbers, and for keys, as JSON has none but texts. Not for items, which often are of mixed
                types.
        """
        self._sequences: set[type] = set()
        self._plain: set[type] = set()
        self._items: Shape | None = None
        self._keys: Shape | None = None
        self._numbers_as_text = numbers_as_text

    def see(self, value: Any) -> None:
        """Learn from one literal."""
        if isinstance(value, _SEQUENCES):
            self._sequences.add(type(value))
            self._items = self._items or Shape()
            for item in value:
                self._items.see(item)
        elif isinstance(value, dict):
            self._keys = self._keys or Shape(numbers_as_text=True)
            self._items = self._items or Shape()
            for key, item in value.items():
                self._keys.see(key)
                self._items.see(item)
        else:
            self._plain.add(type(value))

    def restore(self, value: Any) -> Any:
        """Return a JSON value with the types of this place.

        Raises:
            ValueError: the value does not fit them.
        """
        if isinstance(value, list) and self._sequences:
            kind = next(iter(self._sequences)) if len(self._sequences) == 1 else list
            items = self._below()
            return _sequence(kind, [items.restore(item) for item in value])
        if isinstance(value, dict) and self._keys and self._items:
            return {self._keys.restore(key): self._items.restore(item) for key, item in value.items()}
        if isinstance(value, str) and self._numbers_as_text and self._plain and self._plain <= _NUMBERS:
            return _number(value)
        return value

    def _below(self) -> Shape:
        """Shape of the items; this one again where literals were nested and end here."""
        items = self._items or Shape()
        return self if self._plain and not items._sequences else items


def _number(text: str) -> Any:
    """Return the number that a text stands for, or the text when it is none."""
    try:
        value = read_literal(text)
    except ValueError:
        return text
    return value if type(value) in _NUMBERS else text


def _sequence(kind: type, items: list[Any]) -> Any:
    try:
        return kind(items)
    except TypeError:
        raise ValueError("a list is where only sets were seen, and its items cannot be in a set") from None
