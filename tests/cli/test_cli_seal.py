"""`verifier suites seal` and `unseal`, and the other commands over stores that are one file."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HIDDEN = "628318"
SUITE = f"""
kind = "stdio"
[[tests]]
stdin = "1\\n"
stdout = "2\\n"
[[tests]]
stdin = "314159\\n"
stdout = "{HIDDEN}\\n"
"""
RIGHT = "```python\nprint(2 * int(input()))\n```"


def _run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("VERIFIER_SEAL")}
    command = [sys.executable, "-m", "verifier", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env=variables | environment, timeout=120, check=False
    )


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """Make a store with one suite, `double`, and its reference."""
    folder = tmp_path / "suites" / "double"
    folder.mkdir(parents=True)
    (folder / "suite.toml").write_text(SUITE)
    (folder / "reference.py").write_text("print(2 * int(input()))\n")
    return tmp_path / "suites"


@pytest.fixture
def key(tmp_path: Path) -> str:
    """Make a key file by the command."""
    done = _run("suites", "seal", "--new-key", tmp_path / "key")
    assert done.returncode == 0, done.stderr
    return str(tmp_path / "key")


@pytest.fixture
def sealed(suites: Path, key: str) -> Path:
    """Seal the store."""
    file = suites.with_suffix(".sealed")
    done = _run("suites", "seal", suites, "-o", file, VERIFIER_SEAL_KEY_FILE=key)
    assert done.returncode == 0, done.stderr
    return file


def test_from_a_new_key_to_a_grade(suites: Path, sealed: Path, key: str, tmp_path: Path) -> None:
    """Sealed suites are shown, graded with, and given back: the folder is not needed for that."""
    shown = _run("suites", "show", suites, "--json").stdout
    there = tmp_path / "gone"
    suites.rename(there)
    assert _run("suites", "show", sealed, "--json", VERIFIER_SEAL_KEY_FILE=key).stdout == shown
    answers = tmp_path / "answers.jsonl"
    digest = json.loads(shown)[0]["digest"]
    rows = [{"id": "1", "suite": "double", "answer": RIGHT}, {"id": "2", "suite": f"double@{digest}", "answer": RIGHT}]
    answers.write_text("".join(json.dumps(row) + "\n" for row in rows))
    graded = _run("grade", sealed, answers, VERIFIER_SEAL_KEY_FILE=key)
    assert [json.loads(line)["reward"] for line in graded.stdout.splitlines()] == [1.0, 1.0]
    done = _run("suites", "unseal", sealed, "-o", suites, "--json", VERIFIER_SEAL_KEY=Path(key).read_text())
    assert json.loads(done.stdout) == {"suites": 1, "output": str(suites)}
    for name in ("suite.toml", "reference.py"):
        assert (suites / "double" / name).read_bytes() == (there / "double" / name).read_bytes()


def test_what_is_printed_names_the_key_and_does_not_show_it(suites: Path, key: str, tmp_path: Path) -> None:
    """Its id is printed by the command that made it and by the one that used it; a file of nobody else's holds it."""
    made = _run("suites", "seal", "--new-key", tmp_path / "other", "--json")
    told = json.loads(made.stdout)
    assert told["key_file"] == str(tmp_path / "other")
    assert stat.S_IMODE((tmp_path / "other").stat().st_mode) == 0o600
    file = tmp_path / "x.sealed"
    done = _run("suites", "seal", suites, "-o", file, "--json", VERIFIER_SEAL_KEY_FILE=told["key_file"])
    size = file.stat().st_size
    assert json.loads(done.stdout) == {"sealed": str(file), "suites": 1, "size": size, "key": told["key"]}
    secret = (tmp_path / "other").read_text().strip()
    assert secret not in made.stdout + made.stderr + done.stdout + done.stderr
    assert HIDDEN.encode() not in file.read_bytes()


def test_the_other_commands_take_an_archive(suites: Path, tmp_path: Path) -> None:
    """`show` gives what it gives for the folder."""
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as file:
        file.write(suites / "double" / "suite.toml", "double/suite.toml")
    assert (
        _run("suites", "show", tmp_path / "s.zip", "--json").stdout == _run("suites", "show", suites, "--json").stdout
    )


def test_show_takes_a_pin(suites: Path) -> None:
    """The version that is there is shown; another is not found."""
    digest = json.loads(_run("suites", "show", suites, "--json").stdout)[0]["digest"]
    assert (
        json.loads(_run("suites", "show", suites, "--json", "--suite", f"double@{digest}").stdout)[0]["id"] == "double"
    )
    done = _run("suites", "show", suites, "--suite", "double@sha256:000000000000")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"sha256:000000000000 is wanted, and {digest} is there" in done.stderr


@pytest.mark.parametrize("command", ["calibrate", "harden"])
def test_what_writes_asks_for_the_folder(sealed: Path, command: str, tmp_path: Path) -> None:
    """Sealed suites and archives are read only."""
    (tmp_path / "s.zip").touch()
    for place in (sealed, tmp_path / "s.zip"):
        done = _run("suites", command, place)
        assert done.returncode == 2
        assert f"is read only; {command} the folder that it was made of, and make it again of that" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give SUITES and -o FILE.sealed; or --new-key FILE, to make a key first"),
        (["suites"], "give SUITES and -o FILE.sealed; or --new-key FILE, to make a key first"),
        (["suites", "-o", "x"], "the name of sealed suites ends in .sealed, by which they are known"),
        (["suites", "--new-key", "k"], "--new-key makes a key and seals nothing: give it alone"),
        (["suites", "-o", "x.sealed"], "x.sealed: needs the key of the sealed suites; set VERIFIER_SEAL_KEY_FILE"),
    ],
)
def test_a_command_that_cannot_go_on_says_what_to_do(suites: Path, arguments: list[str], message: str) -> None:
    """On one line of standard error, without a traceback; nothing is written."""
    places = [str(suites.parent / text) if not text.startswith("-") else text for text in arguments]
    done = _run("suites", "seal", *places)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in suites.parent.iterdir()] == ["suites"]


def test_a_key_that_does_not_fit_is_told(sealed: Path, tmp_path: Path) -> None:
    """By every command that opens the store, before the first answer."""
    other = str(tmp_path / "other")
    assert _run("suites", "seal", "--new-key", other).returncode == 0
    for arguments in (["suites", "show", sealed], ["suites", "unseal", sealed, "-o", tmp_path / "out"]):
        done = _run(*arguments, VERIFIER_SEAL_KEY_FILE=other)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is sealed with another key" in done.stderr
    assert not (tmp_path / "out").exists()
