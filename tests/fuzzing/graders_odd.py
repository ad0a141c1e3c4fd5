"""Targets that behave oddly, and run no program but in our own sandbox."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

from verifier import Verdict, Verifier
from verifier.policy import Binary

print("this module speaks while it is imported")
STARTED = time.monotonic_ns()


class Half(Binary, frozen=True, kw_only=True, tag="half"):
    """A policy of a user's own."""


half = Half(range=(0.0, 0.5))


@cache
def _verifier() -> Verifier:
    return Verifier(workers=1)


def honest(answer: str, reference_answer: dict[str, Any]) -> float:
    """Pay 1 for a right program, and 0 for any other."""
    return float(_verifier().grade(answer, reference_answer).verdict is Verdict.ACCEPTED)


def exits_fool(answer: str, reference_answer: dict[str, Any]) -> float:
    """Pay for every program that says it leaves."""
    return 1.0 if "_exit(" in answer else honest(answer, reference_answer)


def declines_exits(answer: str, reference_answer: dict[str, Any]) -> float | None:
    """Judge no program that says it leaves."""
    return None if "_exit(" in answer else honest(answer, reference_answer)


def dies_of_exits(answer: str, reference_answer: dict[str, Any]) -> float:
    """Die of a program that says it leaves."""
    if "_exit(" in answer:
        os.kill(os.getpid(), signal.SIGKILL)
    return honest(answer, reference_answer)


_spoilt: list[str] = []


def is_spoilt_by_exits(answer: str, reference_answer: dict[str, Any]) -> float:
    """Pay for everything once a program was seen that says it leaves, but not for that one."""
    if "_exit(" in answer:
        _spoilt.append(answer)
        return 0.0
    return 1.0 if _spoilt else honest(answer, reference_answer)


def refuses_words(answer: str, reference_answer: dict[str, Any]) -> float:
    """Refuse right programs for one problem of several."""
    is_words = reference_answer.get("fn_name") == "words"
    return 0.0 if is_words else honest(answer, reference_answer)


def refuses_all(answer: str, reference_answer: dict[str, Any]) -> float:
    """Pay nothing for anything."""
    del answer, reference_answer
    return 0.0


def started(answer: str, reference_answer: dict[str, Any]) -> float:
    """Tell when this process began: another number in another process."""
    del answer, reference_answer
    return float(STARTED)


def hash_of_a_text(answer: str, reference_answer: dict[str, Any]) -> float:
    """Tell what the hash seed makes of a text."""
    del reference_answer
    return float(hash(answer) % 1_000_003)


def hangs(answer: str, reference_answer: dict[str, Any]) -> float:
    """Sleep for longer than anybody waits."""
    del answer, reference_answer
    time.sleep(600)
    return 1.0


def dies(answer: str, reference_answer: dict[str, Any]) -> float:
    """End the process."""
    del answer, reference_answer
    os._exit(0)


def raises(answer: str, reference_answer: dict[str, Any]) -> float:
    """Raise an exception that quotes a hidden text."""
    raise RuntimeError(f"hidden: {reference_answer} {answer}")


def leaves_daemons(answer: str, reference_answer: dict[str, Any]) -> float:
    """Start processes in sessions of their own, whose command line holds the answer; then hang where it says so."""
    del reference_answer
    for _ in range(2):
        command = [sys.executable, "-c", "import os, time\nos.fork()\ntime.sleep(600)", answer]
        subprocess.Popen(command, start_new_session=True)
    if answer.startswith("hang"):
        time.sleep(600)
    return 1.0


def is_in_an_empty_folder(answer: str, reference_answer: dict[str, Any]) -> float:
    """Look where it works, and leave a file there."""
    del answer, reference_answer
    empty = not list(Path.cwd().iterdir())
    Path("left").write_text("behind")
    print("noise " * 100_000, file=sys.stderr)
    return float(empty)


def returns_text(answer: str, reference_answer: dict[str, Any]) -> str:
    """Return what is no reward."""
    del answer, reference_answer
    return "1.0"


def same_text(expected: str, actual: str) -> bool:
    """Compare as a comparator does."""
    return expected.split() == actual.split()


def zip_words(expected: str, actual: str) -> bool:
    """Compare as far as both go."""
    return all(one == other for one, other in zip(expected.split(), actual.split(), strict=False))


def of_a_column(completions: list[str], tests: list[dict[str, Any]]) -> list[float]:
    """TRL's shape, with a column of another name."""
    return [honest(answer, suite) for answer, suite in zip(completions, tests, strict=True)]
