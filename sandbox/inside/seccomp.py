"""The layer `seccomp`: an allow-list of system calls, as a BPF program that is assembled here.

It checks the architecture first (a 32-bit call has other numbers), finds the number by halving, and looks at arguments
where they decide: threads may be made and processes not, signals go to the program itself and nowhere else. Facts:
seccomp(2), linux/filter.h, linux/audit.h. The kernel tries every number once when a filter is installed
(seccomp_cache_prepare in kernel/seccomp.c), which is why the search is a tree and not a list.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import Literal, NamedTuple

from . import kernel, system_calls

_AUDIT_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_ERRNO = 0x00050000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_OFFSET, _ARCHITECTURE_OFFSET, _ARGUMENTS_OFFSET = 0, 4, 16  # struct seccomp_data

_X32_BIT = 0x40000000
"""Set in the numbers of x32 calls, which the architecture does not tell from those of x86_64."""
_CLONE_THREAD, _CLONE_VFORK = 0x00010000, 0x00004000
_MAP_SHARED, _MAP_ANONYMOUS = 0x1, 0x20
_OF_A_PROCESS = 0x80000000
"""Set in the numbers of clocks that belong to a process or a thread, any that there is (clock_getcpuclockid(3))."""
_F_SETFL = 4
_NOISY_FLAGS = 0x2000 | 0x4000 | 0x10000
"""O_ASYNC, which sends signals, and O_DIRECT of both machines: the judge would have to read each write by itself."""
_HARMLESS_PRCTL = (15, 16, 0x53564D41)  # PR_SET_NAME, PR_GET_NAME, PR_SET_VMA
_HARMLESS_FCNTL = (0, 1, 2, 3, 1030, 1032)
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ. Not F_SETOWN and F_SETSIG: a pipe would send a
signal of the program's choice to a process of its choice (fcntl(2))."""
_HARMLESS_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX; on both machines."""
_OWN_PID = 0xFFFFFFFF
"""Stands for the process id of the candidate until it is known; no process has it."""

_SET_MODE_FILTER = 1
_AT_EMPTY_PATH = 0x1000


class _Instruction(NamedTuple):
    """One struct sock_filter."""

    code: int
    jump_true: int
    jump_false: int
    value: int


_LAYOUT = struct.Struct("=HBBI")
_VALUE_OFFSET = 4

Block = list[_Instruction]


Serves = Literal["python", "native", "runtime", "processes"]
"""Whom a filter is for: what is forked with all that it needs; what becomes a program without libraries, by its
descriptor; a runtime, which has to open files to start; what may start processes as well, as a compiler does."""


class Filter:
    """An assembled filter, to be installed by a candidate."""

    def __init__(self, machine: str, serves: Serves = "python") -> None:
        """Assemble it.

        Raises:
            ValueError: no numbers are known for that machine.
        """
        program = _program(machine, serves)
        self.code = bytearray(b"".join(_LAYOUT.pack(*instruction) for instruction in program))
        self._own_pid_at = [
            number * _LAYOUT.size + _VALUE_OFFSET
            for number, instruction in enumerate(program)
            if instruction.value == _OWN_PID
        ]
        self._call = system_calls.number(machine, "seccomp")

    def install(self) -> None:
        """Put this process, and whatever it starts, under the filter for good. Needs PR_SET_NO_NEW_PRIVS.

        Raises:
            OSError: the kernel, or a filter that is in force already, refused.
        """
        pid = os.getpid()
        for place in self._own_pid_at:
            struct.pack_into("=I", self.code, place, pid)
        code = (ctypes.c_char * len(self.code)).from_buffer(self.code)
        program = _SockFprog(len(self.code) // _LAYOUT.size, ctypes.addressof(code))
        kernel.system_call(self._call, _SET_MODE_FILTER, 0, ctypes.byref(program))


class _SockFprog(ctypes.Structure):
    """A struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _program(machine: str, serves: Serves) -> Block:
    blocks = _blocks(machine, serves)
    head = [
        _Instruction(_LOAD, 0, 0, _ARCHITECTURE_OFFSET),
        _Instruction(_EQUAL, 1, 0, _AUDIT_ARCHITECTURES[machine]),
        *_answer(_KILL_PROCESS),
        _Instruction(_LOAD, 0, 0, _NUMBER_OFFSET),
    ]
    starts = sorted(start for number in blocks for start in (number, number + 1))
    newest = _answer(_ERRNO | errno.ENOSYS)
    denied = _answer(_ERRNO | errno.EPERM)
    ranges: list[tuple[int, Block]] = [(0, blocks.get(0, denied))]
    for start in sorted({*starts, system_calls.NEWEST_KNOWN + 1, _X32_BIT} - {0}):
        block = blocks.get(start, denied if start <= system_calls.NEWEST_KNOWN else newest)
        if start == _X32_BIT:
            block = _answer(_KILL_PROCESS)
        if block != ranges[-1][1]:
            ranges.append((start, block))
    return head + _search(ranges)


def _search(ranges: list[tuple[int, Block]]) -> Block:
    """Find the range that the number is in; ranges are in order, and each goes to where the next one starts."""
    if len(ranges) == 1:
        return ranges[0][1]
    middle = len(ranges) // 2
    below, above = _search(ranges[:middle]), _search(ranges[middle:])
    return [_Instruction(_AT_LEAST, len(below), 0, ranges[middle][0]), *below, *above]


