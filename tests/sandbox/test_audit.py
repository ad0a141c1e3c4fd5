"""The audit: what a program leaves behind on the machine is found and removed, where nothing keeps it from doing so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import LocalSandbox
from sandbox.inside.audit import Audit
from sandbox.inside.names import Names
from sandbox.inside.system_calls import FORBIDDEN, on
from tests.sandbox import ordinary_user
from tests.sandbox.judge import Judge
from tests.sandbox.running import OVER_THE_FLOOR, build

needs_ordinary_user = pytest.mark.skipif(bool(ordinary_user.missing()), reason=ordinary_user.missing())
PRIVILEGED = os.getuid() == 0
USER = ordinary_user.UID if PRIVILEGED else os.getuid()
KEY = 0x5EC0DE + USER
"""Nobody else's. Key 0 makes an object without one (IPC_PRIVATE), which is found by its number."""


def _start(**options: Any) -> Judge:
    return Judge(*ordinary_user.command(), **{"without": OVER_THE_FLOOR, **options})


@pytest.fixture(scope="module")
def floor_of_a_user() -> Iterator[Judge]:
    """Start a judge of an ordinary user with the floor alone, outside Lambda."""
    with _start() as judge:
        yield judge


@pytest.fixture(scope="module")
def lambda_floor() -> Iterator[Judge]:
    """Start another as in Lambda: the folders /tmp and /dev/shm belong to the sandbox alone."""
    with _start(AWS_LAMBDA_RUNTIME_API="127.0.0.1:9001") as judge:
        yield judge


@pytest.fixture(autouse=True)
def _tidy() -> Iterator[None]:
    """Leave nothing to the next test when one fails."""
    yield
    if objects := _objects():
        _as_user("\n".join(REMOVE[kind].format(number=number) for kind, number in objects))


@pytest.fixture
def _no_keys() -> Iterator[None]:
    """Do the same for keys."""
    clear = (
        f"def keyctl(*arguments): return libc.syscall({_number('keyctl')}, *arguments)\n"
        "keyctl(1, None)\nfor ring in (-4, -5, keyctl(22, -1, -3)): keyctl(7, ring)"
    )  # KEYCTL_JOIN_SESSION_KEYRING, KEYCTL_GET_PERSISTENT, KEYCTL_CLEAR
    _as_user(clear)
    yield
    _as_user(clear)


def _as_user(source: str) -> None:
    subprocess.run([*ordinary_user.command(), sys.executable, "-c", PREPARE + source], check=True)


def _objects() -> list[tuple[str, str]]:
    """Kind and number of each System V object that the user of these judges made."""
    found = []
    for kind in ("shm", "sem", "msg"):
        head, *rows = [line.split() for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()]
        found += [(kind, row[1]) for row in rows if row[head.index("cuid")] == str(USER)]
    return found


MAKE = {
    "shm": "number = libc.shmget({key}, 4096, 0o1666)",
    "sem": "number = libc.semget({key}, 1, 0o1666)",
    "msg": "number = libc.msgget({key}, 0o1666)",
}
REMOVE = {
    "shm": "libc.shmctl({number}, 0, None)",
    "sem": "libc.semctl({number}, 0, 0)",
    "msg": "libc.msgctl({number}, 0, None)",
}
GIVE_AWAY = {
    "shm": "libc.shmctl(number, {command}, status)",
    "sem": "libc.semctl(number, 0, {command}, status)",
    "msg": "libc.msgctl(number, {command}, status)",
}
PREPARE = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"


@pytest.mark.parametrize("key", [0, KEY], ids=["no key", "key"])
@pytest.mark.parametrize("kind", MAKE)
@needs_ordinary_user
def test_objects_are_removed(floor_of_a_user: Judge, kind: str, key: int) -> None:
    """They would outlive the program, and carry notes to the next one; the outcome tells of them."""
    told = floor_of_a_user.tell(f"{PREPARE}{MAKE[kind].format(key=key)}\nprint(number >= 0)")
    assert (told["stdout"], told["anomalies"]) == ("True\n", ["ipc"])
    assert _objects() == []
    assert floor_of_a_user.tell("print(1)")["anomalies"] == []


