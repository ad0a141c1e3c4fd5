"""Run a script in parts, in one namespace, whose program lives elsewhere.

What it does with the program becomes frames to the judge (`link`), and the judge's answers become values, exceptions,
and stand-ins for objects (`handles`). Frames hold values (`values`): [number, message], where out echoes the number of
the last in.
    out: ["call", ...], at any time (`link`)
    out, after the setup: ["ready"] or ["broken", exception]      in: ["go"]
    out, for each part: ["end", how, exception]                   in: ["go"]
How a part ends:
    passed      it ran to its end
    failed      it raised, after a call had brought something back, in this part or an earlier one
    hindered    likewise, and it may have been by what it does not get; that is told in place of an exception's name
    raised      what it raised had come back from a call
    stopped     a call met a limit
    broken      it does not compile, raised before any call, or called with what is not data and did not come back
                from a call: the fault is the script's own
    unsupported it asks for what cannot be served, which is told in place of an exception's name
A setup that ends in another way than passed or broken is how each part ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any, NoReturn

from . import pytest_subset, values
from .anything import helpers
from .calls import OUT
from .collected import Tests
from .frames import write_frame
from .link import Link
from .members import Member, ProgramModule


def prepare(code: CodeType, order: dict[str, Any]) -> Callable[[], NoReturn]:
    """Return what runs the setup in `code`, then each of ``order["parts"]``, and tells the judge how each ended."""
    link = Link(frozenset(order["classes"]))
    return lambda: _run(link, code, order["names"], order["parts"], order["module"], order["beside"])


@contextlib.contextmanager
def modules_served(module: str) -> Iterator[None]:
    """Let no module of these names be loaded: the script gets the program, and a `pytest` that runs there.

    Only while its imports are loaded, and again in the script's own process: one of the standard library may have the
    same name, and be needed around it (`os.wait4` asks for `resource`).
    """
    before = dict(sys.modules)
    if module:
        sys.modules.update(_served(module))
    try:
        yield
    finally:
        for name in ("pytest", module) if module else ():
            del sys.modules[name]
            if name in before:
                sys.modules[name] = before[name]


def _served(module: str) -> dict[str, Any]:
    return {"pytest": pytest_subset.module(), module: ProgramModule(module)}


def _run(
    link: Link, code: CodeType, names: list[str], parts: list[CodeType | str], module: str, beside: CodeType | str
) -> NoReturn:
    namespace: dict[str, Any] = {"__name__": "tests" if module else "__main__", "__beside__": beside, **helpers(link)}
    if module:
        sys.modules.update(_served(module))
        sys.modules[module].__dict__["_link_"] = link
        pytest_subset.use(link)
    how, kind = _run_part(code, namespace, link)
    if how == "broken":
        write_frame(OUT, values.encode([0, ["broken", kind]]))
        os._exit(0)
    if module:
        namespace["__run_test__"] = Tests(namespace, link).run
    else:
        namespace.update({name: Member(link, name) for name in names})
    link.ask(["ready"])
    for part in parts:
        link.begin_part()
        link.decided = link.decided and not module  # functions share less than pieces of one namespace
        link.ask(["end", *(_run_part(part, namespace, link) if how == "passed" else (how, kind))])
    os._exit(0)


def _run_part(part: CodeType | str, namespace: dict[str, Any], link: Link) -> tuple[str, str]:
    try:
        code = compile(part, "test.py", "exec", dont_inherit=True) if isinstance(part, str) else part
    except (SyntaxError, ValueError) as error:
        return "broken", type(error).__name__
    raised: BaseException | None = None
    try:
        exec(code, namespace)  # noqa: S102 - this is the sandbox
    except BaseException as error:
        raised = error
    kind = type(raised).__name__
    if link.stopped:
        return "stopped", kind
    if link.unsupported and not link.decided:
        return "unsupported", link.unsupported
    if raised is None:
        return "passed", ""
    if raised is link.raised or (link.missing and isinstance(raised, ImportError)):
        return "raised", link.kind_raised
    if not link.called or link.unsendable:
        return "broken", kind
    return ("hindered", link.hindered) if link.hindered else ("failed", kind)
