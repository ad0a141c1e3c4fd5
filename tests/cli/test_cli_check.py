"""`verifier suites check` as a user meets it: real processes, real suites, real sandbox."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

BUNDLED = Path(__file__).resolve().parents[2] / "testsuites" / "bundled"
ONE_OF_EACH_KIND = ("poster-frame", "quiet-periods", "round-table")
HIDDEN_IN, HIDDEN_OUT = "314159", "628318"
DOUBLE = f"""
kind = "call"
entry_point = "f"
[[tests]]
args = [{HIDDEN_IN}]
expected = {HIDDEN_OUT}
[[tests]]
args = [-4]
expected = -8
"""
RIGHT = "def f(x):\n    return 2 * x\n"


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "verifier", "suites", "check", *map(str, arguments)]


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(_command(*arguments), capture_output=True, text=True, timeout=240, check=False)


def _add(suites: Path, suite_id: str, *, suite: str = DOUBLE, reference: str | None = RIGHT, **wrong: str) -> None:
    folder = suites / suite_id
    (folder / "submissions/wrong_answer").mkdir(parents=True)
    (folder / "suite.toml").write_text(suite)
    if reference is not None:
        (folder / "reference.py").write_text(reference)
    for name, program in wrong.items():
        (folder / f"submissions/wrong_answer/{name}.py").write_text(program)


def test_bundled_suites_have_no_finding(tmp_path: Path) -> None:
    """One of each kind, with its submissions; figures tell what the reference needs, and the exit code is 0."""
    for name in ONE_OF_EACH_KIND:
        shutil.copytree(BUNDLED / name, tmp_path / name, ignore=shutil.ignore_patterns("*_limit_exceeded"))
    done = _run(tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["suites"], found["checked"], found["without_an_error"], found["with_a_reference"]) == (3, 3, 3, 3)
    assert (found["errors"], found["warnings"], found["notes"]) == (0, 0, 0)
    assert [row["suite"] for row in found["rows"]] == list(ONE_OF_EACH_KIND)
    for row in found["rows"]:
        assert row["findings"] == []
        assert row["submissions"] > 3
        assert 0 < row["headroom"]["peak_bytes"] < row["headroom"]["memory_bytes_limit"]


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Make a store with a sound suite, and one for each of several faults."""
    suites = tmp_path / "suites"
    _add(suites, "sound", squares="def f(x): return x * x\n")
    _add(suites, "lenient", twice="def f(x): return x + x\n")
    _add(suites, "refuses", reference="def f(x):\n    secret = x\n    return secret\n")
    _add(suites, "alone", reference=None)
    _add(suites, "misspelt", suite=DOUBLE.replace("expected", "expectd", 1))
    return suites


def test_findings_are_grouped_with_what_to_do(faulty: Path) -> None:
    """Errors first, then warnings; the exit code is 1. Nothing hidden is printed, and nothing is written."""
    before = sorted(faulty.rglob("*"))
    done = _run(faulty)
    assert done.returncode == 1
    assert re.findall("^(ERROR|WARNING|NOTE):", done.stdout, re.MULTILINE) == ["ERROR"] * 3 + ["WARNING"]
    assert "ERROR: the reference is refused (1)\n  Mend the test" in done.stdout
    assert "    refuses: reference: test 1: wrong_answer\n" in done.stdout
    assert "    lenient: submissions/wrong_answer/twice: each time\n" in done.stdout
    assert "    alone\n" in done.stdout
    assert "misspelt" in done.stdout
    counted = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert {"suites checked 5", "without an error 2", "errors 3", "warnings 1", "notes 0"} <= set(counted)
    as_json = _run(faulty, "--json")
    for hidden in (HIDDEN_IN, HIDDEN_OUT, "secret", "return"):
        assert hidden not in done.stdout + done.stderr + as_json.stdout + as_json.stderr
    assert sorted(faulty.rglob("*")) == before
    rows = {row["suite"]: row for row in json.loads(as_json.stdout)["rows"]}
    assert rows["lenient"]["findings"] == [
        {
            "kind": "wrong_accepted",
            "severity": "error",
            "suite": "lenient",
            "name": "submissions/wrong_answer/twice",
            "test": "",
            "words": "each time",
        }
    ]


