"""Grade while everything around the programs is killed at random: no grade may change, and nothing may be left.

    function    runners under the Lambda emulator, each in a container like Lambda, behind an endpoint that answers as
                Lambda's. Killed: the runner, the emulator (the container's first process), the container
    docker      the sandbox of containers. Killed: a container, its runner
    --engine    also the Docker Engine, which is started again; only one that `.ci/docker start` started

What is killed is replaced, as Lambda and Docker do. Each answer must get exactly one grade: the one that it gets in
peace, or none ("not judged"). Needs a Docker Engine and the tests' image (`.ci/docker start && .ci/docker image`).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psutil

from benchmarks.measuring import options, show
from benchmarks.progress import Progress
from benchmarks.submissions import Essence, Submission, bundled
from sandbox import DockerSandbox, LambdaSandbox, Sandbox
from sandbox.containers.reaping import OWNER, this_process
from tests.containers.engine import ROOT, the_engine
from tests.containers.image import built_image, docker
from tests.containers.tiers import LAMBDA_EPERM
from tests.functions.containers import function
from tests.functions.endpoint import endpoint
from tests.functions.runners import RUNNER, called_at
from verifier import Grade, Verifier
from verifier.batch import grade_many
from verifier.sample import Sample

_NAME = "SageMaker-runner"
_ENGINE = ROOT / "build" / "docker"
_CHANCE = random.Random()  # noqa: S311 - no secret
_ENGINE_SECONDS = 60.0
_KINDS = ("runner", "emulator", "container")


class Result(NamedTuple):
    """What came of a run.

    Attributes:
        answers: how many were given to the verifier.
        grades: of the answers, in order.
        changed: names of submissions whose grade is another than in peace.
        killed: how often each kind of thing was killed.
        left: containers of the sandbox that are still there.
        seconds: how long it took.
    """

    answers: int
    grades: list[Grade]
    changed: list[str]
    killed: Counter[str]
    left: list[str]
    seconds: float

    @property
    def not_judged(self) -> int:
        """Answers without a verdict."""
        return sum(not grade.judged for grade in self.grades)


class Run(Protocol):
    """Grades with so many workers, and kills with a mean pause in seconds between two tries.

    It ends when so many answers are graded, and so many things were killed meanwhile: how fast answers are graded is
    the machine's matter. With ten times the answers it ends anyway.
    """

    def __call__(self, gradings: int, workers: int, pause: float, *, kills: int = 0, engine: bool = False) -> Result:
        """Return what came of it."""
        ...


def main() -> int:
    """Return 0 when no grade changed, every answer got one, and nothing was left."""
    parser = options(__doc__, "python -m benchmarks.killing --gradings 500 --engine", workers=3)
    parser.add_argument("--gradings", type=int, default=500, help="answers for each sandbox (default 500)")
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds between two kills (default 1)")
    parser.add_argument("--engine", action="store_true", help="kill the Docker Engine too, and start it again")
    given = parser.parse_args()
    os.environ["DOCKER_HOST"] = the_engine().host
    figures: dict[str, Any] = {}
    failed = False
    for name, run in (("function", grade_by_functions), ("docker", grade_in_containers)):
        result = run(given.gradings, given.workers, given.pause, engine=given.engine)
        failed |= len(result.grades) != result.answers or bool(result.changed) or bool(result.left)
        figures |= {
            f"{name}: grades": len(result.grades),
            f"{name}: grades that changed": len(result.changed),
            f"{name}: not judged": result.not_judged,
            f"{name}: killed": dict(result.killed),
            f"{name}: containers left": len(result.left),
            f"{name}: seconds": round(result.seconds, 1),
        }
        if result.changed:
            figures[f"{name}: changed"] = sorted(set(result.changed))
    show(figures, given.json)
    return failed


def grade_by_functions(gradings: int, workers: int, pause: float, *, kills: int = 0, engine: bool = False) -> Result:
    """Grade with a function whose runners are killed."""
    with Fleet(built_image(), workers) as fleet, endpoint({_NAME: fleet.addresses}) as server, called_at(server.url):
        acts = {kind: fleet.killing(kind) for kind in _KINDS}
        return _grade(LambdaSandbox(_NAME, workers), gradings, pause, acts | _engine_act(engine), kills)


def grade_in_containers(gradings: int, workers: int, pause: float, *, kills: int = 0, engine: bool = False) -> Result:
    """Grade in containers that are killed."""
    acts = {"container": _kill_container, "runner": _kill_runner}
    return _grade(DockerSandbox(built_image(), workers), gradings, pause, acts | _engine_act(engine), kills)


def _grade(sandbox: Sandbox, gradings: int, pause: float, acts: dict[str, Callable[[], bool]], kills: int) -> Result:
    """Grade answers while the acts are done, in a random order, until there were enough of both."""
    submissions = [submission for submission in bundled() if not submission.slow]
    with Verifier() as verifier:
        peace = {each.name: Essence.of(verifier.grade(each.answer, each.suite)) for each in submissions}
    shuffled = _CHANCE.sample(submissions, len(submissions))
    chosen: list[Submission] = []
    begin = time.monotonic()
    with (
        contextlib.closing(sandbox),
        _killing(acts, pause) as killed,
        Verifier(sandbox=sandbox, workers=sandbox.workers) as verifier,  # type: ignore[attr-defined]
        Progress("gradings", gradings) as progress,
    ):
        verifier.suites = _Loaded({each.suite.id: each.suite for each in submissions})

        def samples() -> Iterator[Sample]:
            for each in itertools.islice(itertools.cycle(shuffled), 10 * gradings):
                if len(chosen) >= gradings and killed.total() >= kills:
                    return
                chosen.append(each)
                yield Sample(id=each.name, answer=each.answer, suite=each.suite.id)

        grades = []
        for grade in grade_many(verifier, samples(), workers=verifier.workers):
            grades.append(grade)
            progress.show(len(grades))
    seconds = time.monotonic() - begin
    changed = [each.name for each, grade in zip(chosen, grades, strict=False) if _differs(each, grade, peace)]
    return Result(len(chosen), grades, changed, killed, _containers(), seconds)


class _Loaded:
    """A store of suites that are in memory already."""

    def __init__(self, suites: dict[str, Any]) -> None:
        self._suites = suites

    def ids(self) -> Iterator[str]:
        yield from sorted(self._suites)

    def load(self, suite_id: str) -> Any:
        return self._suites[suite_id]

    def calibration(self, suite_id: str) -> None:
        return None


def _differs(submission: Submission, grade: Grade, peace: dict[str, Essence]) -> bool:
    return grade.judged and Essence.of(grade) != peace[submission.name]


@contextlib.contextmanager
def _killing(acts: dict[str, Callable[[], bool]], pause: float) -> Iterator[Counter[str]]:
    """Kill, again and again after random pauses, and count what was killed, by its kind."""
    killed: Counter[str] = Counter()
    over = threading.Event()

    def kill() -> None:
        while not over.wait(_CHANCE.expovariate(1 / pause)):
            kind = _CHANCE.choice(list(acts))
            killed[kind] += acts[kind]()

    thread = threading.Thread(target=kill, name="killer")
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


class Fleet:
    """Runners in containers, each replaced by another when it is gone.

    Attributes:
        addresses: of their emulators; each is changed when its runner is replaced.
    """

    def __init__(self, image: str, count: int) -> None:
        """Start nothing yet."""
        self._image = image
        self._over = threading.Event()
        self._resources = [contextlib.ExitStack() for _ in range(count)]
        self._containers = [""] * count
        self.addresses = [""] * count
        self._keeper = threading.Thread(target=self._keep, name="keeper")

    def __enter__(self) -> Fleet:
        """Start all."""
        for number in range(len(self.addresses)):
            self._start(number)
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove all."""
        self._over.set()
        self._keeper.join()
        for resources in self._resources:
            resources.close()
        the_engine().remove_containers()  # those that could not be removed while the engine was dead

    def killing(self, kind: str) -> Callable[[], bool]:
        """Return what kills one of that kind."""
        return lambda: self._kill(kind)

    def _kill(self, kind: str) -> bool:
        container = _CHANCE.choice(self._containers)
        if kind == "container":
            return docker("kill", container).returncode == 0
        wanted = "awslambdaric" if kind == "runner" else "aws-lambda-rie"
        return _kill_process(container, lambda command: wanted in command[0 if kind == "emulator" else 2])

    def _keep(self) -> None:
        while not self._over.wait(0.05):
            for number, container in enumerate(self._containers):
                running = docker("inspect", "--format", "{{.State.Running}}", container).stdout.strip()
                if running != "true":
                    with contextlib.suppress(AssertionError):  # no engine, for now
                        self._start(number)

    def _start(self, number: int) -> None:
        self._resources[number].close()
        with contextlib.ExitStack() as resources:
            found = resources.enter_context(function(self._image, RUNNER, LAMBDA_EPERM))
            self._containers[number], self.addresses[number] = found
            self._resources[number] = resources.pop_all()


