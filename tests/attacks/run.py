"""Run the corpus through the production path, in whatever tier this process is in.

``python -m tests.attacks.run [--without LAYER] [--require LAYERS] [--only REGEX] [--after KEY]``

After each program an honest one is graded against the same suite, by the same judge. One JSON object a line:
    {"in_force": [LAYER]}   what holds here
    {"begin": KEY}          before each, so that a driver that sees this process die knows what it died of
    {"key", "id", "suite", "verdict", "reward", "layers", "anomalies", "honest_after", "spoiled", "left", "connected",
     "leaked", "seconds"}
    {"end": true}           when all is done; without it, start again with --after
where a key is ``ID@SUITE``; `honest_after` says that the honest program was accepted with +1; `left` counts processes
of candidates that still live; `connected` says that somebody connected to the stand-in for Lambda's Runtime API;
`leaked` that the grade quotes a long number of the suite; `spoiled` that the judge was crippled, knows it, and does not
go on.

Imports nothing but the standard library and what the product itself needs: it runs in a bare container.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from sandbox import LocalSandbox
from sandbox.inside import kernel
from sandbox.local.standing import spoiled
from testsuites import SuiteInvalid
from verifier import Verifier
from verifier.fuzzing.exploits import SUITE_REFUSED, Entry, load, store
from verifier.fuzzing.fences import fenced

SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIA0000000000000000",
    "AWS_SECRET_ACCESS_KEY": "a-secret-of-the-judge",
    "AWS_SESSION_TOKEN": "a-token-of-the-judge",
    "AWS_LAMBDA_METADATA_TOKEN": "another-token-of-the-judge",
    "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
}
"""What a function's environment holds, for programs to look for."""
_RUNTIME_API = ("127.0.0.1", 9001)
_SPEED = 1.0
"""Limits are taken as the suites have them: some programs work for just a little longer."""
_GONE_SECONDS = 2.0
_CLOSED = re.compile(rb"^Max open files +0 +0 ", re.MULTILINE)
"""In /proc/PID/limits: a candidate, or what it started; no other process lives without descriptors."""


def keys(entries: tuple[Entry, ...]) -> list[tuple[str, Entry, str]]:
    """Return what is run, in order: key, program, suite."""
    return [(f"{entry.id}@{suite}", entry, suite) for entry in entries for suite in entry.suites]


def main(arguments: list[str]) -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="tests.attacks.run")
    parser.add_argument("--without", action="append", default=[], metavar="LAYER")
    parser.add_argument("--require", default="floor,seccomp", metavar="LAYERS")
    parser.add_argument("--only", default="", metavar="REGEX")
    parser.add_argument("--after", metavar="KEY")
    options = parser.parse_args(arguments)
    wanted = [each for each in keys(load()) if re.search(options.only, each[0])]
    if options.after:
        wanted = wanted[[key for key, _, _ in wanted].index(options.after) + 1 :]
    require = options.require.split(",")
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)  # whatever a candidate detaches stays below this process
    with (
        contextlib.closing(_listen()) as listener,
        LocalSandbox(workers=1, require=require, without=options.without, speed=_SPEED) as sandbox,
        Verifier(store(), sandbox=sandbox, workers=1, require=require, speed=_SPEED) as verifier,
    ):
        _say({"in_force": sandbox.survey()[0]})
        runner = _Runner(verifier, listener)
        for key, entry, suite in wanted:
            _say({"begin": key})
            found = runner.run(entry, suite)
            _say({"key": key, "id": entry.id, "suite": suite, **found})
            if found["spoiled"]:
                return
        _say({"end": True})


class _Runner:
    """Grades by one judge, and looks around after each program."""

    def __init__(self, verifier: Verifier, listener: socket.socket) -> None:
        self._verifier = verifier
        self._listener = listener
        self._by_id = {entry.id: entry for entry in load()}
        suites = {suite for entry in load() for suite in entry.suites}
        # All is read now: a judge that was crippled may be able to read nothing more.
        self._right = {suite: fenced(store().reference(suite) or "") for suite in suites}
        self._hidden = {suite: _long_numbers(suite) for suite in suites}

    def run(self, entry: Entry, suite: str) -> dict[str, Any]:
        """Grade a program, after the one that it has to follow, and then an honest one."""
        begin = time.monotonic()
        if entry.after is not None:
            before = self._by_id[entry.after]
            self._verifier.grade(before.text, before.suites[0])
        try:
            grade = self._verifier.grade(entry.text, suite)
        except SuiteInvalid:
            return self._around({"verdict": SUITE_REFUSED, "reward": None, "layers": []}, "sum-stdio", begin)
        found = {
            "verdict": grade.verdict,
            "reward": grade.reward,
            "layers": grade.layers,
            "anomalies": grade.anomalies,
            "leaked": any(number in msgspec.json.encode(grade) for number in self._hidden[suite]),
        }
        return self._around(found, suite, begin)

    def _around(self, found: dict[str, Any], suite: str, begin: float) -> dict[str, Any]:
        if spoiled():  # and may be able to open nothing more
            return found | {"honest_after": None, "spoiled": True, "left": 0, "connected": False, "seconds": 0.0}
        return found | {
            "honest_after": self._verifier.grade(self._right[suite], suite).reward == 1.0,
            "spoiled": bool(spoiled()),
            "left": len(_left()),
            "connected": self._connected(),
            "seconds": round(time.monotonic() - begin, 3),
        }

    def _connected(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            self._listener.accept()[0].close()
            return True
        return False


def _long_numbers(suite: str) -> list[bytes]:
    """Return numbers of a suite that stand in no grade by chance."""
    try:
        return re.findall(rb"\d{9,}", msgspec.json.encode(store().load(suite)))
    except SuiteInvalid:
        return []


def _listen() -> socket.socket:
    """Stand in for the Runtime API, where no other run does so already."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with contextlib.suppress(OSError):
        listener.bind(_RUNTIME_API)
    listener.listen()
    listener.setblocking(False)
    return listener


def _left() -> list[int]:
    """Candidates below this process that live on; those that are just dying are given time."""
    give_up = time.monotonic() + _GONE_SECONDS
    while (found := list(_candidates())) and time.monotonic() < give_up:
        time.sleep(0.005)
    return found


def _candidates() -> Iterator[int]:
    parents: dict[int, int] = {}
    closed = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (folder / "stat").read_bytes().rpartition(b")")[2].split()[:2]
                parents[int(folder.name)] = int(parent)
                if state not in b"ZX" and _CLOSED.search((folder / "limits").read_bytes()):
                    closed.append(int(folder.name))
    for pid in closed:
        above = pid
        while above > 1 and above != os.getpid():
            above = parents.get(above, 0)
        if above == os.getpid():
            yield pid


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


def _be_init() -> None:
    """As the first process of a container, stand above the judge: the kernel would shield it from signals otherwise."""
    judge = os.fork()
    if judge == 0:
        return
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)  # as a judge is: what stands above it is no target of this corpus
    while True:
        pid, status = os.waitpid(-1, os.WUNTRACED)
        if pid == judge:
            if os.WIFSTOPPED(status):  # nobody would ever wake it
                os.kill(judge, signal.SIGKILL)
                continue
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    if not SECRETS.items() <= os.environ.items():  # into the block that /proc/PID/environ shows
        os.execve(sys.executable, [*sys.orig_argv], os.environ | SECRETS)  # noqa: S606
    if os.getpid() == 1:
        _be_init()
    main(sys.argv[1:])
