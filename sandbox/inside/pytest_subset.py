"""The part of pytest that files of tests use most, made for a process without files.

Importing the real one costs more than the tests, and it wants a file system. What is not here is refused, never
guessed.
"""

from __future__ import annotations

import itertools
import types
from collections.abc import Callable, Iterator
from typing import Any

from .approximation import Approx

_module = types.ModuleType("pytest")


class Failed(Exception):
    """What `pytest.fail` raises, and a block that did not raise what it should."""


class Mark:
    """One mark of a test: its name, and what it was given."""

    def __init__(self, name: str, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None) -> None:
        """Take them."""
        self.name = name
        self.args = args
        self.kwargs = kwargs or {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Mark a test, or take what the mark is given."""
        if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType | type):
            marked: Any = args[0]
            marked._marks_ = [*vars(marked).get("_marks_", []), self]
            return marked
        return Mark(self.name, args, kwargs)


class Marks:
    """`pytest.mark`."""

    def __getattr__(self, name: str) -> Mark:
        """Return a mark of any name."""
        return Mark(name)

    def of(self, marked: Any) -> list[Mark]:
        """Return the marks of a test or of a class, in the order of their decorators from the bottom."""
        found: list[Mark] = getattr(marked, "_marks_", [])
        return found


MARKS = Marks()


class Param:
    """One set of parameters: `pytest.param`."""

    def __init__(self, *values: Any, marks: Any = (), id: Any = None) -> None:
        """Take the values, and marks for this set alone."""
        self.values = values
        self.marks = marks if isinstance(marks, list | tuple) else [marks]


class Fixture:
    """A function that makes what tests ask for by name."""

    def __init__(self, function: Callable[..., Any], scope: str, autouse: bool, name: str | None) -> None:
        """Take what `pytest.fixture` was given."""
        self.function = function
        self.scope = scope
        self.autouse = autouse
        self.name = name


class Caught:
    """What `pytest.raises` tells of the exception."""

    value: Any = None

    @property
    def type(self) -> Any:
        """Class of the exception."""
        return type(self.value)

    def match(self, pattern: Any) -> bool:
        """Return True where the pattern is found in the exception's text.

        Raises:
            AssertionError: it is not.
        """
        import re

        assert re.search(pattern, str(self.value)), "the exception's text does not match"  # noqa: S101 - as in pytest
        return True


class Raises:
    """`pytest.raises` as a context manager."""

    def __init__(self, kinds: Any, match: Any = None) -> None:
        """Take what must be raised."""
        self._kinds = kinds
        self._match = match
        self._caught = Caught()

    def __enter__(self) -> Caught:
        """Return what will tell of the exception."""
        return self._caught

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        """Take the exception, where it is one that must be raised."""
        if kind is None:
            raise Failed("DID NOT RAISE")
        if not issubclass(kind, self._kinds):
            return False
        self._caught.value = error
        return self._match is None or self._caught.match(self._match)


def parameter_sets(marks: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield each set of parameters of a test; one that is empty for a test without parameters.

    Raises:
        Unsupported: a set has marks of its own, or is for a fixture.
        ValueError: a set has too many values, or too few.
    """
    axes = []
    for mark in marks:
        if mark.name == "parametrize":
            names, sets = _names_and_sets(*mark.args, **mark.kwargs)
            axes.append([dict(zip(names, values, strict=True)) for values in sets])
    for combined in itertools.product(*axes):
        yield {name: value for part in combined for name, value in part.items()}


def _names_and_sets(argnames: Any, argvalues: Any, indirect: Any = False, ids: Any = None, scope: Any = None) -> Any:
    names = [name.strip() for name in argnames.split(",") if name.strip()] if isinstance(argnames, str) else argnames
    sets = []
    for given in argvalues:
        if isinstance(given, Param):
            if given.marks:
                raise _link().refuse("marks of a single set of parameters")
            sets.append(given.values)
        else:
            sets.append((given,) if len(names) == 1 else tuple(given))
    if indirect:
        raise _link().refuse("parameters for a fixture")
    return names, sets


def _raises(expected_exception: Any, *args: Any, match: Any = None, **kwargs: Any) -> Any:
    if not args:
        return Raises(expected_exception, match)
    with Raises(expected_exception) as caught:
        args[0](*args[1:], **kwargs)
    return caught


def _fixture(
    function: Any = None, *, scope: str = "function", autouse: bool = False, name: Any = None, **other: Any
) -> Any:
    if other.keys() - {"ids"}:
        raise _link().refuse("a fixture with parameters")
    if function is None:
        return lambda made: Fixture(made, scope, autouse, name)
    return Fixture(function, scope, autouse, name)


def _fail(reason: str = "", pytrace: bool = True) -> None:
    raise Failed(reason)


def _skip(*args: Any, **kwargs: Any) -> None:
    raise _link().refuse("a test is skipped while it runs")


def _link() -> Any:
    return vars(_module)["_link_"]


class _PytestModule(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise _link().refuse("a part of pytest that is not served")


def module() -> types.ModuleType:
    """Return what ``import pytest`` gives."""
    _module.__class__ = _PytestModule
    vars(_module).update(
        raises=_raises, approx=Approx, mark=MARKS, param=Param, fixture=_fixture, fail=_fail, skip=_skip
    )
    return _module


def use(link: Any) -> None:
    """Let `link` refuse what is not served."""
    vars(_module)["_link_"] = link
