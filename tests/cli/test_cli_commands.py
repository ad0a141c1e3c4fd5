"""The command line as a user meets it: real processes, real suites, real sandbox."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sandbox import languages

HIDDEN_IN, HIDDEN_OUT = "314159", "628318"
SUITE = f"""
kind = "stdio"
[limits]
cpu_seconds = 1.0
[[tests]]
stdin = "1\\n"
stdout = "2\\n"
[[tests]]
stdin = "{HIDDEN_IN}\\n"
stdout = "{HIDDEN_OUT}\\n"
"""
RIGHT = "```python\nprint(2 * int(input()))\n```"
WRONG = "```python\nprint(2)\n```"
BROKEN = "```python\nprint(\n```"
COBOL = "\n```cobol\nSTOP RUN.\n```"
SLOW = "```python\nwhile True: pass\n```"


def _run(*arguments: object, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "verifier", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env=os.environ | environment,
        timeout=120,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """Make a store with one suite, `double`."""
    folder = tmp_path / "suites" / "double"
    folder.mkdir(parents=True)
    (folder / "suite.toml").write_text(SUITE)
    return tmp_path / "suites"


def _write(path: Path, *rows: object) -> Path:
    path.write_bytes(b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in rows))
    return path


def _answer(row_id: object, answer: str = RIGHT, suite: object = "double") -> dict[str, object]:
    return {"id": row_id, "suite": suite, "answer": answer}


def _rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_grades_come_out_in_order_on_standard_output(suites: Path, tmp_path: Path) -> None:
    """One row for each answer, with what the row documents; the summary is on standard error."""
    answers = _write(
        tmp_path / "a.jsonl", _answer("a"), _answer("b", WRONG), _answer("c", "I cannot."), _answer("d", BROKEN)
    )
    done = _run("grade", suites, answers)
    rows = _rows(done.stdout)
    assert [(row["id"], row["verdict"]) for row in rows] == [
        ("a", "accepted"), ("b", "wrong_answer"), ("c", "no_code"), ("d", "compile_error"),
    ]  # fmt: skip
    assert rows[0]["reward"] == 1.0
    assert rows[1]["credit"] == 0.5
    assert [test["verdict"] for test in rows[1]["tests"]] == ["accepted", "wrong_answer"]
    assert rows[0]["digest"].startswith("sha256:")
    assert "accepted" in done.stderr
    assert "mean reward" in done.stderr
    assert done.returncode == 0


def test_nothing_hidden_is_printed(suites: Path, tmp_path: Path) -> None:
    """Neither the test's input nor its expected output is in a grade, a table, a summary or a listing."""
    crash = "```python\nraise ValueError(input())\n```"
    answers = _write(tmp_path / "a.jsonl", _answer(1, WRONG), _answer(2, crash), _answer(3, "", "nowhere"))
    output = tmp_path / "g.jsonl"
    graded = _run("grade", suites, answers, "-o", output, "--table")
    shown = _run("suites", "show", suites)
    listed = _run("suites", "show", suites, "--json")
    everything = output.read_text() + "".join(run.stdout + run.stderr for run in (graded, shown, listed))
    assert "double" in everything
    assert HIDDEN_IN not in everything
    assert HIDDEN_OUT not in everything


def test_the_summary_is_json_when_asked(suites: Path, tmp_path: Path) -> None:
    """With -o, standard output is free for it."""
    answers = _write(tmp_path / "a.jsonl", _answer("a"), _answer("b", WRONG))
    done = _run("grade", suites, answers, "-o", tmp_path / "g.jsonl", "--json")
    summary = json.loads(done.stdout)
    assert summary["verdicts"] == {"accepted": 1, "wrong_answer": 1}
    assert summary["answers"] == 2
    assert done.stderr == ""


def test_the_table_has_a_line_for_each_answer(suites: Path, tmp_path: Path) -> None:
    """Id, suite, verdict, reward and credit."""
    answers = _write(tmp_path / "a.jsonl", _answer("first"), _answer("second", WRONG))
    done = _run("grade", suites, answers, "-o", tmp_path / "g.jsonl", "--table")
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == ["id", "suite", "verdict", "reward", "credit"]
    assert lines[1] == ["first", "double", "accepted", "+1.000", "1.00"]
    assert lines[2][:3] == ["second", "double", "wrong_answer"]


