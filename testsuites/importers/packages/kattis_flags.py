"""From the flags of Kattis's own validator to a comparator."""

from __future__ import annotations

import math
from collections.abc import Sequence

from testsuites.model import Comparator

_TOLERANCES = {
    "float_tolerance": ("absolute", "relative"),
    "float_absolute_tolerance": ("absolute",),
    "float_relative_tolerance": ("relative",),
}


def comparator_of(flags: Sequence[str]) -> Comparator:
    """Return the comparator that compares as Kattis's own validator does, given these flags.

    Raises:
        ValueError: a flag is unknown, given twice, or lacks its number.
    """
    tolerances: dict[str, float] = {}
    switches: set[str] = set()
    rest = iter(flags)
    for flag in rest:
        if flag in ("case_sensitive", "space_change_sensitive"):
            switches.add(flag)
        elif flag in _TOLERANCES:
            if not tolerances.keys().isdisjoint(_TOLERANCES[flag]):
                raise ValueError(f"{flag}: a tolerance that was given before")
            tolerances |= dict.fromkeys(_TOLERANCES[flag], _tolerance(flag, next(rest, "")))
        else:
            raise ValueError("a flag that Kattis's own validator does not have")
    return Comparator(
        name="words",
        case_sensitive="case_sensitive" in switches,
        space_sensitive="space_change_sensitive" in switches,
        absolute=tolerances.get("absolute", 0.0),
        relative=tolerances.get("relative", 0.0),
    )


def _tolerance(flag: str, text: str) -> float:
    try:
        tolerance = float(text)
    except ValueError:
        tolerance = math.nan
    if not 0 < tolerance < math.inf:
        raise ValueError(f"{flag}: needs a number above 0")
    return tolerance
