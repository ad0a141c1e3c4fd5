"""Signatures: what a function that is called takes and gives, in types that no language has to itself.

    closest(points: list<tuple<float, float>>, names: optional<map<string, int>>) -> set<string>

    int         64 bits, signed             list<T>           in order
    bigint      as long as it has to be     tuple<A, B, ...>  so many, each with a type of its own
    float       double precision            set<T>
    bool                                    map<K, V>
    string                                  optional<T>       T, or nothing
    any         whatever is plain data

The text is a suite's, and holds nothing hidden: programs are built with the name in it.
"""

from __future__ import annotations

import re
import sys
from typing import Any

import msgspec

MAX_CHARACTERS = 2000
MAX_PARAMETERS = 32
MAX_DEPTH = 16

_TOKEN = re.compile(r"\s*(?:([A-Za-z_][A-Za-z0-9_]*)|(->|[(),:<>])|(\S)|$)", re.ASCII)
_INTEGER = re.compile("-?[0-9]{1,19}", re.ASCII)
_LARGEST_FLOAT = int(sys.float_info.max)
_ARGUMENTS = {"list": (1, 1), "set": (1, 1), "optional": (1, 1), "map": (2, 2), "tuple": (1, MAX_PARAMETERS)}
"""How many types each of these takes between its brackets, at least and at most."""
_SCALARS = frozenset({"int", "bigint", "float", "bool", "string", "any"})


class SignatureInvalid(ValueError):
    """A text is no signature. The message says where, and what is expected there."""


class Type(msgspec.Struct, frozen=True):
    """A type: its name, and the types between its brackets."""

    name: str
    of: tuple[Type, ...] = ()


class Parameter(msgspec.Struct, frozen=True):
    """A parameter: its name and its type."""

    name: str
    type: Type


class Signature(msgspec.Struct, frozen=True):
    """A function: its name, what it takes, and what it gives."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Type


def read_signature(text: str) -> Signature:
    """Read a signature.

    Raises:
        SignatureInvalid: the text is none.
    """
    if len(text) > MAX_CHARACTERS:
        raise SignatureInvalid(f"longer than {MAX_CHARACTERS} characters")
    return _Reader(text).signature()


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = self._end = 0
        self._word = ""
        self._is_name = False
        self._advance()

    def signature(self) -> Signature:
        name = self._name("the name of a function")
        self._expect("(")
        parameters: list[Parameter] = []
        while self._word != ")":
            if parameters:
                self._expect(",")
            parameters.append(self._parameter(parameters))
        self._expect(")")
        self._expect("->")
        result = self._type(0)
        if self._word:
            raise self._error("the end")
        return Signature(name, tuple(parameters), result)

    def _parameter(self, before: list[Parameter]) -> Parameter:
        if len(before) == MAX_PARAMETERS:
            raise self._error(f"no more than {MAX_PARAMETERS} parameters")
        if self._word in {parameter.name for parameter in before}:
            raise self._error("a name that no other parameter has")
        name = self._name("the name of a parameter")
        self._expect(":")
        return Parameter(name, self._type(0))

    def _type(self, depth: int) -> Type:
        name = self._word
        if depth > MAX_DEPTH:
            raise self._error(f"no type nested deeper than {MAX_DEPTH}")
        if name in _SCALARS:
            self._advance()
            return Type(name)
        if name not in _ARGUMENTS:
            raise self._error(f"a type, one of {', '.join(sorted(_SCALARS | _ARGUMENTS.keys()))}")
        self._advance()
        self._expect("<")
        least, most = _ARGUMENTS[name]
        types = [self._type(depth + 1)]
        while len(types) < least or (len(types) < most and self._word == ","):
            self._expect(",")
            types.append(self._type(depth + 1))
        self._expect(">")
        return Type(name, tuple(types))

    def _name(self, what: str) -> str:
        if not self._is_name:
            raise self._error(what)
        name = self._word
        self._advance()
        return name

    def _expect(self, mark: str) -> None:
        if self._word != mark:
            raise self._error(repr(mark))
        self._advance()

    def _advance(self) -> None:
        found = _TOKEN.match(self._text, self._end)
        assert found is not None  # noqa: S101 - the pattern matches anything
        self._start, self._end = found.start(found.lastindex or 0), found.end()
        self._word, self._is_name = found[found.lastindex or 0].strip(), found.lastindex == 1

    def _error(self, expected: str) -> SignatureInvalid:
        return SignatureInvalid(f"expected {expected} at character {self._start + 1}")


def fits(kind: Type, value: Any) -> bool:
    """Say whether a value of a suite, which is plain data, has that type."""
    match kind.name, value:
        case ("any", _) | ("bool", bool()) | ("string", str()) | ("float", float()) | ("optional", None):
            return True
        case ("int" | "bigint" | "float", int()) if type(value) is int:
            bound = 2 ** (63 if kind.name == "int" else 53)
            return kind.name == "bigint" or -bound <= value < bound
        case ("list", list() | tuple()) | ("set", set() | frozenset()):
            return all(fits(kind.of[0], item) for item in value)
        case ("tuple", list() | tuple()):
            return len(value) == len(kind.of) and all(map(fits, kind.of, value))
        case ("map", dict()):
            return all(fits(kind.of[0], key) and fits(kind.of[1], item) for key, item in value.items())
        case ("optional", _):
            return fits(kind.of[0], value)
    return False


def as_typed(kind: Type, value: Any) -> Any:
    """Return what came back for a value of that type, which some languages cannot tell from another.

    Where all numbers are of one type, an integer may be a float; where all keys are texts, a text may be an integer.
    What is of another type altogether stays as it is: it is wrong.
    """
    match kind.name, value:
        case ("float", int()) if type(value) is int and abs(value) <= _LARGEST_FLOAT:
            return float(value)
        case ("list", list() | tuple()):
            return [as_typed(kind.of[0], item) for item in value]
        case ("tuple", list() | tuple()) if len(value) == len(kind.of):
            return tuple(map(as_typed, kind.of, value))
        case ("map", dict()):
            return {_key(kind.of[0], key): as_typed(kind.of[1], item) for key, item in value.items()}
        case ("optional", _) if value is not None:
            return as_typed(kind.of[0], value)
    return value


def _key(kind: Type, key: Any) -> Any:
    return int(key) if kind.name == "int" and type(key) is str and _INTEGER.fullmatch(key) else key
