"""From what happened in a sandbox to a verdict, and to words that hold nothing of the program's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import Limits, Run, Status
from sandbox.job import MEBIBYTE
from testsuites import StdioTest
from verifier.findings import detail_of, exception_name, result, verdict_of
from verifier.verdict import Verdict

VERDICTS = {
    Status.CRASHED: Verdict.RUNTIME_ERROR,
    Status.NOT_DATA: Verdict.RUNTIME_ERROR,
    Status.HELD: Verdict.RUNTIME_ERROR,
    Status.CPU_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    Status.IDLE_LIMIT: Verdict.TIME_LIMIT_EXCEEDED,
    Status.NOT_RUN: Verdict.TIME_LIMIT_EXCEEDED,
    Status.MEMORY_LIMIT: Verdict.MEMORY_LIMIT_EXCEEDED,
    Status.OUTPUT_LIMIT: Verdict.OUTPUT_LIMIT_EXCEEDED,
    Status.VIOLATION: Verdict.SECURITY_VIOLATION,
}

HIDDEN = "4711 is the input"
LIMITS = Limits(cpu_seconds=1.0)
HINTS = (
    "the stack is limited to 64 MiB",
    "no file may be written",
    "at most 64 processes and threads",
    "no file, socket or pipe can be opened",
)


def test_every_way_to_end_but_one_has_its_verdict() -> None:
    """None is accepted, none is a judge's error, and a run that finished has no verdict before it is compared."""
    assert {status: verdict_of(status) for status in Status if status is not Status.FINISHED} == VERDICTS
    with pytest.raises(KeyError):
        verdict_of(Status.FINISHED)


@pytest.mark.parametrize("name", ["ValueError", "SystemExit", "RecursionError", "SIGSEGV", "exit code 3"])
def test_ends_that_everybody_knows_are_named(name: str) -> None:
    """Built-in exceptions, signals and exit codes are shown as they are."""
    assert exception_name(name) == name
    assert detail_of(Run(status=Status.CRASHED, error=name), LIMITS).startswith(name)


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
    assert "4711" not in detail_of(run, LIMITS)


@pytest.mark.parametrize(
    ("run", "detail"),
    [
        (Run(status=Status.CPU_LIMIT, cpu_seconds=1.512), "processor time 1.52 s, limit 1.00 s"),
        (Run(status=Status.CPU_LIMIT, cpu_seconds=1.0001), "processor time 1.01 s, limit 1.00 s"),
        (Run(status=Status.IDLE_LIMIT, idle_seconds=3.05, cpu_seconds=0.1), "idle 3.05 s, limit 3.00 s"),
        (Run(status=Status.MEMORY_LIMIT, peak_bytes=530 * MEBIBYTE), "memory 530 MiB, limit 512 MiB"),
        (Run(status=Status.MEMORY_LIMIT, peak_bytes=512 * MEBIBYTE + 1), "memory 513 MiB, limit 512 MiB"),
        (
            Run(status=Status.MEMORY_LIMIT, peak_bytes=9 * MEBIBYTE, error="MemoryError"),
            "memory 9 MiB, limit 512 MiB; it was refused more",
        ),
        (Run(status=Status.OUTPUT_LIMIT, stdout=HIDDEN.encode()), "output over 16 MiB"),
        (Run(status=Status.CRASHED, error="SIGSEGV"), "SIGSEGV; the stack is limited to 64 MiB"),
        (Run(status=Status.CRASHED, error="SIGXFSZ"), "SIGXFSZ; no file may be written"),
        (Run(status=Status.NOT_DATA), "the answer is not plain data"),
        (Run(status=Status.NOT_RUN), "not run: too many tests before it timed out"),
        (Run(status=Status.VIOLATION), ""),
    ],
)
def test_each_limit_is_told_with_what_was_measured(run: Run, detail: str) -> None:
    """Rounded up, so that what is over a limit looks so."""
    assert detail_of(run, LIMITS) == detail


def test_limits_that_are_no_whole_mebibytes_are_told_in_bytes() -> None:
    """A limit is never told as another."""
    limits = Limits(output_bytes=1000, memory_bytes=MEBIBYTE + 1)
    assert detail_of(Run(status=Status.OUTPUT_LIMIT), limits) == "output over 1000 bytes"
    assert "limit 1048577 bytes" in detail_of(Run(status=Status.MEMORY_LIMIT, peak_bytes=2 * MEBIBYTE), limits)


REFUSALS = {
    "RuntimeError: can't start new thread": "RuntimeError; at most 64 processes and threads",
    "BlockingIOError: [Errno 11] Resource temporarily unavailable": "BlockingIOError; at most 64 processes and threads",
    f"OSError: [Errno 24] Too many open files: '{HIDDEN}'": "OSError; no file, socket or pipe can be opened",
}


@pytest.mark.parametrize("text", REFUSALS)
def test_what_the_sandbox_refused_is_named(text: str) -> None:
    """Where the exception says so, for whole programs and for calls, and without anything else that it says."""
    kind, _, rest = text.partition(": ")
    whole = Run(status=Status.CRASHED, error=kind, stderr_tail=f"Traceback\n  x\n{text}\n".encode())
    call = Run(status=Status.CRASHED, error=kind, error_text=rest)
    assert detail_of(whole, LIMITS) == detail_of(call, LIMITS) == REFUSALS[text]
    other = Run(status=Status.CRASHED, error=kind, error_text=f"not {rest}")
    assert detail_of(other, LIMITS) == kind


@given(st.binary(), st.text(), st.text())
def test_no_text_of_a_program_gets_into_a_detail(stderr_tail: bytes, error: str, error_text: str) -> None:
    """Whatever it writes, the detail is one of a few texts that are known beforehand."""
    run = Run(status=Status.CRASHED, stderr_tail=stderr_tail, error=error, error_text=error_text)
    known = {exception_name(error), *REFUSALS.values()}
    assert detail_of(run, LIMITS) in {*known, *(f"{exception_name(error)}; {hint}" for hint in HINTS)}


def test_a_result_carries_the_tests_share_and_the_runs_figures() -> None:
    """Name, weight and group come from the test, figures from the run; a test without a name is known by its number."""
    run = Run(status=Status.FINISHED, cpu_seconds=1.5, wall_seconds=2.5, peak_bytes=7, attempts=2)
    named = result(StdioTest(stdin="", stdout="", name="big", weight=2.0, group="g"), 4, Verdict.ACCEPTED, "d", run)
    assert (named.name, named.verdict, named.weight, named.group, named.detail) == ("big", "accepted", 2.0, "g", "d")
    assert (named.cpu_seconds, named.wall_seconds, named.peak_bytes, named.attempts) == (1.5, 2.5, 7, 2)
    assert result(StdioTest(stdin="", stdout=""), 4, Verdict.NO_CODE).name == "5"
