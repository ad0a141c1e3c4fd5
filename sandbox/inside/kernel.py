"""The few Linux calls that Python does not offer. Source: their manual pages: prctl(2), capget(2), syscall(2)."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

CAP_DAC_READ_SEARCH = 2
CAP_KILL = 5
CAP_SETGID = 6
CAP_SETUID = 7
CAP_SYS_CHROOT = 18
CAP_SYS_ADMIN = 21

_CAPABILITY_VERSION_3 = 0x20080522
_IPC_CREAT, _IPC_EXCL, _IPC_RMID = 0o1000, 0o2000, 0
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def prctl(option: int, value: int) -> None:
    """Set one attribute of this process.

    Raises:
        OSError: the kernel refused.
    """
    _check(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl({option})")


def system_call(number: int, *arguments: Any) -> int:
    """Make a system call by its number on this machine; arguments are integers, bytes, or `ctypes.byref` of a struct.

    Raises:
        OSError: it failed.
    """
    passed = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result: int = _libc.syscall(ctypes.c_long(number), *passed)
    _check(result, f"system call {number}")
    return result


def unshare(flags: int) -> None:
    """Leave namespaces that are shared with the parent; the flags are those of clone(2).

    Raises:
        OSError: the kernel, or a filter, refused.
    """
    _check(_libc.unshare(flags), "unshare")


def make_shared_memory(key: int) -> int:
    """Make a System V shared memory segment of one page that its user alone may use; return its number (shmget(2)).

    Raises:
        OSError: there is one with that key, or the kernel refused.
    """
    number: int = _libc.shmget(key, ctypes.c_size_t(4096), _IPC_CREAT | _IPC_EXCL | 0o600)
    _check(number, "shmget")
    return number


def remove_shared_memory(number: int) -> None:
    """Remove a System V shared memory segment (shmctl(2)); it is freed when nobody has it attached.

    Raises:
        OSError: there is none, or it is somebody else's.
    """
    _check(_libc.shmctl(number, _IPC_RMID, None), "shmctl")


def remove_semaphores(number: int) -> None:
    """Remove a set of System V semaphores (semctl(2)); raises as `remove_shared_memory` does."""
    _check(_libc.semctl(number, 0, _IPC_RMID), "semctl")


def remove_message_queue(number: int) -> None:
    """Remove a System V message queue (msgctl(2)); raises as `remove_shared_memory` does."""
    _check(_libc.msgctl(number, _IPC_RMID, None), "msgctl")


@cache
def held_capabilities() -> frozenset[int]:
    """Return the permitted capabilities that this process, or the one it was forked from, had when it first asked.

    Raises:
        OSError: the kernel refused.
    """
    return permitted_capabilities()


def permitted_capabilities() -> frozenset[int]:
    """Return the permitted capabilities that this process has now.

    Raises:
        OSError: the kernel refused.
    """
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)()
    _check(_libc.capget(header, data), "capget")
    mask = data[1] | data[4] << 32
    return frozenset(number for number in range(64) if mask >> number & 1)


def keep_only_capabilities(*capabilities: int) -> None:
    """Make these the only capabilities of this process, effective and permitted, none inheritable.

    Raises:
        OSError: one of them is not held.
    """
    mask = sum(1 << capability for capability in capabilities)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(mask & 0xFFFFFFFF, mask & 0xFFFFFFFF, 0, mask >> 32, mask >> 32, 0)
    _check(_libc.capset(header, data), "capset")


def _check(result: int, what: str) -> None:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
