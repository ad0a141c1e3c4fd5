"""Load the modules that a program names before its doors close, and refuse in plain words what comes too late.

Once a candidate may open no descriptor, Python cannot load another module. So the program process reads the names in
the compiled program, in all its functions, and loads them first, from the standard library and the installed packages
only: nothing that a candidate could write is on the path. Where the names do not tell enough, too much is loaded.
"""

from __future__ import annotations

import contextlib
import sys
import types
from collections.abc import Iterator, Sequence
from encodings.aliases import aliases
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec

OPCODES = ("EXTENDED_ARG", "IMPORT_NAME", "LOAD_CONST", "LOAD_SMALL_INT", "POP_TOP")
"""Instructions that importing is written in, one of them since Python 3.14; and what throws a call's value away."""

_number = dict.fromkeys(OPCODES, -1)

_NOT_FOR_PROGRAMS = frozenset(
    {"antigravity", "idlelib", "inside", "sandbox", "test", "testsuites", "turtledemo", "verifier"}
)
"""Opens a browser, starts an editor, runs the interpreter's own tests; and the judge's own packages."""

_FAILED: dict[str, str] = {}
"""Why a module could not be loaded, by name."""


class Refused:
    """A finder that fails for every module it is asked for, saying why."""

    def __init__(self, reason: str, names: frozenset[str] | None = None) -> None:
        """Refuse the top-level packages in `names`, or everything."""
        self._reason = reason
        self._names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise ModuleNotFoundError for a refused module; leave others to the next finder."""
        if self._names is None or name.partition(".")[0] in self._names:
            raise ModuleNotFoundError(_FAILED.get(name) or f"{name}: {self._reason}", name=name)
        return None


def use(numbers: dict[str, int]) -> None:
    """Take the numbers of `OPCODES` in this version of Python. The module that knows them makes every fork slower."""
    _number.update(numbers)


def number_of(name: str) -> int:
    """Return the number of one of `OPCODES`; -1 where this version of Python does not have it."""
    return _number[name]


def load(code: types.CodeType) -> set[str]:
    """Import what the program names, and return all the names in it.

    What cannot be imported fails again, in the same words, when the program asks.
    """
    sys.meta_path.insert(0, Refused("not available to submissions", _NOT_FOR_PROGRAMS))
    statements: list[tuple[str, Sequence[str]]] = []
    names: set[str] = set()
    texts: set[str] = set()
    unseen = [code]
    while unseen:
        each = unseen.pop()
        names.update(each.co_names)
        for constant in each.co_consts:
            if isinstance(constant, types.CodeType):
                unseen.append(constant)
            elif isinstance(constant, str):
                texts.add(constant)
            elif isinstance(constant, tuple):  # names of keyword arguments stand in one
                texts.update(item for item in constant if isinstance(item, str))
        statements += _import_statements(each)
    for module, members in (*statements, *_late_modules(names, texts)):
        _import(module, members)
    if "linecache" in sys.modules:  # it loads this late, from Python 3.13 on, to print a traceback
        _import("tokenize", ())
    for module, members in statements:
        for loaded in (module, module.partition(".")[0], *(f"{module}.{member}" for member in members)):
            _touch(loaded, names)
    return names


def hide_this_package() -> None:
    """Let no program find the package by its name; what runs has hold of its modules already."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "inside"]:
        del sys.modules[name]


def close() -> None:
    """From here on only modules built into the interpreter can be loaded."""
    sys.meta_path[:] = [
        BuiltinImporter,
        FrozenImporter,
        Refused("modules are loaded before the program starts; name it in an import statement of the program"),
    ]


def _import_statements(code: types.CodeType) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield (module, members) for each import in the instructions of one code object (module `dis`)."""
    instructions = code.co_code
    if _number["IMPORT_NAME"] not in instructions[::2]:
        return
    argument = 0
    level: object = None
    members: object = None
    for place in range(0, len(instructions), 2):
        argument = argument << 8 | instructions[place + 1]
        operation = instructions[place]
        if operation == _number["EXTENDED_ARG"]:
            continue
        if operation == _number["LOAD_CONST"]:  # the level of the import, then its members, are loaded right before it
            level, members = members, code.co_consts[argument]
        elif operation == _number["LOAD_SMALL_INT"]:
            level, members = members, argument
        elif operation == _number["IMPORT_NAME"] and not level:
            yield code.co_names[argument], members if isinstance(members, tuple) else ()
        argument = 0


def _late_modules(names: set[str], texts: set[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what calls with a literal name load, and what the interpreter loads on the program's behalf."""
    if names & {"import_module", "__import__"}:
        yield from ((text, ()) for text in texts if text.replace(".", "").isidentifier())
    if sys.version_info >= (3, 12):
        yield "_pylong", ()  # to read and print long integers
    if "strptime" in names:
        yield "_strptime", ()
    if names & {"to_thread", "run_in_executor"}:
        yield "concurrent.futures.thread", ()
    if names & {"encode", "decode"} or "encoding" in texts:
        plain = {text.lower().replace("-", "_").replace(" ", "_") for text in texts}
        yield from ((f"encodings.{aliases.get(name, name)}", ()) for name in plain & _CODECS)


_CODECS = frozenset(aliases) | frozenset(aliases.values())


def _import(module: str, members: Sequence[str]) -> None:
    if "__main__" in module.split("."):
        return
    try:
        loaded = __import__(module, fromlist=[member for member in members if member != "__main__"])
        if "*" in members:
            for name in getattr(loaded, "__all__", ()):
                getattr(loaded, name)
    except BaseException as error:  # a package may raise anything, SystemExit included, while it loads
        if isinstance(error, ImportError) and error.name:
            _FAILED.setdefault(error.name, str(error))


def _touch(module: str, names: set[str]) -> None:
    """Ask a package that loads its members late, as NumPy does, for all that the program may ask for."""
    namespace = vars(sys.modules[module]) if module in sys.modules else {}
    if "__getattr__" in namespace:
        for name in names - namespace.keys():
            with contextlib.suppress(BaseException):
                getattr(sys.modules[module], name)
