"""The program process: compiles one program, loads what it names, and forks a candidate for each request.

Privilege: an unprivileged uid where the judge has root. Holds: the program's text. Sees no input and no output.
"""

from __future__ import annotations

import ast
import contextlib
import fcntl
import gc
import json
import os
import select
import signal
import socket
import warnings
from types import CodeType
from typing import Any, NoReturn

from . import calls, candidate, doors, imports, messages, script, stand_ins, whole
from .reaping import cpu_nanoseconds, kill_descendants

_LONGEST_DIAGNOSTIC = 2000
_OUT_OF_THE_WAY = 64
"""The control socket's descriptor: above those that a candidate's own will take."""

_DRIVERS = {"whole": whole.main, "calls": calls.main, "script": script.main}


def main(zygote_control: socket.socket, proc: int, control_fd: int, file_fd: int) -> NoReturn:
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
        zygote_control.close()
        order = _read_order(file_fd)
        with socket.socket(fileno=fcntl.fcntl(control_fd, fcntl.F_DUPFD, _OUT_OF_THE_WAY)) as control:
            os.close(control_fd)
            doors.silence()
            try:
                doors.drop_to(order["uid"])
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
            control.send(messages.BUILT + json.dumps([answer, layers]).encode())
            if program is not None:
                _serve(control, proc, order, program)
            kill_descendants(proc)
        code = 0
    finally:
        os._exit(code)


def _read_order(file_fd: int) -> dict[str, Any]:
    with open(file_fd, "rb") as file:
        file.seek(0)
        order: dict[str, Any] = json.loads(file.read())
        return order


def _build(order: dict[str, Any]) -> tuple[CodeType | None, dict[str, Any]]:
    """Compile and load within the build's limits; return the code, and what to tell the judge."""
    warnings.simplefilter("ignore")
    try:
        tree = ast.parse(order["source"], "solution.py")
        code = compile(tree, "solution.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        return None, {"ok": False, "message": f"{type(error).__name__}: {error.msg}{line}"[:_LONGEST_DIAGNOSTIC]}
    except (ValueError, MemoryError, RecursionError) as error:
        return None, {"ok": False, "message": f"{type(error).__name__}: {error}"[:_LONGEST_DIAGNOSTIC]}
    imports.load(tree)
    for part in order.get("parts", ()):
        with contextlib.suppress(SyntaxError, ValueError):  # met when the part is run
            imports.load(ast.parse(part))
    imports.hide_this_package()
    stand_ins.install()
    warnings.resetwarnings()
    del tree, order["source"]
    gc.collect()
    gc.freeze()
    return code, {"ok": True, "message": ""}


def _serve(control: socket.socket, proc: int, order: dict[str, Any], code: CodeType) -> None:
    """Fork a candidate for each RUN; reap it, measure it, kill what it left; return when the judge is gone."""
    driver = _DRIVERS[order["driver"]]
    while True:
        letter, descriptors, _, _ = socket.recv_fds(control, messages.LONGEST, 3)
        if letter != messages.RUN:
            if letter:
                continue  # a KILL for a candidate that had just ended
            return
        pid = os.fork()
        if pid == 0:
            candidate.live(control, descriptors, order, lambda: driver(code, order))
        for descriptor in descriptors:
            os.close(descriptor)
        _watch(control, proc, pid)


def _watch(control: socket.socket, proc: int, pid: int) -> None:
    """Wait for the candidate's end, killing it when the judge says so or is gone, and report."""
    pidfd = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(control, select.POLLIN)
    while not any(descriptor == pidfd for descriptor, _ in poll.poll()):
        if control.recv(messages.LONGEST) in (messages.KILL, b""):
            os.kill(pid, signal.SIGKILL)
            break
    _, status, usage = os.wait4(pid, 0)
    os.close(pidfd)
    left, left_cpu_ns, left_peak = kill_descendants(proc)
    cpu_ns = cpu_nanoseconds(usage.ru_utime, usage.ru_stime) + left_cpu_ns
    peak = max(usage.ru_maxrss * 1024, left_peak)
    control.send(messages.EXITED + messages.EXITED_BODY.pack(status, cpu_ns, peak, left))
