"""One conversation between an interactor and a solution: the judge stands between the two, and passes bytes on.

The rule by which it is judged (docs/checkers.md): whoever ends it first decides. A refusal of the interactor stands,
whatever the solution does afterwards. An end of the solution that is no good end stands, and the interactor is not
asked. An acceptance stands once the solution has come to a good end too.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sandbox import Call, Limits, Run, Session, Status
from sandbox.job import ITS_END, TALK
from sandbox.local import ScriptOutcome
from sandbox.outcome import TIME_OUTS
from testsuites import JudgeProgram, StdioTest
from verifier.checking.protocols import ANSWER, FEEDBACK, INPUT, OUTPUT, Ending, Ruling, ruling_of
from verifier.findings import detail_of, exception_name, verdict_of
from verifier.verdict import Verdict

MOST_EXCHANGES = 100_000
"""Of one conversation: an interactor that never stops asking is stopped."""

_FAILS = "the interactor fails on what the solution says"


class Conversation:
    """One test, once.

    Attributes:
        heard: whether the interactor has heard anything of the solution, if only its end.
        written: what the interactor wrote to its file, for a checker.
    """

    def __init__(self, interactor: JudgeProgram, test: StdioTest, session: Session, limits: Limits) -> None:
        """Nothing was said yet; the session has a new program, and these limits."""
        self._interactor = interactor
        self._test = test
        self._session = session
        self._limits = limits
        self._known = self._exchanges = 0
        self._used = Run(status=Status.FINISHED)
        self._end: Run | None = None  # of the solution
        self._ending: Ending | None = None  # of the interactor
        self._unsent = self.written = b""
        self._early_end: Run | None = None
        self.heard = False

    def answer(self, part: int, call: Call) -> Run:
        """Answer a call of `interactor_main`.

        Raises:
            SandboxLost: the solution was lost.
        """
        match call.function, call.args:
            case "given", ():
                return Run(status=Status.FINISHED, value=_given_to(self._interactor, self._test))
            case "talk", (bytes(data), bool(closes)) if self._end is None:
                return self._talk(data, closes=closes)
            case "ended", (str(how), what, bytes(unsent), bytes(written)) if self._ending is None:
                self._ending, self._unsent, self.written = Ending(how, what), unsent, written
                return Run(status=Status.FINISHED)
        return Run(status=Status.VIOLATION)  # only an interactor that went for the driver's own names asks for more

    def settle(self, outcome: ScriptOutcome) -> None:
        """Let a solution that the interactor accepts come to its end.

        Raises:
            SandboxLost: the solution was lost.
        """
        self._early_end = outcome.early_end
        ruling = self._ruling
        if self._end is None and ruling is not None and ruling.right:
            self._exchange(self._unsent, ITS_END, closes=True)

    @property
    def in_doubt(self) -> bool:
        """Whether the solution timed out, which may be the machine's doing (`sandbox.local.retrying`)."""
        timed_out = self._end is not None and self._end.status in TIME_OUTS
        return timed_out and self._limits.leave_in_doubt(self._used.cpu_seconds)

    @property
    def interactor_timed_out(self) -> bool:
        """Whether the interactor met a limit on time, which the next one may meet as well."""
        return self._early_end is not None and self._early_end.status in TIME_OUTS

    @property
    def total(self) -> Run:
        """What the solution used, and how it ended."""
        status = Status.FINISHED if self._end is None else self._end.status
        return msgspec.structs.replace(self._used, status=status)

    @property
    def is_broken(self) -> bool:
        """Whether the interactor failed by itself: no solution had a part in it."""
        return self._ruling is None and not self.heard

    def finding(self) -> tuple[Verdict, str]:
        """Judge the test, as far as there is no checker."""
        if self._end is not None and self._end.status is not Status.FINISHED:
            return verdict_of(self._end.status), self._detail(self._end)
        ruling = self._ruling or Ruling(False, _FAILS)
        return (Verdict.ACCEPTED if ruling.right else Verdict.WRONG_ANSWER), ruling.detail

    def why_broken(self) -> str:
        """Say how the interactor failed, and quote nothing."""
        match self._ending:
            case Ending(how="exit", what=int(code)):
                return f"it ends with exit code {code}"
            case Ending(how="raised", what=str(name)):
                return f"it raises {exception_name(name)}"
            case Ending():
                return "it does not return True or False"
        return f"its process ends with {self._early_end.status.value}" if self._early_end else "it does not end well"

    @property
    def _ruling(self) -> Ruling | None:
        """What the interactor says; None where it failed, or was stopped."""
        return None if self._ending is None else ruling_of(self._interactor, self._ending)

    def _talk(self, data: bytes, *, closes: bool) -> Run:
        heard = self._exchange(data, self._known, closes=closes)
        self.heard = True
        if self._end is not None and self._end.status is not Status.FINISHED:
            return Run(status=Status.NOT_RUN)  # nothing that the interactor says counts any more
        return Run(status=Status.FINISHED, value=heard)

    def _exchange(self, data: bytes, known: int, *, closes: bool) -> bytes:
        """Say that to the solution, and return what it says; nothing where it has ended."""
        self._exchanges += 1
        if self._exchanges > MOST_EXCHANGES:
            run = Run(status=Status.CPU_LIMIT)
        else:
            run = self._session.call(Call(function=TALK, args=(data, known, closes)))
        self._used = Run(
            status=Status.FINISHED,
            cpu_seconds=self._used.cpu_seconds + run.cpu_seconds,
            wall_seconds=self._used.wall_seconds + run.wall_seconds,
            idle_seconds=self._used.idle_seconds + run.idle_seconds,
            peak_bytes=max(self._used.peak_bytes, run.peak_bytes),
        )
        goes_on = run.status is Status.FINISHED and run.exit_code is None
        if goes_on and type(run.value) is bytes and run.value:
            self._known += len(run.value)
            return run.value
        self._end = Run(status=Status.VIOLATION) if goes_on else run  # whoever took over a runner says anything
        return b""

    def _detail(self, end: Run) -> str:
        if self._exchanges > MOST_EXCHANGES:
            return f"more than {MOST_EXCHANGES} exchanges"
        used = self._used
        total = msgspec.structs.replace(
            end, cpu_seconds=used.cpu_seconds, idle_seconds=used.idle_seconds, peak_bytes=used.peak_bytes
        )
        return detail_of(total, self._limits)


def _given_to(interactor: JudgeProgram, test: StdioTest) -> dict[str, Any]:
    """Return what `interactor_main` asks for."""
    if interactor.protocol == "function":
        return {"arguments": None, "texts": [test.stdin, test.stdout]}
    testlib = interactor.protocol == "testlib"
    arguments = ["interactor", INPUT, OUTPUT, ANSWER] if testlib else ["validator", INPUT, ANSWER, f"{FEEDBACK}/"]
    return {
        "arguments": [*arguments, *interactor.arguments],
        "files": {INPUT: test.stdin, ANSWER: test.stdout},
        "file": OUTPUT if testlib else FEEDBACK,  # that it may write to, or the folder in which it may
    }
