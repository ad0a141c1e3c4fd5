"""The scorecards: our verifier holds, and each grader in the styles that public ones use is caught."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.naive import GRADERS, unprivileged
from verifier.fuzzing.exploits import attacks, entry_of

ROOT = Path(__file__).parents[2]
_EXPLOITS = 2
_SECONDS, _ENOUGH = "6", "60"
"""For reducing as far as time allows, and to the end."""

SMALLEST = {
    "exit_code": {"sys.exit(0)", "import sys\nsys.exit(0)"},
    "zip_lines": {"pass"},
}
"""What is left of the first exploit, where that is short enough to be known beforehand."""


def fuzzed(target: str, *options: str, prefix: tuple[str, ...] = ()) -> dict[str, Any]:
    """Run `verifier fuzz`, and return what it found with its exit code."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "verifier", "fuzz", target, "--path", str(ROOT), "--json", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return {**json.loads(done.stdout), "exit_code": done.returncode}


def exploits_of(grader: str) -> list[str]:
    """Return exploits that fool a grader and harm nobody, each of another row."""
    by_row = {}
    for entry in attacks():
        if grader in entry.fools and not entry.harms:
            by_row.setdefault(entry.row, entry.id)
    return [*by_row.values()][:_EXPLOITS]


def test_our_verifier_is_fooled_by_nothing() -> None:
    """Every kind of exploit has its turn, also those that harm, and every law holds."""
    found = fuzzed("verifier", "--seconds", "15")
    assert found["exit_code"] == 0, found
    assert found["held"]
    assert found["exploits"]["fooled"] == found["exploits"]["broke"] == found["exploits"]["harmful"] == 0
    assert found["exploits"]["tried"] > 33
    assert found["refused"] == []
    assert {law["finding"]["holds"] for law in found["laws"] if law["finding"]} <= {True, None}
    assert len(found["laws"]) >= 10


@pytest.mark.parametrize("grader", sorted(GRADERS.keys() - {"first_block", "file_of_tests"}))
def test_every_naive_grader_is_caught_with_a_small_program(grader: str) -> None:
    """In the shape that its trainer calls, as a user without rights: fooled, and by no more than what does it."""
    wanted = exploits_of(grader)
    only = "^(" + "|".join(wanted) + ")$"
    seconds = _ENOUGH if grader in SMALLEST else _SECONDS
    options = ("--only", only, "--seconds", seconds, "--timeout", "20")
    found = fuzzed(f"tests.fuzzing.graders:{grader}", *options, prefix=unprivileged())
    assert found["exit_code"] == 1
    fooled = {each["id"]: each for each in found["attempts"] if each["result"] == "fooled"}
    assert fooled, found["attempts"]
    for row in found["rows"]:
        if row["by"]:
            entry = entry_of(row["by"])
            assert len(row["smallest"]) <= len(entry.source or entry.text)
    if grader in SMALLEST:
        assert found["rows"][0]["smallest"] in SMALLEST[grader]
