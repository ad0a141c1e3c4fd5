"""The program process: compiles one program, loads what it names, and forks a candidate for each request.

Privilege: an unprivileged uid where the judge has root. Holds: the program's text. Sees no input and no output.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
from _socket import socket  # the module socket would bring others, which make every fork slower
from types import CodeType
from typing import Any, NamedTuple, NoReturn

from . import calls, candidate, doors, imports, launching, messages, native, script, stand_ins, whole
from .audit import Audit, Place
from .keyrings import Keyrings
from .layers import Layers
from .names import Names
from .reaping import cpu_nanoseconds, kill_descendants
from .system_v import SystemVObjects

_LONGEST_DIAGNOSTIC = 2000
_OUT_OF_THE_WAY = 64
"""The control socket's descriptor: above those that a candidate's own will take."""

_DRIVERS = {"whole": whole.prepare, "calls": calls.prepare, "script": script.prepare}


class Worker(NamedTuple):
    """What all programs of a worker share.

    A descriptor of /proc, which has no name once the file system is left; the layers; and folders that belong to the
    sandbox alone.
    """

    proc: int
    layers: Layers
    folders: list[str]


def main(zygote_control: socket, worker: Worker, control_fd: int, file_fd: int, *built: int) -> NoReturn:
    """Build the program in `file_fd`, tell the judge, and serve its requests until it is gone.

    Args:
        zygote_control: the zygote's own control socket, to be closed.
        worker: what it shares with the programs before and after it.
        control_fd: this process's control socket.
        file_fd: what the judge ordered, as JSON.
        built: what was built of the program, where it is to be run, and the launcher, where there is one (`launching`).
    """
    code = 1
    try:
        parent = os.getppid()
        os.close(zygote_control.detach())
        order = _read_order(file_fd)
        for descriptor, place in zip(built, (native.ARTEFACT, launching.LAUNCHER), strict=False):
            os.dup2(descriptor, place, inheritable=order["closes"] != "at_exec")
            os.close(descriptor)
        os.dup2(control_fd, _OUT_OF_THE_WAY)
        os.close(control_fd)
        with contextlib.closing(socket(fileno=_OUT_OF_THE_WAY)) as control:
            doors.silence()
            doors.drop_to(worker.layers.uid)
            if os.getppid() != parent:  # the zygote died before the death signal was asked for
                os._exit(code)
            if order["driver"] == "native":
                plan, answer = _native(order, worker)
            else:
                plan, answer = _python(order, worker)
            doors.drop_capabilities()
            control.send(messages.BUILT + json.dumps(answer).encode())
            if plan is not None:
                if len(built) > 1:
                    launching.become_launcher(order, plan, worker.layers)
                _serve(control, worker, plan)
        code = 0
    finally:
        os._exit(code)


def _read_order(file_fd: int) -> dict[str, Any]:
    size = os.fstat(file_fd).st_size
    order: dict[str, Any] = json.loads(os.pread(file_fd, size, 0))
    os.close(file_fd)
    return order


def _native(order: dict[str, Any], worker: Worker) -> tuple[candidate.Plan | None, dict[str, Any]]:
    """Make ready for a program that is no Python, and was built already; return as `_python` does."""
    return native.plan(order, worker.layers), {"ok": True, "message": ""}


def _python(order: dict[str, Any], worker: Worker) -> tuple[candidate.Plan | None, dict[str, Any]]:
    """Build a program in Python; return how its candidates live, and what to tell the judge."""
    doors.limit_build(order["limits"], doors.address_space(worker.proc))
    code, answer = _build(order, worker.layers)
    if worker.layers.changes_root:
        doors.leave_file_system()
    doors.limit_for_good(order["limits"], doors.address_space(worker.proc))
    if code is None:
        return None, answer
    whole_program = order["driver"] == "whole"
    plan = candidate.Plan(
        body=_DRIVERS[order["driver"]](code, order),
        first=0 if whole_program else calls.IN,
        limits=doors.candidate_limits(order["limits"], whole_program=whole_program),
        enter=worker.layers.close_in,
    )
    imports.close()
    return plan, answer


def _build(order: dict[str, Any], layers: Layers) -> tuple[CodeType | None, dict[str, Any]]:
    """Compile and load within the build's limits; return the code, and what to tell the judge."""
    try:
        code = compile(order["source"], "solution.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        return None, {"ok": False, "message": f"{type(error).__name__}: {error.msg}{line}"[:_LONGEST_DIAGNOSTIC]}
    except (ValueError, MemoryError, RecursionError) as error:
        return None, {"ok": False, "message": f"{type(error).__name__}: {error}"[:_LONGEST_DIAGNOSTIC]}
    with script.modules_served(order.get("module", "")):
        order["mentions"] = imports.load(code)
        for number, part in enumerate(order.get("parts", ())):
            # A part that does not compile stays a text, and says so when its turn comes.
            with contextlib.suppress(SyntaxError, ValueError):
                order["parts"][number] = compile(part, "test.py", "exec", dont_inherit=True)
                imports.load(order["parts"][number])
        if order.get("beside"):
            with contextlib.suppress(SyntaxError, ValueError):
                order["beside"] = compile(order["beside"], "program.py", "exec", dont_inherit=True)
                imports.load(order["beside"])
    if "asyncio" in sys.modules:
        stand_ins.let_asyncio_run()
    if "mmap" in sys.modules and "seccomp" in layers.in_force:
        stand_ins.make_memory_private()
    del order["source"]
    return code, {"ok": True, "message": ""}


def _audits(worker: Worker) -> tuple[Audit, Audit]:
    """Look where candidates could leave objects in the kernel, and names in folders."""
    objects: list[Place] = []
    if worker.layers.leaves_objects:
        objects.append(SystemVObjects(worker.proc, os.getuid()))
    if worker.layers.leaves_keys:
        objects.append(Keyrings(own_session=True))
    return Audit(objects, ours=worker.layers.uid is not None), Audit(
        [Names(folder) for folder in worker.folders if worker.layers.leaves_names]
    )


def _serve(control: socket, worker: Worker, plan: candidate.Plan) -> None:
    """Fork a candidate for each RUN; reap it, measure it, kill what it left; return when the judge is gone.

    Whatever candidates share is made here, once: each page that a candidate writes to has to be copied for it.
    """
    layers = worker.layers
    objects, names = _audits(worker)
    gc.freeze()
    while True:
        letter, descriptors = messages.receive(control)
        if letter != messages.RUN:
            return
        boot = None if plan.boot_cpu_seconds is None else native.Boot(plan.boot_cpu_seconds)
        pid = os.fork()
        if pid == 0:
            candidate.live(control, descriptors, plan)
        for descriptor in descriptors:
            os.close(descriptor)
        if boot is not None:
            boot.finish(control, pid)
        _, status, usage = os.wait4(pid, 0)
        left, left_cpu_ns, left_peak = kill_descendants(worker.proc, alone=layers.alone_as_user)
        cpu_ns = cpu_nanoseconds(usage.ru_utime, usage.ru_stime) + left_cpu_ns
        peak = max(usage.ru_maxrss * 1024, left_peak)
        control.send(
            messages.EXITED + messages.EXITED_BODY.pack(status, cpu_ns, peak, left, objects.clean(), names.clean())
        )
