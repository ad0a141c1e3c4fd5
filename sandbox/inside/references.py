"""Tags for what is no data, on top of `values`: both ends of a live call write and read them.

from test code         {"h": n} object n      {"n": "name"} of the program      {"k": n} function n of the test code
                       {"I": n} iterator n    {"g": "name"} built into Python   {"M": 0} the program's module
                       {"E": [class, args, n]} exception number n               {"S": [...]} slice
                       {"m": [n, value]} a container that occurs again, as {"a": n}
from the program       {"h": [n, ...]} object n, described (`acts`)             {"k": n} as above
                       {"a": n} container n of the arguments (`given`)          {"e": n} what function n raised
both                   {"T": [type, parts]} a value of `datetime`, or a deque
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from typing import Any

from . import values

ACT = "@"
"""In the place of a function's name: the arguments are the text of an act (`acts`), and whether changes are told."""

_DATE = ("year", "month", "day")
_TIME = ("hour", "minute", "second", "microsecond")
_PARTS: dict[str, tuple[str, ...]] = {
    "date": _DATE,
    "time": _TIME,
    "datetime": _DATE + _TIME,
    "timedelta": ("days", "seconds", "microseconds"),
}


def write_rare(value: Any, depth: int, hold: values.Hold) -> dict[str, Any] | None:
    """Write a value of `datetime`, in no time zone or in UTC, or a deque; None for anything else."""
    kind = type(value)
    if kind.__module__ == "datetime" and kind is getattr(sys.modules.get("datetime"), kind.__name__, None):
        zone = getattr(value, "tzinfo", None)
        if kind.__name__ in _PARTS and (zone is None or zone is sys.modules["datetime"].timezone.utc):
            parts = [getattr(value, name) for name in _PARTS[kind.__name__]]
            return {"T": [kind.__name__, parts, zone is not None]}
    if kind.__module__ == "collections" and kind is getattr(sys.modules.get("collections"), "deque", None):
        return {"T": ["deque", values.tag(list(value), depth + 1, hold), value.maxlen]}
    return None


def read_rare(body: Any, read: Callable[[Any], Any]) -> Any:
    """Build what `write_rare` wrote.

    Raises:
        ValueError, TypeError: the body is something else.
        OverflowError: likewise.
    """
    match body:
        case ["deque", list(items), most] if most is None or type(most) is int:
            from collections import deque

            return deque(read(items), most)
        case [str(name), list(parts), bool(utc)] if name in _PARTS and all(type(part) is int for part in parts):
            import datetime

            made = getattr(datetime, name)(*parts)
            return made.replace(tzinfo=datetime.UTC) if utc else made
    raise values.NotPlainData("not a value of this kind")


def built_in(value: Any) -> str | None:
    """Return the name of a type or function that is built into Python under that name."""
    name = getattr(value, "__name__", None) if callable(value) else None
    return name if isinstance(name, str) and getattr(builtins, name, None) is value else None
