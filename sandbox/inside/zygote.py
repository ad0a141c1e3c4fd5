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
from .layers import Layers
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
        settings_json: ``packages``, folders of installed packages, which follow the standard library on the path;
            ``opcodes``, numbers of the instructions that `imports` looks for; ``uid``, that program processes change
            to, or null; ``without``, layers to leave off; ``folders``, that belong to the sandbox alone (see `audit`).
    """
    settings = json.loads(settings_json)
    control = socket(fileno=os.dup(control_fd))  # a low number: the judge's may be one that is used for something here
    os.close(control_fd)
    _offer_to_die_first()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)  # all that is forked from here inherits it
    layers = Layers(settings["uid"], settings["without"])
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    os.setsid()  # signals for the judge's terminal, such as Ctrl-C, are the judge's business
    _warm_up()
    sys.path.extend(settings["packages"])
    imports.use(settings["opcodes"])
    worker = program.Worker(os.open("/proc", os.O_RDONLY | os.O_DIRECTORY), layers, settings["folders"])
    told = [layers.in_force, layers.missing, layers.leaves_keys, layers.tells_scheduling]
    control.send(messages.READY + json.dumps(told).encode())
    serve(control, worker)


def serve(control: socket, worker: program.Worker) -> None:
    """Answer the judge; return when it is gone, with every descendant dead."""
    program_pid: int | None = None
    while True:
        letter, descriptors = messages.receive(control)
        if letter == messages.PROGRAM:
            worker.layers.forget_process_numbers()
            program_pid = os.fork()
            if program_pid == 0:
                program.main(control, worker, *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
        else:
            kill_descendants(worker.proc, program_pid, alone=worker.layers.alone)
            program_pid = None
            if letter != messages.END:
                return
            control.send(messages.ENDED)


def _offer_to_die_first() -> None:
    """Where memory runs out, let the kernel end what is below here rather than the judge (proc(5), oom_score_adj)."""
    try:
        with open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123 - pathlib would make every fork slower
            score.write("1000")
    except OSError:
        pass  # no such file, or no right to write it: the kernel chooses by size then


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
