"""`verifier suites calibrate` as a user meets it: real processes, real suites, real sandbox."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from testsuites.calibration import CALIBRATION_FILE
from testsuites.directory import DirectoryStore

BUNDLED = Path(__file__).resolve().parents[2] / "testsuites" / "bundled"
ONE_OF_EACH_KIND = ("poster-frame", "quiet-periods", "round-table")
QUICK = ("--mutants", "4", "--inputs", "5")
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


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "verifier", "suites", *map(str, arguments)], capture_output=True, text=True, timeout=240
    )


def _add(suites: Path, suite_id: str, suite: str = DOUBLE, reference: str = "def f(x):\n    return 2 * x\n") -> None:
    folder = suites / suite_id
    folder.mkdir(parents=True)
    (folder / "suite.toml").write_text(suite)
    (folder / "reference.py").write_text(reference)


def test_bundled_suites_are_sound(tmp_path: Path) -> None:
    """One of each kind: gold, and without a null program that passes; the record is beside each, and listed."""
    for name in ONE_OF_EACH_KIND:
        shutil.copytree(BUNDLED / name, tmp_path / name, ignore=shutil.ignore_patterns("*_limit_exceeded"))
    done = _run("calibrate", tmp_path, *QUICK, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["suites"], found["gold"], found["kept"], found["accept_a_null"]) == (3, 3, 0, [])
    assert found["mutants"]["made"] == 3 * 4
    assert found["mutants"]["killed"] >= 3 * 2
    assert [row["id"] for row in found["rows"]] == list(ONE_OF_EACH_KIND)
    store = DirectoryStore(tmp_path)
    for row in found["rows"]:
        assert row["calibration"] == json.loads((tmp_path / row["id"] / CALIBRATION_FILE).read_text())
        assert row["calibration"]["digest"] == store.load(row["id"]).digest
        assert row["calibration"]["right_refused"] == []
    listed = json.loads(_run("show", tmp_path, "--json").stdout)
    assert [row["calibrated"] for row in listed] == ["yes"] * 3


def test_nothing_hidden_is_printed_or_kept(tmp_path: Path) -> None:
    """No input, expected output or program: neither in the summary, nor in the record, nor in a listing."""
    _add(tmp_path, "double")
    _add(tmp_path, "wrong", reference="def f(x):\n    secret = x\n    return secret\n")
    shown = [_run("calibrate", tmp_path, *QUICK), _run("calibrate", tmp_path, "--json", *QUICK), _run("show", tmp_path)]
    everything = "".join(done.stdout + done.stderr for done in shown)
    everything += "".join(path.read_text() for path in tmp_path.glob(f"*/{CALIBRATION_FILE}"))
    assert "wrong: NOT GOLD: the reference fails: test 1: wrong_answer" in everything
    for hidden in (HIDDEN_IN, HIDDEN_OUT, "return", "secret"):
        assert hidden not in everything


def test_a_suite_that_accepts_a_null_program_is_told_loudly(tmp_path: Path) -> None:
    """On standard error, with the names of those programs, and by the exit code."""
    _add(
        tmp_path,
        "zero",
        'kind = "call"\nentry_point = "f"\n[[tests]]\nargs = [1]\nexpected = 0\n',
        "def f(x): return 0",
    )
    done = _run("calibrate", tmp_path, "--suite", "zero", *QUICK)
    assert done.returncode == 1
    assert "zero: ACCEPTS PROGRAMS THAT SOLVE NOTHING: " in done.stderr
    assert "returns-0" in done.stderr
    assert "accepted and wrong: null returns-0" in done.stdout


def test_a_record_that_fits_is_not_made_again(tmp_path: Path) -> None:
    """The table says so; --again makes it; a changed suite makes it out of date."""
    _add(tmp_path, "double")
    first = json.loads(_run("calibrate", tmp_path, *QUICK, "--json").stdout)
    assert (first["kept"], first["rows"][0]["kept"], first["score"]) == (0, False, 1.0)
    second = _run("calibrate", tmp_path, *QUICK)
    assert second.returncode == 0, second.stderr
    lines = [" ".join(line.split()) for line in second.stdout.splitlines()]
    assert "suites 1 1 with a record that fits, not run again" in lines
    assert "gold 1" in lines
    assert "mutation score 1.0000 killed, of killed and gaps" in lines
    assert json.loads(_run("calibrate", tmp_path, *QUICK, "--again", "--json").stdout)["kept"] == 0
    (tmp_path / "double/suite.toml").write_text(DOUBLE.replace("-4", "-5").replace("-8", "-10"))
    assert json.loads(_run("show", tmp_path, "--json").stdout)[0]["calibrated"] == "out of date"


def test_an_interrupted_run_keeps_its_records(tmp_path: Path) -> None:
    """The command says how to go on, and goes on where it was."""
    for number in range(40):
        _add(tmp_path, f"s{number:02}")
    run = subprocess.Popen(
        [sys.executable, "-m", "verifier", "suites", "calibrate", str(tmp_path), *QUICK],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"VERIFIER_DEBUG": "1"},
    )
    second = tmp_path / "s01" / CALIBRATION_FILE
    while not second.exists():
        assert run.poll() is None
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=60)
    records = len(list(tmp_path.glob(f"*/{CALIBRATION_FILE}")))
    assert run.returncode == 130
    assert "of 40 suites have their record; run the same command to go on" in told
    assert 2 <= records < 40
    assert not list(tmp_path.glob("*/.*"))
    again = json.loads(_run("calibrate", tmp_path, "--suite", "s01", *QUICK, "--json").stdout)
    assert again["kept"] == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["s3://bucket/suites"], "is read only; calibrate the folder"),
        (["{}/nowhere"], "no such directory"),
        (["{}/empty"], "holds no suites"),
        (["{}/suites", "--suite", "other"], "no suite other"),
        (["{}/suites", "--require", "moat"], "moat"),
    ],
)
def test_what_cannot_go_on_is_told_in_one_line(tmp_path: Path, arguments: list[str], why: str) -> None:
    """With what to do, and exit code 2."""
    _add(tmp_path / "suites", "double")
    (tmp_path / "empty").mkdir()
    done = _run("calibrate", *(argument.format(tmp_path) for argument in arguments))
    assert done.returncode == 2
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_help_has_an_example() -> None:
    """As every command's."""
    assert "Example: verifier suites calibrate" in _run("calibrate", "--help").stdout
