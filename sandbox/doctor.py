"""What this host can enforce: each layer and limit proved by trying the denied act, as submissions would.

Each layer is tried alone over the floor, so that no other can hide that it does nothing.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Iterator

import msgspec

from sandbox.errors import SandboxUnavailable
from sandbox.inside import kernel
from sandbox.job import MEBIBYTE, Job, Limits, Program, Stdin
from sandbox.layers import LAYERS, REMEDIES, demands
from sandbox.local import LocalSandbox
from sandbox.outcome import Run, Status
from sandbox.protocol import Sandbox

_LIMITS = Limits(cpu_seconds=2.0, idle_seconds=0.1, memory_bytes=96 * MEBIBYTE, output_bytes=65536, processes=16)
_LITTLE_TIME = msgspec.structs.replace(_LIMITS, cpu_seconds=0.1)
_MARKER = "RLVR_VERIFIER_DOCTOR"


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was tried.

    Attributes:
        name: what should hold.
        layer: the layer that makes it hold.
        ok: whether it did.
        detail: what was seen, and where it failed what to do.
        required: whether submissions are refused without it.
    """

    name: str
    layer: str
    ok: bool
    detail: str
    required: bool = True


class _Trial(msgspec.Struct, frozen=True):
    """A program that tries something, and what its end must look like."""

    name: str
    source: str
    holds: Callable[[Run], bool]
    limits: Limits = _LIMITS


def _prints(line: bytes) -> Callable[[Run], bool]:
    return lambda run: run.status is Status.FINISHED and run.stdout.strip() == line


def _ended_by(status: Status) -> Callable[[Run], bool]:
    return lambda run: run.status is status


def _prints_another_user(run: Run) -> bool:
    return run.stdout.strip().isdigit() and int(run.stdout) != os.getuid()


def _attempt(preparation: str, act: str) -> str:
    """Write a program that prints whether the act was denied."""
    return f"{preparation}\ntry:\n    {act}\nexcept OSError:\n    print('denied')\nelse:\n    print('allowed')\n"


def _denied(name: str, preparation: str, act: str) -> _Trial:
    """Write a trial that holds where the act is denied, or ends the program."""
    denied, ended = _prints(b"denied"), _ended_by(Status.VIOLATION)
    return _Trial(name, _attempt(preparation, act), lambda run: denied(run) or ended(run))


_MAKE_A_NAME = ("import os\nname = f'/tmp/rlvr-doctor-{os.getpid()}'", "os.mkdir(name); os.rmdir(name)")
_START_A_THREAD = """
import threading
thread = threading.Thread(target=print, args=("started",))
thread.start()
thread.join()
"""
_START_MANY_THREADS = """
import threading
stop = threading.Event()
try:
    for number in range(64):
        threading.Thread(target=stop.wait).start()
    print("allowed")
except RuntimeError:
    print("denied")
finally:
    stop.set()
"""
_LEAVE_A_PROCESS = """
import os, time
if os.fork() == 0:
    os.setsid()
    daemon = os.fork()
    if daemon == 0:
        time.sleep(60)
    print(daemon, flush=True)
    os._exit(0)
os.wait()
"""
_FIND_SHARED_MEMORY = """
import ctypes
print("denied" if ctypes.CDLL(None).shmget({key}, 0, 0) == -1 else "allowed")
"""
_TRACE = "import ctypes\nctypes.CDLL(None).ptrace(0, 0, 0, 0)"

_FLOOR = (
    _denied("no file can be opened", "", "open('/etc/passwd')"),
    _denied("no socket can be made", "import socket", "socket.socket()"),
    _denied("no pipe can be made", "import os", "os.pipe()"),
    _denied("root cannot be regained", "import os", "os.setuid(0)"),
    _Trial("the judge's environment stays behind", f"import os\nprint({_MARKER!r} in os.environ)", _prints(b"False")),
    _Trial("processor time is limited", "while True: pass", _ended_by(Status.CPU_LIMIT), _LITTLE_TIME),
    _Trial("idle time is limited", "import time\ntime.sleep(60)", _ended_by(Status.IDLE_LIMIT)),
    _Trial("memory is limited", "hoard = bytearray(1 << 40)", _ended_by(Status.MEMORY_LIMIT)),
    _Trial("memory is measured", "hoard = b'x' * (128 << 20)", _ended_by(Status.MEMORY_LIMIT)),
    _Trial("output is limited", "print('x' * 100_000)", _ended_by(Status.OUTPUT_LIMIT)),
    _Trial("processes and threads are limited", _START_MANY_THREADS, _prints(b"denied")),
)
_TRIALS = {
    "floor": _FLOOR,
    "uid": (_Trial("programs have a user of their own", "import os\nprint(os.getuid())", _prints_another_user),),
    "chroot": (
        _denied("no name of the file system is seen", "import os", "os.stat('/proc')"),
        _denied("no name can be made", *_MAKE_A_NAME),
    ),
    "landlock": (_denied("no name can be made", *_MAKE_A_NAME),),
    "seccomp": (
        _denied("no process can be made", "import os", "os.fork()"),
        _Trial("threads can be started", _START_A_THREAD, _prints(b"started")),
        _Trial("tracing ends the program", _TRACE, _ended_by(Status.VIOLATION)),
    ),
}


