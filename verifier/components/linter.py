"""The linter: ruff, in a process of its own that reads no settings, writes no file and sees no environment."""

from __future__ import annotations

import contextlib
import functools
import shutil
import subprocess
import sysconfig
import threading

import msgspec

from verifier.components.base import ComponentError, ComponentFault

SECONDS = 3.0
"""Elapsed time for one program. Most take a hundredth of a second; hostile text can be made to take minutes."""

_OPTIONS = (
    "check",
    "--isolated",
    "--no-cache",
    "--ignore-noqa",
    "--exit-zero",
    "--statistics",  # one entry for each rule, however often a program breaks it
    "--output-format=json",
    "--target-version=py313",
    "--stdin-filename=submission.py",
)


class _Broken(msgspec.Struct):
    """What ruff counts: how often one rule is broken."""

    count: int


class Linter:
    """Counts what ruff finds. Used from several threads."""

    def __init__(self, rules: tuple[str, ...]) -> None:
        """Choose the rules by their codes, or beginnings of codes.

        Raises:
            ComponentError: there is no ruff, or it does not know a rule.
        """
        self._command = _command(rules)
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._interrupts = 0

    def findings(self, program: str) -> int | None:
        """Return how many findings there are; None where the program is the cause that ruff fails.

        It is the cause where ruff, tried again at once, fails with it and works without it.

        Raises:
            ComponentFault: ruff does not work, or was interrupted.
        """
        for _ in range(2):
            found = self._run(program)
            if found is not None:
                return found
            if self._run("pass\n") is None:
                raise ComponentFault("ruff fails on a program that does nothing")
        return None

    def interrupt(self) -> None:
        """Kill what runs now. The linter can be used again."""
        with self._lock:
            self._interrupts += 1
            for process in self._running:
                process.kill()

    def _run(self, program: str) -> int | None:
        """Return the number of findings, or None where ruff crashed or took too long."""
        with self._lock:
            before = self._interrupts
            try:
                process = _start(self._command)
            except OSError as error:
                raise ComponentFault(f"ruff cannot be started: {error.strerror}") from None
            self._running.add(process)
        try:
            with process:
                output = _output(process, program)
        finally:
            with self._lock:
                self._running.discard(process)
                interrupted = self._interrupts != before
        if interrupted:
            raise ComponentFault("ruff was interrupted")
        return None if output is None else _counted(output)


def _start(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/", env={}
    )


def _output(process: subprocess.Popen[bytes], program: str) -> bytes | None:
    """Give ruff a program, and return what it wrote; None where it failed."""
    try:
        output, _ = process.communicate(program.encode("utf-8", "replace"), timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return None
    return output if process.returncode == 0 else None


def _counted(output: bytes) -> int | None:
    """Return the number of findings; ruff writes nothing where there are none."""
    with contextlib.suppress(msgspec.DecodeError):
        return sum(rule.count for rule in msgspec.json.decode(output.strip() or b"[]", type=list[_Broken]))
    return None


@functools.cache
def _command(rules: tuple[str, ...]) -> tuple[str, ...]:
    """Return how ruff is started, once it has been tried.

    Raises:
        ComponentError: there is no ruff, or it does not know a rule.
    """
    ruff = shutil.which("ruff", path=sysconfig.get_path("scripts")) or shutil.which("ruff")
    if ruff is None:
        raise ComponentError("there is no ruff here; pip install 'rlvr-verifier[health]'")
    command = (ruff, *_OPTIONS, f"--select={','.join(rules)}", "-")
    try:
        with _start(command) as process:
            _, said = process.communicate(b"pass\n", timeout=SECONDS)
    except OSError as error:
        raise ComponentError(f"ruff cannot be started: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        process.kill()
        raise ComponentError("ruff did not answer in time") from None
    if process.returncode != 0:
        reason = next(iter(said.decode(errors="replace").splitlines()), "it gives no reason")
        raise ComponentError(f"select: ruff refuses it: {reason}")
    return command
