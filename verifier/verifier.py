"""The product's entry: an answer and a suite go in, a grade comes out."""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import Any, NamedTuple, Self

from sandbox import LocalSandbox, Sandbox, SandboxFault, UnsupportedLanguage
from testsuites import AnySuite, Store, SuiteNotFound, inline_suite, open_store, suite_reference
from verifier.grade import Grade, not_judged
from verifier.judging import judge
from verifier.oracle import Oracle
from verifier.policy import Policy, load_policy
from verifier.report import Report
from verifier.settings import available_processors


class _Engine(NamedTuple):
    """The processes that grade. A grade under way keeps the engine that it began with, so that an interrupt ends it."""

    sandbox: Sandbox
    oracle: Oracle


class Verifier:
    """Grades answers. Safe to use from several threads; use it as a context manager, or call `close`.

    with Verifier("suites") as verifier:
        grade = verifier.grade(answer, "two-sum")
        print(grade.verdict, grade.reward)
    """

    def __init__(
        self,
        suites: str | os.PathLike[str] | Store | None = None,
        *,
        policy: Policy | str = "graded",
        sandbox: Sandbox | None = None,
        workers: int | None = None,
    ) -> None:
        """Start nothing yet; processes are started when they are first needed.

        Args:
            suites: a store, or the place of one; None when every answer brings its suite.
            policy: what turns a report into a reward: a policy, a built-in name, or the path of a TOML file.
            sandbox: where submissions run; None means processes of this machine.
            workers: most answers to grade at once; None means one for each processor that this process may use.

        Raises:
            SuiteNotFound: there is no store at that place.
            PolicyError: the policy cannot be found or used.
        """
        self.workers = workers or available_processors()
        self.policy = policy if isinstance(policy, Policy) else load_policy(policy)
        self.suites = open_store(suites) if isinstance(suites, str | os.PathLike) else suites
        self._given_sandbox = sandbox
        self._lock = threading.Lock()
        self._engine = self._start()

    def grade(self, answer: str, suite: str | AnySuite | dict[str, Any]) -> Grade:
        """Grade one answer.

        Args:
            answer: the model's text, reasoning and prose included.
            suite: an id in the store, a suite, or an inline ``reference_answer`` (a dict, or its JSON text).

        Returns:
            A grade, whatever the answer holds. `Grade.judged` is False when the judge failed twice.

        Raises:
            SuiteError: the suite cannot be found or used.
            SandboxUnavailable: this host cannot enforce what the sandbox requires.
        """
        found = self._find(suite)
        engine = self._engine
        fault = ""
        for _ in range(2):  # a judge's fault gets one more try, in fresh processes
            try:
                return self._rewarded(judge(found, answer, engine.sandbox, engine.oracle))
            except UnsupportedLanguage as error:
                return not_judged(found.id, found.digest, str(error))
            except SandboxFault as error:
                fault = str(error)
            except OSError as error:  # out of descriptors, processes or memory
                fault = f"{type(error).__name__}: {error.strerror}"
        return not_judged(found.id, found.digest, f"the sandbox failed: {fault}")

    def interrupt(self) -> None:
        """Kill what runs now; grades under way come back as not judged. The verifier can be used again.

        A sandbox that was given to the verifier is closed, and stays so.
        """
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
        return _Engine(self._given_sandbox or LocalSandbox(self.workers), Oracle(self.workers))

    def _find(self, suite: str | AnySuite | dict[str, Any]) -> AnySuite:
        if not isinstance(suite, str | dict):
            return suite
        suite_id = suite_reference(suite)
        if suite_id is None:
            return inline_suite(suite)
        if self.suites is None:
            raise SuiteNotFound(f"suite {suite_id!r} is named, and there is no store to look in; say where suites are")
        return self.suites.load(suite_id)

    def _rewarded(self, report: Report) -> Grade:
        return Grade(
            suite=report.suite,
            digest=report.digest,
            verdict=report.verdict,
            reward=self.policy.reward(report),
            judged=True,
            credit=report.credit,
            tests=report.tests,
            components={"correctness": report.credit},
            message=report.message,
            layers=report.layers,
        )
