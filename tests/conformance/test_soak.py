"""Nothing stays behind after many submissions, hostile ones among them; `benchmarks/soak.py`, small."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import soak, traces
from benchmarks.submissions import Submission
from sandbox import LocalSandbox
from sandbox.inside import kernel
from sandbox.local import identity
from tests.sandbox.processes import come_true
from tests.verifier.answers import fenced
from testsuites import StdioSuite, StdioTest

ROOT = Path(__file__).resolve().parents[2]
SUBMISSIONS = 80
COIN = "import os\nprint(os.urandom(1)[0] % 2)"
CANDIDATE = (
    "import resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0)); print(flush=True); sys.stdin.read()"
)
QUICK = Submission(
    name="quick",
    answer=fenced("print(input())"),
    suite=StdioSuite(id="echo", tests=(StdioTest(stdin="1", stdout="1"),)),
)


@pytest.fixture
def candidate() -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that looks like a candidate, and is below no sandbox."""
    with subprocess.Popen([sys.executable, "-c", CANDIDATE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process


def test_a_small_soak_leaves_nothing_and_changes_no_grade() -> None:
    """The command, on 80 submissions, eight of them hostile; other tests may make names meanwhile."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.soak",
        "--submissions",
        str(SUBMISSIONS),
        "--slow-share",
        "0",
        "--json",
    ]
    done = subprocess.run([*command, "--ignore", "*"], cwd=ROOT, capture_output=True, timeout=100, check=False)
    figures = json.loads(done.stdout)
    assert figures["failed"] == [], figures
    assert (figures["submissions"], figures["hostile"]) == (SUBMISSIONS, SUBMISSIONS // 10)
    assert done.returncode == 0


def test_a_plan_has_one_hostile_in_ten_and_the_slow_share_asked_for() -> None:
    """Of 1,000: 100 hostile, 45 slow ones among the 900 honest; all of a kind equally often; the same for a seed."""
    quick = [QUICK._replace(name=f"quick {number}") for number in range(5)]
    slow = [QUICK._replace(name=f"slow {number}", slow=True) for number in range(3)]
    hostile = [QUICK._replace(name=f"hostile {number}", slow=number == 0, hostile=True) for number in range(4)]
    plan = soak.planned([*quick, *slow, *hostile], 1000, 0.05, seed=1)
    counts = [plan.count(submission) for submission in (*hostile, *slow, *quick)]
    assert counts == [25] * 4 + [15] * 3 + [171] * 5
    assert soak.planned([*quick, *slow, *hostile], 1000, 0.05, seed=1) == plan
    assert soak.planned([*quick, *slow, *hostile], 1000, 0.05, seed=2) != plan


def test_a_grade_that_changes_is_found() -> None:
    """A program that draws lots, 40 times; that it always draws the same happens once in 2 ** 40 runs."""
    suite = StdioSuite(id="coin", tests=(StdioTest(stdin="", stdout="1"),))
    coin = Submission(name="coin", answer=fenced(COIN), suite=suite)
    run = soak.Soak([coin] * 40, workers=2, warm_up=5, ignore="*")
    run.run()
    assert soak.failed(run.figures()) == ["honest_changed"]
    assert run.figures()["honest_changed"] == len(run.changed) > 0
    assert run.changed[0].startswith("coin\n  alone: ")


def test_a_process_and_a_descriptor_that_stay_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that was not there before, and the pipe to it, fail the run under their names."""
    monkeypatch.setattr(traces, "_PATIENCE_SECONDS", 0.2)
    run = soak.Soak([QUICK] * 4, workers=1, warm_up=1, ignore="*")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        run.run()
        figures = run.figures()
        child.kill()
    assert soak.failed(figures) == ["left_processes", "left_descriptors"]


def test_memory_that_grows_fails_the_run() -> None:
    """20 MB are the most."""
    figures = soak.Soak([], workers=1, warm_up=0, ignore="*").figures()
    assert soak.failed({**figures, "memory_growth_mb": 20.0}) == []
    assert soak.failed({**figures, "memory_growth_mb": 20.1}) == ["memory_growth_mb"]


def test_a_candidate_below_no_sandbox_is_a_stray(candidate: subprocess.Popen[bytes]) -> None:
    """A process that may open no descriptor is seen, wherever it hangs; it is no stray once it is dead."""
    assert candidate.pid in traces.look().strays
    candidate.kill()
    assert come_true(lambda: candidate.pid not in traces.look().strays, 5)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start a process as another user")
def test_a_process_of_a_candidates_user_below_no_sandbox_is_a_stray() -> None:
    """So is one of a user id that only candidates have, whatever it may open."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, user=identity._LAST_UID) as process:
        assert process.pid in traces.look().strays
        process.kill()


def test_an_idle_worker_is_no_stray_and_what_it_takes_is_known() -> None:
    """A footprint is one process or, with a keeper around its namespace, two, and some descriptors; all are let go."""
    before = traces.look()
    taken = traces.footprint()
    with LocalSandbox(workers=2, speed=1.0) as sandbox:
        sandbox.survey()
        now = traces.look()
    assert 1 <= taken.processes <= 2
    assert (now.workers, now.descendants, now.descriptors) == (
        before.workers + 1,
        before.descendants + taken.processes,
        before.descriptors + taken.descriptors,
    )
    after = traces.look()
    assert (after.workers, after.descendants, after.descriptors) == before[:3]
    assert now.strays <= before.strays


def test_a_name_that_stays_is_found_unless_it_is_somebody_elses() -> None:
    """A new file in /tmp is named, and not when a pattern covers it; one of a candidate's user is, in any case."""
    before = traces.look()
    with tempfile.NamedTemporaryFile(dir="/tmp", prefix="soak-") as file:
        after = traces.look()
        assert file.name in after.names_since(before)
        assert file.name not in after.names_since(before, ["/tmp/soak-*"])
        after.names[file.name] = identity._FIRST_UID
        assert file.name in after.names_since(before, ["/tmp/soak-*"])
    assert file.name not in traces.look().names_since(before)


def test_a_system_v_object_that_stays_is_found() -> None:
    """A segment of shared memory that this user made, until it is removed."""
    number = kernel.make_shared_memory(os.getpid())
    assert ("shm", number) in traces.look().objects
    kernel.remove_shared_memory(number)
    assert ("shm", number) not in traces.look().objects
