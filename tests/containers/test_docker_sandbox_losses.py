"""A container that is lost, or lies: what is believed, what is tried again, and what is a fault of ours (I7)."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox import Call, DockerSandbox, Job, Limits, Program, SandboxFault, SandboxLost, SandboxUnavailable, Status
from sandbox.containers import container
from sandbox.job import Stdin
from sandbox.remote import losses
from tests.containers.engine import Engine
from tests.containers.engine_proxy import EngineProxy
from tests.containers.image import docker
from tests.containers.pools import ENDLESS, PATIENT, containers, none_left
from tests.sandbox.processes import come_true
from tests.sandbox.running import build, run_whole

FORGER = "rlvr-verifier-tests-forger"
FLOOR = ("floor",)
LIES = ["die", "nonsense", "long", "other", "more", "none", "silent"]


@pytest.fixture(scope="module")
def forger(verifier_image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Make an image whose runner is `tests.containers.forging_runner`."""
    folder = tmp_path_factory.mktemp("forger")
    source = Path(__file__).with_name("forging_runner.py").read_text()
    (folder / "__main__.py").write_text(source)
    where = "import sandbox.runner, pathlib; print(pathlib.Path(sandbox.runner.__file__).parent)"
    python = docker("run", "--rm", "--network=none", verifier_image, "python", "-c", where).stdout.strip()
    (folder / "Dockerfile").write_text(
        f"FROM {verifier_image}\nUSER 0:0\nCOPY __main__.py {python}/__main__.py\n"
        f"RUN rm -f {python}/__pycache__/__main__.*\nUSER 1000:1000\n"
    )
    name = f"{FORGER}:{os.getpid()}"
    made = docker("build", "--quiet", "--network=none", f"--tag={name}", str(folder))
    assert made.returncode == 0, made.stderr
    yield name
    docker("image", "rm", "--force", name)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Limits:
    """Wait for a silent runner for a moment only."""
    monkeypatch.setattr(container, "_SLACK_SECONDS", 1.5)
    return Limits(cpu_seconds=0.01, idle_seconds=0.01, build_seconds=0.01)


@pytest.mark.parametrize("lie", LIES)
def test_a_program_that_ends_the_runner_has_broken_the_rules(lie: str, forger: str, impatient: Limits) -> None:
    """Where nothing keeps it from that, and a harmless program lives in its place each time. No word is believed."""
    with DockerSandbox(forger, workers=1, require=FLOOR) as sandbox:
        outcome = sandbox.run(Job(program=Program(source=lie), inputs=(Stdin(b""),) * 2, limits=impatient))
        assert [run.status for run in outcome.runs] == [Status.VIOLATION] * 2
        assert [run.stdout for run in outcome.runs] == [b""] * 2
    assert none_left(os.getpid())


@pytest.mark.parametrize("lie", LIES)
def test_where_programs_cannot_end_the_runner_it_is_a_fault_of_ours(lie: str, forger: str, impatient: Limits) -> None:
    """Invariant I7: the runner was tried three times, and the program is not judged."""
    with DockerSandbox(forger, workers=1) as sandbox:
        with pytest.raises(SandboxFault, match="3 times, by no doing of the program"):
            run_whole(sandbox, lie, limits=impatient)
        assert run_whole(sandbox, "something").stdout == b"forged"


