"""Many samples at once: in order, apart from each other, and ended in time."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judges import Judge, judged, unjudged

from sandbox.errors import SandboxUnavailable
from testsuites.errors import SuiteNotFound
from verifier.batch import TOO_LATE, grade_many
from verifier.grade import Grade
from verifier.sample import Sample


def _samples(answers: list[str]) -> list[Sample]:
    return [Sample(id=answer, answer=answer, suite="s") for answer in answers]


def _by_number(answer: str) -> Grade:
    return judged(float(answer))


@given(st.lists(st.integers(-100, 100), max_size=30), st.integers(1, 5))
def test_grades_come_in_order_and_none_is_missing(numbers: list[int], workers: int) -> None:
    """Whatever finishes first."""
    grades = grade_many(Judge(_by_number), _samples(list(map(str, numbers))), workers=workers)
    assert [grade.reward for grade in grades] == numbers


def test_workers_work_at_the_same_time() -> None:
    """Four samples that wait for each other are only graded when four workers run at once."""
    together = threading.Barrier(4, timeout=10)

    def grade(answer: str) -> Grade:
        together.wait()
        return judged()

    assert all(found.judged for found in grade_many(Judge(grade), _samples(["x"] * 8), workers=4))


def test_an_endless_source_is_read_only_a_little_ahead() -> None:
    """A file of any length is never held in memory."""
    taken = itertools.count()

    def endless() -> Iterator[Sample]:
        for number in itertools.count():
            next(taken)
            yield Sample(id=number, answer=str(number), suite="s")

    grades = grade_many(Judge(_by_number), endless(), workers=2)
    assert [grade.reward for grade in itertools.islice(grades, 100)] == list(range(100))
    grades.close()
    assert next(taken) <= 100 + 4 * 2


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (SuiteNotFound("s: no such suite"), "s: no such suite"),
        (SandboxUnavailable("seccomp is missing"), "seccomp is missing"),
        (ValueError("secret-4242"), "the judge failed: ValueError; its log says where"),
        (RecursionError("secret-4242"), "the judge failed: RecursionError; its log says where"),
    ],
)
def test_a_failure_stays_with_its_sample(
    error: Exception, message: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are graded; only errors made for people are quoted, in the grade and in the log."""
    monkeypatch.setattr(logging.getLogger("verifier"), "propagate", True)

    def grade(answer: str) -> Grade:
        if answer == "1":
            raise error
        return judged(float(answer))

    grades = list(grade_many(Judge(grade), _samples(["0", "1", "2"]), workers=2))
    assert [found.reward for found in grades] == [0.0, None, 2.0]
    assert [found.judged for found in grades] == [True, False, True]
    assert grades[1].message == message
    assert "secret" not in caplog.text
    if "judge failed" in message:
        assert f"{type(error).__name__} in grade (aws/test_batch.py:" in caplog.text


def test_a_sample_with_a_problem_is_not_judged() -> None:
    """Its problem is the message, and the judge never sees it."""
    samples = [Sample(id=0, problem="messages: missing"), Sample(id=1), *_samples(["2"])]
    grades = list(grade_many(Judge(_by_number), samples, workers=1))
    assert [(found.judged, found.message) for found in grades] == [
        (False, "messages: missing"),
        (False, "suite: missing"),
        (True, ""),
    ]


def test_what_is_not_finished_at_the_deadline_is_not_judged() -> None:
    """The judge is interrupted, every sample still has its grade, and all of it is prompt."""

    def grade(answer: str) -> Grade:
        if answer == "quick":
            return judged()
        assert judge.interrupted.wait(30)
        return unjudged()

    judge = Judge(grade)
    began = time.monotonic()
    samples = _samples(["quick", "slow", "slow", *["never begun"] * 50])
    grades = list(grade_many(judge, samples, workers=2, deadline=time.monotonic() + 0.8))
    assert time.monotonic() - began < 20
    assert [found.judged for found in grades] == [True, *[False] * 52]
    assert {found.message for found in grades[3:]} == {TOO_LATE}


def test_a_judge_that_does_not_heed_the_interrupt_is_not_waited_for() -> None:
    """A reply that comes too late is worth nothing."""
    release = threading.Event()

    def grade(answer: str) -> Grade:
        release.wait(30)
        return judged()

    began = time.monotonic()
    (found,) = grade_many(Judge(grade), _samples(["x"]), workers=1, deadline=time.monotonic())
    assert found.message == TOO_LATE
    grades = list(grade_many(Judge(grade), _samples(["x"] * 3), workers=1, deadline=time.monotonic() + 0.05))
    assert [found.message for found in grades] == [TOO_LATE] * 3
    assert time.monotonic() - began < 20
    release.set()


def test_a_deadline_that_has_passed_starts_nothing() -> None:
    """A function with a time-out of a moment answers all the same."""

    def grade(answer: str) -> Grade:
        pytest.fail("started")

    grades = list(grade_many(Judge(grade), _samples(["x"] * 3), workers=2, deadline=5.0, clock=lambda: 6.0))
    assert [found.message for found in grades] == [TOO_LATE] * 3


def test_the_caller_going_away_interrupts_the_judge() -> None:
    """So Ctrl-C ends what runs, and begins nothing more."""
    begun = []

    def grade(answer: str) -> Grade:
        begun.append(answer)
        if answer != "0":
            assert judge.interrupted.wait(30)
        return judged()

    judge = Judge(grade)
    grades = grade_many(judge, _samples([str(number) for number in range(20)]), workers=1)
    next(grades)
    with pytest.raises(KeyboardInterrupt):
        grades.throw(KeyboardInterrupt)
    assert judge.interrupted.is_set() or begun == ["0"]
    assert len(begun) <= 2


def test_an_error_of_the_source_is_the_callers() -> None:
    """What reading the answers raises is not swallowed."""

    def broken() -> Iterator[Sample]:
        yield from _samples(["1"])
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        list(grade_many(Judge(_by_number), broken(), workers=1))
