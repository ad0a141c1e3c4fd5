"""What submissions could leave behind on a machine, seen from outside the verifier.

Other verifiers may run meanwhile, and other programs: see at each field of `Traces` whom it counts.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Collection, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import psutil

from sandbox import LocalSandbox
from sandbox.local import identity

FOLDERS = ("/tmp", "/dev/shm", "/var/tmp")  # noqa: S108 - looked at, not written to
_OF_BUILDS = "/tmp/rlvr-build-*"  # noqa: S108 - likewise
_USERS = range(identity._FIRST_UID, identity._LAST_UID + 1)
_OWNER = re.compile(rb"^Uid:\t(\d+)\t", re.MULTILINE)
"""In /proc/PID/status. The owner of the folder is root where a process may not be traced."""
_NO_DESCRIPTOR = re.compile(rb"^Max open files +0 +0 ", re.MULTILINE)
"""In /proc/PID/limits: a candidate, or what one started; no other process lives without descriptors."""
_ZYGOTE = b"inside/__main__.py"
"""In the command line of a zygote, and of all that it forks."""
_PATIENCE_SECONDS = 5.0


class Traces(NamedTuple):
    """What there is at one moment.

    Attributes:
        workers: of this process that live, one for each zygote.
        descendants: of this process, workers among them; the dead that nobody waited for count too.
        descriptors: that this process holds.
        strays: process ids of candidates, of this user or of any judge that is root, above which no sandbox lives.
        names: in `FOLDERS` and the working directory, anybody's, each with the user id of its owner.
        objects: kind and number of System V objects (sysvipc(7)) that this user made, or candidates, anybody's.
    """

    workers: int
    descendants: int
    descriptors: int
    strays: frozenset[int]
    names: dict[str, int]
    objects: frozenset[tuple[str, int]]

    def names_since(self, before: Traces, ignore: Collection[str] = ()) -> list[str]:
        """Return the names that are new and do not match a pattern of `ignore`; no pattern excuses a candidate's.

        A folder of a build is lent to a candidate's user while it lasts, and other judges build meanwhile: what builds
        leave is looked for elsewhere (tests/languages/test_build_leftovers.py).
        """
        return sorted(
            name
            for name, owner in self.names.items()
            if name not in before.names
            and not fnmatch(name, _OF_BUILDS)
            and (owner in _USERS or not any(fnmatch(name, pattern) for pattern in ignore))
        )


class Footprint(NamedTuple):
    """What one idle worker takes: processes, and descriptors of the judge."""

    processes: int
    descriptors: int


def look() -> Traces:
    """Look around."""
    this = psutil.Process()
    return Traces(
        workers=sum(map(_is_zygote, this.children())),
        descendants=len(this.children(recursive=True)),
        descriptors=len(list(Path("/proc/self/fd").iterdir())),
        strays=frozenset(_strays()),
        names=dict(_names()),
        objects=frozenset(_objects()),
    )


def look_until(is_clean: Callable[[Traces], bool]) -> Traces:
    """Look again until all is clean, for some seconds at most: the dead are waited for in the background."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while not is_clean(found := look()) and time.monotonic() < give_up:
        time.sleep(0.05)
    return found


def footprint() -> Footprint:
    """Start one worker, and see what it takes."""
    before = look()
    with LocalSandbox(workers=1) as sandbox:
        sandbox.survey()
        now = look()
    return Footprint(now.descendants - before.descendants, now.descriptors - before.descriptors)


def _is_zygote(process: psutil.Process) -> bool:
    with contextlib.suppress(OSError):  # it has ended meanwhile
        return _ZYGOTE in Path(f"/proc/{process.pid}/cmdline").read_bytes()
    return False


def _is_candidate(folder: Path) -> bool:
    found = _OWNER.search((folder / "status").read_bytes())
    owner = int(found[1]) if found else -1
    mine = owner == os.getuid()
    return owner in _USERS or (mine and _NO_DESCRIPTOR.search((folder / "limits").read_bytes()) is not None)


def _strays() -> Iterator[int]:
    parents: dict[int, int] = {}
    candidates: set[int] = set()
    zygotes: set[int] = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            pid = int(folder.name)
            with contextlib.suppress(OSError):  # it has ended meanwhile
                state, parent = (folder / "stat").read_bytes().rpartition(b")")[2].split()[:2]
                parents[pid] = int(parent)
                if state in b"ZX":
                    continue
                if _is_candidate(folder):
                    candidates.add(pid)
                elif _ZYGOTE in (folder / "cmdline").read_bytes():
                    zygotes.add(pid)
    for pid in candidates:
        above = pid
        while above > 1 and above not in zygotes:
            above = parents.get(above, 0)
        if above not in zygotes:
            yield pid


def _names() -> Iterator[tuple[str, int]]:
    for folder in (*FOLDERS, "."):
        with contextlib.suppress(FileNotFoundError):
            for path in Path(folder).iterdir():
                with contextlib.suppress(FileNotFoundError):
                    yield str(path), path.lstat().st_uid


def _objects() -> Iterator[tuple[str, int]]:
    for kind in ("shm", "sem", "msg"):
        with contextlib.suppress(FileNotFoundError):  # a kernel without System V objects
            head, *rows = [line.split() for line in Path(f"/proc/sysvipc/{kind}").read_text("ascii").splitlines()]
            creator = head.index("cuid")
            yield from (
                (kind, int(row[1])) for row in rows if int(row[creator]) in _USERS or int(row[creator]) == os.getuid()
            )