def examine(require: Collection[str] | None = None) -> list[Probe]:
    """Try everything, and return what was found; takes about two seconds.

    Args:
        require: names of layers that are required; None means the default (`sandbox.layers.demands`).

    Raises:
        SandboxUnavailable: no sandbox can be started here at all.
        ValueError: there is no such layer.
    """
    required = demands(require).require
    os.environ[_MARKER] = "1"
    try:
        with LocalSandbox(workers=1, require=("floor",)) as sandbox:
            in_force, missing = sandbox.survey()
        return [
            probe
            for layer in LAYERS
            for probe in (
                _try(layer, required=layer in required)
                if layer in in_force
                else [_not_in_force(layer, missing[layer], required=layer in required)]
            )
        ]
    finally:
        del os.environ[_MARKER]


def check(require: Collection[str] | None = None) -> list[Probe]:
    """`examine`, and refuse a host where a required layer does not do what it is for.

    Raises:
        SandboxUnavailable: names what does not hold, and what to do.
        ValueError: there is no such layer.
    """
    found = examine(require)
    failed = [f"{probe.layer}: {probe.name} ({probe.detail})" for probe in found if probe.required and not probe.ok]
    if failed:
        raise SandboxUnavailable(f"this host cannot enforce what is required: {'; '.join(failed)}")
    return found


def _not_in_force(layer: str, why: str, *, required: bool) -> Probe:
    detail = f"{why}; {REMEDIES[layer]}"
    return Probe(name="in force", layer=layer, ok=False, detail=detail, required=required)


def _try(layer: str, *, required: bool) -> Iterator[Probe]:
    """Try one layer, with no other but those that it rests on."""
    rests_on = {"floor": {"uid"}, "chroot": set() if os.geteuid() == 0 else {"namespaces"}}
    without = set(LAYERS) - {"floor", layer} - rests_on.get(layer, set())
    with LocalSandbox(workers=1, require=("floor",), without=without, speed=1.0) as sandbox:
        yield from probes(sandbox, layer, required=required)


def probes(sandbox: Sandbox, layer: str, *, required: bool) -> Iterator[Probe]:
    """Try in a sandbox what a layer denies."""
    for trial in _TRIALS.get(layer, ()):
        yield _probe(sandbox, layer, trial, required=required)
    if layer == "floor":
        run = _run(sandbox, _LEAVE_A_PROCESS)
        gone = run.stdout.strip().isdigit() and not _alive(int(run.stdout))
        yield Probe(name="nothing outlives its run", layer=layer, ok=gone, detail=_seen(run), required=required)
    if layer == "namespaces":
        key = 1 + secrets.randbelow(2**30)
        number = kernel.make_shared_memory(key)
        try:
            trial = _Trial("nothing of the machine is seen", _FIND_SHARED_MEMORY.format(key=key), _prints(b"denied"))
            yield _probe(sandbox, layer, trial, required=required)
        finally:
            kernel.remove_shared_memory(number)


def _probe(sandbox: Sandbox, layer: str, trial: _Trial, *, required: bool) -> Probe:
    run = _run(sandbox, trial.source, trial.limits)
    return Probe(name=trial.name, layer=layer, ok=trial.holds(run), detail=_seen(run), required=required)


def _run(sandbox: Sandbox, source: str, limits: Limits = _LIMITS) -> Run:
    return sandbox.run(Job(program=Program(source=source), inputs=(Stdin(b""),), limits=limits)).runs[0]


def _seen(run: Run) -> str:
    printed = run.stdout[:40].decode("utf-8", "replace").strip()
    return f"{run.status}: {printed}" if printed and run.status is Status.FINISHED else str(run.status)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
