"""From the bytes of a suite file to what they say, as JSON or TOML, with errors that never quote them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from testsuites.decoding import read_json
from testsuites.errors import SuiteInvalid

_MOST_KEY_PARTS = 32
_LONG_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{_MOST_KEY_PARTS}}}")
_TOML_TEXT = re.compile(  # strings of the four kinds, even where they do not end, and comments (toml.io/en/v1.0.0)
    r"""
      "{3} (?: [^"\\] | \\. | "(?!"") )*+ (?: "{3,5} | \Z )
    | '{3} (?: [^'] | '(?!'') )*+ (?: '{3,5} | \Z )
    | " (?: [^"\\\n] | \\. )*+ "?
    | ' [^'\n]*+ '?
    | [#] [^\n]*+
    """,
    re.VERBOSE | re.DOTALL,
)


def decoded(data: bytes, place: str) -> str:
    """Return text for its UTF-8 bytes.

    Raises:
        SuiteInvalid: they are not UTF-8; the message starts with `place`.
    """
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise SuiteInvalid(f"{place}: not valid UTF-8 text at byte {error.start}") from None


def document(text: str, place: str) -> Any:
    """Return what a suite file says: JSON where its place ends in ``.json``, else TOML.

    Raises:
        SuiteInvalid: it is neither; the message gives the position.
    """
    text = text.removeprefix("\ufeff")
    if place.endswith(".json"):
        try:
            return read_json(text)
        except ValueError as error:
            raise SuiteInvalid(f"{place}: {error}") from None
    _refuse_long_keys(text, place)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:  # its message quotes keys: keep the position only
        position = re.search(r"\(at [^()]*\)$", str(error))
        raise SuiteInvalid(f"{place}: not valid TOML {position[0] if position else ''}".rstrip()) from None
    except (RecursionError, ValueError):  # Python's limits on nesting and on decimal digits
        raise SuiteInvalid(f"{place}: nested too deeply, or a number has more than 4,300 digits") from None


def _refuse_long_keys(text: str, place: str) -> None:
    """Return if no key has more than `_MOST_KEY_PARTS`: `tomllib` takes quadratic time for them."""
    if _LONG_KEY.search(_TOML_TEXT.sub("_", text)):
        raise SuiteInvalid(f"{place}: a key has more than {_MOST_KEY_PARTS} parts")
