"""What a host lets an unprivileged process do; run in a container, it prints JSON. Standard library only.

Each act is tried in a process of its own, since it may be killed for it. Its answer is "done", the name of an errno, or
the name of the signal that killed it. Arguments are such that the act harms nothing, and that the kernel alone would
answer otherwise than a filter does, wherever that can be had.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import platform
import resource
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)

# Source: the kernel's tables of system calls; numbers from 424 up are the same on all machines.
_CLONE, _SECCOMP = {"x86_64": (56, 317), "aarch64": (220, 277)}[platform.machine()]
_IO_URING_SETUP, _IO_URING_ENTER, _IO_URING_REGISTER, _CLONE3 = 425, 426, 427, 435
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446

_CLONE_NEWUSER = 0x10000000
_PR_GET_SECCOMP, _PR_SET_SECCOMP = 21, 22
_PTRACE_TRACEME = 0
_SECCOMP_GET_ACTION_AVAIL = 2
_SECCOMP_RET_KILL_THREAD = ctypes.c_uint32(0)


def _libc_call(name: str, *arguments: object) -> Callable[[], None]:
    """Return an act: one function of libc, which fails by returning -1."""

    def act() -> None:
        if getattr(_libc, name)(*arguments) == -1:
            raise OSError(ctypes.get_errno(), name)

    return act


def _system_call(number: int, *arguments: object) -> Callable[[], None]:
    return _libc_call("syscall", ctypes.c_long(number), *arguments)


def _clone_into_user_namespace() -> None:
    child = _libc.syscall(ctypes.c_long(_CLONE), ctypes.c_ulong(_CLONE_NEWUSER | signal.SIGCHLD), 0, 0, 0, 0)
    if child == -1:
        raise OSError(ctypes.get_errno(), "clone")
    if child == 0:
        os._exit(0)


def _start_a_thread() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)
    os.wait()


def _make_a_file(folder: str | None) -> None:
    with tempfile.NamedTemporaryFile(dir=folder):
        pass


def _talk_over_loopback() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def _connect_outside() -> None:
    socket.create_connection(("192.0.2.1", 80), timeout=5)  # TEST-NET-1, RFC 5737


_UID, _GID = os.getuid(), os.getgid()

ACTS: dict[str, Callable[[], None]] = {
    "seccomp": _system_call(_SECCOMP, _SECCOMP_GET_ACTION_AVAIL, 0, ctypes.byref(_SECCOMP_RET_KILL_THREAD)),
    "prctl(PR_SET_SECCOMP)": _libc_call("prctl", _PR_SET_SECCOMP, 99, 0, 0, 0),
    "ptrace": _libc_call("ptrace", _PTRACE_TRACEME, 0, 0, 0),
    "unshare": _libc_call("unshare", 0),
    "setns": _libc_call("setns", -1, 0),
    "clone(CLONE_NEWUSER)": _clone_into_user_namespace,
    "chroot": _libc_call("chroot", b"/nonexistent"),
    "setuid": _libc_call("setuid", _UID),
    "setgid": _libc_call("setgid", _GID),
    "setreuid": _libc_call("setreuid", _UID, _UID),
    "setregid": _libc_call("setregid", _GID, _GID),
    "setresuid": _libc_call("setresuid", _UID, _UID, _UID),
    "setresgid": _libc_call("setresgid", _GID, _GID, _GID),
    "setfsuid": _libc_call("setfsuid", _UID),
    "setfsgid": _libc_call("setfsgid", _GID),
    "setgroups": _libc_call("setgroups", 0, None),
    "clone3": _system_call(_CLONE3, None, 0),
    "landlock_create_ruleset": _system_call(_LANDLOCK_CREATE_RULESET, None, 0, 1),
    "landlock_add_rule": _system_call(_LANDLOCK_ADD_RULE, -1, 1, None, 0),
    "landlock_restrict_self": _system_call(_LANDLOCK_RESTRICT_SELF, -1, 0),
    "io_uring_setup": _system_call(_IO_URING_SETUP, 0, None),
    "io_uring_enter": _system_call(_IO_URING_ENTER, -1, 0, 0, 0, None, 0),
    "io_uring_register": _system_call(_IO_URING_REGISTER, -1, 0, None, 0),
    "prctl(PR_GET_SECCOMP)": _libc_call("prctl", _PR_GET_SECCOMP, 0, 0, 0, 0),
    "fork": _fork,
    "start a thread": _start_a_thread,
    "make a file in /tmp": lambda: _make_a_file(None),
    "make a file beside the code": lambda: _make_a_file(str(Path(__file__).parent)),
    "make a file in /var/tmp": lambda: _make_a_file("/var/tmp"),
    "talk over loopback": _talk_over_loopback,
    "connect outside": _connect_outside,
}


def _answer(act: Callable[[], None]) -> str:
    child = os.fork()
    if child == 0:
        number = 0
        try:
            act()
        except OSError as error:
            number = error.errno or 255
        os._exit(number)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0:
        return signal.Signals(-code).name
    return errno.errorcode.get(code, str(code)) if code else "done"


def _status(field: str) -> str:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{field}:"))


def _host() -> dict[str, object]:
    return {
        "uid": _UID,
        "no_new_privileges": _status("NoNewPrivs") == "1",
        "capabilities": int(_status("CapBnd"), 16),
        "descriptors": resource.getrlimit(resource.RLIMIT_NOFILE),
        "processes": resource.getrlimit(resource.RLIMIT_NPROC),
        "shared_memory": Path("/dev/shm").exists(),
        "interfaces": [name for _, name in socket.if_nameindex()],
    }


if __name__ == "__main__":
    print(json.dumps({"host": _host(), "answers": {name: _answer(act) for name, act in ACTS.items()}}))
