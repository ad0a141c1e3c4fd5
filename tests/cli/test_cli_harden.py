"""`verifier suites harden` as a user meets it: real processes, real suites, real sandbox."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from testsuites import StdioSuite
from testsuites.directory import DirectoryStore

BUNDLED = Path(__file__).resolve().parents[2] / "testsuites" / "bundled"
HIDDEN = "314159"
CLAMP = f"""\
# Hidden tests.
kind = "call"
entry_point = "f"
[[tests]]
args = [{HIDDEN}]
expected = {HIDDEN}
[[tests]]
args = [-400]
expected = 0
"""
REFERENCE = "def f(x):\n    if x < 0:\n        return 0\n    return x\n"
QUICK = ("--mutants", "40", "--inputs", "40")


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verifier", "suites", "harden", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240)


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """Make a store with one suite, `clamp`."""
    folder = tmp_path / "suites" / "clamp"
    folder.mkdir(parents=True)
    (folder / "suite.toml").write_text(CLAMP)
    (folder / "reference.py").write_text(REFERENCE)
    return tmp_path / "suites"


def test_a_suite_gets_tests_and_a_better_score(suites: Path, tmp_path: Path) -> None:
    """Elsewhere first, then in place: the same tests; nothing hidden is printed, and a second run does nothing."""
    out = tmp_path / "out"
    done = _run(suites, "-o", out, *QUICK, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["after"]["score"] == 1.0 > found["before"]["score"]
    assert found["tests_added"] > 0
    assert found["hardened"] == 1
    assert (suites / "clamp" / "suite.toml").read_text() == CLAMP
    suite = DirectoryStore(out).load("clamp")
    (row,) = found["rows"]
    assert row["after"]["digest"] == suite.digest
    assert len(suite.tests) == 2 + row["tests_added"]
    assert HIDDEN not in done.stdout

    again = json.loads(_run(suites, "-o", out, *QUICK, "--json").stdout)
    assert (again["kept"], again["tests_added"], again["after"]) == (1, 0, found["after"])

    there = _run(suites, *QUICK)
    assert there.returncode == 0
    assert "mutation score" in there.stdout
    assert DirectoryStore(suites).load("clamp").digest == suite.digest
    assert (suites / "clamp" / "suite.toml").read_text().startswith("# Hidden tests.\n")


def test_a_bundled_suite_stays_sound(tmp_path: Path) -> None:
    """Of one with whole programs the old tests are left, in their order, and its reference passes all."""
    shutil.copytree(BUNDLED / "ferry-queue", tmp_path / "ferry-queue")
    before = DirectoryStore(BUNDLED).load("ferry-queue")
    done = _run(tmp_path, "--mutants", "12", "--inputs", "30", "--json")
    assert done.returncode == 0, done.stderr
    after = DirectoryStore(tmp_path).load("ferry-queue")
    assert isinstance(before, StdioSuite)
    assert isinstance(after, StdioSuite)
    assert [test for test in after.tests if not test.name.startswith("gap-")] == list(before.tests)
    assert json.loads(done.stdout)["after"]["gaps"] <= json.loads(done.stdout)["before"]["gaps"]


def test_what_cannot_be_hardened_is_told(suites: Path) -> None:
    """A reference that fails; the suite is left as it was."""
    (suites / "clamp" / "reference.py").write_text("def f(x):\n    return x\n")
    done = _run(suites, *QUICK)
    assert done.returncode == 1
    assert "clamp: not hardened: the reference fails" in done.stderr
    assert HIDDEN not in done.stdout + done.stderr
    assert (suites / "clamp" / "suite.toml").read_text() == CLAMP


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("s3://bucket/suites",), "is read only"),
        (("nowhere",), "no such directory"),
        ((".", "--suite", "a/b"), "no suite a/b"),
    ],
)
def test_mistakes_are_explained(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    """One line on standard error, no traceback."""
    place = str(tmp_path) if arguments[0] == "." else arguments[0]
    done = _run(place, *arguments[1:])
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
