"""How fast the machine counts, and what that does to limits."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Limits, LocalSandbox, Program, SandboxUnavailable
from sandbox.local import speed as speed_module
from sandbox.local.speed import machine_speed, stepped
from sandbox.local.zygote import CLEAN, ENVIRONMENT
from tests.sandbox.processes import busy_machine
from tests.sandbox.running import build


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has been measured yet."""
    monkeypatch.setattr(speed_module, "_known", [])


@pytest.mark.usefixtures("forgotten")
def test_a_busy_machine_is_no_slower_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured alone and among others that keep every processor busy, five times each: always the same speed."""
    speeds = []
    for _ in range(5):
        monkeypatch.setattr(speed_module, "_known", [])
        speeds.append(machine_speed())
    with busy_machine():
        for _ in range(5):
            monkeypatch.setattr(speed_module, "_known", [])
            speeds.append(machine_speed())
    assert len(set(speeds)) == 1


@pytest.mark.usefixtures("forgotten")
def test_it_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that ask at the same time wait for one measurement, and all later ones use it."""
    taken: list[int] = []
    measure = speed_module._measure_ns
    monkeypatch.setattr(speed_module, "_measure_ns", lambda: taken.append(1) or measure())  # type: ignore[func-returns-value]
    monkeypatch.setattr(speed_module, "_REFERENCE_NS", 10**12)  # so fast that once is enough
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(lambda _: machine_speed(), range(8)))) == 1
    assert taken == [1]


def test_the_measurement_is_short() -> None:
    """It is on the way to the first grade. Processor time, which other tests do not lengthen."""
    before = os.times()
    speed_module._measure_ns()
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    assert spent * machine_speed() < 0.25


@pytest.mark.parametrize(
    ("nanoseconds", "speed", "measurements"),
    [
        ([100], 1.0, 1),
        ([100, 1], 1.0, 1),
        ([200, 90], 1.0, 2),
        ([200, 200, 200, 90], (3 / 4) ** 2, 3),
        ([40], (4 / 3) ** 3, 1),
    ],
)
def test_only_a_slow_machine_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, nanoseconds: list[int], speed: float, measurements: int
) -> None:
    """What slowed it for a moment is not held against it, and it is asked three times at most."""
    asked = iter(nanoseconds)
    monkeypatch.setattr(speed_module, "_REFERENCE_NS", 100)
    monkeypatch.setattr(speed_module, "_measure_ns", lambda: next(asked))
    assert speed_module._measure() == pytest.approx(speed)
    assert len(list(asked)) == len(nanoseconds) - measurements


@given(st.floats(min_value=1e-6, max_value=1e6))
def test_a_speed_counts_in_coarse_steps(speed: float) -> None:
    """Never further from 1 than it is, never by more than one step, and in bounds."""
    step = stepped(speed)
    assert 1 / 8 < step < 8
    assert (step <= speed * 1.0001) if speed > 1 else (step >= speed / 1.0001)
    if 1 / 7 < speed < 7:
        assert max(speed, step) / min(speed, step) < 1.3334
    assert math.log(step, 4 / 3) == pytest.approx(round(math.log(step, 4 / 3)), abs=1e-9)


@pytest.mark.parametrize("speed", [0.76, 0.83, 1.0, 1.1, 1.32])
def test_close_to_the_reference_is_the_reference(speed: float) -> None:
    """Noise does not move a limit."""
    assert stepped(speed) == 1.0


def test_a_speed_that_is_given_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is on every outcome."""

    def fail() -> float:
        raise AssertionError("measured")

    monkeypatch.setattr("sandbox.local.sandbox.machine_speed", fail)
    with LocalSandbox(workers=1, speed=2.0) as sandbox:
        assert build(sandbox, "").speed == sandbox.speed == 2.0
        with sandbox.open(Program(source="def f(): pass"), Limits()) as session:
            assert session.speed == 2.0


@pytest.mark.parametrize("speed", [0.0, -1.0, math.inf, math.nan])
def test_a_speed_that_none_can_be_is_refused(speed: float) -> None:
    """Before anything is started."""
    with pytest.raises(ValueError, match="speed must be positive"):
        LocalSandbox(speed=speed)


def test_a_sandbox_measures_by_itself() -> None:
    """What is measured is on the outcome."""
    with LocalSandbox(workers=1) as sandbox:
        assert build(sandbox, "").speed == machine_speed()


def test_only_work_scales() -> None:
    """Processor time and compiling do; sleeping, memory and counts are the same everywhere."""
    limits = Limits(cpu_seconds=2.0, build_seconds=8.0)
    slow = limits.at_speed(0.5)
    assert (slow.cpu_seconds, slow.hard_cpu_seconds, slow.build_seconds) == (4.0, 6.0, 16.0)
    assert slow.idle_limit_seconds == limits.idle_limit_seconds == 5.0
    assert (slow.memory_bytes, slow.processes, slow.max_time_outs) == (512 << 20, 64, 3)
    assert Limits(idle_seconds=3.0).at_speed(2.0).idle_limit_seconds == 3.0


@pytest.mark.parametrize("interpreter", ["/bin/false", "/bin/true", "/bin/echo"])
def test_a_machine_that_cannot_be_measured_is_refused(monkeypatch: pytest.MonkeyPatch, interpreter: str) -> None:
    """With what to do instead; a number made up would be worse (I10)."""
    monkeypatch.setattr(speed_module, "_known", [])
    monkeypatch.setattr(sys, "executable", interpreter)
    with pytest.raises(SandboxUnavailable, match=r"set it, as in LocalSandbox\(speed=1.0\)"):
        machine_speed()


def test_the_work_is_done_by_a_clean_interpreter() -> None:
    """It prints one number and loads nothing from outside the standard library."""
    inside = Path(speed_module._INSIDE)
    command = [sys.executable, *CLEAN, "-X", "importtime", str(inside)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip().isdecimal()
    assert "site-packages" not in done.stderr
