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


def _explained(message: str) -> str:
    what, _, where = message.partition(" - at ")
    field = re.sub(r"\$\.?", "", where.replace("`", ""))
    if what.startswith("Invalid"):  # msgspec quotes the value here
        what = "not one of the known values"
    elif what.startswith("Expected"):
        what = re.sub(r"`([^`]*)`", _words, what)
    what = what.replace("Object missing required", "missing").replace("Object contains unknown", "unknown")
    what = what[:1].lower() + what[1:]
    return f"{field}: {what}" if field else what


def _words(kinds: re.Match[str]) -> str:
    return " or ".join(_WORDS.get(kind, kind) for kind in kinds[1].split(" | "))
