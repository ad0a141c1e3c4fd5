"""What this host can enforce: each layer and limit proved by trying the denied act, as submissions would."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import msgspec

from sandbox.job import MEBIBYTE, Job, Limits, Program, Stdin
from sandbox.local import LocalSandbox
from sandbox.outcome import Run, Status

_LIMITS = Limits(cpu_seconds=0.5, idle_seconds=0.5, memory_bytes=96 * MEBIBYTE, output_bytes=65536)
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
    layer: str = "floor"
    required: bool = True


def _prints(line: bytes) -> Callable[[Run], bool]:
    return lambda run: run.status is Status.FINISHED and run.stdout.strip() == line


def _ended_by(status: Status) -> Callable[[Run], bool]:
    return lambda run: run.status is status


def _attempt(preparation: str, act: str) -> str:
    """Write a program that prints whether the act was denied."""
    return f"{preparation}\ntry:\n    {act}\nexcept OSError:\n    print('denied')\nelse:\n    print('allowed')\n"


_NAME = _attempt("import os\nname = f'/tmp/rlvr-doctor-{os.getpid()}'", "os.mkdir(name); os.rmdir(name)")

_TRIALS = (
    _Trial("no file can be opened", _attempt("", "open('/etc/passwd')"), _prints(b"denied")),
    _Trial("no socket can be made", _attempt("import socket", "socket.socket()"), _prints(b"denied")),
    _Trial("no pipe can be made", _attempt("import os", "os.pipe()"), _prints(b"denied")),
    _Trial("the judge's environment stays behind", f"import os\nprint({_MARKER!r} in os.environ)", _prints(b"False")),
    _Trial("no name can be made in the file system", _NAME, _prints(b"denied"), layer="chroot", required=False),
    _Trial("root cannot be regained", _attempt("import os", "os.setuid(0)"), _prints(b"denied")),
    _Trial("processor time is limited", "while True: pass", _ended_by(Status.CPU_LIMIT)),
    _Trial("idle time is limited", "import time\ntime.sleep(60)", _ended_by(Status.IDLE_LIMIT)),
    _Trial("memory is limited", "hoard = bytearray(1 << 40)", _ended_by(Status.MEMORY_LIMIT)),
    _Trial("memory is measured", "hoard = b'x' * (128 << 20)", _ended_by(Status.MEMORY_LIMIT)),
    _Trial("output is limited", "print('x' * 100_000)", _ended_by(Status.OUTPUT_LIMIT)),
)  # fmt: skip

_LEAVE_A_PROCESS = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        time.sleep(60)
    os._exit(0)
os.wait()
time.sleep(0.1)
"""


def examine() -> list[Probe]:
    """Try everything, and return what was found; takes about three seconds.

    Raises:
        SandboxUnavailable: no sandbox can be started here at all.
    """
    os.environ[_MARKER] = "1"
    try:
        with LocalSandbox(workers=1) as sandbox:
            return list(_probes(sandbox))
    finally:
        del os.environ[_MARKER]


def _probes(sandbox: LocalSandbox) -> Iterator[Probe]:
    for trial in _TRIALS:
        run = _run(sandbox, trial.source)
        yield Probe(name=trial.name, layer=trial.layer, ok=trial.holds(run), detail=_seen(run), required=trial.required)
    run = _run(sandbox, _LEAVE_A_PROCESS)
    gone = run.stdout.strip().isdigit() and not _alive(int(run.stdout))
    yield Probe(name="nothing outlives its run", layer="floor", ok=gone, detail=_seen(run))
    yield _uid_probe(sandbox)


def _uid_probe(sandbox: LocalSandbox) -> Probe:
    """Candidates share the judge's uid where it is not root: it is hidden from them then, but not safe from signals."""
    own = int(_run(sandbox, "import os\nprint(os.getuid())").stdout or b"-1")
    if own == os.getuid():
        detail = "the judge's own user; start the judge as root to give each worker a user of its own"
    else:
        detail = f"user {own}"
    return Probe(
        name="submissions have a user of their own", layer="uid", ok=own != os.getuid(), detail=detail, required=False
    )


def _run(sandbox: LocalSandbox, source: str) -> Run:
    return sandbox.run(Job(program=Program(source=source), inputs=(Stdin(b""),), limits=_LIMITS)).runs[0]


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