@pytest.mark.parametrize("kind", MAKE)
@needs_ordinary_user
def test_objects_that_were_given_away_are_removed(floor_of_a_user: Judge, kind: str) -> None:
    """Who made an object can give it to another user, and stays its creator (shmctl(2), IPC_SET)."""
    source = (
        f"{PREPARE}{MAKE[kind].format(key=0)}\nstatus = (ctypes.c_uint32 * 64)()\n"
        f"assert {GIVE_AWAY[kind].format(command=2)} == 0\n"  # IPC_STAT
        f"status[1] = 1\nassert {GIVE_AWAY[kind].format(command=1)} == 0\nprint('given')"  # uid of ipc_perm; IPC_SET
    )
    told = floor_of_a_user.tell(source)
    assert (told["stdout"], told["anomalies"]) == ("given\n", ["ipc"])
    assert _objects() == []


@needs_ordinary_user
def test_objects_that_were_there_before_stay(floor_of_a_user: Judge) -> None:
    """The user may have others, which are none of the sandbox's business."""
    make = MAKE["shm"].format(key=0)
    _as_user(make)
    (mine,) = _objects()
    told = floor_of_a_user.tell(f"{PREPARE}{make}\nprint('made')")
    assert (told["stdout"], told["anomalies"]) == ("made\n", ["ipc"])
    assert _objects() == [mine]


@needs_ordinary_user
def test_objects_do_not_stay_when_the_program_kills_its_parent(floor_of_a_user: Judge) -> None:
    """The process that looks is one that a program may kill, where it has the same user."""
    source = f"{PREPARE}{MAKE['shm'].format(key=0)}\nimport os\nos.kill(os.getppid(), 9)\nimport time\ntime.sleep(9)"
    told = floor_of_a_user.tell(source)
    assert (told["status"], told["anomalies"]) == ("violation", ["ipc"])
    assert _objects() == []
    assert floor_of_a_user.tell("print(1)")["anomalies"] == []


@needs_ordinary_user
def test_names_do_not_stay_when_the_program_kills_its_parent(lambda_floor: Judge) -> None:
    """The same for folders."""
    told = lambda_floor.tell("import os, time\nos.mkdir('/tmp/note')\nos.kill(os.getppid(), 9)\ntime.sleep(9)")
    assert (told["status"], told["anomalies"]) == ("violation", ["files"])
    assert lambda_floor.run(LIST) == ("finished", "")


NAMES = {
    "folder": "os.mkdir('/tmp/note')",
    "link": "os.symlink('x', '/tmp/note')",
    "pipe": "os.mkfifo('/dev/shm/note')",
    "tree": "os.makedirs('/tmp/note/a/b'); os.symlink('/etc', '/tmp/note/a/link')",
    "closed tree": "os.makedirs('/tmp/note/a'); os.chmod('/tmp/note/a', 0); os.chmod('/tmp/note', 0)",
    "name that is no text": "os.mkdir(b'/tmp/note\\xff')",
    "deep tree": "os.mkdir('/tmp/note'); os.chdir('/tmp/note')\nfor _ in range(6000): os.mkdir('d'); os.chdir('d')",
    "wide tree": "os.mkdir('/tmp/note')\nfor n in range(3000): os.symlink('x', f'/tmp/note/{n}')",
}
LIST = (
    "import os\nfor folder in ('/tmp', '/dev/shm'):\n    for name in ('note', b'note\\xff'):\n        try:\n"
    "            os.lstat(os.path.join(os.fsencode(folder), os.fsencode(name)))\n        except FileNotFoundError:\n"
    "            continue\n        print(folder, name)"
)


@pytest.mark.parametrize("name", NAMES)
@needs_ordinary_user
def test_names_are_removed(lambda_floor: Judge, name: str) -> None:
    """In the sandbox's own folders, with all that is below them; the outcome tells of them."""
    told = lambda_floor.tell(f"import os\n{NAMES[name]}\nprint('made')")
    assert (told["stdout"], told["anomalies"]) == ("made\n", ["files"])
    told = lambda_floor.tell(LIST)
    assert (told["status"], told["stdout"], told["anomalies"]) == ("finished", "", [])


@needs_ordinary_user
def test_names_stay_where_a_folder_is_not_the_sandboxs_own(floor_of_a_user: Judge) -> None:
    """Outside Lambda /tmp belongs to everybody, and nobody's names are touched: docs/limits.md says what that means."""
    assert floor_of_a_user.tell("import os\nos.mkdir('/tmp/note')")["anomalies"] == []
    assert floor_of_a_user.run(LIST)[1] == "/tmp note\n"


