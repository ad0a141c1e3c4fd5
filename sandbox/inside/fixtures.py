"""Fixtures in the way of pytest, as far as a file of tests defines them itself."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Callable, Iterator
from typing import Any

from .pytest_subset import Fixture


class Fixtures:
    """The fixtures of one file, and the values of those that live longer than one test."""

    def __init__(self, namespace: dict[str, Any], link: Any) -> None:
        """Start none yet; `link` refuses what cannot be served."""
        self._namespace = namespace
        self._link = link
        self._of_file: dict[str, Any] = {}
        self._of_class: dict[str, Any] = {}
        self._class_ends = contextlib.ExitStack()

    def leave_class(self) -> None:
        """End the fixtures that live as long as the tests of one class."""
        self._of_class.clear()
        with contextlib.suppress(Exception):  # the tests of that class have their results
            self._class_ends.close()

    @contextlib.contextmanager
    def around(self, instance: Any, parameters: dict[str, Any]) -> Iterator[Values]:
        """Give the values of fixtures to one test, and end them after it.

        Args:
            instance: the object whose method the test is, or None.
            parameters: those of the test; they win over fixtures.
        """
        with contextlib.ExitStack() as ends:
            yield Values(self, instance, dict(parameters), ends)

    def find(self, name: str, instance: Any) -> Fixture:
        """Return the fixture of that name.

        Raises:
            Unsupported: the file defines none.
        """
        for found_name, fixture in self.all(instance):
            if found_name == name:
                return fixture
        raise self._link.refuse("a fixture that the file does not define")

    def all(self, instance: Any) -> list[tuple[str, Fixture]]:
        """Return all fixtures by name, those of the test's class first."""
        classes = type(instance).__mro__ if instance is not None else ()
        found = [*(item for each in classes for item in vars(each).items()), *self._namespace.items()]
        return [(each.name or name, each) for name, each in found if type(each) is Fixture]

    def kept(self, scope: str, ends: contextlib.ExitStack) -> tuple[dict[str, Any], contextlib.ExitStack]:
        """Return where values of that scope are kept, and what ends them; those of the file end with its process."""
        if scope == "function":
            return {}, ends
        return (self._of_class, self._class_ends) if scope == "class" else (self._of_file, contextlib.ExitStack())


class Values:
    """What fixtures are worth in one test."""

    def __init__(self, fixtures: Fixtures, instance: Any, known: dict[str, Any], ends: contextlib.ExitStack) -> None:
        """Take what is known from the start."""
        self._fixtures = fixtures
        self._instance = instance
        self._known = known
        self._ends = ends

    def start_automatic(self) -> None:
        """Start the fixtures that every test has."""
        for name, fixture in self._fixtures.all(self._instance):
            if fixture.autouse:
                self.value(name)

    def value(self, name: str) -> Any:
        """Return the value of a parameter or a fixture.

        Raises:
            Unsupported: there is neither.
        """
        if name not in self._known:
            fixture = self._fixtures.find(name, self._instance)
            kept, ends = self._fixtures.kept(fixture.scope, self._ends)
            if name not in kept:
                kept[name] = self._start(fixture, ends)
            self._known[name] = kept[name]
        return self._known[name]

    def _start(self, fixture: Fixture, ends: contextlib.ExitStack) -> Any:
        names = needed(fixture.function)
        args = [self._instance] if names[:1] == ["self"] else []
        made = fixture.function(*args, **{name: self.value(name) for name in names[len(args) :]})
        if not isinstance(made, types.GeneratorType):
            return made
        value = next(made)
        ends.callback(lambda: next(made, None))
        return value


def needed(function: Callable[..., Any]) -> list[str]:
    """Return names of the parameters that a test or a fixture has no value for."""
    plain = getattr(function, "__func__", function)
    code = plain.__code__  # without the module inspect, which would make every fork slower
    names = list(code.co_varnames[: code.co_argcount])
    names = names[: len(names) - len(plain.__defaults__ or ())]
    by_keyword = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    names += [name for name in by_keyword if name not in (plain.__kwdefaults__ or {})]
    return names if plain is function else names[1:]
