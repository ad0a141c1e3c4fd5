"""What native code tries against the judge and the machine (`attacks.c`), in each tier that can be had here.

Each act works where nothing is in its way. What still works in a lesser tier is written down here: it is all that the
tier is weaker by.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox import LocalSandbox, Status
from tests.languages.needs import need, run_in
from tests.sandbox import ordinary_user
from tests.sandbox.judge import Judge
from tests.sandbox.processes import below, come_true
from tests.sandbox.running import ADDED, OVER_THE_FLOOR

SOURCE = Path(__file__).with_name("attacks.c").read_text()
ACTS = re.findall(r"\w+", SOURCE.partition("acts[])(void) = {")[2].partition("}")[0])

_WITHOUT_A_FILTER = {
    "leave_a_key",  # found afterwards, and removed
    "leave_shared_memory",  # likewise
    "outlive_its_parent",  # the whole tree is killed, by other means
    "share_memory_without_a_name",
    "start_a_process",
}
_AS_THE_JUDGES_USER = {
    "leave_namespaces",
    "make_a_folder",
    "reach_the_judges_limits",  # looked after (`sandbox.local.standing`)
    "run_a_static_program",
    "signal_the_judge",
    "signal_the_parent",
}
WEAKER = {
    "all layers": set(),
    "without namespaces": set(),
    "without uid": set(),
    "without chroot": set(),
    "without landlock": set(),
    "without seccomp": _WITHOUT_A_FILTER,
    "user": set(),
    "user, floor only": _WITHOUT_A_FILTER | _AS_THE_JUDGES_USER,
}
"""By tier, what works there."""

Try = Callable[[int], str]
"""Makes an act by its number; returns what it printed, or the status of its run."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Listen, as the Runtime API does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(scope="module", params=WEAKER)
def tier(request: pytest.FixtureRequest, port: int) -> Iterator[tuple[str, Try]]:
    """Give each tier that can be had here, and how to try an act in it."""
    need("c")
    name: str = request.param
    if name.startswith("user"):
        if ordinary_user.missing():
            pytest.skip(ordinary_user.missing())
        without = OVER_THE_FLOOR if "floor" in name else ()
        with Judge(*ordinary_user.command(), without=without, holds_no_secrets=True) as judge:

            def ask(act: int) -> str:
                told = judge.tell(SOURCE, language="c", stdin=f"{act} {port} {judge.pid}")
                assert "fault" not in told, told
                assert ("seccomp" in told["layers"]) == ("floor" not in name)
                return str(told["stdout"] if told["status"] == "finished" else told["status"])

            yield name, ask
        return
    if os.getuid() != 0:
        pytest.skip("needs root")
    layer = name.removeprefix("without ")
    with LocalSandbox(1, without=(layer,) if layer != name else (), holds_no_secrets=True) as sandbox:

        def run(act: int) -> str:
            outcome = run_in(sandbox, "c", SOURCE, f"{act} {port} {os.getpid()}".encode())
            assert outcome.build.ok
            assert layer not in outcome.layers
            assert set(outcome.anomalies) == (
                {"ipc"} if ACTS[act].startswith("leave_") and _works(name, act) else set()
            )
            (run,) = outcome.runs
            return run.stdout.decode() if run.status is Status.FINISHED else run.status

        yield name, run


def _works(tier: str, act: int) -> bool:
    return ACTS[act] in WEAKER[tier]


@pytest.mark.parametrize("act", range(len(ACTS)), ids=ACTS)
def test_acts_fail_in_every_tier_but_where_it_is_weaker(tier: tuple[str, Try], act: int) -> None:
    """As it is written down above, and no more."""
    name, attempt = tier
    assert attempt(act).startswith("worked") == _works(name, act)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the acts as anybody would."""
    need("c")
    program = tmp_path_factory.mktemp("bare") / "attacks"
    source = Path(__file__).with_name("attacks.c")
    subprocess.run(["gcc", "-static", "-o", program, source], check=True)
    return program


@pytest.mark.parametrize("act", range(len(ACTS)), ids=ACTS)
def test_acts_work_without_a_sandbox(bare: Path, port: int, act: int) -> None:
    """Otherwise their failing would prove nothing. The judge is a process that stands for it."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as judge:
        ran = subprocess.run([bare], input=f"{act} {port} {judge.pid}", capture_output=True, text=True, check=False)
        judge.communicate(b"\n")
    if not ran.stdout.startswith("worked") and os.environ.get("CI") != "true":
        pytest.skip(f"this machine itself refuses it: {ran.stdout.strip()}")
    assert ran.stdout.startswith("worked")


BOMB = "#include <unistd.h>\nint main(void) { for (int i = 0;; i++) if (fork() == 0) i = 0; }"


def test_a_fork_bomb_has_one_process_under_the_filter(sandbox: LocalSandbox) -> None:
    """No process is started; it only computes."""
    outcome = run_in(sandbox, "c", BOMB, processes=8)
    assert outcome.runs[0].status is Status.CPU_LIMIT
    assert outcome.anomalies == ()


def test_a_fork_bomb_has_few_processes_without_the_filter() -> None:
    """So many as it may have, which the kernel enforces where it has a user of its own; all are dead afterwards."""
    if os.getuid() != 0:
        pytest.skip("needs root")
    with LocalSandbox(1, without=ADDED, holds_no_secrets=True) as sandbox:
        outcome = run_in(sandbox, "c", BOMB, processes=8)
        assert outcome.runs[0].status is Status.CPU_LIMIT
        assert outcome.anomalies == ("processes",)
        assert come_true(lambda: len(below(os.getpid())) <= 8, 5)
