"""The process that a target's function runs in, and the one above it that cleans up.

    campaign ── channel: requests >   < rewards ─────────────┐
       │                                                     │
       │ lifeline (a pipe that nobody writes to)             │
       └──────────► keeper ── fork ──► worker ── imports the target's module and calls its function
                    adopts orphans; when the worker ends, or the lifeline closes, kills all below it, and ends

The campaign may be killed, and the worker may leave processes behind: none outlives the keeper. Both have sessions of
their own, so that a signal to the worker's group, or Ctrl-C, does not reach further than it should.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import os
import select
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.inside import kernel
from sandbox.inside.reaping import kill_descendants
from verifier.fuzzing.targets.errors import TargetError
from verifier.fuzzing.targets.frames import ChannelClosedError, receive, send
from verifier.fuzzing.targets.rewards import NoRewardError
from verifier.fuzzing.targets.shapes import PARTS, caller_of, shape_of

_OUT_OF_REACH = (1200, 200)
"""The channel gets a descriptor from here up: programs that graders run unprotected write to low ones at random. The
second is for hosts that allow no more."""
_LOOK_MILLISECONDS = 1000


def main() -> None:
    """Run as ``worker CHANNEL LIFELINE``, both numbers of descriptors."""
    channel, lifeline = map(int, sys.argv[1:3])
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    worker = os.fork()
    if worker:
        os.close(channel)
        _keep(worker, lifeline)
        return
    os.close(lifeline)
    os.setsid()
    high = _moved(channel)
    sys.path[:] = [folder for folder in sys.path if folder]  # not the working folder: programs leave files there
    with contextlib.suppress(ChannelClosedError):
        _serve(socket.socket(fileno=high))
    os._exit(0)


def _moved(channel: int) -> int:
    """Return another descriptor of the channel, which is closed under its old one."""
    try:
        high = fcntl.fcntl(channel, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_REACH[0])
    except OSError:
        high = fcntl.fcntl(channel, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_REACH[1])
    os.close(channel)
    return high


def _serve(channel: socket.socket) -> None:
    """Load what the first message names, then answer one request after another.

    Raises:
        ChannelClosedError: nobody asks any more.
    """
    try:
        shape, call = _load(receive(channel))
    except TargetError as error:
        send(channel, {"unusable": str(error)})
        return
    send(channel, {"shape": shape})
    while True:
        request = receive(channel)
        send(channel, _answered(call, request))


def _load(order: dict[str, Any]) -> tuple[str, Callable[..., float | None]]:
    """Find the function, and what calls it.

    Raises:
        TargetError: as in `find` and `caller_of`.
    """
    found = find(order["target"], order["path"])
    shape = shape_of(found) if order["shape"] == "auto" else order["shape"]
    if shape in PARTS:
        return shape, lambda answer, reference: None
    return shape, caller_of(found, shape, column=order["column"], seconds=order["seconds"])


def find(target: str, path: list[str]) -> Any:
    """Import ``module:name`` and return what is there; `path` is put before the folders of modules.

    Raises:
        TargetError: it cannot be imported, or is not there.
    """
    module, _, name = target.partition(":")
    sys.path[:0] = [folder for folder in path if folder not in sys.path]
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name == module or module.startswith(f"{error.name}."):
            raise TargetError(f"no module {module} is found; say --path FOLDER, the folder that holds it") from None
        raise TargetError(f"importing {module} needs the module {error.name}, which is not installed here") from None
    except BaseException as error:
        raise TargetError(f"importing {module} raised {_told(error)}") from None
    for part in name.split("."):
        if not hasattr(found, part):
            raise TargetError(f"the module {module} has no {name}")
        found = getattr(found, part)
    return found


def _answered(call: Callable[..., float | None], request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"reward": call(request["answer"], request["reference"])}
    except NoRewardError as error:
        return {"broken": str(error)}
    except BaseException as error:  # a grader that runs programs here may be left by SystemExit
        return {"broken": f"raised {_told(error)}"}


def _told(error: BaseException) -> str:
    """Name an exception and the place that raised it. Its text may quote a test."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _keep(worker: int, lifeline: int) -> None:
    """Wait until the worker has ended or nobody needs it, then leave no process behind."""
    watched = select.poll()
    watched.register(lifeline, select.POLLIN | select.POLLHUP)
    watched.register(os.pidfd_open(worker), select.POLLIN)
    while not watched.poll(_LOOK_MILLISECONDS):
        _reap_others(worker)
    kill_descendants(os.open("/proc", os.O_RDONLY | os.O_DIRECTORY))


def _reap_others(worker: int) -> None:
    """Collect orphans that have ended; the worker's end is for its descriptor to tell."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and ended.si_pid != worker:
            os.waitpid(ended.si_pid, 0)
