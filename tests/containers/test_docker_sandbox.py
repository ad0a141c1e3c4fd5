"""A pool of containers: lent, kept, thrown away, closed; what is refused, and in which words."""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox import (
    Call,
    DockerSandbox,
    Job,
    Limits,
    Program,
    SandboxFault,
    SandboxUnavailable,
    Status,
)
from sandbox.job import MEBIBYTE
from tests.containers.image import docker
from tests.containers.pools import ENDLESS, PATIENT, containers, heard, judge, none_left
from tests.sandbox.processes import come_true, descriptors
from tests.sandbox.running import QUICK, run_calls, run_whole
from testsuites import StdioSuite, StdioTest
from verifier import Verifier


@pytest.fixture(scope="module")
def kept(verifier_image: str) -> Iterator[DockerSandbox]:
    """One container, for tests that leave it as it was."""
    with DockerSandbox(verifier_image, workers=1, speed=1.0) as sandbox:
        yield sandbox


@pytest.fixture
def pool(verifier_image: str) -> Iterator[DockerSandbox]:
    """Two workers, not yet started."""
    before = own()
    with DockerSandbox(verifier_image, workers=2, speed=1.0) as sandbox:
        yield sandbox
    assert come_true(lambda: own() <= before, 10)


def own() -> set[str]:
    """Return the containers of this process."""
    return set(containers(os.getpid()))


def test_a_container_is_used_again(kept: DockerSandbox) -> None:
    """One caller needs one container, whatever its programs do."""
    run_whole(kept, "print(1)")
    before = own()
    for source in ("1 / 0", "def f(:", "import os\nos._exit(3)", "while True: pass", "print('x' * 9999)"):
        run_whole(kept, source, limits=Limits(cpu_seconds=0.1, output_bytes=1000))
    assert run_whole(kept, "print(2)").stdout == b"2\n"
    assert own() == before


def test_bytes_come_through_as_they_are(kept: DockerSandbox) -> None:
    """Every byte, those by which a terminal would be left included, in both directions and in bulk."""
    data = bytes(range(256)) * 4000 + b"\x10\x11"
    echo = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())"
    assert run_whole(kept, echo, data).stdout == data


def test_nothing_is_started_before_it_is_needed(kept: DockerSandbox, verifier_image: str) -> None:
    """Making a sandbox asks the engine for nothing."""
    before = own()
    with DockerSandbox(verifier_image, workers=3):
        assert own() == before


def test_no_more_programs_run_at_once_than_there_are_workers(pool: DockerSandbox) -> None:
    """Five callers at a time share two containers: two programs overlap, and never three."""
    source = "import time\nprint(time.monotonic())\ntime.sleep(0.3)\nprint(time.monotonic())"
    before = own()
    with ThreadPoolExecutor(5) as threads:
        spans = [run.stdout.split() for run in threads.map(lambda _: run_whole(pool, source), range(5))]
    starts, ends = zip(*(map(float, span) for span in spans), strict=True)
    most = max(sum(start <= moment < end for start, end in zip(starts, ends, strict=True)) for moment in starts)
    assert (most, len(own() - before)) == (2, 2)


def test_a_fresh_container_for_each_submission(verifier_image: str) -> None:
    """No two submissions meet the same one, at most one spare one waits for a single caller, and all are removed."""
    before = own()
    with DockerSandbox(verifier_image, workers=2, fresh=True, speed=1.0) as sandbox:
        with sandbox.open(Program(source="def f(): return 1"), QUICK) as session:
            assert come_true(lambda: len(own() - before) == 2, 10), "the one in use, and the spare one"
            first = own() - before
            assert session.call(Call(function="f")).value == 1
        run_whole(sandbox, "print(1)")
        assert come_true(lambda: len(own() - before) == 1 and not first & own(), 10)
    assert come_true(lambda: own() <= before, 10)


def test_a_container_that_was_killed_is_replaced_before_it_is_used(pool: DockerSandbox) -> None:
    """What happens to an idle container is noticed, and no program is tried in it."""
    before = own()
    run_whole(pool, "print(1)")
    (first,) = own() - before
    docker("kill", first)
    assert run_whole(pool, "print(2)").stdout == b"2\n"
    (second,) = own() - before
    assert first != second


def test_no_descriptor_and_no_thread_is_lost(verifier_image: str) -> None:
    """Twenty runs hold as many as one; a closed sandbox holds none, not even of containers that it lost."""
    at_first, threads = descriptors(), threading.active_count()
    with DockerSandbox(verifier_image, workers=1, speed=1.0) as sandbox:
        run_whole(sandbox, "print(1)")
        warm = descriptors()
        for _ in range(10):
            run_whole(sandbox, "print(1)", b"x" * 100_000)
            run_calls(sandbox, "def f(): return 1", ())
        assert descriptors() == warm
        for _ in range(3):
            docker("kill", *containers(os.getpid()))
            run_whole(sandbox, "print(1)")
    assert descriptors() == at_first
    assert threading.active_count() == threads


