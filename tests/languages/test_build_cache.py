"""A program is built once: for all its inputs, for the same answer again, and for those who ask at the same time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

import pytest

from sandbox import Limits, LocalSandbox, Program, SandboxLost, Status, languages
from sandbox.job import MEBIBYTE
from sandbox.local import builds
from sandbox.local.artefacts import Artefact
from sandbox.local.building import Built, build
from sandbox.outcome import Build
from tests.languages.needs import run_in
from tests.languages.script_language import NAME, made_known
from tests.sandbox.processes import descriptors

MADE = "echo 'echo made' > solution"


@pytest.fixture(autouse=True)
def _known() -> Iterator[None]:
    with made_known():
        yield


@pytest.fixture
def fresh() -> Iterator[LocalSandbox]:
    """Make a sandbox that has built nothing."""
    with LocalSandbox(2) as sandbox:
        yield sandbox


@pytest.fixture
def counted() -> Iterator[mock.Mock]:
    """Count the builds, which are real."""
    with mock.patch.object(builds, "build", side_effect=build) as counted:
        yield counted


def test_the_same_program_is_built_once(fresh: LocalSandbox, counted: mock.Mock) -> None:
    """Another program is another build; so is the same program when its compiler was replaced."""
    for script in (MADE, MADE, MADE + " ", MADE):
        assert run_in(fresh, NAME, script, b"1", b"2").runs[1].stdout == b"made\n"
    assert counted.call_count == 2
    with mock.patch.object(builds, "fingerprint", return_value=(("bash", 1, 1),)):
        run_in(fresh, NAME, MADE)
    assert counted.call_count == 3


def test_an_error_is_kept_and_a_limit_is_not(fresh: LocalSandbox, counted: mock.Mock) -> None:
    """The same program has the same errors; what took too long may do better on another day."""
    for script, count in (("exit 1", 1), ("exit 1", 1), ("sleep 9", 2), ("sleep 9", 3)):
        assert not run_in(fresh, NAME, script, build_seconds=0.5).build.ok
        assert counted.call_count == count


def test_who_asks_meanwhile_waits_for_the_one_build(fresh: LocalSandbox, counted: mock.Mock) -> None:
    """Two samples with the same program cost one build."""
    script = f"sleep 0.3; {MADE}"
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: run_in(fresh, NAME, script), range(2)))
    assert [outcome.runs[0].stdout for outcome in outcomes] == [b"made\n"] * 2
    assert counted.call_count == 1


def _built(size: int) -> Built:
    return Built(Build(ok=True), Artefact(b"x" * size))


def _ask(kept: builds.Builds, name: str) -> Built:
    program = Program(source=name, language="c")
    return kept.of(program, languages.language("c"), mock.Mock(), Limits())


@pytest.mark.parametrize(("bound", "most"), [("MAX_COUNT", 2), ("MAX_BYTES", 200)])
def test_what_is_kept_is_bounded(bound: str, most: int) -> None:
    """The oldest goes first; what is in use lives on, and no descriptor is lost."""
    kept = builds.Builds()
    before = descriptors()
    made: list[str] = []

    def make(program: Any, *_: Any) -> Built:
        made.append(program.source)
        return _built(100)

    with mock.patch.object(builds, "build", make), mock.patch.object(builds, bound, most):
        for name in ("a", "b", "a", "c", "a", "b"):
            _ask(kept, name)
    assert made == ["a", "b", "c", "b"]
    del kept
    assert descriptors() == before


def test_a_build_that_is_lost_leaves_the_next_its_turn() -> None:
    """Nobody waits for ever."""
    kept = builds.Builds()
    begun, answers = threading.Event(), iter((SandboxLost("gone"), _built(1)))

    def make(*_: Any) -> Built:
        begun.wait(5)
        answer = next(answers)
        if isinstance(answer, SandboxLost):
            raise answer
        return answer

    with mock.patch.object(builds, "build", make), ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(_ask, kept, "a") for _ in range(2)]
        begun.set()
        failures = [each.exception(10) for each in asked]
    assert sum(isinstance(failure, SandboxLost) for failure in failures) == 1
    assert failures.count(None) == 1


def test_nobody_can_write_to_what_was_built() -> None:
    """It is sealed: whoever holds the descriptor can read it."""
    artefact = _built(100).artefact
    assert artefact is not None
    for act in (
        lambda: os.pwrite(artefact.descriptor, b"y", 0),
        lambda: os.ftruncate(artefact.descriptor, 0),
        lambda: os.ftruncate(artefact.descriptor, MEBIBYTE),
    ):
        with pytest.raises(PermissionError):
            act()
    assert os.pread(artefact.descriptor, 200, 0) == b"x" * 100


def test_a_program_cannot_change_the_next_candidates_program(sandbox: LocalSandbox) -> None:
    """It finds its own text under a number; writing there fails, and the next input meets the same program."""
    script = "echo 'echo changed > /proc/self/fd/66; echo made' > solution"
    outcome = run_in(sandbox, NAME, script, b"1", b"2")
    assert [(run.status, run.stdout) for run in outcome.runs] == [(Status.FINISHED, b"made\n")] * 2
