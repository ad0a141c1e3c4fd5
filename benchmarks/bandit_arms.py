"""Grade the bandit's answers once, by the production path, and keep all that any reward design looks at."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.bandit_answers import BEHAVIOURS, PRAISE, Behaviour, answers
from benchmarks.bandit_runner import exits_with_0
from benchmarks.submissions import BUNDLED
from sandbox import Limits, LocalSandbox
from testsuites import AnySuite
from testsuites.calibration import Settings
from testsuites.directory import DirectoryStore
from verifier import Grade, Verdict, Verifier
from verifier.calibrating.bench import Bench
from verifier.calibrating.calibrating import calibrate
from verifier.calibrating.material import material_of
from verifier.components import Evidence
from verifier.extraction import extract
from verifier.policy import Graded
from verifier.report import Report

JUDGE = "persuaded_judge"
"""Name of the component that stands for a model's opinion."""

WATCHED = {
    "code_health": {"weight": 0.0},
    JUDGE: {"weight": 0.0, "function": "benchmarks.bandit_arms:persuaded_judge"},
}
"""Measured of every answer beside what always is."""


class Arm(NamedTuple):
    """One answer, and what is known of it.

    Attributes:
        behaviour: what it is an example of.
        answer: its text.
        report: what judging found, with the baseline of the calibrated suite.
        figures: what the components say.
        exits_with_0: a plain test runner in the same process as the program ends with exit code 0.
        cpu_limit: that the suite allows for a test, in seconds.
    """

    behaviour: Behaviour
    answer: str
    report: Report
    figures: dict[str, float | None]
    exits_with_0: bool
    cpu_limit: float

    @property
    def is_right(self) -> bool:
        """Every test was passed."""
        return self.report.verdict is Verdict.ACCEPTED

    @property
    def pass_rate(self) -> float:
        """Share of the tests that were passed, whatever else happened."""
        return sum(test.verdict is Verdict.ACCEPTED for test in self.report.tests) / len(self.report.tests)

    @property
    def judged(self) -> float:
        """What the persuaded judge says."""
        return float(self.figures[JUDGE] or 0.0)


def persuaded_judge(evidence: Evidence) -> float:
    """Return the opinion of a judge that reads and does not run, and that praise persuades.

    A stand-in for a model, which cannot be called here. It errs as Zhao et al. (2025) report of real ones: it says yes
    to what opens with one of their "master keys". All other programs look alike to it.
    """
    return 1.0 if evidence.answer.startswith(PRAISE) else 0.7


@contextmanager
def calibrated(suite_ids: Iterable[str], workers: int) -> Iterator[DirectoryStore]:
    """Give copies of bundled suites, calibrated: what a trivial program earns, and what the reference costs.

    Mutants are left out: they tell how strong a suite is, which no reward looks at.
    """
    with tempfile.TemporaryDirectory() as folder, Bench(workers) as bench:
        for suite_id in suite_ids:
            shutil.copytree(BUNDLED / suite_id, Path(folder) / suite_id)
        store = DirectoryStore(folder)
        for suite_id in store.ids():
            record = calibrate(material_of(store, suite_id), Settings(mutants=0, inputs=0), bench)
            store.write_calibration(suite_id, record)
        yield store


def graded(store: DirectoryStore, workers: int, told: Callable[[int], None] = lambda done: None) -> list[list[Arm]]:
    """Return the arms of each suite of a store, in the order of `BEHAVIOURS`.

    Args:
        store: calibrated suites, all of them of `benchmarks.bandit_answers.PROBLEMS`.
        workers: answers graded at once.
        told: is told how many answers have been graded.
    """
    policy = Graded(components=WATCHED)
    wanted = [(suite_id, behaviour) for suite_id in store.ids() for behaviour in BEHAVIOURS]
    texts = {suite_id: answers(store, suite_id) for suite_id in store.ids()}
    with (
        Verifier(store, policy=policy, workers=workers) as verifier,
        LocalSandbox(workers) as sandbox,
        ThreadPoolExecutor(workers) as threads,
    ):

        def arm(place: tuple[str, Behaviour]) -> Arm:
            suite_id, behaviour = place
            return _arm(behaviour, texts[suite_id][behaviour.name], store.load(suite_id), verifier, sandbox)

        found = []
        for done, made in enumerate(threads.map(arm, wanted), start=1):
            found.append(made)
            told(done)
    return [found[first : first + len(BEHAVIOURS)] for first in range(0, len(found), len(BEHAVIOURS))]


def _arm(behaviour: Behaviour, answer: str, suite: AnySuite, verifier: Verifier, sandbox: LocalSandbox) -> Arm:
    grade = verifier.grade(answer, suite.id)
    if not grade.judged:
        raise RuntimeError(f"{suite.id}, {behaviour.name}: not judged: {grade.message}")
    program = extract(answer, suite.language)
    # One that times out here would time out there as well, and cost seconds once more.
    may_end = program is not None and grade.verdict is not Verdict.TIME_LIMIT_EXCEEDED
    return Arm(
        behaviour=behaviour,
        answer=answer,
        report=_report(grade),
        figures=grade.components,
        exits_with_0=may_end and exits_with_0(suite, program or "", sandbox),
        cpu_limit=suite.limits.cpu_seconds or Limits().cpu_seconds,
    )


def _report(grade: Grade) -> Report:
    """Return what a policy looks at, from a grade."""
    return Report(suite=grade.suite, digest=grade.digest, tests=grade.tests, speed=grade.speed, baseline=grade.baseline)
