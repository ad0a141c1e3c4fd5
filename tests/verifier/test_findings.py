"""From what happened in a sandbox to a verdict, and to words that hold nothing of the program's."""

from __future__ import annotations

import pytest

from sandbox import Run, Status
from testsuites import StdioTest
from verifier.findings import detail_of, exception_name, result, verdict_of
from verifier.verdict import Verdict

VERDICTS = {
    Status.CRASHED: Verdict.RUNTIME_ERROR,
    Status.NOT_DATA: Verdict.RUNTIME_ERROR,
    Status.CPU_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    Status.IDLE_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    Status.NOT_RUN: Verdict.TIME_LIMIT_EXCEEDED,
    Status.MEMORY_LIMIT: Verdict.MEMORY_LIMIT_EXCEEDED,
    Status.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT_EXCEEDED,
    Status.VIOLATION: Verdict.SECURITY_VIOLATION,
}

HIDDEN = "4711 is the input"


def test_every_way_to_end_but_one_has_its_verdict() -> None:
    """None is accepted, none is a judge's error, and a run that finished has no verdict before it is compared."""
    assert {status: verdict_of(status) for status in Status if status is not Status.FINISHED} == VERDICTS
    with pytest.raises(KeyError):
        verdict_of(Status.FINISHED)


@pytest.mark.parametrize("name", ["ValueError", "SystemExit", "RecursionError", "SIGSEGV", "exit code 3"])
def test_ends_that_everybody_knows_are_named(name: str) -> None:
    """Built-in exceptions, signals and exit codes are shown as they are."""
    assert exception_name(name) == name
    assert detail_of(Run(status=Status.CRASHED, error=name)) == name


@pytest.mark.parametrize("name", [None, "", HIDDEN, "print", "x" * 1000, "Exit code 3", "ValueError: 4711"])
def test_names_that_a_program_made_up_are_not_shown(name: str | None) -> None:
    """What the program wrote could be its input."""
    assert exception_name(name) == "an exception of the program's own"


@pytest.mark.parametrize("name", [f"SIG{HIDDEN}", f"exit code {HIDDEN}", "SIG4711", "exit code 47114711471147114711"])
def test_names_that_look_like_an_end_are_not_shown(name: str) -> None:
    """Only signals that there are, and exit codes that a process can have."""
    assert exception_name(name) == "an exception of the program's own"


@pytest.mark.parametrize("status", list(Status))
def test_a_detail_holds_nothing_that_the_program_wrote(status: Status) -> None:
    """Whatever a run brought back, its detail is a text of ours."""
    run = Run(
        status=status,
        stdout=HIDDEN.encode(),
        value=HIDDEN,
        stderr_tail=HIDDEN.encode(),
        error=HIDDEN,
        error_text=HIDDEN,
    )
    assert "4711" not in detail_of(run)


def test_a_result_carries_the_tests_share_and_the_runs_figures() -> None:
    """Name, weight and group come from the test, figures from the run; a test without a name is known by its number."""
    run = Run(status=Status.FINISHED, cpu_seconds=1.5, wall_seconds=2.5, peak_bytes=7)
    named = result(StdioTest(stdin="", stdout="", name="big", weight=2.0, group="g"), 4, Verdict.ACCEPTED, "d", run)
    assert (named.name, named.verdict, named.weight, named.group, named.detail) == ("big", "accepted", 2.0, "g", "d")
    assert (named.cpu_seconds, named.wall_seconds, named.peak_bytes) == (1.5, 2.5, 7)
    assert result(StdioTest(stdin="", stdout=""), 4, Verdict.NO_CODE).name == "5"
