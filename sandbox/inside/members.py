"""What test code holds in place of the program's functions and module, which have a name in every program."""

from __future__ import annotations

import types
from typing import Any

from .handles import TELLS


class Member:
    """A function that lives elsewhere, known by its name in the program's module."""

    def __init__(self, link: Any, name: str, number: int | None = None) -> None:
        """Take the channel, the name, and the object's number where it is known."""
        self.__name__ = name
        self._link = link
        self._number = number
        self._stops: int = link.stops

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it there."""
        if self._link.rebound and self._number is not None:
            return self._link.act(["call", self, list(args), kwargs])
        return self._link.call(self.__name__, args, kwargs)

    def reference(self) -> dict[str, Any]:
        """Return how to refer to it: by its name, unless the test may have given that to something else."""
        known = self._link.rebound and self._number is not None and self._stops == self._link.stops
        return {"h": self._number} if known else {"n": self.__name__}

    def __getattr__(self, name: str) -> Any:
        """Ask it there."""
        if name.startswith("__") and name not in TELLS:
            raise AttributeError(name)
        return self._link.act(["attr", self, name])

    def __instancecheck__(self, instance: object) -> bool:
        """Take it for a class: one that is bound by its name alone may be one."""
        kind = self._link.get(self.__name__)
        return isinstance(kind, type) and isinstance(instance, kind)


class Opaque:
    """Something that can be told in no way: true or false as it is there, and equal to nothing but itself."""

    def __init__(self, truth: bool) -> None:
        """Take its truth."""
        self._truth = truth

    def __bool__(self) -> bool:
        """Return it."""
        return self._truth


class ProgramModule(types.ModuleType):
    """The program's module."""

    def __init__(self, name: str) -> None:
        """Take the name by which test code imports it. Nobody can be asked yet."""
        super().__init__(name)
        self.__dict__["_link_"] = None

    def __getattr__(self, name: str) -> Any:
        """Return a member."""
        link = self.__dict__["_link_"]
        if link is None or (name.startswith("__") and name != "__all__"):
            raise AttributeError(name)
        return link.act(["names"]) if name == "__all__" else link.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a member there."""
        if name.startswith("__"):  # Python's own
            super().__setattr__(name, value)
        else:
            self.__dict__["_link_"].rebound = True
            self.__dict__["_link_"].act(["set", self, name, value])

    def __delattr__(self, name: str) -> None:
        """Delete a member there."""
        self.__dict__["_link_"].rebound = True
        self.__dict__["_link_"].act(["del", self, name])
