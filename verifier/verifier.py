"""The product's entry: an answer and a suite go in, a grade comes out."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Collection
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec

from sandbox import Job, Program, Sandbox, SandboxFault, Stdin, UnsupportedLanguage
from sandbox.languages import name_of
from testsuites import AnySuite, Store, SuiteNotFound, inline_suite, load_suite, open_store, suite_reference
from testsuites.calibration import Calibration
from verifier.components import Evidence, Panel, panel_of
from verifier.grade import Grade, not_judged
from verifier.judging import judge
from verifier.oracle import Oracle
from verifier.policy import Policy, load_policy
from verifier.processors import available_processors
from verifier.report import Report
from verifier.sandboxes import LOCAL, check_place, default_workers, make_sandbox
from verifier.tripwire import QUARANTINED, due, is_tripped

_LOG = logging.getLogger(__name__)


class _Engine(NamedTuple):
    """The processes that grade. A grade under way keeps the engine that it began with, so that an interrupt ends it."""

    sandbox: Sandbox
    oracle: Oracle


class Verifier:
    """Grades answers. Safe to use from several threads; use it as a context manager, or call `close`.

    with Verifier("suites") as verifier:
        grade = verifier.grade(answer, "two-sum")
        print(grade.verdict, grade.reward)

    Attributes:
        quarantined: a tripwire was passed (`verifier.tripwire`): every answer is not judged, until a new verifier is
            made. Distrust the grades that this one gave before.
    """

    def __init__(
        self,
        suites: str | os.PathLike[str] | Store | None = None,
        *,
        policy: Policy | str = "graded",
        sandbox: Sandbox | str = LOCAL,
        workers: int | None = None,
        require: Collection[str] | None = None,
        tripwire_rate: float = 0.0,
        speed: float | None = None,
    ) -> None:
        """Start nothing yet; processes are started when they are first needed.

        Args:
            suites: a store, or the place of one; None when every answer brings its suite.
            policy: what turns a report into a reward: a policy, a built-in name, or the path of a TOML file.
            sandbox: where submissions run: ``local``, processes of this machine; ``docker`` or ``docker:IMAGE``;
                ``lambda:FUNCTION``; or a sandbox of the caller's.
            workers: most answers to grade at once; None means one for each processor that this process may use, and 32
                for a function.
            require: names of isolation layers without which nothing is run (`sandbox.layers.demands`); None means the
                default. Does not reach a sandbox that is given.
            tripwire_rate: share of the gradings, 0..1, that carry a tripwire: a test that no program can pass.
            speed: how fast this machine is, 1.0 being the reference machine: limits on processor time are divided by
                it. None means that it is measured. Does not reach a sandbox that is given.

        Raises:
            SuiteNotFound: there is no store at that place.
            SuiteUnavailable: the store cannot be read now.
            PolicyError: the policy cannot be found or used.
            SettingsError: there is no such sandbox.
            ValueError: the rate is not in 0..1, or there is no such layer.
        """
        if not 0 <= tripwire_rate <= 1:
            raise ValueError(f"tripwire_rate must be from 0 to 1, not {tripwire_rate!r}")
        self._given_sandbox = check_place(sandbox, "sandbox") if isinstance(sandbox, str) else sandbox
        self.workers = workers or default_workers(sandbox if isinstance(sandbox, str) else LOCAL)
        self.policy = policy if isinstance(policy, Policy) else load_policy(policy)
        self.suites = open_store(suites) if isinstance(suites, str | os.PathLike) else suites
        self.quarantined = False
        self._panel = Panel(panel_of(self.policy.components))
        self._tripwire_rate = tripwire_rate
        self._require = require
        self._speed = speed
        self._lock = threading.Lock()
        self._engine = self._start()

    def grade(self, answer: str, suite: str | AnySuite | dict[str, Any], *, prompt: str = "") -> Grade:
        """Grade one answer.

        Args:
            answer: the model's text, reasoning and prose included.
            suite: an id in the store, which may be pinned (`testsuites.pins`), a suite, or an inline
                ``reference_answer`` (a dict, or its JSON text).
            prompt: what the model was asked, for components that look at it.

        Returns:
            A grade, whatever the answer holds. `Grade.judged` is False when the judge failed twice, or is quarantined.

        Raises:
            SuiteError: the suite cannot be found or used.
            SandboxUnavailable: this host cannot enforce what the sandbox requires.
        """
        began = time.monotonic()
        found, calibration = self._find(suite)
        if not self.quarantined:
            grade = self._grade(found, answer, calibration, prompt)
            if not self.quarantined:  # meanwhile, by this answer or another
                return msgspec.structs.replace(grade, seconds=round(time.monotonic() - began, 6))
        return not_judged(found.id, found.digest, QUARANTINED)

    def check(self) -> None:
        """Run a program that does nothing, so that what keeps any from running is known before the first answer.

        Raises:
            SandboxError: it cannot be run; says what to do.
        """
        program = Program(source="pass")
        self._engine.sandbox.run(Job(program=program, inputs=(Stdin(b""),)))

    def begin_batch(self) -> None:
        """Take note that another batch of answers begins: components may spend on it what they may on one."""
        self._panel.begin_batch()

    def interrupt(self) -> None:
        """Kill what runs now; grades under way come back as not judged. The verifier can be used again.

        A sandbox that was given to the verifier is closed, and stays so.
        """
        self._panel.interrupt()
        with self._lock:
            self.close()
            self._engine = self._start()

    def close(self) -> None:
        """Kill what runs and let go of every process."""
        self._engine.sandbox.close()
        self._engine.oracle.close()

    def __enter__(self) -> Self:
        """Return the verifier itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _start(self) -> _Engine:
        given = self._given_sandbox
        return _Engine(
            make_sandbox(given, workers=self.workers, require=self._require, speed=self._speed)
            if isinstance(given, str)
            else given,
            # What is required is required of where submissions run; test code runs here in any case.
            Oracle(
                min(self.workers, available_processors()),
                require=self._require if given == LOCAL else None,
                speed=self._speed,
            ),
        )

    def _grade(self, suite: AnySuite, answer: str, calibration: Calibration | None, prompt: str) -> Grade:
        engine = self._engine
        fault = ""
        for _ in range(2):  # a judge's fault gets one more try, in fresh processes
            try:
                report = judge(suite, answer, engine.sandbox, engine.oracle)
            except UnsupportedLanguage as error:
                return not_judged(suite.id, suite.digest, str(error))
            except SandboxFault as error:
                fault = str(error)
            except OSError as error:  # out of descriptors, processes or memory
                fault = f"{type(error).__name__}: {error.strerror}"
            else:
                if due(self._tripwire_rate) and is_tripped(suite, answer, report, *engine):
                    self._quarantine(report)
                evidence = Evidence(
                    report=msgspec.structs.replace(report, baseline=calibration.baseline if calibration else 0.0),
                    answer=answer,
                    language=name_of(suite.language),
                    prompt=prompt,
                    reference=calibration.cost if calibration else None,
                )
                return self._rewarded(evidence)
        return not_judged(suite.id, suite.digest, f"the sandbox failed: {fault}")

    def _quarantine(self, report: Report) -> None:
        self.quarantined = True
        fields = {"alarm": "tripwire", "suite": report.suite, "digest": report.digest}
        _LOG.error(QUARANTINED, extra={"fields": fields})

    def _find(self, suite: str | AnySuite | dict[str, Any]) -> tuple[AnySuite, Calibration | None]:
        """Return a suite, and the record of calibrating this very suite, where there is one."""
        if not isinstance(suite, str | dict):
            return suite, None
        reference = suite_reference(suite)
        if reference is None:
            return inline_suite(suite), None
        if self.suites is None:
            raise SuiteNotFound(f"suite {reference!r} is named, and there is no store to look in; say where suites are")
        found = load_suite(self.suites, reference)
        calibration = self.suites.calibration(found.id)
        fits = calibration is not None and calibration.digest == found.digest
        return found, calibration if fits else None

    def _rewarded(self, evidence: Evidence) -> Grade:
        report = evidence.report
        figures = self._panel.measure(evidence)
        return Grade(
            suite=report.suite,
            digest=report.digest,
            verdict=report.verdict,
            reward=self.policy.reward(report, figures),
            judged=True,
            credit=report.credit,
            baseline=report.baseline,
            tests=report.tests,
            components=figures,
            integrity=report.integrity,
            message=report.message,
            layers=report.layers,
            speed=report.speed,
            anomalies=report.anomalies,
        )
