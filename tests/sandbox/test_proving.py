"""Proving something in a throw-away child: what counts as proved, and why something is not."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.inside.proving import Unproved, denied, prove


def _raise(number: int) -> bool:
    raise OSError(number, "secret")


def _break() -> bool:
    raise KeyError("secret")


def _end(code: int) -> bool:
    os._exit(code)


def _die(number: int) -> bool:
    os.kill(os.getpid(), number)
    return True


def test_a_trial_that_saw_what_it_should_is_proved() -> None:
    """Nothing is returned and nothing is raised."""
    prove(lambda: True)


def test_a_trial_that_had_to_die_is_proved_by_its_death() -> None:
    """By that signal, and by nothing else."""
    prove(lambda: _die(signal.SIGSYS), ends_by=signal.SIGSYS)


@pytest.mark.parametrize(
    ("trial", "reason"),
    [
        (lambda: False, "it has no effect"),
        (lambda: _raise(errno.EPERM), "Operation not permitted"),
        (lambda: _raise(errno.ENOSYS), "Function not implemented"),
        (lambda: _raise(0), "it has no effect"),
        (_break, "it has no effect"),
        (lambda: _end(255), "it has no effect"),
        (lambda: _die(signal.SIGSYS), "trying it is answered with SIGSYS"),
        (lambda: _die(signal.SIGKILL), "trying it is answered with SIGKILL"),
    ],
)
def test_why_a_trial_failed_is_told(trial: Callable[[], bool], reason: str) -> None:
    """In the words of the system, and never in those of an exception."""
    with pytest.raises(Unproved, match=f"^{reason}$"):
        prove(trial)


@pytest.mark.parametrize(
    ("trial", "reason"),
    [
        (lambda: True, "it has no effect"),
        (lambda: False, "it has no effect"),
        (lambda: _raise(errno.EPERM), "Operation not permitted"),
        (lambda: _die(signal.SIGKILL), "trying it is answered with SIGKILL"),
    ],
)
def test_a_trial_that_outlives_what_should_end_it_is_not_proved(trial: Callable[[], bool], reason: str) -> None:
    """Whatever it says of itself: here only its death counts."""
    with pytest.raises(Unproved, match=f"^{reason}$"):
        prove(trial, ends_by=signal.SIGSYS)


def test_a_trial_changes_nothing_here() -> None:
    """It runs in another process."""
    seen: list[int] = []

    def trial() -> bool:
        seen.append(1)
        os.chdir("/")
        return True

    before = Path.cwd()
    prove(trial)
    assert (seen, Path.cwd()) == ([], before)


def test_denied_means_that_the_system_refused() -> None:
    """An act that succeeds was not denied, and another exception is nobody's denial."""
    assert denied(lambda: _raise(errno.EACCES))
    assert not denied(lambda: None)
    with pytest.raises(KeyError):
        denied(_break)
