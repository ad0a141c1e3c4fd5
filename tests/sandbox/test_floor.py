"""The floor: each attack works in a plain subprocess, fails in the sandbox, and is unseen by the next submission.

What the floor denies, it denies alone, and under all other layers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from sandbox import LocalSandbox, Sandbox, Status
from sandbox.inside import kernel
from sandbox.local.proc import processes_of
from tests.sandbox.judge import ROOT
from tests.sandbox.running import ADDED, run_bare, run_calls, run_whole

MARKER = "RLVR_TEST_MARKER"

ACTS = {
    "read a file": "print(len(open('/etc/passwd').read()) > 0)",
    "list a folder": "import os\nprint(len(os.listdir('/')) > 0)",
    "write a file": "import tempfile\ntempfile.TemporaryFile().write(b'x')\nprint(True)",
    "open a socket": "import socket\nsocket.socket().close()\nprint(True)",
    "look into its parent's descriptors": "import os\nprint(len(os.listdir(f'/proc/{os.getppid()}/fd')) > 0)",
    "read its parent's environment": "import os\nprint(len(open(f'/proc/{os.getppid()}/environ').read()) >= 0)",
    "read its parent's memory": "import os\nopen(f'/proc/{os.getppid()}/mem', 'rb').close()\nprint(True)",
    "make a memory file": "import os\nos.close(os.memfd_create('x'))\nprint(True)",
    "start another program": "import subprocess\nprint(subprocess.run(['true']).returncode == 0)",
    "duplicate a descriptor": "import os\nos.close(os.dup(1))\nprint(True)",
    "be root": "import os\nos.setuid(0)\nprint(True)",
    "raise its own limit": "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\nprint(True)",
    "see the judge's environment": f"import os\nassert os.environ[{MARKER!r}]\nprint(True)",
}


@pytest.mark.parametrize("name", ACTS)
def test_acts_that_a_plain_subprocess_may_do_are_denied(
    each_sandbox: Sandbox, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same program prints True without the sandbox, and crashes inside."""
    if name == "be root" and os.getuid() != 0:
        pytest.skip("needs root to show the act without the sandbox")
    monkeypatch.setenv(MARKER, "1")
    assert run_bare(ACTS[name]).stdout == b"True\n"
    run = run_whole(each_sandbox, ACTS[name])
    assert (run.status, run.stdout) == (Status.CRASHED, b"")


def test_modules_that_come_too_late_are_refused_in_plain_words(each_sandbox: Sandbox) -> None:
    """A module whose name is made up while the program runs cannot be loaded, and the message says what to do."""
    run = run_whole(each_sandbox, "__import__('color' + str('sys'))")
    assert run.status is Status.CRASHED
    assert "name it in an import statement" in run.stderr_tail.decode()


@pytest.mark.parametrize("module", ["verifier", "testsuites.inline", "sandbox", "antigravity"])
def test_the_judges_own_modules_are_not_for_submissions(each_sandbox: Sandbox, module: str) -> None:
    """They are installed beside NumPy, and refused by name."""
    run = run_whole(each_sandbox, f"import {module}")
    assert (run.status, run.error) == (Status.CRASHED, "ModuleNotFoundError")


def test_a_module_beside_the_judge_is_not_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files in the working directory, or named by PYTHONPATH, are never imported."""
    (tmp_path / "planted.py").write_text("print('planted')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert run_bare("import planted").stdout == b"planted\n"
    with LocalSandbox(workers=1) as fresh:
        assert run_whole(fresh, "import planted").error == "ModuleNotFoundError"


def test_packages_are_loaded_without_privilege(each_sandbox: Sandbox) -> None:
    """What a module does while it loads, it does as an unprivileged user (a package may run anything)."""
    run = run_whole(each_sandbox, "import os\nprint(os.getuid(), os.geteuid(), os.getgid(), os.getgroups())")
    uid = int(run.stdout.split()[0])
    if os.getuid() == 0:
        assert uid >= 64100
        assert run.stdout.decode() == f"{uid} {uid} {uid} []\n"


def test_the_judge_cannot_be_traced_or_read(sandbox: Sandbox) -> None:
    """Making a sandbox marks this process as not dumpable."""
    status = Path("/proc/self/status")
    assert kernel._libc.prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE
    assert status.exists()
    child = subprocess.run(
        [sys.executable, "-c", "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"],
        capture_output=True,
        check=True,
    )
    assert child.stdout == b"1\n", "an ordinary process is"


DAEMON = """
import os, time
read, write = 0, 1
if os.fork() == 0:
    os.setsid()
    daemon = os.fork()
    if daemon == 0:
        time.sleep(60)
    os.write(1, b'%d\\n' % daemon)
    os._exit(0)