@pytest.mark.parametrize("layer", ["landlock", "seccomp"])
@needs_ordinary_user
def test_nobody_looks_for_names_that_cannot_be_made(layer: str) -> None:
    """Where a layer denies names there are none, and none are reported."""
    make = "import os\ntry:\n    os.mkdir('/tmp/note')\nexcept OSError:\n    print('denied')"
    without = set(OVER_THE_FLOOR) - {layer}
    with _start(without=without, AWS_LAMBDA_RUNTIME_API="127.0.0.1:9001") as judge:
        told = judge.tell(make)
        if layer not in told["layers"]:
            pytest.skip("this host lacks the layer")
        assert (told["stdout"], told["anomalies"]) == ("denied\n", [])


def test_nobody_looks_for_objects_that_cannot_be_made() -> None:
    """With the filter there are none; those that are made meanwhile are somebody else's."""
    with LocalSandbox(workers=1) as sandbox:
        outcome = build(sandbox, "print(1)")
        if "seccomp" not in outcome.layers:
            pytest.skip("no filter can be installed here")
        assert outcome.anomalies == ()


def test_known_names_stay(tmp_path: Path) -> None:
    """What was there before is not touched, nor what a link points to."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "known").write_text("kept")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("kept")
    audit = Audit([Names(str(tmp_path / "own"))])
    (tmp_path / "own" / "link").symlink_to(outside)
    (tmp_path / "own" / "new").mkdir()
    (tmp_path / "own" / "new" / "link").symlink_to(outside)
    assert audit.clean() == 2
    assert audit.clean() == 0
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["known"]
    assert (outside / "file").read_text() == "kept"


def test_a_folder_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    """In Lambda there is no /dev/shm."""
    assert Audit([Names(str(tmp_path / "absent"))]).clean() == 0


def _number(name: str) -> int:
    return on(os.uname().machine, FORBIDDEN)[name]


ADD_KEY = (
    PREPARE
    + f"""
keyring = {{ring}}
if keyring == "persistent":
    keyring = libc.syscall({_number("keyctl")}, 22, -1, -3)  # KEYCTL_GET_PERSISTENT, linked to the session's
key = libc.syscall({_number("add_key")}, b"user", b"note", b"hidden", 6, keyring)
print(key > 0)
"""
)
FIND_KEY = (
    PREPARE
    + f"""
keyring = {{ring}}
if keyring == "persistent":
    keyring = libc.syscall({_number("keyctl")}, 22, -1, -3)
print(libc.syscall({_number("keyctl")}, 10, keyring, b"user", b"note", 0) > 0)  # KEYCTL_SEARCH
"""
)
RINGS = {"session": -3, "user": -4, "user session": -5, "persistent": "'persistent'"}


@pytest.mark.parametrize("ring", RINGS)
@pytest.mark.usefixtures("_no_keys")
@needs_ordinary_user
def test_keys_are_removed(floor_of_a_user: Judge, ring: str) -> None:
    """A keyring belongs to a user, and outlives what it does; the next program finds nothing in it."""
    told = floor_of_a_user.tell(ADD_KEY.format(ring=RINGS[ring]) + FIND_KEY.format(ring=RINGS[ring]))
    if told["stdout"].startswith("False") and ring == "persistent":
        pytest.skip("this kernel has no persistent keyrings")
    assert told["stdout"] == "True\nTrue\n"
    assert told["anomalies"] == ([] if ring == "session" else ["ipc"])  # that one ends with the program's processes
    assert floor_of_a_user.run(FIND_KEY.format(ring=RINGS[ring])) == ("finished", "False\n")


@pytest.mark.usefixtures("_no_keys")
@needs_ordinary_user
def test_keys_do_not_stay_when_the_program_kills_its_parent(floor_of_a_user: Judge) -> None:
    """The same as for objects."""
    source = ADD_KEY.format(ring=-4) + "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(9)"
    assert floor_of_a_user.run(source)[0] == "violation"
    assert floor_of_a_user.run(FIND_KEY.format(ring=-4)) == ("finished", "False\n")
