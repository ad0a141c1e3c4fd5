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
from typing import Any

from sandbox import Call, Limits, Run, SandboxError, Status
from sandbox.local import LocalSandbox, Script, ScriptBroken
from testsuites import ScriptSuite

_MOST_CALLS = 5_000
_LIMITS = Limits(cpu_seconds=2.0, idle_seconds=2.0)
_REMEMBERED = 256


class Foreseer:
    """Foresees the calls of suites, and remembers those of the last ones."""

    def __init__(self, sandbox: LocalSandbox) -> None:
        """Run test code in `sandbox`."""
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Future[tuple[Call, ...]]] = OrderedDict()

    def calls_of(self, suite: ScriptSuite) -> tuple[Call, ...]:
        """Return the calls that the suite's tests make, in order, as far as they can be foreseen.

        A positional argument is a `sandbox.job.Brought` where it is what an earlier call will bring.
        """
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
                known.set_result(())
                if not isinstance(error, SandboxError | OSError):
                    raise
        return known.result()

    def _find(self, suite: ScriptSuite) -> tuple[Call, ...]:
        calls: list[Call] = []

        def note(part: int, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Run | None:
            if len(calls) >= _MOST_CALLS:
                return Run(status=Status.NOT_RUN)
            calls.append(Call(function=function, args=args, kwargs=kwargs))
            return None

        script = Script(
            setup=_lenient(suite.setup), parts=tuple(_lenient(test.code) for test in suite.tests), names=suite.names
        )
        with contextlib.suppress(ScriptBroken):
            self._sandbox.run_script(script, note, _LIMITS)
        return tuple(calls)


def _lenient(code: str) -> str:
    """Return code that goes on after an assert that fails or raises; as it was, where it cannot be read."""
    try:
        return ast.unparse(ast.fix_missing_locations(_Lenient().visit(ast.parse(code))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code


class _Lenient(ast.NodeTransformer):
    """Turns each assert into an attempt to evaluate its condition."""

    def visit_Assert(self, node: ast.Assert) -> ast.Try:
        """Write ``try: condition`` and let exceptions pass."""
        name = ast.Name(id="Exception", ctx=ast.Load())
        handler = ast.ExceptHandler(type=name, name=None, body=[ast.Pass()])
        return ast.Try(body=[ast.Expr(node.test)], handlers=[handler], orelse=[], finalbody=[])
