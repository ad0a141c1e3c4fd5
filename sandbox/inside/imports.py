"""Load the modules that a program names before its doors close, and refuse in plain words what comes too late.

Once a candidate may open no descriptor, Python cannot load another module. So the program process reads the names in
the program's text and loads them first, from the standard library and the installed packages only: nothing that a
candidate could write is on the path.
"""

from __future__ import annotations

import ast
import contextlib
import sys
import types
from collections.abc import Iterator, Sequence
from encodings.aliases import aliases
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec

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


def load(tree: ast.Module) -> None:
    """Import what the program names. What cannot be imported fails again, in the same words, when the program asks."""
    sys.meta_path.insert(0, Refused("not available to submissions", _NOT_FOR_PROGRAMS))
    nodes = list(ast.walk(tree))
    for module, members in (*_named_modules(nodes), *_late_modules(nodes)):
        if "__main__" in module.split("."):
            continue
        try:
            loaded = __import__(module, fromlist=members)
            if "*" in members:
                for name in getattr(loaded, "__all__", ()):
                    getattr(loaded, name)
        except BaseException as error:  # a package may raise anything, SystemExit included, while it loads
            if isinstance(error, ImportError) and error.name:
                _FAILED.setdefault(error.name, str(error))
    _touch_lazy_submodules(nodes)


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


def _named_modules(nodes: list[ast.AST]) -> Iterator[tuple[str, list[str]]]:
    """Yield (module, members) for each import statement, and for calls of the import functions with a literal name."""
    for node in nodes:
        match node:
            case ast.Import(names):
                for alias in names:
                    yield alias.name, []
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module, [alias.name for alias in names if alias.name != "__main__"]
            case ast.Call(
                func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                yield module, []


def _late_modules(nodes: list[ast.AST]) -> Iterator[tuple[str, list[str]]]:
    """Yield what the interpreter itself would load later, on the program's behalf."""
    if sys.version_info >= (3, 12):
        yield "_pylong", []  # to read and print long integers
    for node in nodes:
        match node:
            case ast.Attribute(attr="strptime"):
                yield "_strptime", []
            case ast.Attribute(attr="to_thread" | "run_in_executor"):
                yield "concurrent.futures.thread", []
            case ast.Call(func=ast.Attribute(attr="encode" | "decode"), args=[ast.Constant(value=str(name)), *_]):
                yield _codec(name), []
            case ast.keyword(arg="encoding", value=ast.Constant(value=str(name))):
                yield _codec(name), []


def _codec(name: str) -> str:
    """Name the module of a text encoding, as `encodings` itself does."""
    plain = name.lower().replace("-", "_").replace(" ", "_")
    return f"encodings.{aliases.get(plain, plain)}"


def _touch_lazy_submodules(nodes: list[ast.AST]) -> None:
    """Follow dotted names such as ``np.random.rand``: some packages load a submodule when it is first touched."""
    bound: dict[str, str] = {}
    for node in nodes:
        match node:
            case ast.Import(names):
                for alias in names:
                    top = alias.name.partition(".")[0]
                    bound[alias.asname or top] = alias.name if alias.asname else top
            case ast.ImportFrom(module=str(package), names=names, level=0):
                bound.update({alias.asname or alias.name: f"{package}.{alias.name}" for alias in names})
    for node in nodes:
        if bound and isinstance(node, ast.Attribute):
            with contextlib.suppress(BaseException):
                _resolve(node, bound)


def _resolve(node: ast.expr, bound: dict[str, str]) -> object:
    if isinstance(node, ast.Name):
        return sys.modules.get(bound.get(node.id, ""))
    if isinstance(node, ast.Attribute):
        owner = _resolve(node.value, bound)
        return getattr(owner, node.attr, None) if isinstance(owner, types.ModuleType) else None
    return None
