"""What test code holds in place of the program's objects, classes and exceptions.

A law stands above all here: nothing that the program's objects say may make a comparison with the test's own data true.
So an object is equal to no data. Operators between it and data, order and `in` are the object's word, and so they are
served only where the test itself made the object, by calling an imported class, or by operators on such: there a number
cannot be what the test expects. Elsewhere they are a TypeError, and `in` looks at the items. What is a class is decided
by the text of the test code (`testsuites.classes`): a program could put a class into the place of a function.
"""

from __future__ import annotations

from typing import Any

from .operators import NO_SAY, SPECIAL, of_classes

TELLS = frozenset({"__name__", "__doc__", "__qualname__", "__annotations__", "__self__", "__func__", "__wrapped__"})
"""Attributes with two underscores that are asked for where the object is; others are not there."""
_ABOUT_DATA = frozenset(
    {"startswith", "endswith", "issubset", "issuperset", "isdisjoint", "equals", "isclose", "allclose"}
    | {"index", "rindex", "find", "rfind", "count", "union", "intersection", "difference", "symmetric_difference"}
)
"""Methods whose answer can be guessed from what they are given: ``got.index("a") < got.index("b")``."""

DERIVES = "a class of the test derives from one of the program"
"""What is refused, in words that stand in a message."""


class State:
    """What this side knows of an object of the program.

    Attributes:
        link: the channel.
        number: of the object.
        stops: how often test code had been stopped when it came (`sandbox.Call.live`).
        made: the test made it, as above.
        base: class of data that its class derives from, or "".
        methods: names of its methods.
        path: where the module has it, or "": for a class.
    """

    def __init__(
        self, link: Any, number: int, *, base: str = "", methods: frozenset[str] = frozenset(), path: str = ""
    ) -> None:
        """Take what there is to know."""
        self.link = link
        self.number = number
        self.stops: int = link.stops
        self.made = False
        self.base = base
        self.methods = methods
        self.path = path
        self._answer: int = link.reader.answers

    @property
    def is_new(self) -> bool:
        """Whether the last answer brought it first."""
        return bool(self._answer == self.link.reader.answers)


def state_of(value: Any) -> State | None:
    """Return the state of an object, a class or an exception of the program; None for anything else."""
    if isinstance(type(value), RemoteType) or type(value) is RemoteType:
        found: State = object.__getattribute__(value, "__dict__")["_state_"]
        return found
    return None


class RemoteType(type):
    """A class of the program."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Any:
        """Make the class for `make_class`; refuse a class statement of the test.

        Raises:
            Unsupported: as above.
        """
        if "_state_" not in namespace:
            state = next(found for base in bases if (found := state_of(base)))
            raise state.link.refuse(DERIVES)
        return super().__new__(cls, name, bases, namespace)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make an object there."""
        state: State = cls.__dict__["_state_"]
        made = state.link.construct(cls, state.path, args, kwargs)
        its_state = state_of(made)
        if its_state and type(made) is cls and its_state.is_new and state.link.reader.trusts(cls):
            its_state.made = True
        return made

    def __getattr__(cls, name: str) -> Any:
        """Ask the class there."""
        return _attribute(cls, cls.__dict__["_state_"], name)

    def __setattr__(cls, name: str, value: Any) -> None:
        """Set it there."""
        if name.startswith("__"):  # Python's own
            type.__setattr__(cls, name, value)
        else:
            cls.__dict__["_state_"].link.act(["set", cls, name, value])

    def __bool__(cls) -> bool:
        """Return True: having a length makes no class empty."""
        return True

    __iter__, __len__, __getitem__, __contains__, __reversed__ = of_classes()


class Handle:
    """An object of the program. Its class has those special methods that the object's class has."""

    def __getattr__(self, name: str) -> Any:
        """Ask the object there."""
        return _attribute(self, self.__dict__["_state_"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set it there."""
        self.__dict__["_state_"].link.act(["set", self, name, value])

    def __delattr__(self, name: str) -> None:
        """Delete it there."""
        self.__dict__["_state_"].link.act(["del", self, name])

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Refuse to be pickled: what would come of it is another name for the same object."""
        raise TypeError("an object of the program cannot be pickled")


for _name in ("__repr__", "__str__", "__format__", "__dir__", "__copy__", "__deepcopy__"):
    setattr(Handle, _name, SPECIAL[_name])


class RemoteError:
    """What exceptions of the program's own classes have beside their nearest built-in class."""

    def __getattr__(self, name: str) -> Any:
        """Ask the exception there."""
        return _attribute(self, self.__dict__["_state_"], name)

    def __str__(self) -> str:
        """Return the text that it has there."""
        text: str = self.__dict__["_text_"]
        return text


def make_class(name: str, bases: list[type], special: list[str], state: State) -> Any:
    """Make the class that stands for one of the program.

    Args:
        name: its name.
        bases: classes made so, and built-in exceptions.
        special: names of its special methods.
        state: what else is known.
    """
    namespace: dict[str, Any] = {"_state_": state, "__module__": "solution", "__doc__": None}
    if any(issubclass(base, BaseException) for base in bases):
        bases = bases if any(issubclass(base, RemoteError) for base in bases) else [RemoteError, *bases]
    else:
        bases = [base for base in bases if issubclass(base, Handle)] or [Handle]
        namespace |= {name: SPECIAL[name] for name in special if name in SPECIAL}
        if "__hash__" not in special:
            namespace["__hash__"] = None
    for tried in (bases, bases[:2] if bases[0] is RemoteError else bases[:1]):
        try:
            return RemoteType(name, tuple(tried), dict(namespace))
        except TypeError:  # what was left out there leaves bases in an order that cannot be
            continue
    raise ValueError("no class can be made of this")


class Bound:
    """A method of an object of the program, not yet called."""

    def __init__(self, owner: Any, name: str, state: State) -> None:
        """Take whose it is, and its name."""
        self.__self__ = owner
        self.__name__ = name
        self._state = state

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it there."""
        if self.__name__ in _ABOUT_DATA and not self._state.made and not all(map(state_of, (*args, *kwargs.values()))):
            self._state.link.hinder(NO_SAY)
            raise TypeError(f"{self.__name__}: an object of the program has no say about data")
        return self._state.link.act(["method", self.__self__, self.__name__, list(args), kwargs])

    def fetch(self) -> Any:
        """Return the method as an object of the program, to be given to it."""
        return self._state.link.act(["attr", self.__self__, self.__name__])


def _attribute(owner: Any, state: State, name: str) -> Any:
    if name.startswith("__") and name.endswith("__") and name not in TELLS:
        raise AttributeError(name)
    methods = type(owner).__dict__["_state_"].methods if isinstance(type(owner), RemoteType) else frozenset()
    if name in methods:
        return Bound(owner, name, state)
    found = state.link.act(["attr", owner, name])
    return Bound(owner, name, state) if name in _ABOUT_DATA and callable(found) else found
