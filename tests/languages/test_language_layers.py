"""Which layers a language's programs have, and what is refused where those are missing that they cannot do without."""

from __future__ import annotations

import os
import re
from pathlib import Path
from unittest import mock

import pytest

from sandbox import Call, Job, Limits, LocalSandbox, Program, SandboxUnavailable, Status, UnsupportedLanguage, languages
from sandbox.job import TALK
from sandbox.local import native
from tests.languages.needs import QUICK, need, run_in
from tests.languages.script_language import FOLDER, NAME
from tests.sandbox.running import ADDED

MAIN = "int main(void) { return 0; }"


@pytest.mark.parametrize(("name", "source"), [("c", MAIN), ("javascript", ""), ("bash", ""), ("python", "")])
def test_the_layers_of_an_outcome_are_those_of_its_program(sandbox: LocalSandbox, name: str, source: str) -> None:
    """What opens files by their names keeps its root; all else is the same for all."""
    outcome = run_in(sandbox, name, source)
    assert outcome.runs[0].status is Status.FINISHED
    in_force, _ = sandbox.survey()
    empties_its_root = name in {"c", "python"}
    assert outcome.layers == tuple(each for each in in_force if each != "chroot" or empties_its_root)


def test_a_layer_that_a_language_cannot_have_is_not_required_in_vain() -> None:
    """Who requires an empty root is told that Node has none; C has one."""
    with LocalSandbox(1, require=("floor", "seccomp", "chroot")) as sandbox:
        assert run_in(sandbox, "c", MAIN).runs[0].status is Status.FINISHED
        with pytest.raises(SandboxUnavailable, match=r"JavaScript cannot have what is required: chroot"):
            run_in(sandbox, "javascript", "")


@pytest.mark.parametrize("name", ["c", "cpp", "rust", "go", "java", "javascript", "typescript", "bash"])
def test_nothing_is_built_without_landlock_where_there_may_be_secrets(name: str) -> None:
    """A compiler would read what its user may. Python has none, and is run."""
    need(name)
    with LocalSandbox(1, without=("landlock",)) as sandbox:
        with pytest.raises(SandboxUnavailable, match=r"needs the layer landlock .*a runner, which holds no tests"):
            run_in(sandbox, name, "")
        assert run_in(sandbox, "python", "").runs[0].status is Status.FINISHED


def test_a_shell_is_never_run_without_the_filter() -> None:
    """It keeps its descriptors: nothing else keeps it from the network."""
    need("bash")
    with (
        LocalSandbox(1, without=("seccomp",), holds_no_secrets=True) as sandbox,
        pytest.raises(SandboxUnavailable, match=r"Bash needs the layer seccomp"),
    ):
        run_in(sandbox, "bash", "echo 1")


def test_a_package_that_only_root_may_read_is_told(tmp_path: Path) -> None:
    """A runtime would not find the driver that it is started with; what has none is run."""
    need("javascript", "c")
    if os.getuid() != 0:
        pytest.skip("needs root")
    tmp_path.chmod(0o700)
    with mock.patch.object(native, "DRIVERS", tmp_path), LocalSandbox(1) as sandbox:
        with pytest.raises(SandboxUnavailable, match=r"JavaScript needs files of this package"):
            run_in(sandbox, "javascript", "")
        assert run_in(sandbox, "c", MAIN).runs[0].status is Status.FINISHED


def test_the_judges_umask_does_not_matter(sandbox: LocalSandbox) -> None:
    """A compiler can read the program whatever files of the judge are like."""
    before = os.umask(0o077)
    try:
        assert run_in(sandbox, "c", f"{MAIN} // with another umask").build.ok
    finally:
        os.umask(before)


@pytest.mark.parametrize("name", ["c", "go", "javascript", "java"])
def test_the_rest_runs_on_the_floor_of_a_runner(name: str) -> None:
    """There nothing has to be kept from it."""
    source = {
        "c": MAIN,
        "go": "package main\nfunc main() {}",
        "javascript": "",
        "java": "class A { public static void main(String[] a) {} }",
    }
    with LocalSandbox(1, without=ADDED, holds_no_secrets=True) as sandbox:
        assert run_in(sandbox, name, source[name]).runs[0].status is Status.FINISHED


def test_what_a_shell_starts_reaches_nothing_either(sandbox: LocalSandbox, tmp_path: Path) -> None:
    """Files, ports, signals to others, and tracing are denied to all of its processes."""
    tries = [
        f"cat {tmp_path}/any",
        "cat /etc/passwd",
        "cat /proc/1/environ",
        "(exec 3<>/dev/tcp/127.0.0.1/9001)",
        "kill -0 $PPID",
        "kill -9 1",
        "touch /tmp/left",
        "mkfifo /tmp/left",
        "ls /",
    ]
    (tmp_path / "any").write_text("hidden")
    (run,) = run_in(sandbox, "bash", "\n".join(f"({each}) 2>&- && echo '{each}'" for each in tries)).runs
    assert run.stdout == b""


def test_a_command_that_is_not_here_is_told_with_what_to_install(sandbox: LocalSandbox, tmp_path: Path) -> None:
    """Before anything is built, for jobs and sessions alike."""
    text = (FOLDER / f"{NAME}.toml").read_text()
    text = re.sub('command = ."bash", "{source}".', 'command = ["no-such-compiler"]', text)
    (tmp_path / f"{NAME}.toml").write_text(text)
    with mock.patch.dict(os.environ, {languages.FOLDER: str(tmp_path)}):
        program = Program(source="", language=NAME)
        for act in (
            lambda: sandbox.check_language(NAME),
            lambda: sandbox.open(program, QUICK),
            lambda: sandbox.run(Job(program=program, inputs=(Call(function="f"),))),
        ):
            with pytest.raises(UnsupportedLanguage, match=r"Made needs no-such-compiler, .*: install bash"):
                act()


def test_test_code_calls_no_program_that_is_no_python(sandbox: LocalSandbox) -> None:
    """Values would cross, but nothing else of what test code does."""
    need("c")
    with pytest.raises(UnsupportedLanguage, match=r"test code cannot call a program in C"):
        sandbox.open(Program(source=MAIN, language="c"), QUICK)


TALKERS = {
    "cpp": "#include <iostream>\nint main() { for (int a; std::cin >> a;) std::cout << 2 * a << std::endl; }",
    "javascript": "process.stdin.on('data', text => console.log(2 * Number(text)))",
    "bash": "while read -r number; do echo $((2 * number)); done",
}


@pytest.mark.parametrize("name", TALKERS)
def test_a_program_in_any_language_talks(sandbox: LocalSandbox, name: str) -> None:
    """It hears the next word when its answer is known; after a restart it begins anew."""
    need(name)
    with sandbox.open(Program(source=TALKERS[name], language=name, talks=True), Limits(cpu_seconds=1)) as session:
        assert session.build.ok
        for _ in range(2):
            known = b""
            for number in (3, 40):
                run = session.call(Call(function=TALK, args=(b"%d\n" % number, len(known), False)))
                assert run.value == b"%d\n" % (2 * number)
                known += run.value
            session.restart()
        session.finish()


def test_nobody_talks_with_what_was_not_built(sandbox: LocalSandbox) -> None:
    """Its session has no program."""
    need("c")
    with sandbox.open(Program(source="int main(", language="c", talks=True), QUICK) as session:
        assert (session.build.ok, session.layers != ()) == (False, True)
        assert session.call(Call(function=TALK, args=(b"", 0, False))).status is Status.NOT_RUN
        session.restart()
        session.finish()
