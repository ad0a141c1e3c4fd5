"""`verifier report` and `verifier watch` as a user meets them: real processes, real files."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import pytest

from benchmarks.grades import rows
from tests.reporting.grades import failed, missed, row
from verifier.cli.errors import explain
from verifier.cli.report_display import bars

_SECONDS = 120


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verifier", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=_SECONDS, check=False)


def _write(path: Path, grades: list[Any], end: bytes = b"") -> Path:
    path.write_bytes(b"".join(json.dumps(grade).encode() + b"\n" for grade in grades) + end)
    return path


@pytest.fixture(scope="module")
def hacking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the grades of a run that hacks its reward."""
    return _write(tmp_path_factory.mktemp("grades") / "g.jsonl", list(rows(4000, "hacking")))


def test_a_summary_tells_what_to_look_at_first(hacking: Path) -> None:
    """Findings, then figures with a line of the run, then the hardest suites; nothing on standard error."""
    done = _run("report", hacking)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("alarm: ")
    assert "conciseness rises while correctness falls" in done.stdout
    (rewards,) = (line.split()[-1] for line in lines if line.startswith("mean reward"))
    assert set(rewards) <= set("▁▂▃▄▅▆▇█")
    assert len(rewards) > 20
    assert "hardest suites" in done.stdout


def test_a_line_of_bars_keeps_its_places() -> None:
    """A part without a figure is a gap, so that lines stand below each other; the range is as given, or as found."""
    assert bars([0.0, None, 0.5, 1.0], 0.0, 1.0) == "▁ ▅█"
    assert bars([0.5, 0.6]) == "▁█"
    assert bars([0.5, 0.5]) == "▁▁"
    assert bars([]) == ""


def test_figures_are_json_when_asked(hacking: Path) -> None:
    """Everything that the page shows."""
    done = _run("report", hacking, "--json")
    data = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert data["rows"] == 4000
    assert data["parts_are"] == "steps"
    assert data["findings"][0]["level"] == "alarm"
    assert sum(part["judged"] for part in data["parts"]) == data["total"]["judged"]
    assert {component["name"] for component in data["components"]} >= {"correctness", "format"}


def test_a_page_is_written_where_o_says(hacking: Path, tmp_path: Path) -> None:
    """Standard error says where it is, what is in it, and how large it is."""
    page = tmp_path / "report.html"
    done = _run("report", hacking, "-o", page)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith(f"{page}: 4,000 grades, ")
    assert "conciseness rises while correctness falls" in page.read_text("utf-8")


def test_lines_that_are_no_grades_are_told_and_left_out(tmp_path: Path) -> None:
    """With their numbers and fields; the rest is shown, and the exit code is 1."""
    path = _write(tmp_path / "g.jsonl", [row(), {"id": 1}, failed(credit=2.0), failed()], b"{hello}\n")
    done = _run("report", path)
    assert done.returncode == 1
    assert "3 lines are no grades" in done.stdout
    assert "line 2: verdict: missing; line 3: credit: expected" in done.stdout
    assert json.loads(_run("report", path, "--json").stdout)["rows"] == 2


def test_a_last_line_that_is_not_finished_is_normal(tmp_path: Path) -> None:
    """A run that is under way, or was ended, leaves one."""
    done = _run("report", _write(tmp_path / "g.jsonl", [row(), failed()], json.dumps(row()).encode()[:20]))
    assert done.returncode == 0
    assert "the last line is not finished" in done.stdout


@pytest.mark.parametrize(
    ("grades", "error"),
    [
        ([], "g.jsonl: holds no grades; name a file that verifier grade wrote"),
        ([{"hello": 1}], "g.jsonl: holds no grades (line 1: id: missing); name a file"),
        ([missed(), missed(message="x"), missed()], "none of its 3 answers was judged; most often: lost"),
    ],
)
def test_a_file_with_nothing_to_show_says_so(tmp_path: Path, grades: list[Any], error: str) -> None:
    """One line on standard error, and exit code 2."""
    done = _run("report", _write(tmp_path / "g.jsonl", grades))
    assert (done.returncode, done.stdout) == (2, "")
    assert error in done.stderr
    assert done.stderr.count("\n") == 1


def test_files_that_cannot_be_are_told(tmp_path: Path) -> None:
    """A file that is not there, an output without a folder, and one that would overwrite the grades."""
    grades = _write(tmp_path / "g.jsonl", [row()])
    assert (
        _run("report", tmp_path / "none.jsonl").stderr == f"error: {tmp_path}/none.jsonl: No such file or directory\n"
    )
    missing = tmp_path / "no" / "r.html"
    assert f"there is no folder {missing.parent}; create it first" in _run("report", grades, "-o", missing).stderr
    assert "is the file of grades; choose another output" in _run("report", grades, "-o", grades).stderr
    assert json.loads(grades.read_bytes()) == row()


