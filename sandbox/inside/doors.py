"""Closing the doors: what a program process gives up, and what a candidate loses before its first line.

Order matters, and each function says why where it does. Facts: prctl(2), setrlimit(2), capabilities(7).
"""

from __future__ import annotations

import os
import resource
import signal
from typing import Any

from . import kernel

HIGHEST_DESCRIPTOR = 1024
"""Beyond any descriptor that these processes ever open."""

_STACKS_BYTES = 512 * 1024 * 1024
"""Address space above the memory limit, so that a thread may ask for a big stack and touch little of it."""


def drop_to(uid: int | None) -> None:
    """Become the unprivileged `uid` for good, where the judge gave one, keeping the right to read until `stop_reading`.

    The interpreter and its packages may lie where only root can read; modules are loaded after the uid has changed
    so that no module runs with privileges.
    """
    if uid is not None:
        kernel.prctl(kernel.PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        kernel.keep_only_capabilities(kernel.CAP_DAC_READ_SEARCH, kernel.CAP_SYS_CHROOT)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
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


def limit_build(limits: dict[str, Any]) -> None:
    """Bound the processor time and memory of compiling and loading; a candidate's own limits replace these."""
    for what, amount in (
        (resource.RLIMIT_CPU, int(limits["build_seconds"]) + 1),
        (resource.RLIMIT_AS, own_address_space() + limits["memory_bytes"] + _STACKS_BYTES),
    ):
        resource.setrlimit(what, (amount, resource.getrlimit(what)[1]))


def unlimit_build() -> None:
    """Lift what `limit_build` set: the program process lives as long as its job."""
    for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS):
        ceiling = resource.getrlimit(what)[1]
        resource.setrlimit(what, (ceiling, ceiling))


def stop_reading(uid: int | None) -> None:
    """Give up reading what others may not, and all else that an unprivileged judge was started with."""
    kernel.keep_only_capabilities(*(() if uid is None else (kernel.CAP_SYS_CHROOT,)))


def leave_file_system(uid: int | None) -> None:
    """Move the root to the zygote's working directory, an empty one that is deleted already, and give up the right to.

    Without a descriptor to open, a program could still make folders and links, or remove what its user may: here there
    is nothing left to name. Only with privilege; see `zygote`.
    """
    if uid is not None:
        os.chroot(".")
        kernel.keep_only_capabilities()


def own_address_space() -> int:
    """Size of this process's address space in bytes (the first field of /proc/self/statm, in pages)."""
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123
        return int(file.read().split()[0]) * resource.getpagesize()


def limit(limits: dict[str, Any], address_space: int, cpu_seconds: int) -> None:
    """Apply every resource limit to this process.

    Args:
        limits: fields of `sandbox.Limits`, and ``process_allowance``: processes the uid may have in all.
        address_space: size in bytes before the program's own first allocation.
        cpu_seconds: a second net for processor time: the judge measures the tree, and kills first.
    """
    memory = address_space + limits["memory_bytes"] + _STACKS_BYTES
    for what, amount in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_STACK, limits["stack_bytes"]),
        (resource.RLIMIT_NPROC, limits["process_allowance"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_NOFILE, 0),  # no open, socket, pipe, dup, memfd from here on
    ):
        ceiling = resource.getrlimit(what)[1]
        if ceiling != resource.RLIM_INFINITY and not 0 <= amount <= ceiling:
            amount = ceiling
        resource.setrlimit(what, (amount, amount))
