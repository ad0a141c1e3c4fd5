"""The doctor: every probe holds in the sandbox, and every probe can fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import Build, Job, LocalSandbox, Outcome, Run, SandboxUnavailable, Status, Stdin, doctor
from sandbox.doctor import Probe
from sandbox.layers import LAYERS
from tests.sandbox import lesser_host
from tests.sandbox.judge import ROOT
from tests.sandbox.running import build


def test_the_required_layers_hold_here() -> None:
    """What the doctor tries on this host is denied; nothing it prepared for that is left."""
    probes = doctor.examine()
    assert {probe.name: probe.detail for probe in probes if probe.required and not probe.ok} == {}
    assert doctor._MARKER not in os.environ


def test_extras_are_found_where_they_are_in_force(sandbox: LocalSandbox) -> None:
    """What is not required is ok exactly where a run reports its layer, and a missing user says what to do."""
    extras = [probe for probe in doctor.examine() if not probe.required]
    layers = build(sandbox, "").layers
    assert [(probe.layer, probe.name, probe.ok) for probe in extras] == [
        (probe.layer, probe.name, probe.layer in layers) for probe in extras
    ]
    assert {probe.layer for probe in extras} == set(LAYERS) - {"floor", "seccomp"}
    assert all(probe.ok == (os.getuid() == 0) for probe in extras if probe.layer == "uid")
    assert all(probe.ok or "as root" in probe.detail for probe in extras if probe.layer == "uid")


CHECK = """
from sandbox import SandboxUnavailable, doctor
for require in (None, ("floor", "seccomp", "chroot", "landlock")):
    try:
        print("held", len(doctor.check(require)) > 12)
    except SandboxUnavailable as error:
        print(error)
"""


def test_a_host_where_a_required_layer_does_nothing_is_refused() -> None:
    """What is required is tried, and the refusal says which layer, why, and what to do; a lesser demand is met."""
    command = [*lesser_host.command("ignore", "chroot", "landlock_restrict_self"), sys.executable, "-c", CHECK]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    met, refused = ended.stdout.splitlines()
    assert met == "held True"
    assert refused.startswith("this host cannot enforce what is required: chroot: in force (it has no effect")
    assert "landlock: in force (it has no effect" in refused


class _Unprotected:
    """Runs programs as plain processes that are ended after a moment, as graders do that have a time limit alone."""

    def __init__(self) -> None:
        self.daemons: list[int] = []

    def run(self, job: Job) -> Outcome:
        (stdin,) = job.inputs
        assert isinstance(stdin, Stdin)
        with tempfile.TemporaryFile() as stdout:  # a pipe would wait for whoever else holds it
            program = subprocess.Popen(
                [sys.executable, "-c", job.program.source], stdin=subprocess.DEVNULL, stdout=stdout, stderr=stdout
            )
            try:
                program.wait(3)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
            stdout.seek(0)
            printed = stdout.read()
        if "os.setsid" in job.program.source:
            self.daemons.append(int(printed))
        status = Status.CRASHED if program.returncode else Status.FINISHED
        return Outcome(build=Build(ok=True), runs=(Run(status=status, stdout=printed, exit_code=program.returncode),))


@pytest.fixture(scope="module")
def unprotected() -> Iterator[list[Probe]]:
    """Probe where there is no sandbox."""
    bare: Any = _Unprotected()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(doctor._MARKER, "1")
        yield [probe for layer in LAYERS for probe in doctor.probes(bare, layer, required=True)]
    for daemon in bare.daemons:
        os.kill(daemon, signal.SIGKILL)


def test_every_probe_can_fail(unprotected: list[Probe]) -> None:
    """Where nothing is enforced not one probe holds: a layer counts because its absence would be seen."""
    held = {probe.name for probe in unprotected if probe.ok}
    harmless = {"threads can be started"}  # fails where a filter denies too much
    assert held == harmless | (set() if os.getuid() == 0 else {"root cannot be regained"})
    assert len(unprotected) == len({(probe.layer, probe.name) for probe in unprotected}) >= 18
    assert {probe.layer for probe in unprotected} == set(LAYERS)


def test_a_host_without_a_sandbox_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invariant I10: an interpreter that cannot start is a refusal with a reason, and no probe passes by default."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(SandboxUnavailable, match="does not start"):
        doctor.examine()
    assert doctor._MARKER not in os.environ