@pytest.mark.parametrize("kind", ["whole", "calls", "session"])
def test_close_ends_what_runs(kind: str, verifier_image: str) -> None:
    """Runs under way raise at once, as a fault of ours; nothing is left of their containers."""
    before = own()
    sandbox = DockerSandbox(verifier_image, workers=2, speed=1.0)
    program = Program(source="import time\ndef f(): time.sleep(60)")

    def use() -> None:
        if kind == "whole":
            run_whole(sandbox, ENDLESS, limits=PATIENT)
        elif kind == "calls":
            sandbox.run(Job(program=program, inputs=(Call(function="f"),), limits=PATIENT))
        else:
            with sandbox.open(program, PATIENT) as session:
                session.call(Call(function="f"))

    with ThreadPoolExecutor(3) as threads:
        runs = [threads.submit(use) for _ in range(3)]
        assert come_true(lambda: len(own() - before) == 2, 20)
        time.sleep(0.8)  # until programs run in them
        start = time.monotonic()
        sandbox.close()
        faults = [run.exception(20) for run in runs]
        assert time.monotonic() - start < 20
    assert [(type(fault), str(fault)) for fault in faults] == [(SandboxFault, "the sandbox was closed")] * 3
    assert come_true(lambda: own() <= before, 10)
    sandbox.close()


def test_close_ends_what_starts(verifier_image: str) -> None:
    """Nobody waits for a container that is on its way, and it goes as soon as it has come."""
    before = own()
    for seconds in (0.0, 0.05, 0.2):
        sandbox = DockerSandbox(verifier_image, workers=1)
        with ThreadPoolExecutor(1) as threads:
            run = threads.submit(run_whole, sandbox, "print(1)")
            time.sleep(seconds)
            sandbox.close()
            assert isinstance(run.exception(20), SandboxFault)
    assert come_true(lambda: own() <= before, 20)


def test_an_interrupted_verifier_comes_back_soon(verifier_image: str) -> None:
    """Ctrl-C must not wait for programs that run; their answers are not judged."""
    suite = StdioSuite(id="echo", tests=(StdioTest(stdin="", stdout="1"),))
    with Verifier(sandbox=DockerSandbox(verifier_image, workers=1, speed=1.0), workers=1, speed=1.0) as verifier:
        assert verifier.grade("```python\nprint(1)\n```", suite).reward == 1
        with ThreadPoolExecutor(1) as threads:
            graded = threads.submit(verifier.grade, f"```python\n{ENDLESS}\n```", suite)
            time.sleep(0.8)  # until the program runs
            start = time.monotonic()
            verifier.interrupt()
            assert not graded.result(20).judged
            assert time.monotonic() - start < 10


FORK = """
import os
from tests.containers.pools import containers, none_left
with DockerSandbox(image, workers=1, speed=1.0) as sandbox:
    assert sandbox.run(job()).runs[0].stdout == b"1\\n"
    child = os.fork()
    if child == 0:
        assert sandbox.run(job()).runs[0].stdout == b"1\\n"
        assert len(containers(os.getpid())) == len(containers(os.getppid())) == 1
        sandbox.close()
        os._exit(0 if none_left(os.getpid()) else 1)
    assert sandbox.run(job()).runs[0].stdout == b"1\\n"
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    own = containers(os.getpid())
    assert sandbox.run(job()).runs[0].stdout == b"1\\n"
    assert own == containers(os.getpid()), "the child took its parent's container away"
say("done")
"""


def test_a_judge_that_forks_shares_no_container_with_its_child(verifier_image: str) -> None:
    """Both are served at the same time, each by a container of its own, and the child closes only that."""
    with judge(verifier_image, FORK) as process:
        assert process.communicate(timeout=60) == ("done\n", "")


def test_layers_that_the_container_lacks_are_refused(verifier_image: str) -> None:
    """Invariant I10: nothing runs, each time anew, and the message says what to require instead."""
    with DockerSandbox(verifier_image, workers=1, require=("floor", "namespaces")) as sandbox:
        for _ in range(2):
            with pytest.raises(SandboxUnavailable, match="VERIFIER_REQUIRE=floor"):
                run_whole(sandbox, "print(1)")
        assert none_left(os.getpid()) or len(own()) == 1
    with pytest.raises(ValueError, match="no layer"):
        DockerSandbox(verifier_image, require=("moat",))


