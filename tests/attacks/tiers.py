"""The tiers in which the corpus is run, and the driver that runs it in one of them.

Each tier is a command that starts ``tests.attacks.run`` on a kind of host: here as root with every layer or without one
of them, here as an ordinary user who owns nothing else, and in containers. The judge may die there, which is one of the
endings that a program can have: the driver then starts another, after the program that it died of.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import selectors
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.layers import LAYERS
from sandbox.local.identity import kill_all_of
from tests.containers import tiers as containers
from tests.containers.engine import ROOT
from verifier.fuzzing.exploits import JUDGE_LOST, Entry, load

_ROOT = os.getuid() == 0
_UID = 65000 + 2 * secrets.randbelow(200)
"""The first of two user ids that nobody has, and no other run of these tests on this machine."""
_LOOK_SECONDS = 0.2
_SILENCE_SECONDS = 60.0
"""Longest that a judge may be busy with one program, and the honest one after it. Where it takes longer, it hangs."""
_MODULE = "tests.attacks.run"

SILENT = "silent"
"""In the place of a verdict, where the judge did not answer any more."""


@dataclass(frozen=True)
class Tier:
    """One kind of host.

    Attributes:
        name: for reports.
        has: layers that must be in force there.
        lacks: layers that must not.
        start: from arguments of `tests.attacks.run`, the command.
        options: arguments that it always gets.
        uid: user id that belongs to this tier alone, whose processes are all killed afterwards.
        in_container: whether it needs a Docker Engine.
    """

    name: str
    has: frozenset[str]
    lacks: frozenset[str]
    start: Callable[[list[str]], list[str]]
    options: tuple[str, ...] = ()
    uid: int | None = None
    in_container: bool = False

    def why_not(self) -> str | None:
        """Say why this tier cannot be had here, a missing Docker Engine apart; None when it can."""
        if self.in_container:
            return None
        if self.uid is None and not _ROOT:
            return "needs root"
        if self.uid is not None and not _ROOT and "seccomp" in self.lacks:
            return "needs root, to run as a user who has no other processes: these programs kill all of them"
        if self.uid is not None and not (shutil.which("setpriv") and shutil.which("prlimit")):
            return "needs setpriv and prlimit (util-linux)"
        return None


def _here(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", _MODULE, *arguments]


def _as_user(uid: int) -> Callable[[list[str]], list[str]]:
    """Start as a user of no privilege but to read the interpreter, which may lie where only root can."""
    capabilities = [f"--{which}=-all,+dac_read_search" for which in ("inh-caps", "ambient-caps", "bounding-set")]
    become = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *capabilities] if _ROOT else []
    # As everywhere but in some shells of root, a priority once lowered cannot be had back.
    return lambda arguments: ["prlimit", "--nice=0:0", *become, *_here(arguments)]


def _inside(tier: containers.Tier) -> Callable[[list[str]], list[str]]:
    return lambda arguments: containers.command(tier, "-m", _MODULE, *arguments)


def _left_off(*layers: str) -> tuple[str, ...]:
    required = "floor,seccomp" if "seccomp" not in layers else "floor"
    return (f"--require={required}", *(f"--without={layer}" for layer in layers))


def _without(layer: str) -> Tier:
    return Tier(
        name=f"without {layer}",
        has=frozenset({"floor", "seccomp"} - {layer}),
        lacks=frozenset({layer}),
        start=_here,
        options=_left_off(layer),
    )


_OVER_THE_FLOOR = tuple(layer for layer in LAYERS if layer != "floor")
_FLOOR = frozenset({"floor"})

TIERS = (
    Tier("all layers", frozenset({"floor", "uid", "seccomp"}), frozenset(), _here),
    *(_without(layer) for layer in _OVER_THE_FLOOR),
    Tier("user", frozenset({"floor", "seccomp"}), frozenset({"uid"}), _as_user(_UID), uid=_UID),
    Tier(
        "user, floor only",
        _FLOOR,
        frozenset(_OVER_THE_FLOOR),
        _as_user(_UID + 1),
        options=_left_off(*_OVER_THE_FLOOR),
        uid=_UID + 1,
    ),
    Tier(
        containers.DOCKER_DEFAULT.name,
        frozenset({"floor", "seccomp"}),
        frozenset({"uid", "chroot", "namespaces"}),
        _inside(containers.DOCKER_DEFAULT),
        in_container=True,
    ),
    *(
        Tier(
            kind.name,
            _FLOOR,
            frozenset(_OVER_THE_FLOOR),
            _inside(kind),
            options=("--require=floor",),
            in_container=True,
        )
        for kind in (containers.LAMBDA_EPERM, containers.LAMBDA_KILL)
    ),
)


class TierBroken(Exception):
    """The runner ended by itself, in the middle of its work."""


def sweep(tier: Tier, only: str = "") -> Iterator[dict[str, Any]]:
    """Run the corpus in a tier; yield what the runner says of each program (`tests.attacks.run`), with `in_force`.

    Args:
        tier: one that can be had here.
        only: a regular expression for keys.

    Raises:
        TierBroken: as above.
    """
    after: list[str] = []
    while True:
        in_force: list[str] = []
        last: dict[str, Any] = {}
        with _started(tier.start([*tier.options, f"--only={only}", *after]), tier.uid) as process:
            listener = _Listener(process)
            for line in listener:
                last = json.loads(line)
                if "in_force" in last:
                    in_force = last["in_force"]
                elif "key" in last:
                    yield {**last, "in_force": in_force}
            code = process.wait()
        if "end" in last:
            return
        if "begin" in last:
            identity, _, suite = last["begin"].partition("@")
            verdict = SILENT if listener.silent else JUDGE_LOST
            lost = {"key": last["begin"], "id": identity, "suite": suite, "verdict": verdict, "reward": None}
            yield {**lost, "in_force": in_force, "exit_code": code}
        elif not last.get("spoiled"):
            raise TierBroken(f"{tier.name}: the runner ended with exit code {code}")
        after = [f"--after={last.get('key') or last['begin']}"]


def surprises(tier: Tier, found: dict[str, Any]) -> list[str]:
    """Say what is otherwise than the corpus, or the tier, promises; nothing when all is as it should be."""
    entry = _entries()[found["id"]]
    in_force = set(found["in_force"])
    ending = entry.ending(in_force, tier.name)
    wrong = []
    if not tier.has <= in_force or tier.lacks & in_force:
        wrong.append(f"in force: {found['in_force']}")
    if found["verdict"] != ending.verdict or not _equal(found["reward"], ending.reward):
        wrong.append(f"{found['verdict']} {found['reward']}, not {ending.verdict} {ending.reward}")
    if found["verdict"] in (JUDGE_LOST, SILENT):
        return wrong
    if found["layers"] and set(found["layers"]) != in_force:
        wrong.append(f"layers: {found['layers']}")
    if found["spoiled"] != ending.spoils:
        wrong.append(f"spoiled: {found['spoiled']}")
    if found["honest_after"] is False:
        wrong.append("the honest program after it is not accepted")
    if found["left"]:
        wrong.append(f"processes left: {found['left']}")
    if found["connected"]:
        wrong.append("it reached the Runtime API")
    if found.get("leaked"):
        wrong.append("the grade quotes a hidden number")
    return wrong


def _equal(reward: float | None, expected: float | None) -> bool:
    if reward is None or expected is None:
        return reward is expected
    return abs(reward - expected) < 1e-9


def _entries() -> dict[str, Entry]:
    return {entry.id: entry for entry in load()}


@contextlib.contextmanager
def _started(command: list[str], uid: int | None) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()
            if uid is not None and _ROOT:
                kill_all_of(uid)


class _Listener:
    """Yields what a runner says until it ends; kills it where it was stopped, or is silent for too long.

    Attributes:
        silent: whether it was killed for its silence.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.silent = False

    def __iter__(self) -> Iterator[bytes]:
        assert self._process.stdout is not None
        output = self._process.stdout.fileno()
        heard = time.monotonic()
        rest = b""
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            while True:
                if selector.select(_LOOK_SECONDS):
                    part = os.read(output, 65536)
                    if not part:
                        return
                    heard = time.monotonic()
                    *lines, rest = (rest + part).split(b"\n")
                    yield from lines
                    continue
                self.silent = time.monotonic() - heard > _SILENCE_SECONDS
                if self.silent or _is_stopped(self._process.pid):
                    self._process.kill()


def _is_stopped(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"T"
    except OSError:
        return False
