"""Targets that are Python functions: each runs in a process of its own, of which nothing is left."""

from __future__ import annotations

import contextlib
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from verifier.fuzzing.exploits import problem
from verifier.fuzzing.fences import fenced
from verifier.fuzzing.target import TargetBroken
from verifier.fuzzing.targets import OutOfTime, TargetError, open_target
from verifier.fuzzing.targets.module import ModuleTarget

ROOT = str(Path(__file__).parents[2])
SUITE = problem("add-call").suite
RIGHT = fenced(problem("add-call").reference)


@contextlib.contextmanager
def odd(name: str, **options: Any) -> Iterator[ModuleTarget]:
    """Open a target of `graders_odd`."""
    target = open_target(f"tests.fuzzing.graders_odd:{name}", path=(ROOT,), **options)
    assert isinstance(target, ModuleTarget)
    with contextlib.closing(target):
        yield target


def _running(word: str) -> list[int]:
    """Return processes with a word in their command line."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if word in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found


def _gone(word: str) -> bool:
    give_up = time.monotonic() + 20
    while _running(word) and time.monotonic() < give_up:
        time.sleep(0.05)
    return not _running(word)


def test_a_function_is_asked_and_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Right and wrong programs are told apart; what the module prints goes nowhere."""
    with odd("honest") as target:
        assert target.shape == "answer"
        assert target.pay(RIGHT, SUITE) == 1.0
        assert target.pay(fenced("def add(a, b): return 7"), SUITE) == 0.0
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("dies", "died"),
        ("raises", "raised RuntimeError at graders_odd.py:"),
        ("returns_text", "returned a str, which is no reward"),
    ],
)
def test_a_function_that_breaks_says_how_and_is_asked_again(name: str, told: str) -> None:
    """A function that dies, raises or returns nonsense is told so, quotes nothing, and gets the next answer."""
    with odd(name) as target:
        for _ in range(2):
            with pytest.raises(TargetBroken, match=told) as broken:
                target.pay("a hidden text", SUITE)
            assert "hidden" not in str(broken.value)


def test_a_function_that_hangs_is_ended() -> None:
    """After its time it is killed; where the campaign's time ends first, nothing is said of the target."""
    with odd("hangs", timeout=0.5) as target, pytest.raises(TargetBroken, match="gave no answer in"):
        target.pay(RIGHT, SUITE)
    with odd("hangs", timeout=600) as target:
        target.until = time.monotonic() + 0.5
        with pytest.raises(OutOfTime):
            target.pay(RIGHT, SUITE)
        with pytest.raises(OutOfTime):
            target.pay(RIGHT, SUITE)


@pytest.mark.parametrize("start", ["", "hang"])
def test_no_process_stays_behind(start: str) -> None:
    """Detached children of a target end with it, after an answer and after a time-out."""
    word = f"{start}-{secrets.token_hex(8)}"
    with odd("leaves_daemons", timeout=3) as target, contextlib.suppress(TargetBroken):
        target.pay(word, SUITE)
        assert _running(word)
    assert _gone(word)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_whoever_asks(end: signal.Signals) -> None:
    """Ctrl-C, and even SIGKILL, of the process that opened a target end the target and its children."""
    word = f"hang-{secrets.token_hex(8)}"
    code = (
        "import sys\nfrom verifier.fuzzing.targets import open_target\nfrom verifier.fuzzing.exploits import problem\n"
        f"target = open_target('tests.fuzzing.graders_odd:leaves_daemons', path=({ROOT!r},))\n"
        "try:\n    target.pay(sys.argv[1], problem('add-call').suite)\nfinally:\n    target.close()\n"
    )
    asking = subprocess.Popen([sys.executable, "-c", code, word], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + 60
        while len(_running(word)) < 5 and time.monotonic() < give_up:  # two daemons, a fork of each, and `asking`
            time.sleep(0.05)
        assert len(_running(word)) == 5
        asking.send_signal(end)
        assert asking.wait(60) != 0
    finally:
        asking.kill()
        asking.wait()
    assert _gone(word)


def test_it_works_in_an_empty_folder_that_goes() -> None:
    """Neither the tests' folder nor what an earlier process left is there; a flood of error output disturbs nobody."""
    with odd("is_in_an_empty_folder") as target:
        assert target.pay(RIGHT, SUITE) == 1.0
        assert target.pay(RIGHT, SUITE) == 0.0
        target.refresh()
        assert target.pay(RIGHT, SUITE) == 1.0


def test_a_refreshed_target_is_another_process() -> None:
    """The module is imported again, and only then."""
    with odd("started") as target:
        first = target.pay(RIGHT, SUITE)
        assert target.pay(RIGHT, SUITE) == first
        target.refresh()
        assert target.pay(RIGHT, SUITE) != first


def test_a_renewed_target_has_the_hash_seed() -> None:
    """Hashes of texts are those of the seed: the same for the same one."""
    found = []
    with odd("hash_of_a_text") as target:
        for seed in (1, 2, 1):
            with contextlib.closing(target.renewed(seed)) as renewed:
                assert renewed.shape == "answer"
                found.append(renewed.pay("text", SUITE))
    assert found[0] == found[2] != found[1]


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("tests.fuzzing.nowhere:f", "no module tests.fuzzing.nowhere is found; say --path"),
        ("tests.fuzzing.graders_odd:nobody", "has no nobody"),
        ("tests.fuzzing.graders_odd:STARTED", "is a int; name a function"),
        ("tests.fuzzing.graders_odd:dies.name", "has no dies.name"),
        ("os.path:join", "tell no shape; say --shape"),
        ("tests.fuzzing.graders_odd:of_a_column", "asks for the column tests; say --column"),
        ("no target", "no target; name verifier, module:function"),
        ("verifier:", "no target"),
        ("http://", "names no host"),
        ("http://127.0.0.1:9/", "nobody answers"),
        ("http://[::1", "no address"),
    ],
)
def test_what_cannot_be_opened_is_one_clear_error(target: str, told: str) -> None:
    """Each says what to do."""
    with pytest.raises(TargetError) as error:
        open_target(target, path=(ROOT,))
    assert told in str(error.value)


def test_a_module_that_fails_to_import_is_one_clear_error(tmp_path: Path) -> None:
    """The exception and its place are told, its text is not; a missing package is named."""
    (tmp_path / "bad_import.py").write_text("raise ValueError('secret')")
    (tmp_path / "bad_exit.py").write_text("import os; os._exit(3)")
    (tmp_path / "bad_need.py").write_text("import a_package_that_is_not_there")
    for module, told in {
        "bad_import": "raised ValueError at bad_import.py:1",
        "bad_exit": "it died",
        "bad_need": "needs the module a_package_that_is_not_there",
    }.items():
        with pytest.raises(TargetError, match=told) as error:
            open_target(f"{module}:f", path=(str(tmp_path),))
        assert "secret" not in str(error.value)


def test_a_range_of_rewards_is_two_numbers_in_order() -> None:
    """Others are refused at once."""
    for wrong in [(1.0, 0.0), (0.0, float("inf")), (float("nan"), 1.0)]:
        with pytest.raises(TargetError, match="range"):
            open_target("verifier", range=wrong)


def test_a_column_of_trl_can_be_named() -> None:
    """The suite is given as that column."""
    with odd("of_a_column", column="tests") as target:
        assert target.shape == "trl"
        assert target.pay(RIGHT, SUITE) == 1.0


def test_the_descriptors_are_given_back() -> None:
    """Opening, breaking and closing targets leaves no descriptor open here."""
    with odd("dies") as target:
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(3):
            with pytest.raises(TargetBroken):
                target.pay("", SUITE)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
