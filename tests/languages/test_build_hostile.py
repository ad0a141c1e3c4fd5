"""A compiler that a program took over has a folder, some time and some memory, no more; nothing of it stays."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from sandbox import LocalSandbox, Outcome, Status
from sandbox.local import artefacts, build_folder
from tests.languages.needs import run_in
from tests.languages.script_language import NAME, OF_ITS_OWN, made_known
from tests.sandbox.processes import come_true
from tests.sandbox.running import ADDED


@pytest.fixture(scope="module", autouse=True)
def _known() -> Iterator[None]:
    """Let the language be known, and have its folders where no other test makes any."""
    with (
        made_known(),
        tempfile.TemporaryDirectory(prefix="builds-") as folder,
        mock.patch.object(tempfile, "tempdir", folder),
    ):
        Path(folder).chmod(0o711)
        yield


@pytest.fixture(scope="module")
def open_files() -> Iterator[LocalSandbox]:
    """Make a sandbox without the layers that keep a compiler from files; nothing is said to be secret."""
    with LocalSandbox(1, without=("namespaces", "landlock"), holds_no_secrets=True) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def open_floor() -> Iterator[LocalSandbox]:
    """Make one without what keeps it from the network as well."""
    with LocalSandbox(1, without=ADDED, holds_no_secrets=True) as sandbox:
        yield sandbox


@pytest.fixture
def for_all() -> Iterator[Path]:
    """Make a folder that anybody may enter and write to, as /tmp is."""
    with tempfile.TemporaryDirectory(prefix="for-all-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


def _build(sandbox: LocalSandbox, script: str, **limits: float) -> Outcome:
    return run_in(sandbox, NAME, script, **{"build_seconds": 3.0, **limits})


def _nothing_is_left() -> bool:
    return not list(Path(tempfile.gettempdir()).glob("rlvr-build-*"))


def test_what_it_makes_is_run(sandbox: LocalSandbox) -> None:
    """It is told its environment and no more, and its own user's folder is the only one that it can enter."""
    script = 'echo "echo $TOLD ${HOME:-nothing} $(stat -c %a . | tail -c 4) $PWD" > solution'
    outcome = _build(sandbox, script)
    assert outcome.build.ok
    told, home, mode, folder = outcome.runs[0].stdout.decode().split()
    assert (told, home, mode) == ("told", "nothing", "700")
    assert not Path(folder).exists()
    assert _nothing_is_left()


DEEP = "for i in {1..{times}}; do deep=$(printf 'a/%.0s' {1..40}); mkdir -p $deep; cd $deep; touch b; done"
MESSES = {
    "closed folders": "mkdir -p a/b/c; touch a/b/c/d; chmod 000 a/b/c a/b a",
    "a deep tree": DEEP.replace("{times}", "2"),
    "many files": "touch {1..5000}",
    "strange names": r"touch $'\xff\xfe' $'a\nb' '-rf *'; mkdir $'\xc3'; touch $'\xc3/\xa4'",
    "links to outside": "ln -s {outside} link; ln -s / root; mkdir folder; ln -s {outside}/precious folder/precious",
    "a closed folder of its own": "chmod 000 .",
}


@pytest.mark.parametrize("mess", MESSES)
def test_its_folder_is_removed_whatever_is_in_it(sandbox: LocalSandbox, for_all: Path, mess: str) -> None:
    """And nothing that lies elsewhere, links or not."""
    precious = for_all / "precious"
    precious.write_text("precious")
    precious.chmod(0o666)
    outcome = _build(sandbox, f"echo 'echo made' > solution\n{MESSES[mess].replace('{outside}', str(for_all))}; true")
    assert outcome.runs[0].stdout == b"made\n"
    assert _nothing_is_left()
    assert precious.read_text() == "precious"
    assert [path.name for path in for_all.iterdir()] == ["precious"]


def test_a_tree_that_is_too_deep_ends_the_build(sandbox: LocalSandbox) -> None:
    """To look through it takes the judge's time; it is removed all the same."""
    outcome = _build(sandbox, f"{DEEP.replace('{times}', '30')}; sleep 1; echo 'echo made' > solution")
    assert outcome.build.message.startswith("the compiler writes too much")
    assert _nothing_is_left()


IN_PLACE_OF_A_PROGRAM = {
    "nothing": "true",
    "a link": "ln -s {secret} solution",
    "a link within a folder": "mkdir solution; ln -s {secret} solution/a",
    "a deep folder": "mkdir solution; cd solution; for i in {1..99}; do mkdir a; cd a; done; touch a",
    "many files": "mkdir solution; cd solution; touch {1..201}",
}


@pytest.mark.parametrize("what", IN_PLACE_OF_A_PROGRAM)
def test_what_is_no_program_is_not_taken(sandbox: LocalSandbox, for_all: Path, what: str) -> None:
    """The judge may read what the program may not, and reads none of it for it."""
    secret = for_all / "secret"
    secret.write_text("echo hidden")
    secret.chmod(0o600)
    with mock.patch.object(artefacts, "_MOST_FILES", 200):
        outcome = _build(sandbox, IN_PLACE_OF_A_PROGRAM[what].replace("{secret}", str(secret)))
    assert not outcome.build.ok
    assert outcome.build.message.startswith("the compiler makes ")
    assert outcome.runs[0].status is Status.NOT_RUN


