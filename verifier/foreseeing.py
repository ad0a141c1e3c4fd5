"""Which calls test code makes, found by running it against nothing.

A sandbox that is far away wants to send many calls at a time (`sandbox.protocol.Foresee`). So the test code is run once
for each suite, with answers that agree with everything and asserts that cannot fail. Calls that depend on what the
solution answers are not found, and neither are those after an error: a wrong guess costs the sandbox a round, and
nothing else, for the real run makes its own calls.
"""

from __future__ import annotations

import ast
import contextlib
import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import NamedTuple

import msgspec

from sandbox import Call, Limits, Run, SandboxError, Status
from sandbox.local import LocalSandbox, PartEnd, Script, ScriptBroken
from testsuites import ScriptSuite
from testsuites.classes import classes_used

_MOST_CALLS = 5_000
_LIMITS = Limits(cpu_seconds=2.0, idle_seconds=2.0)
_REMEMBERED = 256


class _Foreseen(NamedTuple):
    """What a run without a solution showed: its calls, and how its parts ended."""

    calls: tuple[Call, ...] = ()
    ends: tuple[PartEnd, ...] = ()


class Foreseer:
    """Foresees the calls of suites, and remembers those of the last ones."""

    def __init__(self, sandbox: LocalSandbox) -> None:
        """Run test code in `sandbox`."""
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Future[_Foreseen]] = OrderedDict()

    def calls_of(self, suite: ScriptSuite) -> tuple[Call, ...]:
        """Return the calls that the suite's tests make, in order, as far as they can be foreseen.

        A positional argument is a `sandbox.job.Brought` where it is what an earlier call will bring.
        """
        return self._foresee(suite).calls

    def confirms(self, suite: ScriptSuite, number: int, end: PartEnd) -> bool:
        """Whether test `number` (from 0) ends so without any solution: then none can have brought it about."""
        return end in self._foresee(suite).ends[number : number + 1]

    def _foresee(self, suite: ScriptSuite) -> _Foreseen:
        with self._lock:
            known = self._known.get(suite.digest)
            first = known is None
            if known is None:
                known = self._known[suite.digest] = Future()
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
            self._known.move_to_end(suite.digest)
        if first:  # several answers to one problem come at a time: the others wait for this one
            try:
                known.set_result(self._find(suite))
            except BaseException as error:
                with self._lock:
                    self._known.pop(suite.digest, None)  # whatever was wrong may be right the next time
                known.set_result(_Foreseen())
                if not isinstance(error, SandboxError | OSError):
                    raise
        return known.result()

    def _find(self, suite: ScriptSuite) -> _Foreseen:
        calls: list[Call] = []

        def note(part: int, call: Call) -> Run | None:
            if len(calls) >= _MOST_CALLS:
                return Run(status=Status.NOT_RUN)
            calls.append(call)
            return None

        script = script_of(suite)
        script = msgspec.structs.replace(script, setup=_lenient(script.setup), parts=tuple(map(_lenient, script.parts)))
        ends: tuple[PartEnd, ...] = ()
        with contextlib.suppress(ScriptBroken):
            ends = self._sandbox.run_script(script, note, _LIMITS).ends
        return _Foreseen(tuple(calls), ends)


def script_of(suite: ScriptSuite) -> Script:
    """Return what an oracle runs for a suite."""
    parts = tuple(test.code for test in suite.tests)
    classes = sorted(classes_used((suite.setup, *parts), suite.module)) if suite.module else ()
    return Script(setup=suite.setup, parts=parts, names=suite.names, module=suite.module, classes=tuple(classes))


def _lenient(code: str) -> str:
    """Return code that goes on after an assert that fails or raises; as it was, where it cannot be read."""
    try:
        return ast.unparse(ast.fix_missing_locations(_Lenient().visit(ast.parse(code))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code


class _Lenient(ast.NodeTransformer):
    """Puts what makes it harmless around each assert, and notes where an exception decides what comes next.

    The names are those of `sandbox.inside.anything`.
    """

    def visit_Assert(self, node: ast.Assert) -> ast.With:
        """Write ``with __lenient__: condition``."""
        return _leniently(ast.Expr(node.test))

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | ast.With:
        """Do the same for ``self.assertEqual(...)``."""
        match node.value:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)) if name.startswith("assert"):
                return _leniently(node)
        return node

    def visit_Try(self, node: ast.Try) -> list[ast.stmt]:
        """Write ``__decides__()`` before it."""
        self.generic_visit(node)
        decides = ast.Expr(ast.Call(func=ast.Name(id="__decides__", ctx=ast.Load()), args=[], keywords=[]))
        return [decides, node] if node.handlers else [node]


def _leniently(statement: ast.Expr) -> ast.With:
    lenient = ast.withitem(context_expr=ast.Name(id="__lenient__", ctx=ast.Load()))
    return ast.With(items=[lenient], body=[statement])