def test_limits_that_do_not_fit_are_refused(verifier_image: str) -> None:
    """Invariant I7: else a program could have its runner ended for want of memory; the message says what to give."""
    limits = Limits(memory_bytes=1024 * MEBIBYTE)
    sandbox = DockerSandbox(verifier_image, memory_bytes=1024 * MEBIBYTE)
    with pytest.raises(SandboxUnavailable, match=r"1280 MiB.*DockerSandbox\(memory_bytes=1342177280\)"):
        run_whole(sandbox, "print(1)", limits=limits)
    with pytest.raises(SandboxUnavailable, match="memory_bytes="):
        run_calls(sandbox, "def f(): pass", (), limits=limits)
    with pytest.raises(SandboxUnavailable, match="memory_bytes="):
        sandbox.open(Program(source=""), limits)


def test_a_wrong_image_is_refused(docker_engine: object, verifier_image: str, tmp_path: Path) -> None:
    """One that is missing, one that is not the verifier's, one that holds suites: each message says what to do."""
    other, suites = "rlvr-verifier-tests-other", "rlvr-verifier-tests-suites"
    (tmp_path / "Dockerfile").write_text(f"FROM {verifier_image}\nENV VERIFIER_SUITES=/opt/suites\n")
    try:
        docker("tag", os.environ.get("VERIFIER_TEST_IMAGE") or docker_engine.image, other)  # type: ignore[attr-defined]
        assert docker("build", "--quiet", f"--tag={suites}", str(tmp_path)).returncode == 0
        for image, message in (
            ("rlvr-verifier-tests-missing:1", "has no image .*: verifier image build"),
            (other, "has no /opt/verifier/bin/python"),
            (suites, "holds suites"),
            ("Not A Name", "."),
        ):
            with DockerSandbox(image) as sandbox, pytest.raises((SandboxUnavailable, SandboxFault), match=message):
                run_whole(sandbox, "print(1)")
    finally:
        docker("image", "rm", "--force", other, suites)


def test_without_an_engine_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says where none was found, and what to do; the socket that the SDK could not connect is closed."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    message = "no Docker Engine answers at unix://.*; start it, or set DOCKER_HOST"
    with DockerSandbox("any") as sandbox, pytest.raises(SandboxUnavailable, match=message):
        run_whole(sandbox, "print(1)")
    gc.collect()


NOT_FOR_US = """
import os
import docker  # while its files can be read
os.environ["HOME"] = "/nonexistent"
os.seteuid(65534)
try:
    DockerSandbox(image).run(job())
except SandboxUnavailable as error:
    say(error)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to become somebody else")
def test_an_engine_that_is_not_for_this_user_is_told_from_none(verifier_image: str) -> None:
    """The message says that it is a matter of rights."""
    with judge(verifier_image, NOT_FOR_US) as process:
        said, _ = process.communicate(timeout=30)
        assert re.fullmatch(r"the Docker Engine at .* is not for this user; join the group docker, .*\n", said)


INTERRUPTED = """
import os, threading, time
sandbox = DockerSandbox(image, workers=1, speed=1.0, fresh=FRESH)
sandbox.run(job())
threading.Timer(0.5, lambda: os.kill(os.getpid(), 2)).start()
say("ready")
try:
    sandbox.run(job(ENDLESS, PATIENT))
except KeyboardInterrupt:
    say("interrupted")
"""


@pytest.mark.parametrize("fresh", [False, True])
def test_the_end_of_the_interpreter_removes_all(fresh: bool, verifier_image: str) -> None:
    """After Ctrl-C in a run, and without `close`, nothing is left when the process has ended, and it says nothing."""
    with judge(verifier_image, INTERRUPTED.replace("FRESH", str(fresh))) as process:
        assert heard(process, "ready")
        assert process.communicate(timeout=30) == ("interrupted\n", "")
        assert process.returncode == 0
        assert none_left(process.pid)


def test_sigint_of_a_terminal_does_not_reach_containers(verifier_image: str) -> None:
    """A judge that takes Ctrl-C as it likes goes on with the same container."""
    source = """
import signal
with DockerSandbox(image, workers=1, speed=1.0) as sandbox:
    sandbox.run(job())
    signal.signal(2, lambda *_: None)
    say("ready")
    signal.pause()
    say(sandbox.run(job()).runs[0].status)
"""
    with judge(verifier_image, source) as process:
        assert heard(process, "ready")
        before = containers(process.pid)
        process.send_signal(signal.SIGINT)
        assert heard(process, Status.FINISHED)
        assert before
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0)
        process.communicate(timeout=20)
