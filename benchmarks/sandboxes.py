"""What a grading costs in each sandbox: the same answers, one at a time, in each sandbox in turn.

    local          processes of this machine
    docker         a container kept for many programs
    docker fresh   a container for each program
    function       the runner under the Lambda emulator, in a container like Lambda, called from here
    pair           an event with one sample to the grader, which calls the runner: both in such containers

The first answer is cold: nothing runs before it but the engine, and the emulators, which start a function when it is
called first. Needs a Docker Engine and the tests' image (`.ci/docker start && .ci/docker image`).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.measuring import add_rounds, options, show
from benchmarks.progress import Progress
from benchmarks.submissions import BUNDLED, Submission, bundled
from sandbox import DockerSandbox, LambdaSandbox, LocalSandbox, Sandbox
from tests.containers.engine import the_engine
from tests.containers.image import built_image
from tests.containers.tiers import LAMBDA_EPERM
from tests.functions.containers import called, function
from tests.functions.endpoint import endpoint
from tests.functions.runners import CALLER, GRADER, RUNNER, called_at
from tests.testsuites.s3_server import BUCKET, s3_server, settings_for
from verifier import Verifier

Grading = Callable[[Submission], float | None]
"""Grades a submission, and returns its reward."""


def main() -> int:
    """Return 0 when every sandbox gave every submission the reward that the first one gave."""
    parser = options(__doc__, "python -m benchmarks.sandboxes --rounds 2", workers=1)
    add_rounds(parser)
    given = parser.parse_args()
    os.environ["DOCKER_HOST"] = the_engine().host
    submissions = [submission for submission in bundled() if not submission.slow]
    figures: dict[str, Any] = {"submissions": len(submissions), "rounds": given.rounds}
    differences = 0
    with contextlib.ExitStack() as stack:
        gradings = {name: stack.enter_context(open_one) for name, open_one in _sandboxes(built_image()).items()}
        for name, grade in gradings.items():
            figures[f"{name}: cold first answer, ms"] = _milliseconds(grade, submissions[0])[0]
        total = given.rounds * len(gradings) * len(submissions)
        taken: dict[str, list[float]] = {name: [] for name in gradings}
        with Progress("gradings", total) as progress:
            for _, submission in itertools.product(range(given.rounds), submissions):
                rewards = set()
                for name, grade in gradings.items():
                    milliseconds, reward = _milliseconds(grade, submission)
                    taken[name].append(milliseconds)
                    rewards.add(reward)
                differences += len(rewards) > 1
                progress.show(sum(map(len, taken.values())))
    for name, times in taken.items():
        figures[f"{name}: warm p50, ms"] = round(statistics.median(times), 1)
        figures[f"{name}: warm p95, ms"] = round(statistics.quantiles(times, n=20)[-1], 1)
        above = statistics.median(other - local for other, local in zip(times, taken["local"], strict=True))
        figures[f"{name}: above local, median, ms"] = round(above, 1)
    figures["rewards that differ"] = differences
    show(figures, given.json)
    return bool(differences)


def _milliseconds(grade: Grading, submission: Submission) -> tuple[float, float | None]:
    begin = time.perf_counter()
    reward = grade(submission)
    return round(1000 * (time.perf_counter() - begin), 2), reward


def _sandboxes(image: str) -> dict[str, contextlib.AbstractContextManager[Grading]]:
    return {
        "local": _grading(lambda: LocalSandbox(1)),
        "docker": _grading(lambda: DockerSandbox(image, 1)),
        "docker fresh": _grading(lambda: DockerSandbox(image, 1, fresh=True)),
        "function": _function(image),
        "pair": _pair(image),
    }


@contextlib.contextmanager
def _grading(make: Callable[[], Sandbox]) -> Iterator[Grading]:
    with contextlib.closing(make()) as sandbox, Verifier(sandbox=sandbox, workers=1) as verifier:
        yield lambda submission: verifier.grade(submission.answer, submission.suite).reward


@contextlib.contextmanager
def _function(image: str) -> Iterator[Grading]:
    with (
        function(image, RUNNER, LAMBDA_EPERM) as (_, address),
        called_at(f"http://{address}"),
        _grading(lambda: LambdaSandbox("function", 1)) as grade,
    ):
        yield grade


@contextlib.contextmanager
def _pair(image: str) -> Iterator[Grading]:
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(s3_server())
        store.upload(BUNDLED, "suites")
        _, runner = stack.enter_context(function(image, RUNNER, LAMBDA_EPERM))
        server = stack.enter_context(endpoint({"SageMaker-runner": [runner]}))
        environment = {
            **settings_for(store.url),
            **CALLER,
            "AWS_ENDPOINT_URL_LAMBDA": server.url,
            "VERIFIER_SANDBOX": "lambda:SageMaker-runner",
            "VERIFIER_SUITES": f"s3://{BUCKET}/suites",
        }
        _, address = stack.enter_context(function(image, GRADER, LAMBDA_EPERM, environment))

        def grade(submission: Submission) -> float | None:
            sample = {
                "id": submission.name,
                "messages": [{"role": "assistant", "content": submission.answer}],
                "reference_answer": {"suite": submission.suite.id},
            }
            (result,) = called(address, [sample])
            judged = all(metric["value"] for metric in result["metrics_list"] if metric["name"] == "judged")
            return float(result["aggregate_reward_score"]) if judged else None

        yield grade


if __name__ == "__main__":
    raise SystemExit(main())
