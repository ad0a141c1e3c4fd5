"""The emulated hosts are as they are described, and the verifier's own sandbox grades there."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import Any

import pytest

from tests.containers.engine import OWNER_LABEL, Engine, owner
from tests.containers.tiers import DOCKER_DEFAULT, LAMBDA_EPERM, LAMBDA_KILL, TIERS, Tier, command

pytestmark = pytest.mark.usefixtures("docker_engine")

DENIED = {
    "seccomp", "prctl(PR_SET_SECCOMP)", "ptrace", "unshare", "setns", "clone(CLONE_NEWUSER)", "chroot",
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups",
}  # fmt: skip
ABSENT = {
    "clone3", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
    "io_uring_setup", "io_uring_enter", "io_uring_register",
}  # fmt: skip
POSSIBLE = {"prctl(PR_GET_SECCOMP)", "fork", "start a thread", "make a file in /tmp", "talk over loopback"}
IMPOSSIBLE = {
    "make a file beside the code": "EROFS",
    "make a file in /var/tmp": "EROFS",
    "connect outside": "ENETUNREACH",
}

LAMBDAS = (LAMBDA_EPERM, LAMBDA_KILL)
SUITES = ("plank-path", "quiet-periods", "label-counter")  # stdio, call, script

UNSHARE = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
libc.unshare(0x10000000)
print(errno.errorcode[ctypes.get_errno()])
"""


def run(tier: Tier, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python on a new host."""
    asked = command(tier, *arguments, environment=environment)
    return subprocess.run(asked, capture_output=True, text=True, timeout=100, check=False)


def name(tier: Tier) -> str:
    """Return how a tier is called in a test's name."""
    return tier.name


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, Any]]:
    """Return what the probe found, by the name of the tier."""
    return {tier.name: json.loads(run(tier, "-m", "tests.containers.probe").stdout) for tier in TIERS}


@pytest.mark.parametrize(("tier", "denial"), [(LAMBDA_EPERM, "EPERM"), (LAMBDA_KILL, "SIGSYS")], ids=["eperm", "kill"])
def test_lambda_denies_what_could_bring_other_layers(found: dict[str, Any], tier: Tier, denial: str) -> None:
    """Each call that was reported as denied is refused, or ends the process; newer ones are not there."""
    answers = found[tier.name]["answers"]
    assert {act: answers[act] for act in DENIED} == dict.fromkeys(DENIED, denial)
    assert {act: answers[act] for act in ABSENT} == dict.fromkeys(ABSENT, "ENOSYS")


def test_docker_itself_denies_less(found: dict[str, Any]) -> None:
    """Docker's own filter allows filters, tracing and changes of one's own user: it is the profiles that deny them."""
    answers = found[DOCKER_DEFAULT.name]["answers"]
    assert answers["seccomp"] == answers["ptrace"] == answers["setuid"] == answers["setresgid"] == "done"
    assert answers["prctl(PR_SET_SECCOMP)"] == "EINVAL"  # the kernel's answer to a mode that does not exist
    assert "SIGSYS" not in answers.values()


@pytest.mark.parametrize("tier", TIERS, ids=name)
def test_a_host_lets_ordinary_programs_work(found: dict[str, Any], tier: Tier) -> None:
    """Processes, threads, files in /tmp and the loopback are there; other files and networks are not."""
    answers = found[tier.name]["answers"]
    assert {act: answers[act] for act in POSSIBLE} == dict.fromkeys(POSSIBLE, "done")
    assert {act: answers[act] for act in IMPOSSIBLE} == IMPOSSIBLE


@pytest.mark.parametrize("tier", TIERS, ids=name)
def test_a_host_has_no_privilege(found: dict[str, Any], tier: Tier) -> None:
    """An ordinary uid, no capability, none to be gained, no network but the loopback."""
    host = found[tier.name]["host"]
    assert host["uid"] >= 1000
    assert host["capabilities"] == 0
    assert host["no_new_privileges"] is True
    assert host["interfaces"] == ["lo"]


@pytest.mark.parametrize("tier", LAMBDAS, ids=name)
def test_lambda_has_its_limits(found: dict[str, Any], tier: Tier) -> None:
    """1,024 descriptors, 1,024 processes, and no /dev/shm, which Docker has of its own."""
    host = found[tier.name]["host"]
    assert host["descriptors"] == host["processes"] == [1024, 1024]
    assert host["shared_memory"] is False
    assert found[DOCKER_DEFAULT.name]["host"]["shared_memory"] is True


def test_a_naive_probe_dies_where_lambda_kills() -> None:
    """A process that tries a layer itself, and not in a child, is gone where another is only refused."""
    refused, killed = run(LAMBDA_EPERM, "-c", UNSHARE), run(LAMBDA_KILL, "-c", UNSHARE)
    assert (refused.returncode, refused.stdout) == (0, "EPERM\n")
    assert (killed.returncode, killed.stdout) == (128 + signal.SIGSYS, "")


def grades(tier: Tier, **environment: str) -> list[dict[str, Any]]:
    """Grade submissions of three suites there; the verdicts are checked against the labels."""
    graded = run(tier, "-m", "tests.containers.grading", *SUITES, **environment)
    assert graded.returncode == 0, graded.stderr
    rows = [json.loads(line) for line in graded.stdout.splitlines()]
    assert {row["name"].partition("/")[0] for row in rows} == set(SUITES)
    assert {row["name"]: row["verdict"] for row in rows} == {row["name"]: row["label"] for row in rows}
    assert {row["label"] for row in rows if row["reward"] == 1.0} == {"accepted"}
    return rows


@pytest.mark.parametrize(
    ("tier", "environment"),
    [
        pytest.param(LAMBDA_EPERM, {"VERIFIER_REQUIRE": "floor"}, id="eperm"),
        pytest.param(LAMBDA_KILL, {"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"}, id="kill"),
    ],
)
def test_the_verifier_grades_on_lambda_with_the_floor_alone(tier: Tier, environment: dict[str, str]) -> None:
    """Suites of each kind get the labels of their submissions, and no grade claims a layer that is not to be had."""
    assert all(row["layers"] == ["floor"] for row in grades(tier, **environment))


def test_the_verifier_grades_in_docker_with_what_docker_allows() -> None:
    """Docker's own filter lets the sandbox install another: the default requirement holds without privilege."""
    assert all({"floor", "seccomp"} <= set(row["layers"]) for row in grades(DOCKER_DEFAULT))


@pytest.mark.parametrize("tier", LAMBDAS, ids=name)
def test_the_verifier_refuses_such_a_host_unless_told_that_the_floor_is_enough(tier: Tier) -> None:
    """Where seccomp cannot be had nothing is graded by default, and the error says why and what to do."""
    refused = run(tier, "-m", "tests.containers.grading", *SUITES)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "SandboxUnavailable: this host cannot enforce what is required: seccomp (" in refused.stderr
    assert "VERIFIER_REQUIRE=floor" in refused.stderr


def test_containers_that_a_test_left_behind_are_removed(docker_engine: Engine) -> None:
    """A `docker run` that is killed leaves its container, and the end of the session removes it."""
    listing = docker_engine.docker("ps", "--all", "--quiet", "--filter", f"label={OWNER_LABEL}={owner()}")
    left = command(DOCKER_DEFAULT, "-c", "import time; print('up', flush=True); time.sleep(100)")
    with subprocess.Popen(left, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"up\n"
        client.kill()
    assert subprocess.run(listing, capture_output=True, check=True).stdout.strip()
    docker_engine.remove_containers()
    assert not subprocess.run(listing, capture_output=True, check=True).stdout.strip()
