"""Run a command as an ordinary user without any capability, who can read the interpreter and this repository.

Where the tests run as root, both may lie in folders that only root may enter. Then the command gets a view of the file
system of its own, in which these folders hold nothing else, and anybody may enter them (mount_namespaces(7)); /tmp and
/dev/shm are its own as well, and empty.

    command() + ["python", "-m", "tests.sandbox.judge"]
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import sys
from pathlib import Path

UID = 64951 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
"""Nobody's, outside the range that workers take theirs from, and another one in each process that runs tests."""

_ROOT = Path(__file__).resolve().parent.parent.parent
_NEW_MOUNTS = 0x00020000  # clone(2)
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000  # mount(2)
_CAP_SYS_ADMIN = 21  # capabilities(7)
_OTHERS_MAY_ENTER = 0o001
_FOR_EVERYBODY = (Path("/tmp"), Path("/dev/shm"))


def command() -> list[str]:
    """Return the beginning of the command; nothing where the user of the tests is an ordinary one."""
    return [sys.executable, str(Path(__file__).resolve())] if os.getuid() == 0 else []


def missing() -> str:
    """Say why that cannot be done here; nothing where it can."""
    if os.getuid() != 0:
        return ""
    if shutil.which("setpriv") is None:
        return "needs setpriv (util-linux)"
    (held,) = re.findall(r"^CapEff:\t(\w+)$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return "" if int(held, 16) >> _CAP_SYS_ADMIN & 1 else "needs the capability SYS_ADMIN"


_libc = ctypes.CDLL(None, use_errno=True)


def _open_up() -> None:
    """Put in place of each folder that is closed to others one that holds only what is needed from it."""
    needed = {Path(path).resolve() for path in (sys.base_prefix, sys.prefix, _ROOT)}
    closed = {folder for folder in map(_closed_above, needed) if folder is not None}
    _check(_libc.unshare(_NEW_MOUNTS))
    _mount(b"none", Path("/"), None, _RECURSIVE | _PRIVATE)
    held = {path: os.open(path, os.O_PATH) for path in needed}  # mounts of this view, which the names lose below
    for folder in (*closed, *filter(Path.exists, _FOR_EVERYBODY)):
        _mount(b"tmpfs", folder, b"tmpfs", 0, b"mode=1777" if folder in _FOR_EVERYBODY else b"mode=755")
    for path in sorted(needed):
        if not path.exists():
            path.mkdir(parents=True)
            _mount(f"/proc/self/fd/{held[path]}".encode(), path, None, _BIND | _RECURSIVE)
    for descriptor in held.values():
        os.close(descriptor)


def _closed_above(path: Path) -> Path | None:
    """Return the uppermost folder on the way to a path that others may not enter."""
    ways = [folder for folder in reversed(path.parents) if not folder.stat().st_mode & _OTHERS_MAY_ENTER]
    return ways[0] if ways else None


def _mount(source: bytes, target: Path, kind: bytes | None, flags: int, data: bytes | None = None) -> None:
    _check(_libc.mount(source, os.fsencode(target), kind, ctypes.c_ulong(flags), data))


def _check(result: int) -> None:
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _main() -> None:
    folder = Path.cwd()
    _open_up()
    os.chdir(folder)  # where it lies now
    os.execvp(  # noqa: S606 - this process is meant to become it
        "setpriv",
        [
            *("setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups"),
            *("--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"),
            *sys.argv[1:],
        ],
    )


if __name__ == "__main__":
    _main()