@pytest.mark.parametrize("module", ["altair", "jinja2", "vl_convert"])
def test_a_missing_extra_is_told_with_the_command_that_installs_it(module: str) -> None:
    """What draws the page is in the extra `report`."""
    line, code = explain(ModuleNotFoundError(f"No module named '{module}'", name=module))
    assert "pip install 'rlvr-verifier[report]'" in line
    assert code == 2


def test_help_and_the_summary_load_nothing_that_draws_pages(hacking: Path) -> None:
    """What is heavy is loaded for a page only."""
    heavy = ("altair", "jinja2", "vl_convert", "numpy")
    for arguments in (["report", "--help"], ["report", str(hacking)], ["watch", "--help"]):
        code = (
            "import sys, runpy\nsys.argv = ['verifier', *sys.argv[1:]]\n"
            "try: runpy.run_module('verifier', run_name='__main__', alter_sys=False)\n"
            "except SystemExit: pass\n"
            f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
        )
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=_SECONDS, check=True)
        assert done.stderr == "[]\n"


def test_text_from_outside_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Escapes in ids, suites and messages are shown as text."""
    text = "\x1b[2J\u202e\ud800"
    grades = [row(suite=text, components={text: 1.0}), failed(suite=text), missed(message=text), {"\x1b": text}]
    done = _run("report", _write(tmp_path / "g.jsonl", grades))
    assert "\x1b" not in done.stdout + done.stderr
    assert "\\x1b[2J" in done.stdout


class _Watch:
    """`verifier watch` at work, its standard output a pipe."""

    def __init__(self, path: Path, *options: str) -> None:
        """Start it."""
        command = [sys.executable, "-m", "verifier", "watch", str(path), "--every", "0.05", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")

    def wait_for(self, text: str) -> str:
        """Read lines until one holds a text; the test's own limit ends what never comes."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if text in line:
                return line
        raise AssertionError(f"ended before it said {text!r}")

    def end(self) -> str:
        """Interrupt it, as Ctrl-C does; return the rest."""
        self.process.send_signal(signal.SIGINT)
        rest, errors = self.process.communicate(timeout=_SECONDS)
        assert errors == ""
        assert self.process.returncode == 0
        return rest

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Kill it, where a test failed before its end."""
        self.process.kill()
        self.process.communicate()


def test_a_file_that_grows_is_followed(tmp_path: Path) -> None:
    """Before it is there, while it grows, when it begins anew; Ctrl-C ends with the summary."""
    path = tmp_path / "g.jsonl"
    with _Watch(path) as watch:
        watch.wait_for("watching g.jsonl")
        _write(path, [row(), failed(), failed()])
        assert "reward -0.800" in watch.wait_for("3 grades")
        with path.open("ab") as file:
            file.write(json.dumps(missed()).encode() + b"\n")
        watch.wait_for("4 grades")
        watch.wait_for("alarm: Many answers are not judged")
        _write(path, [row()])
        watch.wait_for("the file has begun anew")
        watch.wait_for("1 grades")
        rest = watch.end()
    assert "healthy: nothing asks for a look" in rest
    assert "mean reward" in rest


def test_watching_ends_by_itself_when_asked(tmp_path: Path, hacking: Path) -> None:
    """After --seconds; what was never there is told."""
    assert "alarm: conciseness rises" in _run("watch", hacking, "--seconds", "0").stdout
    done = _run("watch", tmp_path / "none.jsonl", "--seconds", "0")
    assert (done.returncode, done.stdout) == (0, "watching none.jsonl; Ctrl-C ends\nno answer was judged\n")


def test_on_a_terminal_the_summary_is_kept_up_to_date(hacking: Path) -> None:
    """A real terminal: the summary is drawn, drawn over, and stays at the end."""
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "verifier", "watch", str(hacking), "--seconds", "0"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    with subprocess.Popen(command, stdout=its, stderr=its, stdin=its, env=environment) as process:
        os.close(its)
        shown = b""
        while data := _read(ours):
            shown += data
        assert process.wait(_SECONDS) == 0
    os.close(ours)
    text = shown.decode()
    assert "watching g.jsonl" in text
    assert "hardest suites" in text
    assert "\x1b[" in text


def _read(terminal: int) -> bytes:
    """Read what was printed; nothing once the other side is closed, which Linux tells by an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
