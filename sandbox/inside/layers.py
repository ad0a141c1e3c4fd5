"""The layers over the floor: which of them hold here, and putting a candidate under them.

Each is proved when a zygote starts: the act that it denies is tried in a throw-away child (docs/architecture.md, I10).
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Collection, Sequence

from . import doors, kernel, landlock, namespaces, scheduling, seccomp
from .keyrings import Keyrings
from .proving import Unproved, denied, prove

_RESERVED_NUMBERS = 300
"""The kernel leaves the numbers below out when it begins anew (RESERVED_PIDS in kernel/pid.c)."""


class Layers:
    """The layers of one worker.

    Attributes:
        uid: the user id that program processes change to; None where they keep the judge's.
        in_force: names of the layers that hold, `floor` first.
        missing: by name, why the others do not.
        leaves_keys: whether candidates could leave keys in keyrings.
        tells_scheduling: whether candidates could change more of how others are scheduled than priority and processors,
            and the host tells (`scheduling`).
        close_in: what puts a candidate in Python under those layers that each candidate enters by itself, in order.
        become: the same for one that becomes a program without libraries.
        native_filter: the filter that is among these, as code; empty where the layer `seccomp` is missing.
    """

    def __init__(self, uid: int | None, without: Collection[str]) -> None:
        """Prove and prepare them. May go on in a child of the process that called (see `namespaces`).

        Args:
            uid: user id that belongs to this worker alone, where the judge is root.
            without: names of layers to leave off.
        """
        self.uid = uid
        self.in_force = ["floor"]
        self.missing: dict[str, str] = {}
        self.close_in: list[Callable[[], None]] = []
        self.become: list[Callable[[], None]] = []
        self.native_filter = b""
        self._machine = os.uname().machine
        self._last_number = -1
        for name, prepare in (
            ("namespaces", self._prepare_namespaces),
            ("uid", self._prepare_uid),
            ("chroot", self._prepare_chroot),
            ("landlock", self._prepare_landlock),
            ("seccomp", self._prepare_seccomp),
        ):
            if name in without:
                self.missing[name] = "switched off"
                continue
            try:
                prepare()
                self.in_force.append(name)
            except (Unproved, ValueError) as error:  # ValueError: a machine that `system_calls` does not know
                self.missing[name] = str(error)
            except OSError as error:
                self.missing[name] = os.strerror(error.errno or 0)
        unfiltered = "seccomp" in self.missing
        self.leaves_keys = unfiltered and _is_so(lambda: Keyrings(own_session=True).look() is not None)
        self.tells_scheduling = unfiltered and _is_so(scheduling.can_be_told)

    @property
    def alone(self) -> bool:
        """Whether the zygote may signal nothing but what descends from it."""
        return "namespaces" in self.in_force

    @property
    def alone_as_user(self) -> bool:
        """Whether a program process may signal nothing but what descends from it."""
        return self.alone or "uid" in self.in_force

    @property
    def leaves_objects(self) -> bool:
        """Whether candidates could make System V objects."""
        return "seccomp" in self.missing

    @property
    def leaves_names(self) -> bool:
        """Whether candidates could make names in folders."""
        return {"chroot", "landlock", "seccomp"}.isdisjoint(self.in_force)

    @property
    def changes_root(self) -> bool:
        """Whether program processes move their root to the working directory."""
        return "chroot" in self.in_force

    def with_files(self, reads: Sequence[str], writes: Sequence[str], *, processes: bool) -> list[Callable[[], None]]:
        """Return what puts a candidate under the layers that leave files to it: a compiler, a shell, a runtime.

        Args:
            reads: files and folders that it may read and run.
            writes: folders of its own.
            processes: whether it may start processes.

        Raises:
            OSError: the kernel refused what it has granted before.
        """
        enter: list[Callable[[], None]] = []
        if "landlock" in self.in_force:
            enter.append(landlock.Ruleset(self._machine, reads, writes).enforce)
        if "seccomp" in self.in_force:
            enter.append(seccomp.Filter(self._machine, "processes" if processes else "runtime").install)
        return enter

    def forget_process_numbers(self) -> None:
        """Let the next process have the number that the first had: how many there were is nobody's business."""
        if self._last_number >= 0:
            os.pwrite(self._last_number, b"%d" % _RESERVED_NUMBERS, 0)

    def _prepare_namespaces(self) -> None:
        def trial() -> bool:
            first = os.getpid()
            namespaces.enter()
            return os.getpid() == 1 != first

        prove(trial)
        namespaces.enter()
        with contextlib.suppress(OSError):  # read-only in a container
            self._last_number = os.open("/proc/sys/kernel/ns_last_pid", os.O_WRONLY)
            self.forget_process_numbers()

    def _prepare_uid(self) -> None:
        uid = self.uid
        if uid is None:
            raise Unproved("the judge is not root")

        def trial() -> bool:
            doors.drop_to(uid)
            os.close(os.open(os.__file__, os.O_RDONLY))  # modules that cannot be read would fail as the program's
            doors.drop_capabilities()
            return os.getresuid() == (uid, uid, uid) and denied(lambda: os.setuid(0))

        prove(trial)

    def _prepare_chroot(self) -> None:
        if kernel.CAP_SYS_CHROOT not in kernel.held_capabilities():
            raise Unproved("the capability SYS_CHROOT is missing")
        doors.work_nowhere()

        def trial() -> bool:
            os.chroot(".")
            return denied(lambda: os.stat("/proc")) and denied(lambda: os.mkdir("/name"))  # noqa: PTH102, PTH116

        prove(trial)

    def _prepare_landlock(self) -> None:
        ruleset = landlock.Ruleset(self._machine)

        def trial() -> bool:
            ruleset.enforce()
            return denied(lambda: os.open("/", os.O_RDONLY | os.O_DIRECTORY))

        prove(trial)
        self.close_in.append(ruleset.enforce)
        self.become.append(ruleset.enforce)

    def _prepare_seccomp(self) -> None:
        sieve = seccomp.Filter(self._machine)

        def refuses() -> bool:
            sieve.install()
            return denied(os.fork)

        def kills() -> bool:
            sieve.install()
            os.kill(os.getppid(), 0)
            return False

        prove(refuses)
        prove(kills, ends_by=signal.SIGSYS)
        self.close_in.append(sieve.install)
        native = seccomp.Filter(self._machine, "native")
        self.native_filter = bytes(native.code)
        self.become.append(native.install)


def _is_so(trial: Callable[[], bool]) -> bool:
    """Whether it holds; some hosts end a process for asking."""
    try:
        prove(trial)
    except Unproved:
        return False
    return True