def test_a_bad_row_is_told_and_the_rest_is_graded(suites: Path, tmp_path: Path) -> None:
    """Its line and field are named, it is not judged, and the exit code is 1."""
    answers = _write(
        tmp_path / "a.jsonl",
        _answer("a"),
        b'{"id": "\xff"}',
        {"id": "c", "suite": "double"},
        _answer("d", suite="dubble"),
    )
    done = _run("grade", suites, answers)
    rows = _rows(done.stdout)
    assert [(row["id"], row["judged"], row["reward"] is None) for row in rows] == [
        ("a", True, False), (None, False, True), ("c", False, True), ("d", False, True),
    ]  # fmt: skip
    assert "line 2: not UTF-8" in done.stderr
    assert "line 3: answer: missing" in done.stderr
    assert "double" in rows[3]["message"]
    assert "line 4: " in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('kind = "stdio"\n', "tests"),
        ('kind = "stdio', "suite.toml"),
        (SUITE.replace('kind = "stdio"', 'kind = "stdio"\nlanguage = "cobol"'), "cobol"),
    ],
    ids=["empty", "broken", "language"],
)
def test_a_suite_that_cannot_be_used_leaves_its_answers_unjudged(
    suites: Path, tmp_path: Path, text: str, why: str
) -> None:
    """A suite without tests, with broken TOML, or in a language nobody runs gives no reward, and says why."""
    (suites / "bad").mkdir()
    (suites / "bad" / "suite.toml").write_text(text)
    done = _run("grade", suites, _write(tmp_path / "a.jsonl", _answer("a"), _answer("b", RIGHT + COBOL, "bad")))
    good, bad = _rows(done.stdout)
    assert good["verdict"] == "accepted"
    assert (bad["judged"], bad["reward"]) == (False, None)
    assert why in bad["message"]
    assert done.returncode == 1


def test_rows_may_carry_their_suite(tmp_path: Path) -> None:
    """SUITES is - then."""
    suite = {"inputs": ["1", "5"], "outputs": ["2", "10"]}
    done = _run("grade", "-", _write(tmp_path / "a.jsonl", _answer("a", suite=suite)))
    assert _rows(done.stdout)[0]["verdict"] == "accepted"
    assert done.returncode == 0


def test_aws_samples_are_graded(suites: Path, tmp_path: Path) -> None:
    """The program is taken from the assistant's turn."""
    turns = [{"role": "user", "content": WRONG}, {"role": "assistant", "content": RIGHT}]
    sample = {"id": "a", "messages": turns, "metadata": {"reference_answer": {"suite": "double"}}}
    done = _run("grade", suites, _write(tmp_path / "a.jsonl", sample))
    assert _rows(done.stdout)[0]["verdict"] == "accepted"


def test_answers_may_come_through_a_pipe(suites: Path) -> None:
    """ANSWERS is - then."""
    done = _run("grade", suites, "-", stdin=json.dumps(_answer("a")).encode())
    assert _rows(done.stdout)[0]["verdict"] == "accepted"


def test_a_long_answer_is_graded(suites: Path, tmp_path: Path) -> None:
    """Twenty megabytes of prose before the program."""
    done = _run("grade", suites, _write(tmp_path / "a.jsonl", _answer("a", "word " * 4_000_000 + "\n" + RIGHT)))
    assert _rows(done.stdout)[0]["verdict"] == "accepted"


def test_resuming_grades_what_is_missing(suites: Path, tmp_path: Path) -> None:
    """Rows in the output are kept as they are; a row cut short is graded again."""
    answers = _write(tmp_path / "a.jsonl", *(_answer("same", answer) for answer in (RIGHT, WRONG, "nothing")))
    output = tmp_path / "g.jsonl"
    assert _run("grade", suites, answers, "-o", output).returncode == 0
    whole = output.read_bytes().splitlines(keepends=True)
    output.write_bytes(whole[0] + whole[1][:40])
    done = _run("grade", suites, answers, "-o", output, "--resume", "--json")
    assert json.loads(done.stdout)["graded_before"] == 1
    assert output.read_bytes().startswith(whole[0])
    assert [row["verdict"] for row in _rows(output.read_text())] == ["accepted", "wrong_answer", "no_code"]


