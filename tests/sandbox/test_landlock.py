"""Landlock alone over the floor: what needs no descriptor, and works without it, is denied."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import LocalSandbox, Status
from sandbox.inside import landlock
from tests.sandbox.processes import alive
from tests.sandbox.running import OVER_THE_FLOOR, build, run_whole


@pytest.fixture(scope="module")
def alone() -> Iterator[LocalSandbox]:
    """Put Landlock over the floor and nothing else; programs have the user of the tests."""
    with LocalSandbox(workers=1, without=set(OVER_THE_FLOOR) - {"landlock"}) as sandbox:
        if "landlock" not in build(sandbox, "").layers:
            pytest.skip("this kernel has no Landlock")
        yield sandbox


@pytest.fixture(scope="module")
def nothing() -> Iterator[LocalSandbox]:
    """Make the floor alone; programs have the user of the tests."""
    with LocalSandbox(workers=1, without=OVER_THE_FLOOR) as sandbox:
        yield sandbox


ON_NAMES = {
    "make a folder": "os.mkdir(name('new'))",
    "make a link": "os.symlink('x', name('new'))",
    "make a pipe": "os.mkfifo(name('new'))",
    "link a file": "os.link(name('file'), name('new'))",
    "remove a file": "os.unlink(name('file'))",
    "remove a folder": "os.rmdir(name('folder'))",
    "rename a file": "os.rename(name('file'), name('new'))",
    "move a file to another folder": "os.rename(name('file'), name('folder/file'))",
    "cut a file short": "os.truncate(name('file'), 0)",
}


def _listing(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()} | {
        str(path.relative_to(folder)): -1 for path in folder.rglob("*") if path.is_dir()
    }


@pytest.mark.parametrize("act", ON_NAMES)
def test_acts_on_names_are_denied(alone: LocalSandbox, nothing: LocalSandbox, act: str, tmp_path: Path) -> None:
    """Names can be made, removed and moved without a descriptor, and files emptied; under Landlock nothing changes."""
    (tmp_path / "file").write_text("hidden")
    (tmp_path / "folder").mkdir()
    before = _listing(tmp_path)
    source = f"import os\ndef name(last): return '{tmp_path}/' + last\n{ON_NAMES[act]}\nprint('done')"
    run = run_whole(alone, source)
    assert (run.status, run.stdout) == (Status.CRASHED, b"")
    assert run.error in {"PermissionError", "OSError"}  # EXDEV where a file would leave its folder
    assert _listing(tmp_path) == before
    assert run_whole(nothing, source).stdout == b"done\n"
    assert _listing(tmp_path) != before


@pytest.mark.parametrize("pid", ["victim", "os.getppid()"])
def test_signals_to_others_are_denied(alone: LocalSandbox, nothing: LocalSandbox, pid: str) -> None:
    """Neither a process of the same user nor its own parent can be signalled; it can signal itself."""
    if landlock.Ruleset(os.uname().machine).version < 6:
        pytest.skip("this kernel's Landlock knows no signals")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as victim:
        source = f"import os, signal\nvictim = {victim.pid}\nos.kill(os.getpid(), 0)\nos.kill({pid}, 0)\nprint('done')"
        run = run_whole(alone, source)
        assert (run.status, run.stdout, run.error) == (Status.CRASHED, b"", "PermissionError")
        assert run_whole(nothing, source).stdout == b"done\n"
        assert alive(victim.pid)
        victim.communicate()


@pytest.mark.parametrize(
    ("version", "size", "fields"),
    [
        (1, 8, (0x1FFF,)),
        (2, 8, (0x3FFF,)),
        (3, 8, (0x7FFF,)),
        (4, 16, (0x7FFF, 3)),
        (5, 16, (0xFFFF, 3)),
        (6, 24, (0xFFFF, 3, 3)),
        (7, 24, (0xFFFF, 3, 3)),
    ],
)
def test_every_version_is_asked_for_all_it_knows(version: int, size: int, fields: tuple[int, ...]) -> None:
    """An older kernel refuses bits and lengths that it does not know (landlock(7), linux/landlock.h)."""
    attributes = landlock.attributes(version)
    assert len(attributes) == size
    assert struct.unpack(f"={len(fields)}Q", attributes) == fields
