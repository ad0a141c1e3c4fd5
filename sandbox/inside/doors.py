"""Closing the doors: what a program process gives up, and what a candidate loses before its first line.

Order matters, and each function says why where it does. Facts: prctl(2), setrlimit(2), capabilities(7).
"""

from __future__ import annotations

import os
import resource
import signal
import time
from typing import Any

from . import kernel

HIGHEST_DESCRIPTOR = 1024
"""Beyond any descriptor that these processes ever open."""

Limit = tuple[int, tuple[int, int]]
"""Arguments of `resource.setrlimit`."""

_USED_BY_THE_BUILD = frozenset({kernel.CAP_DAC_READ_SEARCH, kernel.CAP_SYS_CHROOT})

_STACKS_BYTES = 512 * 1024 * 1024
"""Address space above the memory limit, so that a thread may ask for a big stack and touch little of it."""


def drop_to(uid: int | None) -> None:
    """Become the unprivileged `uid` for good, where there is one; keep the right to read for a while.

    The interpreter and its packages may lie where only root can read; modules are loaded after the uid has changed
    so that no module runs with privileges.

    Raises:
        OSError: the kernel, or a filter, refused.
    """
    if uid is not None:
        kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    kernel.keep_only_capabilities(*_USED_BY_THE_BUILD & kernel.held_capabilities())
    # Changing the uid clears both of these, so they come after it.
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)


def silence() -> None:
    """Point standard input, output and error at /dev/null: a package may print while it loads."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(null, descriptor)
    os.close(null)


def limit_build(limits: dict[str, Any], address_space: int) -> None:
    """Bound the processor time and memory of compiling and loading, until `limit_for_good`."""
    _set(resource.RLIMIT_CPU, int(limits["build_seconds"]) + 1, for_good=False)
    _set(resource.RLIMIT_AS, address_space + limits["memory_bytes"] + _STACKS_BYTES, for_good=False)


def work_nowhere() -> None:
    """Make an empty folder the working directory and delete it: nothing can be made in it, and it leaves nothing.

    Raises:
        OSError: /tmp cannot be written to.
    """
    folder = f"/tmp/rlvr-verifier-{os.getpid()}-{time.monotonic_ns()}"  # noqa: S108 - exists for a moment, and mkdir refuses a trap
    os.umask(0o022)  # candidates must be able to enter it, and not to write
    os.mkdir(folder)  # noqa: PTH102 - pathlib stays out of the zygote
    os.chdir(folder)
    os.rmdir(folder)  # noqa: PTH106


def leave_file_system() -> None:
    """Move the root to the zygote's working directory (see `work_nowhere`).

    Without a descriptor to open, a program could still make folders and links, or remove what its user may: here there
    is nothing left to name.
    """
    os.chroot(".")


def drop_capabilities() -> None:
    """Give up all capabilities, those included that an unprivileged judge was started with."""
    kernel.keep_only_capabilities()


def limit_for_good(limits: dict[str, Any], address_space: int) -> None:
    """Apply the limits that a program process and its candidates share; candidates inherit them.

    Args:
        limits: fields of `sandbox.Limits`.
        address_space: size in bytes before any candidate's own first allocation.
    """
    _set(resource.RLIMIT_CPU, resource.RLIM_INFINITY, for_good=False)
    _set(resource.RLIMIT_AS, address_space + limits["memory_bytes"] + _STACKS_BYTES)
    _set(resource.RLIMIT_STACK, limits["stack_bytes"], for_good=False)  # right programs raise it; memory bounds it
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
        _set(what, 0)


def native_limits(
    limits: dict[str, Any], memory: str, *, files_bytes: int, descriptors: int, whole_program: bool
) -> tuple[Limit, ...]:
    """Work out the limits of a candidate that becomes a program that is no Python.

    Args:
        limits: as for `candidate_limits`.
        memory: ``address_space``, ``data`` or ``resident`` (`sandbox.languages`).
        files_bytes: size of the largest file that it may write; 0 for none.
        descriptors: how many it may have; 0 closes the door, since it has the three that it needs.
        whole_program: as for `candidate_limits`.
    """
    bounds = {"address_space": resource.RLIMIT_AS, "data": resource.RLIMIT_DATA}
    wanted = [
        *([(resource.RLIMIT_CPU, int(limits["hard_cpu_seconds"]) + 2)] if whole_program else []),
        (resource.RLIMIT_STACK, limits["stack_bytes"]),
        (resource.RLIMIT_FSIZE, files_bytes),
        *((what, 0) for what in (resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE)),
        (resource.RLIMIT_NPROC, limits["process_allowance"]),
        (resource.RLIMIT_NOFILE, descriptors),
    ]
    if memory in bounds:
        wanted.insert(0, (bounds[memory], limits["memory_bytes"] + _STACKS_BYTES))
    return tuple((what, (_allowed(what, amount),) * 2) for what, amount in wanted)


def candidate_limits(limits: dict[str, Any], *, whole_program: bool) -> tuple[Limit, ...]:
    """Work out the limits that are a candidate's alone, the last of which closes the door.

    Args:
        limits: fields of `sandbox.Limits`, and ``hard_cpu_seconds`` and ``process_allowance``: processes that its uid
            may have in all.
        whole_program: it serves one input, and so may have a limit on processor time: a second net, for the judge
            measures the tree, and kills first.
    """
    wanted = [(resource.RLIMIT_CPU, int(limits["hard_cpu_seconds"]) + 2)] if whole_program else []
    wanted += [
        (resource.RLIMIT_NPROC, limits["process_allowance"]),
        (resource.RLIMIT_NOFILE, 0),  # no open, socket, pipe, dup, memfd from here on
    ]
    return tuple((what, (_allowed(what, amount),) * 2) for what, amount in wanted)


def address_space(proc: int) -> int:
    """Size of this process's address space in bytes (the first field of /proc/self/statm, in pages)."""
    descriptor = os.open("self/statm", os.O_RDONLY, dir_fd=proc)
    try:
        return int(os.read(descriptor, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


def _set(what: int, amount: int, *, for_good: bool = True) -> None:
    """Set a limit; not `for_good` leaves what is allowed as it is."""
    amount = _allowed(what, amount)
    resource.setrlimit(what, (amount, amount if for_good else resource.getrlimit(what)[1]))


def _allowed(what: int, amount: int) -> int:
    """Return the amount, or what is allowed where that is less; RLIM_INFINITY is below zero."""
    ceiling = resource.getrlimit(what)[1]
    return ceiling if ceiling >= 0 and not 0 <= amount <= ceiling else amount
