"""The layer `namespaces`: processes, network and System V objects of the machine are out of sight, for a whole worker.

A process that asks for a new process namespace stays outside; its children are in it. So the zygote's first process
becomes a keeper, which waits for the zygote proper and ends as it does. The zygote is process 1 of the namespace: when
it ends, the kernel kills every other process there (pid_namespaces(7)).

Without privilege all of this takes a user namespace, where the host allows one; the user keeps its number in it.
"""

from __future__ import annotations

import os
import signal

from . import kernel

_NEW_USER, _NEW_PID, _NEW_NETWORK, _NEW_IPC = 0x10000000, 0x20000000, 0x40000000, 0x08000000  # clone(2)


def enter() -> None:
    """Go on as process 1 of new namespaces, in a child of the process that called.

    Raises:
        OSError: the host forbids it, or the interpreter cannot be read from there.
    """
    if kernel.CAP_SYS_ADMIN not in kernel.permitted_capabilities():
        user, group = os.getuid(), os.getgid()
        kernel.unshare(_NEW_USER)
        _write("setgroups", "deny")
        _write("uid_map", f"{user} {user} 1")
        _write("gid_map", f"{group} {group} 1")
    kernel.unshare(_NEW_PID | _NEW_NETWORK | _NEW_IPC)
    os.close(os.open(os.__file__, os.O_RDONLY))  # rights that the user had outside are gone in a user namespace
    zygote = os.fork()
    if zygote:
        _keep(zygote)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def _write(name: str, text: str) -> None:
    descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _keep(zygote: int) -> None:
    """Hold nothing, wait for the zygote, and end as it ended."""
    os.closerange(0, 1024)
    _, status = os.waitpid(zygote, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)
