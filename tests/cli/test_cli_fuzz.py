"""`verifier fuzz` as a user meets it: real processes, real exploits, and scorecards of both kinds."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
ODD = "tests.fuzzing.graders_odd"
EXITS = "^A1/os-exit"


def _run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "verifier", "fuzz", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_our_verifier_holds() -> None:
    """Exit code 0, a line for the row and one for the law, and how to do it again; no colours in a pipe."""
    done = _run("verifier", "--only", f"{EXITS}|^deterministic$", "--seconds", "6", "--seed", "5")
    assert (done.returncode, done.stderr) == (0, "")
    assert "leave with exit code 0 before any test can look" in done.stdout
    assert "0 of 2" in done.stdout
    assert "verifier: held: fooled by 0 of 2 exploits; 0 of 1 laws broken" in done.stdout
    assert f"again: verifier fuzz verifier --only '{EXITS}|^deterministic$' --seconds 6 --seed 5\n" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_fooled_target_is_shown_with_the_smallest_program(tmp_path: Path) -> None:
    """Exit code 1; the same as JSON; modules are found by --path."""
    arguments = [f"{ODD}:exits_fool", "--path", str(ROOT), "--seconds", "60", "--only"]
    done = _run(*arguments, EXITS, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "A1 fooled it, A1/os-exit-" in done.stdout
    assert "\n    os._exit(0)\n" in done.stdout
    assert "NOT SAFE: fooled by 2 of 2 exploits" in done.stdout
    assert "--seed 0\n" in done.stdout
    done = _run(*arguments, "^A1/os-exit-at-import$", "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert (found["held"], found["exploits"]["fooled"], found["rows"][0]["smallest"]) == (False, 1, "os._exit(0)")
    assert [each["id"] for each in found["attempts"]] == ["A1/os-exit-at-import"]


def test_a_broken_law_of_a_part_is_shown_with_its_case(tmp_path: Path) -> None:
    """A comparator that compares as far as both go; nothing is left in the folder."""
    done = _run(f"{ODD}:zip_words", "--path", str(ROOT), "--seconds", "20", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert done.returncode == 1
    assert "BROKEN" in done.stdout
    assert "laws broken" in done.stdout
    assert "exploits" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["no target"], "no target; name verifier"),
        ([f"{ODD}:nobody"], "has no nobody"),
        (["nowhere:f"], "no module nowhere is found; say --path"),
        (["os.path:join"], "tell no shape; say --shape"),
        ([f"{ODD}:refuses_all", "--only", EXITS], "nothing can be measured"),
        (["verifier", "--only", "no-such"], "no exploit and no law matches"),
        (["verifier", "--only", "("], "no regular expression"),
        (["verifier", "--policy", "nobody"], "no policy nobody"),
        (["verifier", "--sandbox", "nowhere"], "nowhere"),
        (["verifier", "--shape", "round"], "no shape round"),
    ],
)
def test_what_cannot_go_on_is_one_line_and_exit_code_2(arguments: list[str], told: str) -> None:
    """On standard error, without a traceback."""
    done = _run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_ctrl_c_prints_what_was_found() -> None:
    """The scorecard so far, exit code 130, and no process left."""
    fuzz = subprocess.Popen(
        [sys.executable, "-m", "verifier", "fuzz", "verifier", "--seconds", "300", "--only", "^(A5|D1)/"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        process = psutil.Process(fuzz.pid)
        while fuzz.poll() is None and not process.children():  # the sandbox's: references are tried now
            time.sleep(0.05)
        fuzz.send_signal(signal.SIGINT)
        out, _ = fuzz.communicate(timeout=100)
    finally:
        fuzz.kill()
    assert fuzz.returncode == 130
    assert "interrupted" in out
    assert "no time" in out
    give_up = time.monotonic() + 20
    while _alive(fuzz.pid) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert not _alive(fuzz.pid)


def _alive(session: int) -> bool:
    """Whether a process of that session is left."""
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_terminal_gets_a_bar_and_colours() -> None:
    """What is drawn there is removed from the scorecard's way."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "verifier", "fuzz", "verifier", "--only", "^A1/os-exit-at"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm", "COLUMNS": "200"}
    ) as done:
        os.close(theirs)
        told = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so when the last writer has closed
                break
            if not part:
                break
            told += part
    os.close(ours)
    assert done.returncode == 0
    assert b"exploits" in told
    assert b"\x1b[32m" in told


def test_help_has_an_example() -> None:
    """And names what can be a target."""
    told = _run("--help").stdout
    assert "Example: verifier fuzz my_rewards:reward" in told
    assert "lambda:NAME" in told