def _blocks(machine: str, serves: Serves) -> dict[int, Block]:
    """Return, by number, what to do with each call that does not simply fail."""
    blocks: dict[int, Block] = {}
    for group, action in _ACTIONS:
        for number in system_calls.on(machine, group).values():
            blocks[number] = _answer(action)
    for name, number in system_calls.on(machine, system_calls.BY_ARGUMENT).items():
        blocks[number] = _BY_ARGUMENT[name]
    if serves == "native":
        for number in system_calls.on(machine, system_calls.FOR_EVENTS).values():
            blocks[number] = _answer(_ALLOW)
        for number in system_calls.on(machine, system_calls.BECOMING).values():
            blocks[number] = _choose(4, _EQUAL, (_AT_EMPTY_PATH,), _ALLOW, _ERRNO | errno.EPERM)
    if serves in ("runtime", "processes"):
        allowed = system_calls.WITH_FILES | (system_calls.WITH_PROCESSES if serves == "processes" else {})
        for number in system_calls.on(machine, allowed).values():
            blocks[number] = _answer(_ALLOW)
        if serves == "runtime":
            blocks[system_calls.on(machine, system_calls.BY_ARGUMENT)["mmap"]] = _UNLESS_SHARED_WITHOUT_NAME
        for number in system_calls.on(machine, system_calls.BY_ARGUMENT).values():
            if blocks[number] in (_FOR_ITSELF, _FOR_ITSELF_OR_ZERO):  # a shell signals what it started: refuse, go on
                blocks[number] = _choose(0, _EQUAL, (_OWN_PID, 0), _ALLOW, _ERRNO | errno.EPERM)
    return blocks


def _choose(argument: int, test: int, values: tuple[int, ...], found: int, otherwise: int) -> Block:
    """Test the low half of an argument, which is all of an `int`, against each of these values."""
    tests = [_Instruction(test, len(values) - place, 0, value) for place, value in enumerate(values)]
    load = _Instruction(_LOAD, 0, 0, _ARGUMENTS_OFFSET + 8 * argument)
    return [load, *tests, *_answer(otherwise), *_answer(found)]


def _unless(argument: int, bits: int, block: Block) -> Block:
    """Refuse a call when one of these bits is set in an argument; else go on with `block`."""
    load = _Instruction(_LOAD, 0, 0, _ARGUMENTS_OFFSET + 8 * argument)
    return [load, _Instruction(_ANY_BIT, 0, 1, bits), *_answer(_ERRNO | errno.EPERM), *block]


def _answer(action: int) -> Block:
    return [_Instruction(_RETURN, 0, 0, action)]


_ACTIONS = (
    (system_calls.ALLOWED, _ALLOW),
    (system_calls.NO_DESCRIPTOR, _ERRNO | errno.EMFILE),
    (system_calls.NO_NAME, _ERRNO | errno.ENOENT),
    (system_calls.FORBIDDEN, _KILL_PROCESS),
)
_UNLESS_SHARED_WITHOUT_NAME = [
    _Instruction(_LOAD, 0, 0, _ARGUMENTS_OFFSET + 8 * 3),
    _Instruction(_ANY_BIT, 0, 2, _MAP_SHARED),
    _Instruction(_ANY_BIT, 0, 1, _MAP_ANONYMOUS),
    *_answer(_ERRNO | errno.EPERM),
    *_answer(_ALLOW),
]
"""For `mmap` of a runtime, which maps its own files so."""
_FOR_ITSELF = _choose(0, _EQUAL, (_OWN_PID,), _ALLOW, _KILL_PROCESS)
_FOR_ITSELF_OR_ZERO = _choose(0, _EQUAL, (_OWN_PID, 0), _ALLOW, _KILL_PROCESS)
_BY_ARGUMENT = {
    # Whoever makes a thread as vfork does sleeps until it ends, and looks as if it waited for a disk.
    "clone": _unless(0, _CLONE_VFORK, _choose(0, _ANY_BIT, (_CLONE_THREAD,), _ALLOW, _ERRNO | errno.EPERM)),
    # Shared memory without a name can be filled and let go of: it stays, and is in nobody's figures.
    "mmap": _unless(3, _MAP_SHARED, _answer(_ALLOW)),
    "clone3": _answer(_ERRNO | errno.ENOSYS),  # its flags are in memory, where a filter cannot look; glibc uses clone
    "kill": _FOR_ITSELF_OR_ZERO,  # no right program signals or limits another process
    "tgkill": _FOR_ITSELF,
    "rt_sigqueueinfo": _FOR_ITSELF,
    "rt_tgsigqueueinfo": _FOR_ITSELF,
    "prlimit64": _FOR_ITSELF_OR_ZERO,
    **dict.fromkeys(("clock_gettime", "clock_getres", "clock_nanosleep"), _unless(0, _OF_A_PROCESS, _answer(_ALLOW))),
    "fcntl": [
        _Instruction(_LOAD, 0, 0, _ARGUMENTS_OFFSET + 8),
        _Instruction(_EQUAL, 0, 4, _F_SETFL),
        *_unless(2, _NOISY_FLAGS, _answer(_ALLOW)),  # four instructions
        *_choose(1, _EQUAL, _HARMLESS_FCNTL, _ALLOW, _ERRNO | errno.EPERM),
    ],
    "ioctl": _choose(1, _EQUAL, _HARMLESS_IOCTL, _ALLOW, _ERRNO | errno.ENOTTY),
    "prctl": _choose(0, _EQUAL, _HARMLESS_PRCTL, _ALLOW, _ERRNO | errno.EPERM),
}
