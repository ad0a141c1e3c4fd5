"""Measure one candidate from outside, and tell which limit it has passed.

Facts: clock_getcpuclockid(3) for the processor clock of another process, proc(5) for status and schedstat.
"""

from __future__ import annotations

import contextlib
import os
import time

from sandbox.job import Limits
from sandbox.local.proc import Usage, usage_elsewhere, waiting_seconds, wants_a_processor
from sandbox.outcome import Status

_LOOK_SECONDS = 0.05
"""Longest time between two looks at memory."""
_TREE_LOOK_SECONDS = 0.2
"""Time between two looks at a candidate's own children, which take a pass through /proc."""
_BUSY_FACTOR = 5
"""How much rarer those looks are while the candidate's own threads account for the time."""
_SHORTEST_LOOK_SECONDS = 0.002
_UNKNOWN_WAIT_FACTOR = 10
"""Where the kernel does not tell how long a process waited for a processor, idleness is given so much less weight."""
_PROCESSORS = os.cpu_count() or 1


class Meter:
    """Counts from `begin`, or from the start of the program.

    Attributes:
        cpu_seconds: processor time of the candidate and of what it started, at the last look.
        idle_seconds: time in which it did nothing, as far as a look has seen.
        peak_bytes: peak of their resident memory that any look saw.

    A process id is safe to use here while its parent has not reported its end; after that a look finds nothing, or
    finds figures that nobody uses.
    """

    def __init__(self, pid: int, start_cpu_ns: int, limits: Limits) -> None:
        """Start measuring.

        Args:
            pid: the candidate.
            start_cpu_ns: processor time that it had used before its first line.
            limits: what it may use from each `begin` on.
        """
        self._limits = limits
        self._pid = pid
        self._clock = (~pid << 3) | 2  # CPUCLOCK_SCHED of the whole process
        self._base_cpu_ns = start_cpu_ns
        self._start = time.monotonic()
        self._base_wait = 0.0
        self._elsewhere = Usage(0.0, 0)
        self._base_elsewhere = 0.0
        self._last_tree_look = 0.0
        self._stalled_seconds = 0.0
        self._status_fd = -1
        self.cpu_seconds = self.idle_seconds = 0.0
        self._own_peak_bytes = 0
        self.peak_bytes = 0
        self._schedule()

    def close(self) -> None:
        """Let go of the process."""
        if self._status_fd >= 0:
            os.close(self._status_fd)
            self._status_fd = -1

    def begin(self) -> None:
        """Count from here."""
        if self.wall_seconds > _LOOK_SECONDS:
            self._base_wait = waiting_seconds(self._pid) or 0.0
        self._base_cpu_ns = self._cpu_ns()
        self._base_elsewhere = self._elsewhere.cpu_seconds
        self._last_tree_look = self._stalled_seconds = 0.0
        self.cpu_seconds = self.idle_seconds = 0.0
        self._start = time.monotonic()
        self._schedule()

    @property
    def wall_seconds(self) -> float:
        """Elapsed time."""
        return time.monotonic() - self._start

    @property
    def milliseconds_to_next_look(self) -> float:
        """How long the candidate cannot pass a time limit, and may pass the memory limit unseen."""
        return max(0.0, self._next_look - time.monotonic()) * 1000

    def cpu_seconds_of(self, total_cpu_ns: int) -> float:
        """Processor time, from a total that its parent measured at its end, descendants included."""
        return max(0, total_cpu_ns - self._base_cpu_ns) / 1e9

    def look_when_due(self) -> Status | None:
        """`look`, unless the last look was a moment ago."""
        late = time.monotonic() - self._next_look
        if late < 0:
            return None
        if late > _LOOK_SECONDS:
            self._stalled_seconds += late  # the judge was kept from looking: no sign that the candidate idles
        return self.look()

    def look(self) -> Status | None:
        """Measure now, and return the limit that the candidate has passed, if any."""
        self.cpu_seconds = max(0, self._cpu_ns() - self._base_cpu_ns) / 1e9
        self._read_peak()
        self._look_elsewhere()
        self._look_for_idleness()
        self._schedule()
        if self.cpu_seconds > self._limits.cpu_seconds:
            return Status.CPU_LIMIT
        if self.idle_seconds > self._limits.idle_limit_seconds:
            return Status.IDLE_LIMIT
        if self.peak_bytes > self._limits.memory_bytes:
            return Status.MEMORY_LIMIT
        return None

    def _schedule(self) -> None:
        soonest = (self._limits.cpu_seconds - self.cpu_seconds) / _PROCESSORS
        self._next_look = time.monotonic() + min(_LOOK_SECONDS, max(_SHORTEST_LOOK_SECONDS, soonest))

    def _look_elsewhere(self) -> None:
        """Count the processes that the candidate started too: often while it seems to do little, else now and then."""
        wall_seconds = self.wall_seconds
        busy = wall_seconds - self.cpu_seconds < _TREE_LOOK_SECONDS
        if wall_seconds - self._last_tree_look > _TREE_LOOK_SECONDS * (_BUSY_FACTOR if busy else 1):
            self._last_tree_look = wall_seconds
            with contextlib.suppress(OSError):  # it has ended
                self._elsewhere = usage_elsewhere(self._pid)
        self.cpu_seconds += self._elsewhere.cpu_seconds - self._base_elsewhere
        if self._elsewhere.resident_bytes:
            self.peak_bytes = max(self.peak_bytes, self._own_peak_bytes + self._elsewhere.resident_bytes)

    def _look_for_idleness(self) -> None:
        idle = self.wall_seconds - self.cpu_seconds - self._stalled_seconds
        if idle < _TREE_LOOK_SECONDS or wants_a_processor(self._pid):
            return
        waited = waiting_seconds(self._pid)
        if waited is None:
            self.idle_seconds = idle / _UNKNOWN_WAIT_FACTOR
        else:
            self.idle_seconds = max(0.0, idle - max(0.0, waited - self._base_wait))

    def _read_peak(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # it has ended
            if self._status_fd < 0:
                self._status_fd = os.open(f"/proc/{self._pid}/status", os.O_RDONLY)
            text = os.pread(self._status_fd, 4096, 0)
            start = text.index(b"VmHWM:") + 6
            self._own_peak_bytes = int(text[start : text.index(b"kB", start)]) * 1024
            self.peak_bytes = max(self.peak_bytes, self._own_peak_bytes)

    def _cpu_ns(self) -> int:
        try:
            return time.clock_gettime_ns(self._clock)
        except OSError:  # it has ended
            return self._base_cpu_ns
