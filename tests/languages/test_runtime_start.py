"""A runtime starts before its program, at nobody's cost, and is closed in between."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from sandbox import LocalSandbox, Outcome, SandboxFault, Status, languages
from sandbox.local import program
from tests.languages.needs import run_in

_FILE = """
name = "booted"
display = "Shell"
tags = ["booted"]
source = "solution.py"
hello = "print(2 * int(input()))"

[probe]
command = ["python3", "--version"]
install = "python3"

[run]
command = ["python3", "-I", "-S", "-c", {start}]
closes = "when_ready"
memory = "address_space"
reads = ["/usr", "/bin", "/lib", "/lib64"]
environment = {{ PATH = "/usr/bin:/bin" }}
"""
_RUNTIME = """
import os, resource, signal
text = os.pread(66, 99999, 0)
{before}
os.write(67, b"R")
os.read(67, 1)
os.close(67)
exec(text)
"""
"""A runtime in Python, which reads its program, and has to say that it is ready."""
BUSY = "for i in range(10_000_000): pass"
"""It takes about as long as the programs of these tests may, or longer."""

Start = Callable[[str, str], Outcome]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Run a program by a runtime that does something before it is ready."""
    with LocalSandbox(1) as sandbox, mock.patch.dict(os.environ, {languages.FOLDER: str(tmp_path)}):

        def run(before: str, source: str) -> Outcome:
            start = json.dumps(_RUNTIME.format(before=before))
            (tmp_path / "booted.toml").write_text(_FILE.format(start=start))
            _forget()
            return run_in(sandbox, "booted", source, b"1", b"2", cpu_seconds=0.2)

        yield run
    _forget()


def _forget() -> None:
    languages._known.cache_clear()
    languages._called.cache_clear()


def test_its_start_is_not_charged(start: Start) -> None:
    """However long it computes: the program has all of its time, for each input."""
    for run in start(BUSY, "print('made')").runs:
        assert (run.status, run.stdout) == (Status.FINISHED, b"made\n")
        assert run.cpu_seconds < 0.1


def test_the_program_is_charged(start: Start) -> None:
    """From the moment on when it may run."""
    (run, _) = start(BUSY, "while True: pass").runs
    assert run.status is Status.CPU_LIMIT
    assert 0.2 < run.cpu_seconds < 1.0


def test_it_is_closed_when_it_is_ready(start: Start) -> None:
    """It may open a file before, and the program may not; the kernel's limit on processor time is the program's."""
    program = "print(*(resource.getrlimit(which)[1] for which in (resource.RLIMIT_NOFILE, resource.RLIMIT_CPU)))\n"
    run, _ = start("os.close(os.open('/usr/bin/env', 0))", program + "os.open('/usr/bin/env', 0)").runs
    descriptors, seconds = map(int, run.stdout.split())
    assert descriptors == 0
    assert 2 <= seconds <= 4
    assert b"Too many open files" in run.stderr_tail


def test_a_runtime_that_does_not_start_is_our_fault(start: Start) -> None:
    """Nothing of the program has run: it is not judged."""
    for before in ("os._exit(0)", "raise SystemExit(3)", "os.kill(os.getpid(), signal.SIGSEGV)"):
        with pytest.raises(SandboxFault, match="the runtime does not start"):
            start(before, "print('made')")


def test_a_runtime_that_hangs_is_our_fault(start: Start) -> None:
    """After a while, and not for ever."""
    with (
        mock.patch.object(program, "_BOOT_SECONDS", 0.5),
        pytest.raises(SandboxFault, match="the runtime does not start"),
    ):
        start("os.read(67, 1)", "print('made')")


def test_a_program_that_ends_at_once_is_not_our_fault(start: Start) -> None:
    """It ran."""
    assert [run.error for run in start("pass", "os.kill(os.getpid(), signal.SIGSEGV)").runs] == ["SIGSEGV"] * 2
