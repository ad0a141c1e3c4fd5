"""Numbers, and lists and dictionaries of them, that are about equal, by the rule of `pytest.approx`."""

from __future__ import annotations

import math
from typing import Any

_RELATIVE, _ABSOLUTE = 1e-6, 1e-12
_NUMBERS = (int, float, complex)


class Approx:
    """Equal to a number that is within the larger of two tolerances; containers item by item."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, expected: Any, rel: float | None = None, abs: float | None = None, nan_ok: bool = False) -> None:
        """Take what is expected, and the tolerances.

        Args:
            expected: a number, or a sequence or dictionary of numbers; anything else is compared exactly.
            rel: relative tolerance; None means 1e-6, or none where `abs` is given.
            abs: absolute tolerance; None means 1e-12.
            nan_ok: whether NaN is equal to itself.
        """
        self._expected = expected
        self._relative = rel
        self._absolute = abs
        self._nan_ok = nan_ok

    def __eq__(self, actual: object) -> bool:
        """Compare."""
        return self._same(self._expected, actual)

    def _same(self, expected: Any, actual: Any) -> bool:
        if isinstance(expected, dict):
            return (
                isinstance(actual, dict)
                and actual.keys() == expected.keys()
                and all(self._same(expected[key], actual[key]) for key in expected)
            )
        if isinstance(expected, list | tuple):
            return (
                isinstance(actual, list | tuple)
                and len(actual) == len(expected)
                and all(map(self._same, expected, actual))
            )
        if isinstance(expected, bool):
            return isinstance(actual, bool) and actual == expected
        if not isinstance(expected, _NUMBERS):
            return self._same_rare(expected, actual)
        return isinstance(actual, _NUMBERS) and self._close(expected, actual)

    def _same_rare(self, expected: Any, actual: Any) -> bool:
        if hasattr(expected, "tolist"):
            return self._same(expected.tolist(), actual)
        if type(expected).__module__ in ("decimal", "fractions") and type(actual) is type(expected):
            return self._close(expected, actual)
        return bool(expected == actual)

    def _close(self, expected: Any, actual: Any) -> bool:
        if expected == actual:
            return True
        if expected != expected or actual != actual:
            return self._nan_ok and expected != expected and actual != actual
        if isinstance(expected, float) and math.isinf(expected):
            return False
        relative = self._relative
        if relative is None:
            relative = 0.0 if self._absolute is not None else _RELATIVE
        absolute = _ABSOLUTE if self._absolute is None else self._absolute
        return bool(abs(expected - actual) <= max(relative * float(abs(expected)), absolute))
