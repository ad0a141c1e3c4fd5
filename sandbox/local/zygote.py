"""The judge's handle on a zygote process (see `sandbox.inside`)."""

from __future__ import annotations

import contextlib
import json
import opcode
import os
import site
import socket
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

from sandbox.errors import SandboxLost, SandboxUnavailable
from sandbox.inside import imports, messages
from sandbox.local.identity import Identity, kill_all_of, kill_strays, threads_of_user

_START_SECONDS = 60.0
_END_SECONDS = 5.0
_INSIDE = Path(__file__).resolve().parent.parent / "inside" / "__main__.py"

_ENVIRONMENT = {
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",  # the same answer must get the same grade
    "LD_BIND_NOW": "1",  # symbols resolved once, and not again in each candidate
    "MALLOC_ARENA_MAX": "2",  # each arena reserves 64 MiB of the address space that is limited
    "OMP_NUM_THREADS": "1",  # threads started while a module loads do not survive a fork
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""All that a candidate finds in its environment."""


class Zygote:
    """One zygote, with a uid of its own where there is privilege to give it one. Used by one thread at a time."""

    def __init__(self) -> None:
        """Start the process and wait until it is warm.

        Raises:
            SandboxUnavailable: it cannot be started here.
        """
        self._identity = Identity()
        self._ending = False
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    *("-S", "-s", "-P", "-B", "-X", "utf8"),
                    str(_INSIDE),
                    str(theirs.fileno()),
                    json.dumps({"packages": _package_folders(), "opcodes": _opcodes()}),
                ],
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.PIPE,  # pipes, not /dev/null: candidates inherit stream objects made for pipes
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
            )
        self._control.settimeout(_START_SECONDS)
        try:
            ready = self._control.recv(messages.LONGEST) == messages.READY
        except TimeoutError:
            ready = False
        if not ready:
            self.kill()
            why = self._last_words()
            self.close()
            raise SandboxUnavailable(f"the sandbox's interpreter does not start: {why}")
        self._control.settimeout(_END_SECONDS)

    @property
    def uid(self) -> int | None:
        """The uid of its candidates; None where they share the judge's."""
        return self._identity.uid

    def process_allowance(self, processes: int) -> int:
        """RLIMIT_NPROC for a candidate that may have so many processes and threads: it counts the whole uid's."""
        if self.uid is None:
            return threads_of_user(os.getuid()) + processes
        return processes + 2  # the program process, and the candidate itself

    def start_program(self, order: dict[str, Any]) -> socket.socket:
        """Fork a program process for `order`, and return the judge's end of its control socket.

        Raises:
            SandboxLost: the zygote is gone.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, contextlib.ExitStack() as on_failure:
            on_failure.callback(ours.close)
            file = os.memfd_create("program")
            try:
                with open(file, "wb", closefd=False) as writer:
                    writer.write(json.dumps(order).encode())
                socket.send_fds(self._control, [messages.PROGRAM], [theirs.fileno(), file])
            except OSError as error:
                raise SandboxLost("the zygote is gone") from error
            finally:
                os.close(file)
            on_failure.pop_all()
        return ours

    def end_program(self) -> None:
        """Have the program process killed, with everything that descends from it; `settle` tells when that is done.

        Its candidates are dead by now: their runs were over. What is left is ours, and need not be waited for.

        Raises:
            SandboxLost: the zygote is gone.
        """
        try:
            self._control.send(messages.END)
        except OSError as error:
            raise SandboxLost("the zygote is gone") from error
        self._ending = True

    def settle(self) -> bool:
        """Wait for the last program's end; return whether the zygote is fit for another."""
        if not self._ending:
            return self._process.poll() is None
        self._ending = False
        try:
            return self._control.recv(messages.LONGEST) == messages.ENDED
        except OSError:
            return False

    def kill(self) -> None:
        """End the zygote and all its descendants; whoever uses it now gets `SandboxLost`. Safe from any thread."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)  # it sees that the judge is gone, and kills what it started
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # stopped, by a candidate with the same uid
            self._process.kill()
            self._process.wait()
        if self.uid is None:
            kill_strays()
        else:
            kill_all_of(self.uid)

    def close(self) -> None:
        """Kill, and let go of every descriptor and of the uid. Only for the thread that uses the zygote."""
        self.kill()
        self._control.close()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        self._identity.release()

    def _last_words(self) -> str:
        if self._process.stderr is None:
            return "no message"
        text = self._process.stderr.read().decode(errors="replace").strip()
        return text.splitlines()[-1] if text else f"exit code {self._process.returncode}"


def _opcodes() -> dict[str, int]:
    return {name: opcode.opmap[name] for name in imports.OPCODES if name in opcode.opmap}


def _package_folders() -> list[str]:
    """Folders of installed packages, without those that anybody may write to."""
    folders = [Path(folder) for folder in site.getsitepackages()]
    return [str(folder) for folder in folders if folder.is_dir() and not folder.stat().st_mode & stat.S_IWOTH]