def test_where_nothing_works_it_is_a_fault_of_ours(forger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Harmless programs are lost as well: nothing is known of the program."""
    monkeypatch.setattr(losses, "_FIRST_PAUSE_SECONDS", 0.01)
    message = "harmless programs are lost there too"
    with (
        DockerSandbox(forger, workers=1, require=FLOOR, speed=2.0) as sandbox,
        pytest.raises(SandboxFault, match=message),
    ):
        run_whole(sandbox, "die")


def test_layers_and_speed_are_those_from_before_the_program(forger: str) -> None:
    """What a runner says of them after it ran a program counts for nothing."""
    with DockerSandbox(forger, workers=1, require=FLOOR, speed=0.5) as sandbox:
        outcome = build(sandbox, "something")
        assert (outcome.layers, outcome.speed) == (FLOOR, 0.5)


@pytest.mark.parametrize("word", ["unclean", "unasked", "faulty"])
def test_a_container_in_doubt_is_thrown_away(word: str, forger: str) -> None:
    """After an anomaly, a fault, or a word too many, another one serves the next program."""
    with DockerSandbox(forger, workers=1) as sandbox:
        run_whole(sandbox, "something")
        before = containers(os.getpid())
        if word == "faulty":
            with pytest.raises(SandboxFault, match="it failed"):
                run_whole(sandbox, word)
        else:
            assert build(sandbox, word).anomalies == (("processes",) if word == "unclean" else ())
            time.sleep(0.1)  # until the word too many has come
        run_whole(sandbox, "something")
        assert not set(before) & set(containers(os.getpid()))


@pytest.mark.parametrize("lie", ["die", "nonsense", "long", "other"])
@pytest.mark.parametrize("require", [FLOOR, None], ids=["floor", "shielded"])
def test_a_session_that_loses_its_container_can_be_restarted(
    lie: str, require: tuple[str, ...] | None, forger: str
) -> None:
    """Whether the program may have done it decides which fault it is; the next call finds a new program."""
    with DockerSandbox(forger, workers=1, require=require) as sandbox:
        session = sandbox.open(Program(source=""), Limits())
        with session:
            assert session.call(Call(function="f")).value is True
            with pytest.raises(SandboxFault) as raised:
                session.call(Call(function=lie))
            assert type(raised.value) is (SandboxLost if require else SandboxFault)
            assert session.call(Call(function="f")).status is Status.NOT_RUN
            session.restart()
            assert session.call(Call(function="f")).value is True
            session.finish()
        assert session.anomalies == ("files",)
        assert session.call(Call(function="f")).status is Status.NOT_RUN
        assert run_whole(sandbox, "something").stdout == b"forged"


def test_a_session_that_cannot_be_closed_is_left(forger: str) -> None:
    """Leaving it after a loss raises nothing, and gives its place back."""
    with DockerSandbox(forger, workers=1, require=FLOOR) as sandbox:
        with pytest.raises(SandboxLost), sandbox.open(Program(source=""), Limits()) as session:
            session.call(Call(function="die"))
        assert run_whole(sandbox, "something").stdout == b"forged"


def test_an_image_without_a_runner_is_refused(verifier_image: str, tmp_path: Path) -> None:
    """Its last words are told: no program had run then."""
    (tmp_path / "Dockerfile").write_text(f"FROM {verifier_image}\nENV PYTHONHOME=/nowhere\n")
    name = f"{FORGER}-broken:{os.getpid()}"
    assert docker("build", "--quiet", f"--tag={name}", str(tmp_path)).returncode == 0
    try:
        message = r"does not start: .+; make the image again"
        with DockerSandbox(name, workers=1) as sandbox, pytest.raises(SandboxUnavailable, match=message):
            run_whole(sandbox, "print(1)")
    finally:
        docker("image", "rm", "--force", name)


@pytest.fixture
def proxy(docker_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineProxy]:
    """Go to the engine by a way that can be cut."""
    proxy = EngineProxy(tmp_path / "docker.sock", docker_engine.host)
    monkeypatch.setenv("DOCKER_HOST", proxy.host)
    yield proxy
    proxy.stop()
    for left in containers(os.getpid()):  # made as the way was cut, and never started (docs/architecture.md)
        docker("rm", "--force", left)


def test_an_engine_that_dies_under_work_is_a_fault_and_may_come_back(verifier_image: str, proxy: EngineProxy) -> None:
    """Runs raise soon, their containers end, and the same sandbox works again as soon as the engine does."""
    with DockerSandbox(verifier_image, workers=1, speed=1.0) as sandbox, ThreadPoolExecutor(1) as threads:
        run_whole(sandbox, "print(1)")
        (first,) = containers(os.getpid())
        run = threads.submit(run_whole, sandbox, ENDLESS, b"", PATIENT)
        time.sleep(0.2)
        proxy.stop()
        assert type(run.exception(20)) is SandboxFault
        assert come_true(lambda: not containers(os.getpid(), "--filter=status=running"), 60)
        with pytest.raises(SandboxUnavailable, match="no Docker Engine answers"):
            run_whole(sandbox, "print(1)")
        proxy.start()
        assert run_whole(sandbox, "print(1)").stdout == b"1\n"
        assert first not in containers(os.getpid())


def test_an_engine_that_was_away_between_two_programs_is_no_loss(verifier_image: str, proxy: EngineProxy) -> None:
    """The container that went with it is not tried."""
    with DockerSandbox(verifier_image, workers=1, speed=1.0) as sandbox:
        run_whole(sandbox, "print(1)")
        proxy.stop()
        proxy.start()
        assert run_whole(sandbox, "print(2)").stdout == b"2\n"


def test_containers_killed_at_random_change_no_outcome(verifier_image: str) -> None:
    """Each program has its right outcome, or none; and that a fault of ours says."""
    chance, done = random.Random(5), threading.Event()  # noqa: S311 - a test's

    def kill() -> None:
        while not done.wait(chance.uniform(0.05, 0.3)):
            if found := containers(os.getpid()):
                docker("kill", chance.choice(found))

    source = "import time\ntime.sleep(0.1)\nprint(input())"
    with DockerSandbox(verifier_image, workers=2, speed=1.0) as sandbox, ThreadPoolExecutor(3) as threads:
        killer = threads.submit(kill)
        runs = [threads.submit(run_whole, sandbox, source, b"%d" % number) for number in range(12)]
        faults = [run.exception(100) for run in runs]
        done.set()
        killer.result(10)
    assert all(fault is None or isinstance(fault, SandboxFault) for fault in faults)
    told = [run.result().stdout for run, fault in zip(runs, faults, strict=True) if fault is None]
    wanted = [b"%d\n" % number for number, fault in enumerate(faults) if fault is None]
    assert told == wanted
    assert len(told) >= 6
    assert none_left(os.getpid())
