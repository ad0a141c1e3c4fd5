"""From text to typed values, with errors that name the field and never quote a value."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

import msgspec

from testsuites.errors import SuiteInvalid

T = TypeVar("T")

_WORDS = {
    "array": "a list",
    "object": "a table of fields",
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
}


_UNKNOWN = re.compile(r"unknown field `(.*?)`(?= - at `\$[^`]*`$|$)", re.DOTALL)
_PLAIN_NAME = re.compile(r"[\w-]{1,40}")


def read_json(text: str | bytes) -> Any:
    """Decode JSON as Python spells it: NaN and Infinity are numbers, integers are exact at any size.

    Raises:
        ValueError: not JSON. The message gives the position and holds no part of the text.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON (line {error.lineno}, column {error.colno})") from None
    except UnicodeDecodeError:
        raise ValueError("not valid UTF-8 text") from None
    except RecursionError:
        raise ValueError("not usable JSON: nested too deeply") from None
    except ValueError:  # Python's limit on decimal digits
        raise ValueError("not usable JSON: a number has more than 4,300 digits") from None


def convert(value: Any, kind: type[T], place: str) -> T:
    """Turn decoded JSON or TOML into `kind`.

    Raises:
        SuiteInvalid: the value does not fit; the message starts with `place` and names the field.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise SuiteInvalid(f"{place}: {_explained(str(error))}") from None
    except RecursionError:
        raise SuiteInvalid(f"{place}: nested too deeply") from None
    except UnicodeEncodeError:
        raise SuiteInvalid(f"{place}: holds half of a surrogate pair, which no program can be given") from None


def _explained(message: str) -> str:
    what, _, where = _UNKNOWN.sub(_named, message).partition(" - at ")
    field = re.sub(r"\$\.?", "", where.replace("`", ""))
    if what.startswith("Invalid"):  # msgspec quotes the value here
        what = "not one of the known values"
    elif what.startswith("Expected"):
        what = re.sub(r"`([^`]*)`", _words, what)
    what = what.replace("Object missing required", "missing").replace("Object contains unknown", "unknown")
    what = what[:1].lower() + what[1:]
    return f"{field}: {what}" if field else what


def _named(unknown: re.Match[str]) -> str:
    """Return an unknown field by its name, unless that is too long or too odd to be read in a message."""
    return unknown[0] if _PLAIN_NAME.fullmatch(unknown[1]) else "unknown field"


def _words(kinds: re.Match[str]) -> str:
    return " or ".join(_WORDS.get(kind, kind) for kind in kinds[1].split(" | "))
