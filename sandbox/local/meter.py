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
from collections.abc import Callable

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
        self._elsewhere = _Elsewhere()
        self._base_elsewhere = 0.0
        self._last_tree_look = 0.0
        self._status_fd = -1
        self.cpu_seconds = self._sampled_cpu_seconds = self._idle_seconds = 0.0
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
        self.cpu_seconds = self._sampled_cpu_seconds = self._idle_seconds = 0.0
        self._start = self._last_look = time.monotonic()
        self._schedule()

    def pause(self) -> None:
        """Let time stand still: nobody waits for the candidate, so it is not idle. What it computes counts."""
        self._count_cpu()
        self._paused = time.monotonic()
        self._cpu_seconds_at_pause = self.cpu_seconds

    def resume(self) -> None:
        """Let time go on where it stopped. The next look is due as much later as the pause was long."""
        self._count_cpu()
        self._sampled_cpu_seconds += self.cpu_seconds - self._cpu_seconds_at_pause
        pause = time.monotonic() - self._paused
        self._start += pause
        self._last_look += pause
        self._next_look += pause

    @property
    def idle_seconds(self) -> float:
        """Time in which it did nothing, as far as looks have seen; nothing where that is a trifle."""
        told = min(_TREE_LOOK_SECONDS, self._limits.idle_limit_seconds)
        return self._idle_seconds if self._idle_seconds >= told else 0.0

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
        return self._look(self._limits.hard_cpu_seconds, self._sample_idleness)

    def last_look(self) -> Status | None:
        """Measure once more, now that the candidate has answered, and return the limit that it has passed, if any.

        Since the last look it may have waited for the judge to take its answer: that is not idleness of its own.
        """
        return self._look(self._limits.cpu_seconds)

    def _look(self, most_cpu_seconds: float, sample_idleness: Callable[[], None] = lambda: None) -> Status | None:
        self._read_peak()
        self._look_elsewhere()
        self._count_cpu()
        sample_idleness()
        self._schedule()
        if self.cpu_seconds > most_cpu_seconds:
            return Status.CPU_LIMIT
        if self._idle_seconds > self._limits.idle_limit_seconds:
            return Status.IDLE_LIMIT
        if self.peak_bytes > self._limits.memory_bytes:
            return Status.MEMORY_LIMIT
        return None

    def _schedule(self) -> None:
        soonest = (self._limits.hard_cpu_seconds - self.cpu_seconds) / _PROCESSORS
        longest = _LOOK_SECONDS * _CHANCE.uniform(0.5, 1.0)
        self._next_look = time.monotonic() + min(longest, max(_SHORTEST_LOOK_SECONDS, soonest))

    def _look_elsewhere(self) -> None:
        """Count the processes that the candidate started too: often while it has some, or seems to do little."""
        wall_seconds = self.wall_seconds
        busy = wall_seconds - self._own_cpu_seconds() < _TREE_LOOK_SECONDS
        pause = 0.0 if self._elsewhere.seen else _TREE_LOOK_SECONDS * (_BUSY_FACTOR if busy else 1)
        if wall_seconds - self._last_tree_look > pause:
            self._last_tree_look = wall_seconds
            with contextlib.suppress(OSError):  # it has ended
                self._elsewhere.add(usage_elsewhere(self._pid))
        if self._elsewhere.resident_bytes:
            self.peak_bytes = max(self.peak_bytes, self._own_peak_bytes + self._elsewhere.resident_bytes)

    def _count_cpu(self) -> None:
        self.cpu_seconds = self._own_cpu_seconds() + self._elsewhere.cpu_seconds - self._base_elsewhere

    def _own_cpu_seconds(self) -> float:
        return max(0, self._cpu_ns() - self._base_cpu_ns) / 1e9

    def _sample_idleness(self) -> None:
        """Count the time since the last look, less what was used of it, as idle, unless a processor is wanted now."""
        now = time.monotonic()
        elapsed = min(now, self._next_look) - self._last_look  # who looks late knows nothing of the rest
        self._last_look = now
        unused = elapsed - (self.cpu_seconds - self._sampled_cpu_seconds)
        self._sampled_cpu_seconds = self.cpu_seconds
        if unused > _UNUSED_SHARE * elapsed and not wants_a_processor(self._pid):
            self._idle_seconds += unused
        if self.wall_seconds > _NET_FACTOR * (self._limits.hard_cpu_seconds + self._limits.idle_limit_seconds):
            self._idle_seconds = max(self._idle_seconds, self.wall_seconds - self.cpu_seconds)

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


class _Elsewhere:
    """Processor time and memory of the processes that a candidate started. The time never falls.

    Of a process that ended its parent has the time, unless nobody waits for it (wait(2), SIGCHLD ignored): then what a
    look saw of it is all that is known. It cannot be told which, so the larger of the two sums counts.

    Attributes:
        seen: processor seconds of each process that any look found, as `Usage.living`.
        cpu_seconds, resident_bytes: of all of them, up to the last look; of those that lived then.
    """

    def __init__(self) -> None:
        self.seen: dict[tuple[int, int], float] = {}
        self._reaped_seconds = 0.0
        self.cpu_seconds = 0.0
        self.resident_bytes = 0

    def add(self, found: Usage) -> None:
        """Take in what a look found."""
        self.seen.update(found.living)
        self._reaped_seconds = max(self._reaped_seconds, found.reaped_seconds)
        alive = sum(found.living.values())
        ended = sum(self.seen.values()) - alive
        self.cpu_seconds = max(self.cpu_seconds, alive + max(ended, self._reaped_seconds))
        self.resident_bytes = found.resident_bytes