def _kill_container() -> bool:
    """Kill a container of the sandbox."""
    found = _containers()
    return bool(found) and docker("kill", _CHANCE.choice(found)).returncode == 0


def _kill_runner() -> bool:
    """Kill the runner in one: its first process."""
    found = _containers()
    return bool(found) and _kill_process(_CHANCE.choice(found), lambda command: True)


def _containers() -> list[str]:
    """Return the containers of this process's sandboxes, running or not."""
    return docker("ps", "--all", "--quiet", f"--filter=label={OWNER}={this_process()}").stdout.split()


def _kill_process(container: str, is_it: Callable[[list[str]], bool]) -> bool:
    """Kill the first process in a container whose command line is the one."""
    for pid in docker("top", container, "-eo", "pid").stdout.split()[1:]:
        with contextlib.suppress(psutil.Error, ProcessLookupError, IndexError):
            if is_it(psutil.Process(int(pid)).cmdline()):
                os.kill(int(pid), signal.SIGKILL)
                return True
    return False


def _engine_act(wanted: bool) -> dict[str, Callable[[], bool]]:
    return {"engine": _kill_engine} if wanted else {}


def _kill_engine() -> bool:
    """Kill the engine that `.ci/docker start` started, and its containerd, and start it again as it was.

    Raises:
        TimeoutError: it does not come back.
    """
    process = psutil.Process(int((_ENGINE / "pid").read_text()))
    command = process.cmdline()
    family = [process, *process.children()]
    for one in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(family, timeout=5)
    exec_root = Path(command[command.index("--exec-root") + 1])
    (exec_root / "containerd" / "containerd.pid").unlink(missing_ok=True)  # of one that nobody has waited for, perhaps
    with Path(_ENGINE / "log").open("ab") as log:
        again = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    (_ENGINE / "pid").write_text(f"{again.pid}\n")
    give_up = time.monotonic() + _ENGINE_SECONDS
    while docker("version").returncode != 0:
        if again.poll() is not None or time.monotonic() > give_up:
            raise TimeoutError("the engine that was killed does not start again; its log is in build/docker/log")
        time.sleep(0.1)
    return True


if __name__ == "__main__":
    raise SystemExit(main())
