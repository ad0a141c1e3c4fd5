"""The two functions of one image, each in a container like AWS Lambda: HumanEval graded through the pair, as here.

The grader reads suites from S3 (moto's server), and calls the runner at a small endpoint that answers as Lambda's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import LambdaSandbox, LocalSandbox, SandboxUnavailable
from tests.conformance.cases import JOBS
from tests.containers.image import docker
from tests.containers.tiers import LAMBDA_EPERM, LAMBDA_KILL
from tests.data_sets import data_set
from tests.functions.containers import called, function
from tests.functions.endpoint import endpoint
from tests.functions.runners import CALLER, GRADER, RUNNER, called_at
from tests.testsuites.s3_server import BUCKET, s3_server, settings_for
from tests.verifier.answers import fenced
from testsuites.directory import DirectoryStore
from verifier import Grade, Verifier
from verifier.importing import import_suites

pytestmark = [pytest.mark.data, pytest.mark.emulator, pytest.mark.usefixtures("docker_engine")]

BATCH = 64


@pytest.fixture(scope="module")
def humaneval(tmp_path_factory: pytest.TempPathFactory, sandbox: LocalSandbox) -> DirectoryStore:
    """All of HumanEval."""
    folder = tmp_path_factory.mktemp("humaneval") / "suites"
    assert import_suites("humaneval", data_set("HumanEval.jsonl.gz"), folder, sandbox).failures == ()
    return DirectoryStore(folder)


@pytest.fixture(scope="module")
def grader(verifier_image: str, humaneval: DirectoryStore) -> Iterator[tuple[str, str]]:
    """Run the pair; give the id of the grader's container, and its address."""
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(s3_server())
        store.upload(humaneval.path, "suites")
        addresses = [
            stack.enter_context(function(verifier_image, RUNNER, tier))[1] for tier in (LAMBDA_EPERM, LAMBDA_KILL)
        ]
        server = stack.enter_context(endpoint({"SageMaker-runner": addresses}))
        environment = {
            **settings_for(store.url),
            **CALLER,
            "AWS_ENDPOINT_URL_LAMBDA": server.url,
            "VERIFIER_SANDBOX": "lambda:SageMaker-runner",
            "VERIFIER_SUITES": f"s3://{BUCKET}/suites",
            "VERIFIER_TRIPWIRE_RATE": "0.05",
        }
        yield stack.enter_context(function(verifier_image, GRADER, LAMBDA_EPERM, environment))


def graded(address: str, samples: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Send (suite, answer) in batches, as a trainer does; return the results in order."""
    results: list[dict[str, Any]] = []
    for start in range(0, len(samples), BATCH):
        event = [
            {
                "id": suite,
                "messages": [{"role": "user", "content": suite}, {"role": "assistant", "content": answer}],
                "reference_answer": {"suite": suite},
            }
            for suite, answer in samples[start : start + BATCH]
        ]
        results += called(address, event)
    return results


def reward_and_metrics(result: dict[str, Any]) -> tuple[float, dict[str, float]]:
    """Return what a trainer learns."""
    return result["aggregate_reward_score"], {item["name"]: item["value"] for item in result["metrics_list"]}


def assert_graded_as_here(results: list[dict[str, Any]], here: list[Grade]) -> None:
    """Fail unless each sample was judged, with the reward and the verdict that it gets on this machine."""
    assert len(results) == len(here)
    for result, grade in zip(results, here, strict=True):
        reward, metrics = reward_and_metrics(result)
        assert metrics["judged"] == 1, result["id"]
        assert (result["id"], reward, metrics["correctness"]) == (grade.suite, grade.reward, grade.credit)


def test_humaneval_is_graded_through_the_pair_as_it_is_here(grader: tuple[str, str], humaneval: DirectoryStore) -> None:
    """164 of 164 reference solutions are accepted; a neighbour's solution gets the same grade here and there."""
    ids = list(humaneval.ids())
    references = [(suite, fenced(humaneval.reference(suite) or "")) for suite in ids]
    neighbours = [(suite, answer) for suite, (_, answer) in zip(ids, references[1:] + references[:1], strict=True)]
    with Verifier(humaneval) as verifier:
        here = [verifier.grade(answer, suite) for suite, answer in references + neighbours[::4]]
    results = graded(grader[1], references + neighbours[::4])
    assert_graded_as_here(results, here)
    assert [reward_and_metrics(result)[0] for result in results[:164]] == [1.0] * 164
    assert all(reward_and_metrics(result)[0] < 0 for result in results[164:])


def test_the_runner_has_no_suites_and_no_name_of_one(verifier_image: str) -> None:
    """A runner that is told where suites are runs nothing, and says what is wrong."""
    with (
        function(verifier_image, RUNNER, LAMBDA_EPERM, {"VERIFIER_SUITES": "/opt/suites"}) as (_, address),
        called_at(f"http://{address}"),
        LambdaSandbox("function", 1) as sandbox,
        pytest.raises(SandboxUnavailable, match="a runner must hold no suites"),
    ):
        sandbox.run(JOBS[0].job)


def test_suites_are_in_the_graders_memory_alone(grader: tuple[str, str]) -> None:
    """What it read from S3 is in no file: /tmp, the one place that can be written, holds none."""
    assert docker("exec", grader[0], "find", "/tmp", "-type", "f").stdout == ""
    assert docker("exec", grader[0], "find", "/opt", "-name", "suite.*").stdout == ""
