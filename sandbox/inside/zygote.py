"""The zygote: a clean, warm interpreter that forks program processes and does nothing else.

Privilege: what the judge has. Holds: warm standard modules, one control socket. Sees neither programs nor inputs.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from _socket import socket

from . import imports, kernel, messages, program, stand_ins
from .reaping import kill_descendants

_WARM = (
    *("bisect", "collections.abc", "decimal", "fractions", "functools", "heapq", "itertools", "math", "operator", "re"),
    *("string", "typing", "weakref"),
)
"""What programs name most, and what `values` needs for its rarest types. Each module, and each shared library above
all, makes every fork slower: the rest is loaded by the program process that needs it."""


def main(control_fd: int, settings_json: str) -> None:
    """Serve fork requests until the judge closes its end.

    Args:
        control_fd: this process's end of the control socket.
        settings_json: ``packages``, folders of installed packages, which follow the standard library on the path; and
            ``opcodes``, numbers of the instructions that `imports` looks for.
    """
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)  # program processes inherit this and the next
    kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
    kernel.held_capabilities()  # asked here once, for every program process
    if os.geteuid() == 0:
        _work_nowhere()
    os.setsid()  # signals for the judge's terminal, such as Ctrl-C, are the judge's business
    _warm_up()
    settings = json.loads(settings_json)
    sys.path.extend(settings["packages"])
    imports.use(settings["opcodes"])
    control = socket(fileno=control_fd)
    control.send(messages.READY)
    serve(control, os.open("/proc", os.O_RDONLY | os.O_DIRECTORY))


def serve(control: socket, proc: int) -> None:
    """Answer the judge; return when it is gone, with every descendant dead. `proc` is a descriptor of /proc."""
    program_pid: int | None = None
    while True:
        letter, descriptors = messages.receive(control)
        if letter == messages.PROGRAM:
            program_pid = os.fork()
            if program_pid == 0:
                program.main(control, proc, *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
        else:
            kill_descendants(proc, program_pid)
            program_pid = None
            if letter != messages.END:
                return
            control.send(messages.ENDED)


def _work_nowhere() -> None:
    """Make an empty folder the working directory and delete it: nothing can be made in it, and it leaves nothing."""
    folder = f"/tmp/rlvr-verifier-{os.getpid()}"  # noqa: S108 - exists for a moment, and mkdir refuses a trap
    os.umask(0o022)  # candidates must be able to enter it, and not to write
    os.mkdir(folder)  # noqa: PTH102 - pathlib stays out of the zygote
    os.chdir(folder)
    os.rmdir(folder)  # noqa: PTH106


def _warm_up() -> None:
    import _sitebuiltins
    import builtins

    for name in _WARM:
        importlib.import_module(name)
    builtins.exit = builtins.quit = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")  # -S leaves them out
    stand_ins.install()
    imports.hide_this_package()
    gc.collect()
    gc.freeze()