def test_an_interrupted_run_keeps_its_grades_and_can_go_on(suites: Path, tmp_path: Path) -> None:
    """Ctrl-C: exit code 130, whole rows on disk, the way on told, nothing left running."""
    answers = _write(tmp_path / "a.jsonl", _answer("a"), *(_answer(n, SLOW) for n in range(20)))
    output = tmp_path / "g.jsonl"
    command = [
        sys.executable,
        "-m",
        "verifier",
        "grade",
        str(suites),
        str(answers),
        "-o",
        str(output),
        "--workers",
        "1",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    deadline = time.monotonic() + 60
    while not (output.exists() and output.read_bytes().endswith(b"\n")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"--resume" in stderr
    assert b"Traceback" not in stderr
    rows = _rows(output.read_text())
    assert 1 <= len(rows) < 21
    assert [row["id"] for row in rows] == ["a", *range(20)][: len(rows)]


def test_a_terminal_gets_a_progress_bar_and_a_pipe_does_not(suites: Path, tmp_path: Path) -> None:
    """The bar counts answers, on standard error only."""
    answers = _write(tmp_path / "a.jsonl", _answer("a"), _answer("b"))
    command = [sys.executable, "-m", "verifier", "grade", str(suites), str(answers)]
    ours, theirs = os.openpty()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {"TERM": "xterm"})
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # how a terminal whose other end was closed ends
        while chunk := os.read(ours, 4096):
            shown += chunk
    os.close(ours)
    stdout, _ = process.communicate(timeout=60)
    assert b"grading" in shown
    assert b"2 answers" in shown
    assert len(_rows(stdout.decode())) == 2
    assert "grading" not in _run("grade", suites, answers).stderr


def test_a_reader_that_leaves_is_no_error(suites: Path, tmp_path: Path) -> None:
    """`verifier grade ... | head -1` prints no traceback."""
    answers = _write(tmp_path / "a.jsonl", *(_answer(n) for n in range(5)))
    command = [sys.executable, "-m", "verifier", "grade", str(suites), str(answers)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    stderr = process.stderr.read()
    process.stderr.close()
    process.wait(timeout=30)
    assert b"Traceback" not in stderr
    assert b"mistake" not in stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nowhere", "{answers}"], "nowhere: no such directory"),
        (["suites.zip", "{answers}"], "suites.zip: no such file; give the file, or the folder, that holds the suites"),
        (["{empty}", "{answers}"], "holds no suites"),
        (["{suites}", "missing.jsonl"], "error: missing.jsonl: No such file or directory"),
        (["{suites}", "{empty}"], "Is a directory"),
        (["{suites}", "{answers}", "-o", "{empty}/no/g.jsonl"], "create it first"),
        (["{suites}", "{answers}", "-o", "{empty}"], "Is a directory"),
        (["{suites}", "{answers}", "-o", "{answers}"], "choose another output"),
        (["{suites}", "{answers}", "--policy", "kindness"], "kindness"),
        (["{suites}", "{answers}", "--policy", "{broken}"], "broken.toml"),
        (["{suites}", "{answers}", "--sandbox", "podman"], "--sandbox: set local, docker"),
        (["{suites}", "{answers}", "--sandbox", "docker:no-such-image"], "error: "),
        (["{suites}", "{answers}", "--resume"], "--resume needs -o"),
        (["{suites}", "{answers}", "--json"], "--json needs -o"),
        (["{suites}", "{answers}", "-o", "x", "--json", "--table"], "choose one"),
        (["{suites}", "{answers}", "--workers", "0"], "--workers"),
        (["{suites}"], "ANSWERS"),
    ],
)
def test_what_cannot_be_done_is_told(suites: Path, tmp_path: Path, arguments: list[str], line: str) -> None:
    """Exit code 2, a line that says what is wrong, no traceback, and nothing graded."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.toml").write_text("kind = ")
    places = {
        "suites": suites,
        "answers": _write(tmp_path / "a.jsonl", _answer("a")),
        "empty": tmp_path / "empty",
        "broken": tmp_path / "broken.toml",
    }
    done = _run("grade", *(argument.format(**places) for argument in arguments))
    assert line in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert done.returncode == 2


def test_a_wrong_option_does_not_cost_the_earlier_output(suites: Path, tmp_path: Path) -> None:
    """The output is emptied last."""
    output = tmp_path / "g.jsonl"
    output.write_text("precious\n")
    assert _run("grade", suites, tmp_path / "no.jsonl", "-o", output).returncode == 2
    assert _run("grade", suites, os.devnull, "-o", output, "--policy", "none").returncode == 2
    assert output.read_text() == "precious\n"


def test_suites_are_listed(suites: Path) -> None:
    """Id, kind, number of tests, limits, digest; one suite or all."""
    (one,) = json.loads(_run("suites", "show", suites, "--suite", "double", "--json").stdout)
    assert (one["id"], one["kind"], one["tests"], one["cpu_seconds"]) == ("double", "stdio", 2, 1.0)
    assert f"{one['digest'][:19]}\n" in _run("suites", "show", suites).stdout


def test_an_unusable_suite_is_listed_with_its_problem(suites: Path) -> None:
    """The others are listed too; exit code 1."""
    (suites / "bad").mkdir()
    (suites / "bad" / "suite.toml").write_text("kind = 'stdio'\n")
    done = _run("suites", "show", suites)
    assert done.returncode == 1
    assert "double" in done.stdout
    assert "tests" in next(line for line in done.stdout.splitlines() if line.startswith("bad: "))


def test_a_missing_suite_is_told_with_a_near_one(suites: Path) -> None:
    """Exit code 2 and a suggestion."""
    done = _run("suites", "show", suites, "--suite", "doubel")
    assert done.returncode == 2
    assert "double" in done.stderr


def test_a_data_set_becomes_suites_that_grade(tmp_path: Path) -> None:
    """What `suites import` writes, `grade` reads; a row that cannot be imported is named."""
    good = {
        "task_id": "Own/0",
        "prompt": 'def double(x: int) -> int:\n    """Twice x."""\n',
        "entry_point": "double",
        "canonical_solution": "    return 2 * x\n",
        "test": "def check(candidate):\n    assert candidate(4) == 8\n",
    }
    source = _write(tmp_path / "own.jsonl", good, {"task_id": "Own/1"})
    imported = _run("suites", "import", "humaneval", source, "-o", tmp_path / "store", "--json")
    assert imported.returncode == 1
    assert json.loads(imported.stdout)["written"] == 1
    assert "row 2" in imported.stderr
    answer = "```python\n" + good["prompt"] + good["canonical_solution"] + "```"
    graded = _run("grade", tmp_path / "store", "-", stdin=json.dumps(_answer("a", answer, "Own/0")).encode())
    assert _rows(graded.stdout)[0]["verdict"] == "accepted"


def test_an_unknown_format_is_told_with_the_known_ones(tmp_path: Path) -> None:
    """Exit code 2."""
    done = _run("suites", "import", "punchcards", "x.jsonl", "-o", tmp_path / "store")
    assert done.returncode == 2
    assert "humaneval" in done.stderr


def test_the_doctor_tries_every_layer() -> None:
    """The JSON has the documented fields; the exit code follows from it."""
    done = _run("doctor", "--json")
    rows = json.loads(done.stdout)
    probes = [row for row in rows if "language" not in row]
    assert probes
    assert all(set(probe) == {"name", "layer", "ok", "required", "detail"} for probe in probes)
    assert done.returncode == int(any(probe["required"] and not probe["ok"] for probe in probes))
    found = [row for row in rows if "language" in row]
    assert all(set(row) == {"language", "version", "ok", "required", "layers", "detail"} for row in found)
    assert {row["language"] for row in found} >= {"python", "cpp", "javascript"}


def test_the_doctor_tries_the_languages_that_are_named() -> None:
    """The table shows them, by the names that people use; one that is not here, or not known, ends the command."""
    done = _run("doctor", "--languages", "python,sh")
    assert done.returncode == 0
    table = done.stdout.partition("layers in force")[2]
    assert [line.split()[0] for line in table.splitlines()[1:]] == ["Python", "Bash"]
    assert "no file can be opened" in done.stdout
    unknown = _run("doctor", "--languages", "cobol")
    assert unknown.returncode == 2
    assert "--languages: no language is called 'cobol'" in unknown.stderr


def test_the_doctor_misses_a_language_that_has_to_work(tmp_path: Path) -> None:
    """The exit code is 1, and the table says what to install."""
    bash = (Path(languages.__file__).parent / "bash.toml").read_text()
    bash = bash.replace('"bash"\n', '"mine"\n', 1).replace('["bash", "sh", "shell"]', '["mine"]')
    (tmp_path / "mine.toml").write_text(bash.replace('["bash", "--version"]', '["no-bash", "--version"]'))
    done = _run("doctor", "--languages", "mine", VERIFIER_LANGUAGES=str(tmp_path))
    assert done.returncode == 1
    assert "no-bash is missing; on Debian install bash" in done.stdout
    (tmp_path / "mine.toml").write_text("name = 3\n")
    broken = _run("doctor", "--languages", "mine", VERIFIER_LANGUAGES=str(tmp_path))
    assert broken.returncode == 2
    assert "mine.toml: " in broken.stderr


@pytest.mark.emulator
def test_one_event_goes_through_the_lambda_handler(suites: Path, tmp_path: Path) -> None:
    """`invoke` prints the reply of the real runtime."""
    turns = [{"role": "user", "content": "double it"}, {"role": "assistant", "content": RIGHT}]
    event = tmp_path / "event.json"
    event.write_text(json.dumps([{"id": "a", "messages": turns, "reference_answer": {"suite": "double"}}]))
    done = _run("invoke", event, "--suites", suites)
    (result,) = json.loads(done.stdout)
    assert (result["id"], result["aggregate_reward_score"]) == ("a", 1.0)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("content", "line"), [(b"[", "line 1: not JSON"), (b'"\xff"', "not UTF-8"), (b"[" * 99999, "nested")]
)
def test_an_event_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, line: str) -> None:
    """Exit code 2, before anything is started."""
    (tmp_path / "event.json").write_bytes(content)
    done = _run("invoke", tmp_path / "event.json")
    assert line in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize("command", [["grade"], ["invoke"], ["doctor"], ["suites", "import"], ["suites", "show"]])
def test_every_command_explains_itself_with_an_example(command: list[str]) -> None:
    """`--help` shows a line that can be typed."""
    done = _run(*command, "--help")
    assert f"Example: verifier {' '.join(command)}" in done.stdout
    assert done.returncode == 0


def test_help_loads_nothing_heavy() -> None:
    """Help is quick: nothing that it does not need is imported."""
    code = (
        "import sys\nsys.argv = ['verifier', '--help']\nfrom verifier.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print({'rich', 'numpy', 'hypothesis', 'verifier.batch'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "grade" in done.stdout
    assert done.stderr == "set()\n"


def test_the_missing_extra_is_told() -> None:
    """Without typer, the line names the command that installs it."""
    code = "import sys; sys.modules['typer'] = None; from verifier.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == "error: the command line needs typer; run: pip install 'rlvr-verifier[cli]'\n"
    assert done.returncode == 2


def test_the_version_is_that_of_the_distribution() -> None:
    """`verifier --version` prints it and nothing else."""
    from importlib.metadata import version

    assert _run("--version").stdout == version("rlvr-verifier") + "\n"


def test_an_unexpected_error_is_one_line_unless_debugging() -> None:
    """No traceback for users; the whole one for who asks."""
    code = (
        "import json, sys\njson.dumps = lambda *_: 1 / 0\nsys.argv = ['verifier', 'doctor', '--json']\n"
        "from verifier.cli import main\nmain()"
    )
    quiet, loud = (
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"VERIFIER_DEBUG": debug},
        )
        for debug in ("0", "1")
    )
    assert quiet.returncode == 3
    assert quiet.stderr.startswith("error: ZeroDivisionError at ")
    assert len(quiet.stderr.splitlines()) == 1
    assert "Traceback" in loud.stderr
