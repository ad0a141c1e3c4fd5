"""Run in a container: a program that tries to trace an interpreter of the sandbox while it starts.

``python -m tests.containers.tracing [--no-gate]`` prints how many processes it could seize.
"""

from __future__ import annotations

import sys
import threading

from sandbox import Job, Limits, LocalSandbox, Program, Stdin
from sandbox.layers import LAYERS
from sandbox.local import gate

SEIZER = """
import ctypes, os, sys, time
libc = ctypes.CDLL(None)
own, seized = os.getpid(), set()
print("ready", flush=True)
end = time.monotonic() + 1.5
while time.monotonic() < end:
    seized |= {pid for pid in range(own + 1, own + 9) if libc.ptrace(0x4206, pid, 0, 0) == 0}  # PTRACE_SEIZE
print(len(seized))
"""


def main() -> None:
    """Let it try while a second worker is started."""
    if "--no-gate" in sys.argv:
        gate.Gate.enter = lambda self, worker: None  # type: ignore[method-assign]
    with LocalSandbox(2, require=("floor",), without=set(LAYERS) - {"floor"}, speed=1.0) as sandbox:
        found: list[bytes] = []
        started = threading.Event()

        def seize() -> None:
            job = Job(program=Program(source=SEIZER), inputs=(Stdin(b""),), limits=Limits(cpu_seconds=5))
            threading.Timer(0.5, started.set).start()
            found.append(sandbox.run(job).runs[0].stdout)

        attacker = threading.Thread(target=seize)
        attacker.start()
        started.wait()
        sandbox.run(Job(program=Program(source="print(1)"), inputs=(Stdin(b""),)))
        attacker.join()
        print(found[0].decode().split()[-1])


if __name__ == "__main__":
    main()
