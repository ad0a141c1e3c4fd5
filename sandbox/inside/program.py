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
from typing import Any, NoReturn

from . import calls, candidate, doors, imports, messages, script, stand_ins, whole
from .reaping import cpu_nanoseconds, kill_descendants

_LONGEST_DIAGNOSTIC = 2000
_OUT_OF_THE_WAY = 64
"""The control socket's descriptor: above those that a candidate's own will take."""

_DRIVERS = {"whole": whole.prepare, "calls": calls.prepare, "script": script.prepare}


def main(zygote_control: socket, proc: int, control_fd: int, file_fd: int) -> NoReturn:
    """Build the program in `file_fd`, tell the judge, and serve its requests until it is gone.

    Args:
        zygote_control: the zygote's own control socket, to be closed.
        proc: a descriptor of /proc, which has no name once the file system is left.
        control_fd: this process's control socket.
        file_fd: what the judge ordered, as JSON.
    """
    code = 1
    try:
        parent = os.getppid()
        os.close(zygote_control.detach())
        order = _read_order(file_fd)
        os.dup2(control_fd, _OUT_OF_THE_WAY)
        os.close(control_fd)
        with contextlib.closing(socket(fileno=_OUT_OF_THE_WAY)) as control:
            doors.silence()
            try:
                doors.drop_to(order["uid"])
                os.close(os.open(os.__file__, os.O_RDONLY))  # modules that cannot be read would fail as the program's
            except OSError as error:
                control.send(messages.REFUSED + str(error).encode())
                os._exit(code)
            if os.getppid() != parent:  # the zygote died before the death signal was asked for
                os._exit(code)
            doors.limit_build(order["limits"], doors.address_space(proc))
            program, answer = _build(order)
            layers = ["floor"] if order["uid"] is None else ["floor", "uid"]
            if doors.leave_file_system(order["uid"]):
                layers.append("chroot")
            doors.limit_for_good(order["limits"], doors.address_space(proc))
            control.send(messages.BUILT + json.dumps([answer, layers, os.getpid()]).encode())
            if program is not None:
                _serve(control, proc, order, program)
            kill_descendants(proc)
        code = 0
    finally:
        os._exit(code)


def _read_order(file_fd: int) -> dict[str, Any]:
    size = os.fstat(file_fd).st_size
    order: dict[str, Any] = json.loads(os.pread(file_fd, size, 0))
    os.close(file_fd)
    return order


def _build(order: dict[str, Any]) -> tuple[CodeType | None, dict[str, Any]]:
    """Compile and load within the build's limits; return the code, and what to tell the judge."""
    try:
        code = compile(order["source"], "solution.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        return None, {"ok": False, "message": f"{type(error).__name__}: {error.msg}{line}"[:_LONGEST_DIAGNOSTIC]}
    except (ValueError, MemoryError, RecursionError) as error:
        return None, {"ok": False, "message": f"{type(error).__name__}: {error}"[:_LONGEST_DIAGNOSTIC]}
    order["mentions"] = imports.load(code)
    for number, part in enumerate(order.get("parts", ())):
        # A part that does not compile stays a text, and says so when its turn comes.
        with contextlib.suppress(SyntaxError, ValueError):
            order["parts"][number] = compile(part, "test.py", "exec", dont_inherit=True)
            imports.load(order["parts"][number])
    if "asyncio" in sys.modules:
        stand_ins.let_asyncio_run()
    del order["source"]
    return code, {"ok": True, "message": ""}


def _serve(control: socket, proc: int, order: dict[str, Any], code: CodeType) -> None:
    """Fork a candidate for each RUN; reap it, measure it, kill what it left; return when the judge is gone.

    Whatever candidates share is made here, once: each page that a candidate writes to has to be copied for it.
    """
    whole_program = order["driver"] == "whole"
    body = _DRIVERS[order["driver"]](code, order)
    limits = doors.candidate_limits(order["limits"], whole_program=whole_program)
    first = 0 if whole_program else calls.IN
    imports.close()
    gc.freeze()
    while True:
        letter, descriptors = messages.receive(control)
        if letter != messages.RUN:
            return
        pid = os.fork()
        if pid == 0:
            candidate.live(control, descriptors, first, limits, body)
        for descriptor in descriptors:
            os.close(descriptor)
        _, status, usage = os.wait4(pid, 0)
        left, left_cpu_ns, left_peak = kill_descendants(proc)
        cpu_ns = cpu_nanoseconds(usage.ru_utime, usage.ru_stime) + left_cpu_ns
        peak = max(usage.ru_maxrss * 1024, left_peak)
        control.send(messages.EXITED + messages.EXITED_BODY.pack(status, cpu_ns, peak, left))
