"""Special methods of what stands for the program's objects (`handles`): each is carried out there, or refused here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_UNARY = (
    *("len", "reversed", "repr", "str", "hash", "bool", "abs", "int", "float", "complex", "index", "neg", "pos"),
    *("invert", "trunc", "floor", "ceil", "bytes", "dir", "enter", "copy"),
)
_BINARY = {
    **{name: name for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "matmul", "lshift", "rshift")},
    "and": "and_",
    "or": "or_",
    "xor": "xor",
    "divmod": "divmod",
    "pow": "pow",
}
_IN_PLACE = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "lshift", "rshift", "and", "or", "xor")
_ORDER = ("lt", "le", "gt", "ge")
_DATA = (type(None), bool, int, float, str, bytes, complex, tuple, list, dict, set, frozenset)


def _state(value: Any) -> Any:
    return value.__dict__["_state_"]


def _is_of_the_program(value: Any) -> bool:
    return "_state_" in getattr(type(value), "__dict__", ())


def _carry_out(name: str, owner: Any, args: list[Any], *, lets_end: bool = False) -> Any:
    """Have it done there. What comes of objects that the test made was made by the test (`handles`)."""
    operands = [arg for arg in args if _is_of_the_program(arg)]
    made = all(_state(arg).made for arg in operands)
    result = _state(owner).link.act(["op", name, args], lets_end=lets_end)
    if made and _is_of_the_program(result):
        alike = name in _ALIKE or (name in _ARITHMETIC and len(operands) < len(args))
        itself = any(result is arg for arg in operands)
        if (alike and (_state(result).is_new or itself)) or (itself and name in _GIVE_ITSELF):
            _state(result).made = True
    return result


_GIVE_ITSELF = frozenset({"iter", "enter"})
_ARITHMETIC = frozenset({*_BINARY.values(), *(f"i{name}" for name in _IN_PLACE)})
_ALIKE = frozenset({"neg", "pos", "invert", "copy", "deepcopy"}) | {
    each for name in ("add", "sub", "and", "or", "xor") for each in (_BINARY[name], f"i{name}")
}
"""Operators that make an object of the kind that they are given: of two vectors, unlike ``*``, and of one, unlike
`abs`. What else an operator brings may be the number that the test expects."""


def _unary(name: str) -> Callable[..., Any]:
    return lambda self: _carry_out(name, self, [self])


NO_SAY = "it asks an object of the solution about the test's data"
"""What may have made a test fail, in words that stand in a message."""


def _served(self: Any, other: Any) -> bool:
    if _is_of_the_program(other) or _state(self).made:
        return True
    _state(self).link.hinder(NO_SAY)
    return False


def _binary(name: str) -> Callable[..., Any]:
    return lambda self, other: _carry_out(name, self, [self, other]) if _served(self, other) else NotImplemented


def _reflected(name: str) -> Callable[..., Any]:
    return lambda self, other: _carry_out(name, self, [other, self]) if _served(self, other) else NotImplemented


def _equality(name: str) -> Callable[..., Any]:
    def compare(self: Any, other: Any) -> Any:
        if self is other and name == "ne":
            return False
        if _is_of_the_program(other):
            return bool(_carry_out(name, self, [self, other]))
        if _state(self).base and type(other) in _DATA:  # what it holds as data, compared here
            return (_carry_out("plain", self, [self]) == other) is (name == "eq")
        return NotImplemented

    return compare


def _contains(self: Any, item: Any) -> bool:
    if _served(self, item):
        return bool(_carry_out("contains", self, [self, item]))
    return any(each is item or each == item for each in iter(self))


def _next(self: Any) -> Any:
    return _carry_out("next", self, [self], lets_end=True)


def _call(self: Any, *args: Any, **kwargs: Any) -> Any:
    return _state(self).link.act(["call", self, list(args), kwargs])


def _format(self: Any, spec: str) -> Any:
    return _carry_out("format", self, [self, spec])


def _round(self: Any, *digits: Any) -> Any:
    return _carry_out("round", self, [self, *digits])


def _exit(self: Any, kind: Any, error: Any, trace: Any) -> Any:
    return bool(_carry_out("exit", self, [self, kind, error, None]))


def _deepcopy(self: Any, memo: Any) -> Any:
    return _carry_out("deepcopy", self, [self])


SPECIAL: dict[str, Callable[..., Any]] = {
    **{f"__{name}__": _unary(name) for name in _UNARY},
    **{f"__{name}__": _binary(operation) for name, operation in _BINARY.items()},
    **{f"__r{name}__": _reflected(operation) for name, operation in _BINARY.items()},
    **{f"__i{name}__": _binary(f"i{name}") for name in _IN_PLACE},
    **{f"__{name}__": _binary(name) for name in _ORDER},
    **{f"__{name}__": _equality(name) for name in ("eq", "ne")},
    "__contains__": _contains,
    "__iter__": _unary("iter"),
    "__next__": _next,
    "__getitem__": lambda self, key: _carry_out("getitem", self, [self, key]),
    "__setitem__": lambda self, key, value: _carry_out("setitem", self, [self, key, value]),
    "__delitem__": lambda self, key: _carry_out("delitem", self, [self, key]),
    "__call__": _call,
    "__format__": _format,
    "__round__": _round,
    "__exit__": _exit,
    "__deepcopy__": _deepcopy,
}


def of_classes() -> list[Callable[..., Any]]:
    """Return what makes classes iterable and so on, where they are: those of enumerations."""
    return [
        lambda cls: _carry_out("iter", cls, [cls]),
        lambda cls: _carry_out("len", cls, [cls]),
        lambda cls, key: _carry_out("getitem", cls, [cls, key]),
        lambda cls, item: bool(_carry_out("contains", cls, [cls, item])),
        lambda cls: _carry_out("reversed", cls, [cls]),
    ]
