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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sandbox.errors import SandboxLost, SandboxUnavailable
from sandbox.inside import imports, messages
from sandbox.layers import Demands
from sandbox.local.control import control_sockets, receive_from
from sandbox.local.gate import gate
from sandbox.local.identity import Identity, kill_all_of, kill_strays, threads_of_user
from sandbox.local.leftovers import Leftovers
from sandbox.local.proc import is_stopped
from sandbox.local.standing import spoiled, standing_of, watch

_START_SECONDS = 60.0
_END_SECONDS = 5.0
CLEAN = ("-S", "-s", "-P", "-B", "-X", "utf8")
"""Options of an interpreter that loads nothing but what this project gives it."""
_INSIDE = Path(__file__).resolve().parent.parent / "inside" / "__main__.py"

ENVIRONMENT = {
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",  # the same answer must get the same grade; another only where a sandbox was given one
    "LD_BIND_NOW": "1",  # symbols resolved once, and not again in each candidate
    "MALLOC_ARENA_MAX": "2",  # each arena reserves 64 MiB of the address space that is limited
    "OMP_NUM_THREADS": "1",  # threads started while a module loads do not survive a fork
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # Where the interpreter's own libraries are, as in AWS's base images: without it the interpreter would not start.
    **{name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
}
"""All that a candidate finds in its environment."""


class Zygote:
    """One zygote, with a uid of its own where there is privilege to give it one. Used by one thread at a time.

    Attributes:
        layers: names of the isolation layers that are in force for its candidates.
        missing: by name, why the others are not.
        anomalies: what was found to be wrong after runs, and put right, in the words of `sandbox.Outcome.anomalies`.
    """

    def __init__(self, demands: Demands, workers: int = 1, hash_seed: int = 0) -> None:
        """Start the process and wait until it is warm.

        Args:
            demands: what layers to put in force.
            workers: how many zygotes the judge has, this one included.
            hash_seed: its ``PYTHONHASHSEED``.

        Raises:
            SandboxUnavailable: it cannot be started here, or what is demanded cannot be enforced.
        """
        self.layers: tuple[str, ...] = ()
        self.missing: dict[str, str] = {}
        self.anomalies: set[str] = set()
        self._pid = -1
        self._workers = workers
        self._folders = demands.folders
        self._leftovers: Leftovers | None = None
        self._identity = Identity(wanted="uid" not in demands.without)
        self._ending = False
        self._control, theirs = control_sockets()
        with gate().starting(), contextlib.ExitStack() as on_failure:
            self._process = self._exec(theirs, demands, hash_seed)
            on_failure.callback(self.close)
            self._wait_until_warm(demands)
            on_failure.pop_all()
        self._control.settimeout(_END_SECONDS)

    def _exec(self, theirs: socket.socket, demands: Demands, hash_seed: int) -> subprocess.Popen[bytes]:
        with theirs:
            return subprocess.Popen(
                [
                    sys.executable,
                    *CLEAN,
                    str(_INSIDE),
                    str(theirs.fileno()),
                    json.dumps(self._settings(demands)),
                ],
                env=ENVIRONMENT | {"PYTHONHASHSEED": str(hash_seed)},
                cwd="/",
                stdin=subprocess.PIPE,  # pipes, not /dev/null: candidates inherit stream objects made for pipes
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
            )

    @property
    def uid(self) -> int | None:
        """The uid of its candidates; None where they share the judge's."""
        return self._identity.uid

    @property
    def exposed(self) -> bool:
        """Whether candidates could change what the judge and the zygote may use (`sandbox.local.standing`)."""
        return self.uid is None and "seccomp" not in self.layers

    def begin(self) -> None:
        """Look around before a lease, where a program may change the judge, or kill what would look for leftovers."""
        if self.exposed:
            watch().begin(self, whole=self._tells_scheduling)
        if {"namespaces", "seccomp"}.isdisjoint(self.layers):
            uid = os.getuid() if self.uid is None else self.uid
            names_can_be_made = {"chroot", "landlock"}.isdisjoint(self.layers)
            self._leftovers = Leftovers(uid, self._folders if names_can_be_made else (), keys=self._leaves_keys)

    def end(self) -> None:
        """Note that a lease has ended, and every process of it: what it left was looked for."""
        if self.exposed:
            self.anomalies.update(watch().end(self))
        if self._leftovers is not None:
            self._leftovers.close()
            self._leftovers = None

    def candidate_begins(self) -> None:
        """Wait until an untrusted candidate may run, where it could trace others (`sandbox.local.gate`).

        Raises:
            SandboxFault: that does not come.
        """
        if self.uid is None and {"namespaces", "landlock", "seccomp"}.isdisjoint(self.layers):
            gate().enter(self)

    def candidate_ends(self) -> None:
        """Note that it is dead, and so is all that it started."""
        gate().leave(self)

    def is_stopped(self) -> bool:
        """Whether it was stopped by a signal, which takes a process of its own user."""
        return is_stopped(self._pid)

    def unchanged(self) -> bool:
        """Whether candidates have left the zygote as it was."""
        try:
            return standing_of(self._pid, whole=self._tells_scheduling) == self._standing
        except OSError:
            return False

    def process_allowance(self, processes: int) -> int:
        """RLIMIT_NPROC for a candidate that may have so many processes and threads: it counts the whole uid's."""
        if self.uid is None:
            return threads_of_user(os.getuid()) + processes * self._workers
        return processes + 2  # the program process, and the candidate itself

    def _settings(self, demands: Demands) -> dict[str, Any]:
        return {
            "packages": _package_folders(),
            "opcodes": _opcodes(),
            "uid": self.uid,
            "without": sorted(demands.without),
            "folders": demands.folders,
        }

    def _wait_until_warm(self, demands: Demands) -> None:
        self._control.settimeout(_START_SECONDS)
        try:
            answer, self._pid = receive_from(self._control)
        except TimeoutError:
            answer = b""
        if not answer.startswith(messages.READY):
            self.kill()
            raise SandboxUnavailable(f"the sandbox's interpreter does not start: {self._last_words()}")
        in_force, missing, self._leaves_keys, self._tells_scheduling = json.loads(answer[1:])
        if self.uid is not None and "uid" in missing:
            raise SandboxUnavailable(
                f"a program cannot be given a user of its own here ({missing['uid']}); start as an ordinary user"
            )
        demands.check(in_force, missing)
        self.layers, self.missing = tuple(in_force), missing
        if self.exposed:
            self._standing = standing_of(self._pid, whole=self._tells_scheduling)

    def start_program(self, order: dict[str, Any], built: Sequence[int] = ()) -> socket.socket:
        """Fork a program process for `order`, and return the judge's end of its control socket.

        Args:
            order: what it is to do.
            built: descriptors of the program that was built, where there is one, and of the launcher.

        Raises:
            SandboxLost: the zygote is gone.
        """
        ours, theirs = control_sockets()
        with theirs, contextlib.ExitStack() as on_failure:
            on_failure.callback(ours.close)
            file = os.memfd_create("program")
            try:
                with open(file, "wb", closefd=False) as writer:
                    writer.write(json.dumps(order).encode())
                descriptors = [theirs.fileno(), file, *built]
                socket.send_fds(self._control, [messages.PROGRAM], descriptors)
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

    def lives(self) -> bool:
        """Whether it still answers; its program, if there is one, is killed."""
        try:
            self.end_program()
        except SandboxLost:
            return False
        return self.settle()

    def kill(self) -> None:
        """End the zygote and all its descendants; whoever uses it now gets `SandboxLost`. Safe from any thread."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)  # it sees that the judge is gone, and kills what it started
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:  # stopped, by a candidate with the same uid
            self._process.kill()
            self._process.wait()
        with self._put_right():
            if self.uid is None:
                kill_strays()
            else:
                kill_all_of(self.uid)
        self.candidate_ends()

    def close(self) -> None:
        """Kill, and let go of every descriptor and of the uid. Only for the thread that uses the zygote."""
        self.kill()
        with self._put_right():
            if self._leftovers is not None:
                self.anomalies.update(self._leftovers.remove())
        self.end()
        self._control.close()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        self._identity.release()

    @contextlib.contextmanager
    def _put_right(self) -> Iterator[None]:
        """Let the judge open what it has to: a candidate may have lowered its limits, and for good."""
        if self.exposed:
            self.anomalies.update(watch().put_right())
        try:
            yield
        except OSError:
            if not spoiled():
                raise

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
