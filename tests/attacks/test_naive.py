"""Attacks without the defence: each fools the naive graders that it names, in a process to throw away."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.attacks.naive import GRADERS, unprivileged
from verifier.fuzzing.exploits import Entry, attacks, store
from verifier.fuzzing.fences import fenced

_FOOLED = [(entry, grader) for entry in attacks() for grader in entry.fools]


def accepted(grader: str, answer: str, suite: str) -> bool:
    """Whether a naive grader takes an answer for right."""
    reading, writing = os.pipe()
    try:
        subprocess.run(
            [*unprivileged(), sys.executable, "-m", "tests.attacks.naive", grader, suite, str(writing)],
            input=answer.encode("utf-8", "surrogateescape"),
            pass_fds=(writing,),
            capture_output=True,
            timeout=30,
            check=False,
            start_new_session=True,
        )
    finally:
        os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read() == b"accepted"


@pytest.mark.parametrize(("entry", "grader"), _FOOLED, ids=[f"{entry.id}-{grader}" for entry, grader in _FOOLED])
def test_an_attack_fools_the_naive_graders_that_it_names(entry: Entry, grader: str) -> None:
    """What earns nothing here is taken for right there."""
    assert accepted(grader, entry.text, entry.suites[0])


def test_many_attacks_fool_a_naive_grader() -> None:
    """They are attacks that work, not programs that are merely wrong."""
    assert len({entry.id for entry, _ in _FOOLED}) > 80


def test_every_naive_grader_is_fooled() -> None:
    """None of them is safe."""
    assert {grader for _, grader in _FOOLED} == set(GRADERS)


@pytest.mark.parametrize("grader", GRADERS)
def test_a_naive_grader_is_a_grader(grader: str) -> None:
    """It accepts a right program, and rejects a plainly wrong one."""
    suite = {"zip_lines": "sum-stdio", "file_of_tests": "add-pytest"}.get(grader, "add-call")
    right = store().reference(suite) or ""
    assert accepted(grader, fenced(right), suite)
    assert not accepted(grader, fenced(right.replace("sum(", "-sum(").replace("a + b", "a - b")), suite)
