"""Run a command on a lesser host: some system calls are refused, kill whoever makes them, or do nothing.

A filter of its own does that, as the profiles of container engines and of AWS Lambda do (seccomp(2)).

    command("refuse", "seccomp", "unshare") + ["python", "-m", "tests.sandbox.judge", "{}"]
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from pathlib import Path

NUMBERS = {
    "chroot": (161, 51),
    "landlock_create_ruleset": (444, 444),
    "landlock_restrict_self": (446, 446),
    "seccomp": (317, 277),
    "setresuid": (117, 147),
    "unshare": (272, 97),
}
"""On x86_64 and aarch64 (asm/unistd_64.h, asm-generic/unistd.h)."""

_ERRNO, _KILL, _ALLOW = 0x00050000, 0x80000000, 0x7FFF0000  # linux/seccomp.h
ANSWERS = {"refuse": _ERRNO | errno.EPERM, "lack": _ERRNO | errno.ENOSYS, "ignore": _ERRNO, "kill": _KILL}
"""What becomes of the calls. Ignored ones return 0, as if all were well."""

_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06  # linux/filter.h
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2  # prctl(2)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def command(answer: str, *names: str) -> list[str]:
    """Return the beginning of the command."""
    return [sys.executable, str(Path(__file__).resolve()), answer, ",".join(names)]


def _main() -> None:
    answer, names, *rest = sys.argv[1:]
    column = 0 if os.uname().machine == "x86_64" else 1
    instructions = [(_LOAD, 0, 0, 0)]
    for name in names.split(","):
        instructions += [(_EQUAL, 0, 1, NUMBERS[name][column]), (_RETURN, 0, 0, ANSWERS[answer])]
    instructions.append((_RETURN, 0, 0, _ALLOW))
    code = b"".join(struct.pack("=HBBI", *each) for each in instructions)
    program = _Program(len(instructions), code)
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    assert libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    os.execvp(rest[0], rest)  # noqa: S606 - this process is meant to become it


if __name__ == "__main__":
    _main()
