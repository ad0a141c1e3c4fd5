"""`verifier suites import`: several files, a limit, and what is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.testsuites.data_set_rows import example
from testsuites.importers import PACKAGE_READERS, READERS


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verifier", "suites", "import", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_lists_every_format() -> None:
    """The list is written out in the command, as help imports nothing; it is that of the importers."""
    from verifier.cli.suites_import import _FORMATS, _PACKAGES

    assert _FORMATS.split(", ") == sorted(READERS | PACKAGE_READERS)
    assert list(_PACKAGES) == sorted(PACKAGE_READERS)
    text = " ".join(_run("--help").stdout.replace("│", " ").split())
    assert [name for name in READERS if name not in text] == []


def test_rows_of_several_files_are_told_by_file_and_row(tmp_path: Path) -> None:
    """Bad rows are named at once, and counted at the end; the exit code is 1."""
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    files[0].write_text(json.dumps(example("taco")) + "\n")
    files[1].write_text(json.dumps({"question": 5}) + "\n")
    done = _run("taco", *files, "-o", tmp_path / "suites")
    assert done.returncode == 1
    assert "b.jsonl: row 1 : not imported: row: question: expected a string" in done.stderr
    assert "1 suites are in" in done.stderr
    limited = _run("taco", *files, "-o", tmp_path / "suites", "--limit", 1, "--json")
    assert (limited.returncode, json.loads(limited.stdout)) == (
        0,
        {"written": 1, "failed": 0, "failures": [], "left_out": 0},
    )


@pytest.mark.parametrize("name", ["none.jsonl", "folder"])
def test_a_source_that_is_no_file_is_told(name: str, tmp_path: Path) -> None:
    """Before anything is read; exit code 2."""
    (tmp_path / "folder").mkdir()
    done = _run("taco", tmp_path / name, "-o", tmp_path / "suites")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {tmp_path / name}: no such file\n"
