"""For each language a program for each way to end (`matrix/`): all end as they are labelled."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from sandbox import LocalSandbox, Status, languages
from tests.languages.needs import run_in

MATRIX = Path(__file__).parent / "matrix"
CASES = [
    pytest.param(path.stem, label, case, id=f"{path.stem}-{label}")
    for path in sorted(MATRIX.glob("*.toml"))
    for label, case in tomllib.loads(path.read_text()).items()
]
_CRASHES = {"exit_code": "exit code 3", "signal": "SIGSEGV"}
"""Labels of crashes, and what those are called unless a case says otherwise."""


def test_every_language_has_programs() -> None:
    """No language is left out."""
    assert {path.stem for path in MATRIX.glob("*.toml")} == set(languages.known())


@pytest.mark.parametrize(("name", "label", "case"), CASES)
def test_programs_end_as_they_are_labelled(sandbox: LocalSandbox, name: str, label: str, case: dict[str, Any]) -> None:
    """Each verdict has a cause of its own, told in words of its own."""
    outcome = run_in(sandbox, name, case["source"], b"3 4\n")
    (run,) = outcome.runs
    status = case.get("status", "crashed" if label in _CRASHES else label)
    if status == "compile_error":
        assert (outcome.build.ok, run.status) == (False, Status.NOT_RUN)
        assert case["message"] in outcome.build.message
        return
    assert (outcome.build.ok, outcome.build.message) == (True, "")
    assert run.status == status, run.stderr_tail
    if status == "finished":
        assert run.stdout.decode() == case.get("stdout", "7\n")
    if status == "crashed" or "error" in case:
        assert run.error == case.get("error") or run.error == _CRASHES.get(label)
