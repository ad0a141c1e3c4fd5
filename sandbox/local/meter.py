"""Measure one candidate from outside, and tell which limit it has passed.

Processor time has two limits: a candidate is killed at the hard one, and its run is judged by the soft one
(`Limits.hard_cpu_seconds`, `Limits.cpu_seconds`).

Idleness is sampled: at moments that nobody can foresee, does one of its threads run, or wait for a processor? So a busy
machine makes nobody idle, and no figure that a program could run up excuses its sleep.

Facts: clock_getcpuclockid(3) for the processor clock of another process, proc(5) for status and stat.
"""

from __future__ import annotations

import contextlib
import os
import random
import time

from sandbox.job import Limits
from sandbox.local.proc import Usage, peak_of, usage_elsewhere, wants_a_processor
from sandbox.outcome import Status

_LOOK_SECONDS = 0.05
"""Longest time between two looks at memory."""
_TREE_LOOK_SECONDS = 0.2
"""Time between two looks at a candidate's own children, which take a pass through /proc."""
_BUSY_FACTOR = 5
"""How much rarer those looks are while the candidate's own threads account for the time."""
_SHORTEST_LOOK_SECONDS = 0.002
_LONGEST_SAMPLE_SECONDS = 2 * _LOOK_SECONDS
"""One sample speaks for no more time than this: who was kept from looking knows nothing of the rest."""
_UNUSED_SHARE = 0.1
"""Who uses the rest of the time is not asked."""
_NET_FACTOR = 10
"""So many times the limits on processor and idle time together may pass in all: a net under the others."""
_PROCESSORS = os.cpu_count() or 1

_CHANCE = random.Random()  # noqa: S311 - a program cannot see it


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
        self._start = self._last_look = time.monotonic()
        self._elsewhere = Usage(0.0, 0)
        self._lost_seconds = 0.0
        self._base_elsewhere = 0.0
        self._last_tree_look = 0.0
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
        self._base_cpu_ns = self._cpu_ns()
        self._base_elsewhere = self._elsewhere.cpu_seconds
        self._last_tree_look = 0.0
        self.cpu_seconds = self.idle_seconds = 0.0
        self._start = self._last_look = time.monotonic()
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
        return max(0.0, (total_cpu_ns - self._base_cpu_ns) / 1e9 - self._base_elsewhere)

    def look_when_due(self) -> Status | None:
        """`look`, unless the last look was a moment ago."""
        return self.look() if time.monotonic() >= self._next_look else None

    def look(self) -> Status | None:
        """Measure now, and return the limit at which the candidate is to be killed, if it has passed one."""
        return self._look(self._limits.hard_cpu_seconds)

    def last_look(self) -> Status | None:
        """Measure once more, now that the candidate has answered, and return the limit that it has passed, if any."""
        return self._look(self._limits.cpu_seconds)

    def _look(self, most_cpu_seconds: float) -> Status | None:
        before = self.cpu_seconds
        self.cpu_seconds = max(0, self._cpu_ns() - self._base_cpu_ns) / 1e9
        self._read_peak()
        self._look_elsewhere()
        self._sample_idleness(self.cpu_seconds - before)
        self._schedule()
        if self.cpu_seconds > most_cpu_seconds:
            return Status.CPU_LIMIT
        if self.idle_seconds > self._limits.idle_limit_seconds:
            return Status.IDLE_LIMIT
        if self.peak_bytes > self._limits.memory_bytes:
            return Status.MEMORY_LIMIT
        return None

    def _schedule(self) -> None:
        soonest = (self._limits.hard_cpu_seconds - self.cpu_seconds) / _PROCESSORS
        longest = _LOOK_SECONDS * _CHANCE.uniform(0.5, 1.0)
        self._next_look = time.monotonic() + min(longest, max(_SHORTEST_LOOK_SECONDS, soonest))

    def _look_elsewhere(self) -> None:
        """Count the processes that the candidate started too: often while it seems to do little, else now and then."""
        wall_seconds = self.wall_seconds
        busy = wall_seconds - self.cpu_seconds < _TREE_LOOK_SECONDS
        if wall_seconds - self._last_tree_look > _TREE_LOOK_SECONDS * (_BUSY_FACTOR if busy else 1):
            self._last_tree_look = wall_seconds
            with contextlib.suppress(OSError):  # it has ended
                found = usage_elsewhere(self._pid)
                known = self._elsewhere.cpu_seconds - self._lost_seconds
                # Of children that nobody waits for nothing is left; else the sum would never fall (wait(2), SIG_IGN).
                self._lost_seconds += max(0.0, known - found.cpu_seconds)
                self._elsewhere = Usage(found.cpu_seconds + self._lost_seconds, found.resident_bytes)
        self.cpu_seconds += self._elsewhere.cpu_seconds - self._base_elsewhere
        if self._elsewhere.resident_bytes:
            self.peak_bytes = max(self.peak_bytes, self._own_peak_bytes + self._elsewhere.resident_bytes)

    def _sample_idleness(self, cpu_seconds: float) -> None:
        """Count the time since the last look, less what it used, as idle, unless it wants a processor now."""
        now = time.monotonic()
        elapsed = min(now - self._last_look, _LONGEST_SAMPLE_SECONDS)
        self._last_look = now
        unused = elapsed - cpu_seconds
        if unused > _UNUSED_SHARE * elapsed and not wants_a_processor(self._pid):
            self.idle_seconds += unused
        if self.wall_seconds > _NET_FACTOR * (self._limits.hard_cpu_seconds + self._limits.idle_limit_seconds):
            self.idle_seconds = max(self.idle_seconds, self.wall_seconds - self.cpu_seconds)

    def _read_peak(self) -> None:
        with contextlib.suppress(OSError):  # it has ended
            if self._status_fd < 0:
                self._status_fd = os.open(f"/proc/{self._pid}/status", os.O_RDONLY)
            self._own_peak_bytes = peak_of(self._status_fd, self._pid)
            self.peak_bytes = max(self.peak_bytes, self._own_peak_bytes)

    def _cpu_ns(self) -> int:
        try:
            return time.clock_gettime_ns(self._clock)
        except OSError:  # it has ended
            return self._base_cpu_ns