os.wait()
"""


def test_a_detached_daemon_does_not_outlive_its_run(floor: Sandbox) -> None:
    """A double fork in a session of its own is found, killed and reaped before the run is judged."""
    bare = run_bare(DAEMON.replace("time.sleep(60)", "os.close(1); os.close(2); time.sleep(10)"))
    assert _alive(int(bare.stdout)), "without the sandbox it lives on"
    run = run_whole(floor, DAEMON)
    assert run.status is Status.FINISHED
    assert not _alive(int(run.stdout))


def test_a_fork_bomb_ends_with_its_run(floor: Sandbox) -> None:
    """Every process of it is dead afterwards, and the next program runs as ever."""
    run = run_whole(floor, "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass")
    assert run.status in {Status.CPU_LIMIT, Status.CRASHED}
    uid = int(run_whole(floor, "import os\nprint(os.getuid())").stdout)
    if uid != os.getuid():
        assert len(list(processes_of(uid))) <= 1, "the program process alone"
    assert run_whole(floor, "print(1)").stdout == b"1\n"


KILLERS = {
    "kill its parent": "import os\nos.kill(os.getppid(), 9)\nprint(1)",
    "kill everything it can": "import os\nos.kill(-1, 9)\nprint(1)",
    "stop its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nprint(1)",
}


@pytest.mark.skipif(os.getuid() != 0, reason="without root, candidates share the judge's uid: see test_shared_uid.py")
@pytest.mark.parametrize("without", [(), ADDED], ids=["all", "floor"])
@pytest.mark.parametrize("name", KILLERS)
def test_attacking_the_processes_around_it_is_a_violation(name: str, without: tuple[str, ...]) -> None:
    """No program may choose not to be judged; the next one is served as ever."""
    with LocalSandbox(workers=1, without=without) as sandbox:
        assert run_whole(sandbox, KILLERS[name]).status is Status.VIOLATION
        assert run_whole(sandbox, "print(1)").stdout == b"1\n"


def test_attacking_the_processes_around_a_call_is_a_violation(each_sandbox: Sandbox) -> None:
    """The same for functions."""
    runs = run_calls(each_sandbox, "import os\ndef f(a):\n    os.kill(os.getppid(), 9)\n    return a", (1,), (2,))
    assert {run.status for run in runs} == {Status.VIOLATION}


NOTES = {
    "interpreter": ("import builtins\nbuiltins.note = 1", "import builtins\nprint(hasattr(builtins, 'note'))"),
    "environment": ("import os\nos.environ['NOTE'] = '1'", "import os\nprint('NOTE' in os.environ)"),
}


@pytest.mark.parametrize("without", [(), ADDED], ids=["all", "floor"])
@pytest.mark.parametrize("name", NOTES)
def test_nothing_of_one_submission_is_visible_to_the_next(name: str, without: tuple[str, ...]) -> None:
    """Neither interpreter state nor the environment passes from one program to another."""
    leave, look = NOTES[name]
    with LocalSandbox(workers=1, without=without) as sandbox:
        assert run_whole(sandbox, leave).status is Status.FINISHED
        assert run_whole(sandbox, look).stdout == b"False\n"


NAMES = {
    "folder": "import os\nos.mkdir('{path}')",
    "link": "import os\nos.symlink('x', '{path}')",
    "pipe": "import os\nos.mkfifo('{path}')",
}


@pytest.mark.skipif(os.getuid() != 0, reason="without root the file system cannot be taken away: see docs/limits.md")
@pytest.mark.parametrize("name", NAMES)
def test_nothing_can_be_left_in_the_file_system(each_sandbox: Sandbox, name: str, tmp_path: Path) -> None:
    """Some names can be made without any descriptor; here there is no file system to make them in."""
    tmp_path.chmod(0o777)
    source = NAMES[name].format(path=tmp_path / "note")
    assert run_bare(source).returncode == 0
    assert os.path.lexists(tmp_path / "note"), "without the sandbox it can"
    run = run_whole(each_sandbox, NAMES[name].format(path=tmp_path / "other"))
    assert (run.status, run.error) == (Status.CRASHED, "FileNotFoundError")
    assert not os.path.lexists(tmp_path / "other")


def test_where_memory_runs_out_programs_end_before_the_judge() -> None:
    """What a sandbox starts has the highest score that the kernel knows for ending it; the judge keeps its own."""
    with LocalSandbox(workers=1) as sandbox:
        before = {child.pid for child in psutil.Process().children(recursive=True)}
        sandbox.survey()
        zygotes = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
        scores = {Path(f"/proc/{zygote.pid}/oom_score_adj").read_text() for zygote in zygotes}
    assert "1000\n" in scores
    assert Path("/proc/self/oom_score_adj").read_text() != "1000\n"


def _alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_the_interpreter_finds_its_libraries_where_the_judges_does(tmp_path: Path) -> None:
    """Some base images keep them where only LD_LIBRARY_PATH leads. Nothing else of the environment is passed."""
    code = """
from sandbox import Job, LocalSandbox, Program, Stdin
program = Program(source="import os\\nprint(os.environ.get('LD_LIBRARY_PATH'), os.environ.get('OTHER'))")
with LocalSandbox(1) as sandbox:
    print(sandbox.run(Job(program=program, inputs=(Stdin(b""),))).runs[0].stdout.decode())
"""
    environment = {**os.environ, "LD_LIBRARY_PATH": str(tmp_path), "OTHER": "secret"}
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == [str(tmp_path), "None"]