def test_processes_that_it_leaves_are_dead_before_its_work_is_taken(sandbox: LocalSandbox) -> None:
    """Nobody changes the program any more, nor sees it run."""
    script = "setsid bash -c 'while :; do echo echo changed >> solution; done' & echo 'echo made' > solution"
    outcome = _build(sandbox, script)
    assert outcome.build.ok
    assert set(outcome.runs[0].stdout.split()) <= {b"made", b"changed"}
    assert outcome.anomalies == ("processes",)
    assert _nothing_is_left()


FULL = {
    "files": "for i in {1..9}; do yes | head -c 100000000 > $i; done",
    "names": "touch {1..501}; sleep 1",
    "words": "echo first; while :; do printf %9999s x; done",
}


@pytest.mark.parametrize("what", FULL)
def test_it_may_not_write_without_end(sandbox: LocalSandbox, what: str) -> None:
    """Disk space, names in its folder and what it says are bounded."""
    with mock.patch.object(build_folder, "MAX_NAMES", 500):
        outcome = _build(sandbox, FULL[what], build_seconds=20.0)
    assert not outcome.build.ok
    assert outcome.build.message.startswith("the compiler writes too much")
    assert ("first" in outcome.build.message) == (what == "words")
    assert len(outcome.build.message) <= 2000
    assert _nothing_is_left()


def test_a_file_that_is_too_big_is_not_written(sandbox: LocalSandbox) -> None:
    """A signal ends whoever tries."""
    outcome = _build(sandbox, "yes > solution; echo ended by $? >&2; exit 1", build_seconds=20.0)
    assert outcome.build.message.endswith("ended by 153")  # SIGXFSZ


LIMITS = {
    "computing": ("while :; do :; done", "the program takes too long to compile"),
    "waiting": ("sleep 60", "the program takes too long to compile"),
    "memory": ("x=x; while :; do x=$x$x; done", "the program takes too much memory to compile"),
    "memory of a process that it starts": (
        "bash -c 'x=x; while [ ${#x} -lt 100000000 ]; do x=$x$x; done; sleep 9'; true",
        "the program takes too much memory to compile",
    ),
}


@pytest.mark.parametrize("what", LIMITS)
def test_its_time_and_memory_are_bounded(sandbox: LocalSandbox, what: str) -> None:
    """Each limit is told by its words."""
    script, words = LIMITS[what]
    outcome = _build(sandbox, script, build_seconds=1.0)
    assert not outcome.build.ok
    assert outcome.build.message.startswith(words)
    assert outcome.runs[0].status is Status.NOT_RUN


def test_a_fork_bomb_ends(sandbox: LocalSandbox) -> None:
    """It may have so many processes, and all of them are killed."""
    outcome = _build(sandbox, ":() { : | : & }; :; sleep 0.2; echo 'echo made' > solution", build_seconds=5.0)
    assert "processes" in outcome.anomalies
    assert _nothing_is_left()


def test_what_it_says_is_bounded_and_names_no_folder_of_ours(sandbox: LocalSandbox) -> None:
    """The beginning is kept, where compilers say what is wrong; on either stream, in any bytes."""
    script = r"""echo "$PWD/solution.made:1: error: no" >&2; printf '\xff\n'; printf %3000s x; exit 1"""
    message = _build(sandbox, script).build.message
    assert message.startswith("solution.made:1: error: no\n\N{REPLACEMENT CHARACTER}")
    assert len(message) == 2000
    assert _build(sandbox, "exit 7").build.message == "the compiler ends with exit code 7"
    assert _build(sandbox, "kill -SEGV $$").build.message == "the compiler ends with SIGSEGV"


def test_it_reads_no_file_but_those_of_its_language(
    sandbox: LocalSandbox, open_files: LocalSandbox, for_all: Path
) -> None:
    """Landlock keeps it from what anybody may read: without that layer it reads it."""
    secret = for_all / "secret"
    secret.write_text("hidden")
    secret.chmod(0o644)
    script = f'echo "echo $(cat {secret}; ls {for_all})" > solution'
    assert _build(sandbox, script).runs[0].stdout == b"\n"
    assert _build(open_files, script).runs[0].stdout == b"hiddensecret\n"


def test_it_writes_nowhere_but_in_its_folder(sandbox: LocalSandbox, open_files: LocalSandbox, for_all: Path) -> None:
    """Not even where everybody may."""
    script = f"echo x > {for_all}/left; echo 'echo made' > solution"
    assert _build(sandbox, script).runs[0].stdout == b"made\n"
    assert list(for_all.iterdir()) == []
    assert _build(open_files, script).runs[0].stdout == b"made\n"
    assert [path.name for path in for_all.iterdir()] == ["left"]


def test_it_reaches_no_network(sandbox: LocalSandbox, open_floor: LocalSandbox) -> None:
    """The shell's own way to a port is closed by the filter; on the floor alone, it would reach it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        script = f"exec 3<>/dev/tcp/127.0.0.1/{server.getsockname()[1]}"
        assert not run_in(sandbox, OF_ITS_OWN, script).build.ok
        with pytest.raises(BlockingIOError):
            server.accept()
        assert not run_in(open_floor, OF_ITS_OWN, script).build.ok
        server.accept()[0].close()


def test_its_folder_is_a_users_alone(sandbox: LocalSandbox) -> None:
    """Where there are users to be had, it is that of the worker, and never the judge's."""
    outcome = _build(sandbox, 'echo "echo $(id -u) $(stat -c %u .)" > solution')
    running, owning = map(int, outcome.runs[0].stdout.split())
    assert running == owning
    if "uid" in outcome.layers:
        assert running != os.getuid()
    assert come_true(_nothing_is_left, 5)