def test_warnings_alone_leave_the_exit_code_0(faulty: Path) -> None:
    """A suite without a reference can be trained on, by whoever knows it."""
    done = _run(faulty, "--suite", "alone")
    assert done.returncode == 0
    assert "WARNING: there is no reference.py (1)" in done.stdout


def test_one_suite_is_told_with_its_limits(faulty: Path) -> None:
    """What the reference needs and what it may use; how close is too close can be said."""
    done = _run(faulty, "--suite", "sound")
    assert done.returncode == 0, done.stderr
    assert "the limit is 5 s" in done.stdout
    assert "the limit is 512 MiB" in done.stdout
    assert "lenient" not in done.stdout
    close = _run(faulty, "--suite", "sound", "--limit-factor", 200)
    assert close.returncode == 0
    assert "WARNING: a limit is close to what the reference needs (1)" in close.stdout
    assert "200 times are asked for" in close.stdout


def test_an_archive_is_checked_like_its_folder(faulty: Path) -> None:
    """With its references and submissions; it is only read."""
    archive = faulty.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as made:
        for path in sorted(faulty.rglob("*")):
            made.write(path, path.relative_to(faulty))
    there, here = (json.loads(_run(place, "--json").stdout)["rows"] for place in (archive, faulty))
    assert [row["suite"] for row in there] == [row["suite"] for row in here]
    for one, other in zip(there, here, strict=True):
        assert [item["kind"] for item in one["findings"]] == [item["kind"] for item in other["findings"]]
        assert (one["digest"], one["submissions"]) == (other["digest"], other["submissions"])


def test_an_interrupt_shows_what_was_found_so_far(tmp_path: Path) -> None:
    """As a summary, or as JSON, of the suites that were checked; the exit code is that of an interrupt."""
    _add(tmp_path, "s00", reference="def f(x):\n    return 0\n")
    for number in range(1, 60):
        _add(tmp_path, f"s{number:02}")
    for options in ([], ["--json"]):
        terminal, its_end = os.openpty()
        run = subprocess.Popen(
            _command(tmp_path, "--workers", 1, *options),
            stdout=subprocess.PIPE,
            stderr=its_end,
            text=True,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "200"},
        )
        os.close(its_end)
        _read_until(terminal, b"s0[2-9]")  # the bar names the suite under work
        run.send_signal(signal.SIGINT)
        _read_until(terminal, b"of 60 suites were checked")
        out, _ = run.communicate(timeout=120)
        os.close(terminal)
        assert run.returncode == 130
        if options:
            found = json.loads(out)
            assert 0 < found["checked"] == len(found["rows"]) < found["suites"] == 60
        else:
            assert "s00: reference: test 1: wrong_answer" in out


def _read_until(terminal: int, pattern: bytes) -> bytes:
    """Read what a terminal is shown until it matches; fails where the terminal is left before."""
    seen = b""
    while not re.search(pattern, seen):
        seen += os.read(terminal, 65536)
    return seen


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["{}/nowhere"], "no such directory"),
        (["{}/nowhere.zip"], "no such file"),
        (["{}/empty"], "holds no suites"),
        (["{}/suites", "--suite", "other"], "no suite other"),
        (["{}/suites", "--require", "moat"], "moat"),
    ],
)
def test_what_cannot_go_on_is_told_in_one_line(tmp_path: Path, arguments: list[str], why: str) -> None:
    """With what to do, and exit code 2."""
    _add(tmp_path / "suites", "double")
    (tmp_path / "empty").mkdir()
    done = _run(*(argument.format(tmp_path) for argument in arguments))
    assert done.returncode == 2
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_help_has_an_example() -> None:
    """As every command's."""
    assert "Example: verifier suites check" in _run("--help").stdout
