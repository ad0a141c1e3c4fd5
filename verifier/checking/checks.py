"""Check outputs of a submission by the suite's checker, and say whose fault it is where the checker fails.

No solution may choose not to be judged. So a checker that fails on an output is run on the jury's own answer, with the
same input: where it fails there too, no output was needed for that, and the suite is broken; else it is the output that
it fails on, and the output is wrong.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from sandbox import Call, Run, SandboxLost, Status
from sandbox.local import LocalSandbox, Script, ScriptBroken, ScriptOutcome
from sandbox.local.scripts import Answer
from testsuites import JudgeProgram, StdioSuite, StdioTest, SuiteInvalid
from verifier.checking.protocols import Ending, Ruling, given_to, ruling_of, takes
from verifier.checking.texts import text_of
from verifier.findings import exception_name
from verifier.limits import ORACLE_LIMITS

_MOST_FAILURES = 3
"""As `sandbox.Limits.max_time_outs`: an output on which a checker never ends costs its limit."""

_FAILS = Ruling(False, "the checker fails on this output")
_NOT_CHECKED = Ruling(False, "not checked: the checker fails on too many outputs before it")
_NO_TEXT = Ruling(False, "the output is not UTF-8 text")


def check_outputs(sandbox: LocalSandbox, suite: StdioSuite, outputs: Mapping[int, bytes]) -> dict[int, Ruling]:
    """Return what the suite's checker says of outputs, by the number of their test (from 0).

    Args:
        sandbox: the oracle's, never one that runs candidates.
        suite: has a checker.
        outputs: whole outputs of programs that ended well.

    Raises:
        SuiteInvalid: the checker fails on the jury's own answer, or its modules cannot be loaded.
        SandboxFault: the judge's own fault.
    """
    assert suite.checker is not None  # noqa: S101 - as said above
    checks = [_Check(suite.checker, number, suite.tests[number], outputs[number]) for number in sorted(outputs)]
    _run(sandbox, suite, [check for check in checks if check.output_is_taken], enough=_MOST_FAILURES)
    failed = [check for check in checks if check.failed and suite.interactor is None]  # else there is no such answer
    again = [_Check(suite.checker, check.number, check.test, check.test.stdout.encode()) for check in failed]
    _run(sandbox, suite, again, enough=1)
    for check in again:
        if check.failed:
            test = check.test.name or check.number + 1
            raise SuiteInvalid(
                f"{suite.id}: test {test} is broken: its checker fails on the jury's answer: {check.why}"
            )
    return {check.number: check.ruling() for check in checks}


class _Check:
    """One output to be checked, and how that ended."""

    def __init__(self, checker: JudgeProgram, number: int, test: StdioTest, output: bytes) -> None:
        self.number = number
        self.test = test
        self.output_is_taken = takes(checker, output)
        self._checker = checker
        self._output = output
        self._ending: Ending | None = None
        self._end: ScriptOutcome | None = None

    def answer(self, part: int, call: Call) -> Run:
        """Answer a call of `checker_main`."""
        match call.function, call.args:
            case "given", ():
                self._ending = None
                return Run(status=Status.FINISHED, value=given_to(self._checker, self.test, self._output))
            case "ended", (str(how), what, str(printed)):
                self._ending = Ending(how, what, printed)
                return Run(status=Status.FINISHED)
        return Run(status=Status.VIOLATION)  # only a checker that went for the driver's own names asks for more

    def end(self, outcome: ScriptOutcome) -> None:
        self._end = outcome

    @property
    def done(self) -> bool:
        return self._end is not None

    @property
    def _said(self) -> Ruling | None:
        return None if self._ending is None else ruling_of(self._checker, self._ending)

    @property
    def failed(self) -> bool:
        return self.done and self._said is None

    @property
    def why(self) -> str:
        """Say how it failed, and quote nothing."""
        if self._ending is None:
            run = self._end.early_end if self._end else None
            return "it does not end well" if run is None else f"its process ends with {run.status.value}"
        match self._ending:
            case Ending(how="raised", what=str(name)):
                return f"it raises {exception_name(name)}"
            case Ending(how="exit", what=int(code)) if self._checker.protocol != "prints":
                return f"it ends with exit code {code}"
            case Ending(how="exit"):
                return "it does not print 1 or 0"
        return "it does not return True or False"

    def ruling(self) -> Ruling:
        """Say what is known of the output; that it is the output's fault where the checker failed."""
        if not self.output_is_taken:
            return _NO_TEXT
        if not self.done:
            return _NOT_CHECKED
        return self._said or _FAILS


def _run(sandbox: LocalSandbox, suite: StdioSuite, checks: list[_Check], *, enough: int) -> None:
    """Run checks in order, each in a process of its own; none after so many that failed."""
    with contextlib.suppress(SandboxLost):
        return _run_rest(sandbox, suite, checks, enough)
    return _run_rest(sandbox, suite, checks, enough)  # an accident; another is the judge's own fault


def _run_rest(sandbox: LocalSandbox, suite: StdioSuite, checks: list[_Check], enough: int) -> None:
    todo = [check for check in checks if not check.done]
    if not todo:
        return
    assert suite.checker is not None  # noqa: S101 - there are checks

    def answers() -> Iterator[Answer]:
        for check in todo:
            if sum(each.failed for each in checks) >= enough:
                return
            yield check.answer

    script = Script(setup=text_of("stage"), parts=(_MAIN,), names=("given", "ended"), beside=suite.checker.code)
    try:
        for outcome, check in zip(sandbox.run_scripts(script, answers(), ORACLE_LIMITS), todo, strict=False):
            check.end(outcome)
    except ScriptBroken:
        raise SuiteInvalid(f"{suite.id}: the modules that the checker imports cannot be loaded") from None


_MAIN = f"{text_of('checker_main')}\nmain(__beside__, given, ended)\n"
