"""The program process in C does what the one in Python does: programs find the same, and end in the same way."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import LocalSandbox, Outcome, Status, languages
from sandbox.inside.launching import become_launcher
from sandbox.inside.layers import Layers
from sandbox.local import launcher as building
from sandbox.local.launcher import launcher
from tests.languages.needs import need, run_in
from tests.languages.test_language_verdicts import MATRIX

WHAT_IS_LEFT = (Path(__file__).parent / "what_is_left.c").read_text()

CASES = [
    pytest.param(name, case, id=f"{name}-{label}")
    for name in ("c", "go")
    for label, case in tomllib.loads((MATRIX / f"{name}.toml").read_text()).items()
    if "message" not in case
]

Both = Callable[..., tuple[Outcome, Outcome]]


@pytest.fixture
def both(sandbox: LocalSandbox, monkeypatch: pytest.MonkeyPatch) -> Both:
    """Return what runs a program under each of the two, the one in C first, and tells how that went."""
    need("c")
    assert launcher(("seccomp", "uid")) is not None

    def run(name: str, source: str, *stdins: bytes, **limits: Any) -> tuple[Outcome, Outcome]:
        in_c = run_in(sandbox, name, source, *stdins, **limits)
        with monkeypatch.context() as patch:
            patch.setattr(
                "sandbox.local.native.launcher", lambda layers: None
            )  # as on a machine without a compiler of C
            return in_c, run_in(sandbox, name, source, *stdins, **limits)

    return run


def ends(outcome: Outcome) -> list[tuple[object, ...]]:
    """Return all that a program decides of its outcome."""
    return [(run.status, run.stdout, run.stderr_tail, run.exit_code, run.error) for run in outcome.runs]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_programs_end_alike(both: Both, name: str, case: dict[str, Any]) -> None:
    """Every way to end that a language without a runtime of its own has, and one that has one."""
    in_c, in_python = both(name, case["source"], b"3 4\n")
    if in_c.runs[0].status in (Status.CPU_LIMIT, Status.IDLE_LIMIT, Status.MEMORY_LIMIT, Status.OUTPUT_LIMIT):
        assert in_c.runs[0].status == in_python.runs[0].status  # what they wrote until then is chance
    else:
        assert ends(in_c) == ends(in_python)
    assert (in_c.layers, in_c.anomalies) == (in_python.layers, in_python.anomalies)


def test_programs_find_the_same_around_them(both: Both) -> None:
    """Arguments, environment, descriptors, limits, signals, session and user: line by line."""
    in_c, in_python = both("c", WHAT_IS_LEFT)
    found = in_c.runs[0].stdout.decode().splitlines()
    assert found == in_python.runs[0].stdout.decode().splitlines()
    assert [line.split()[1] for line in found if line.startswith("descriptor")] == ["0", "1", "2"]
    assert "limit 7 0 0" in found  # RLIMIT_NOFILE


def test_many_inputs_are_kept_apart(both: Both) -> None:
    """One process serves them all, one after the other, whatever became of those before."""
    source = (
        '#include <stdio.h>\nint main(void) { int n; scanf("%d", &n); return n ? !printf("%d\\n", n) : *(int *)0; }'
    )
    stdins = [b"1\n", b"0\n", b"2\n", b"0\n", b"3\n"]
    in_c, in_python = both("c", source, *stdins)
    assert ends(in_c) == ends(in_python)
    assert [run.stdout for run in in_c.runs] == [b"1\n", b"", b"2\n", b"", b"3\n"]


def test_time_is_measured_alike(both: Both) -> None:
    """Half a second of computing is half a second, whoever waits for it."""
    source = "#include <time.h>\nint main(void) { while (clock() < CLOCKS_PER_SEC / 2) {} return 0; }"
    for outcome in both("c", source):
        assert outcome.runs[0].status == Status.FINISHED
        assert 0.45 < outcome.runs[0].cpu_seconds < 0.6


def test_memory_is_measured_alike(both: Both) -> None:
    """What a program touched is in the figure; of the interpreter that waits for it, at most a little."""
    source = (
        "#include <stdlib.h>\nint main(void) { volatile char *p = malloc(50 << 20); "
        "for (int i = 0; i < 50 << 20; i++) p[i] = 1; return 0; }"
    )
    for outcome in both("c", source):
        assert 50 << 20 <= outcome.runs[0].peak_bytes < 66 << 20


def test_it_is_not_used_where_it_would_miss_something(both: Both) -> None:
    """Without the filter a program leaves objects and processes; the process in Python finds them."""
    source = (
        "#include <sys/shm.h>\n#include <unistd.h>\n"
        "int main(void) { if (shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) < 0) return 9; "
        "if (!fork()) pause(); return 0; }"
    )
    with LocalSandbox(1, require=("floor",), without=("seccomp",)) as unfiltered:
        outcome = run_in(unfiltered, "c", source)
    assert outcome.runs[0].exit_code == 0
    assert {"ipc", "processes"} <= set(outcome.anomalies)


def test_it_asks_for_the_filter_and_to_be_alone() -> None:
    """Where either is missing it is not even tried: the order, which is none, is not looked at."""
    layers = Layers.__new__(Layers)
    for native_filter, in_force in ((b"", ["floor", "uid"]), (b"code", ["floor", "seccomp"])):
        layers.native_filter, layers.in_force = native_filter, in_force
        nothing: Any = None
        become_launcher(nothing, nothing, layers)


def test_it_is_not_built_where_it_does_not_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a compiler in vain."""
    monkeypatch.setattr(building, "_built", [])
    for layers in ((), ("floor", "seccomp", "landlock"), ("floor", "uid", "namespaces")):
        assert launcher(layers) is None
    assert building._built == []


def test_a_machine_without_a_compiler_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nor one where the compiler fails; programs run in either case."""
    monkeypatch.setattr(building, "_COMMAND", (str(tmp_path / "gcc"), "-o"))
    assert building._build() is None
    monkeypatch.setattr(building, "_COMMAND", ("false", "-o"))
    assert building._build() is None


def test_it_is_built_without_a_warning() -> None:
    """Of all that the compiler has to say."""
    need("c")
    strict = ("gcc", "-std=gnu17", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-static", "-s", "-o")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "_COMMAND", strict)
        assert building._build() is not None


def test_only_what_closes_at_exec_is_launched() -> None:
    """Runtimes and shells have files to open, and a start to wait for."""
    assert {name for name, each in languages.known().items() if each.run and each.run.closes == "at_exec"} == {
        "c",
        "cpp",
        "go",
        "rust",
    }
