"""What a process may use and how it is scheduled: things that another process of the same user can change.

Facts: prlimit(2), getpriority(2), sched(7), and those of `sandbox.inside.scheduling`. A limit that was lowered for
good, or a priority, cannot be had back without privilege.
"""

from __future__ import annotations

import contextlib
import os
import resource
import threading
from collections.abc import Callable
from typing import NamedTuple

from sandbox.inside import scheduling
from sandbox.local.process_own import ProcessOwn

_LIMITS = tuple(sorted({getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}))

_SPOILED = "a program has changed the judge's own limits or priority for good; start the judge again"

_spoiled = False


class Scheduling(NamedTuple):
    """How one thread is scheduled: each has its own.

    Attributes:
        nice: from -20 to 19.
        policy: scheduling policy.
        processors: those it may run on.
        attributes, disk_priority: as in `sandbox.inside.scheduling`; nothing where the host does not tell.
    """

    nice: int
    policy: int
    processors: frozenset[int]
    attributes: bytes = b""
    disk_priority: int = -1


class Standing(NamedTuple):
    """Limits of one process, and scheduling of its threads.

    Attributes:
        limits: soft and hard limit for each kind.
        threads: by thread id; the first has that of the process.
    """

    limits: tuple[tuple[int, int], ...]
    threads: dict[int, Scheduling]


def standing_of(pid: int, *, whole: bool = False) -> Standing:
    """Look at a process.

    Args:
        pid: its number.
        whole: ask for all of how it is scheduled; some hosts end a process for asking.

    Raises:
        OSError: it is gone, or belongs to another user.
    """
    return Standing(tuple(resource.prlimit(pid, limit) for limit in _LIMITS), _threads_of(pid, whole))


def _threads_of(pid: int, whole: bool) -> dict[int, Scheduling]:
    threads = {}
    for name in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - names are all it takes
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            threads[int(name)] = _scheduling_of(int(name), whole)
    return threads


def _scheduling_of(thread: int, whole: bool) -> Scheduling:
    return Scheduling(
        nice=os.getpriority(os.PRIO_PROCESS, thread),
        policy=os.sched_getscheduler(thread),
        processors=frozenset(os.sched_getaffinity(thread)),
        attributes=scheduling.attributes_of(thread) if whole else b"",
        disk_priority=scheduling.disk_priority_of(thread) if whole else -1,
    )


def spoiled() -> str:
    """Say why this process must not judge any more; empty while all is well."""
    return _SPOILED if _spoiled else ""


class Watch:
    """Remembers how this process stood before any program ran that could change it. One for each judge.

    Programs of several sandboxes may run at a time: what one of them has changed is not how the judge stood.
    """

    def __init__(self) -> None:
        """Nothing runs."""
        self._lock = threading.Lock()
        self._users: set[object] = set()
        self._before: Standing | None = None

    def begin(self, user: object, *, whole: bool) -> None:
        """Note that such a program may run from now on; `whole` as for `standing_of`."""
        with self._lock:
            if not self._users:
                self._before = standing_of(os.getpid(), whole=whole)
            self._users.add(user)

    def put_right(self) -> list[str]:
        """Give this process back what was taken from it; where that cannot be done, it is `spoiled`.

        Returns:
            Kinds of what had changed, in the words of `sandbox.Outcome.anomalies`; nothing when nothing had.
        """
        with self._lock:
            return [] if self._before is None else _restore(self._before)

    def end(self, user: object) -> list[str]:
        """Note that all that it started is dead as well, and put right what it did up to its end."""
        found = self.put_right()
        with self._lock:
            self._users.discard(user)
            if not self._users:
                self._before = None
        return found


watch = ProcessOwn(Watch)
"""That of this process."""


def _restore(before: Standing) -> list[str]:
    changed = set()
    for limit, amounts in zip(_LIMITS, before.limits, strict=True):
        if resource.getrlimit(limit) != amounts:
            changed.add("rlimits")
            _put_right(resource.setrlimit, limit, amounts)
    if spoiled():  # perhaps nothing can be opened, and threads not be found
        return list(changed)
    whole = before.threads[os.getpid()].disk_priority >= 0
    for thread, found in _threads_of(os.getpid(), whole).items():
        was = before.threads.get(thread, before.threads[os.getpid()])
        if found != was:
            changed.add("priority")
            _put_right(_schedule, thread, was)
    return list(changed)


def _schedule(thread: int, was: Scheduling) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended
        os.sched_setaffinity(thread, was.processors)
        if was.attributes:
            scheduling.set_attributes(thread, was.attributes)
            scheduling.set_disk_priority(thread, was.disk_priority)
            return
        if os.sched_getscheduler(thread) != was.policy:
            os.sched_setscheduler(thread, was.policy, os.sched_param(0))
        os.setpriority(os.PRIO_PROCESS, thread, was.nice)


def _put_right(act: Callable[..., None], *arguments: object) -> None:
    """Do one thing, whether or not the others can be done."""
    global _spoiled
    try:
        act(*arguments)
    except (OSError, ValueError):
        _spoiled = True
