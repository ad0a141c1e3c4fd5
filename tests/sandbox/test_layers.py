"""Which layers are in force, which are demanded, and what is said where one cannot be had."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox import LocalSandbox, SandboxUnavailable
from sandbox.errors import SandboxError
from sandbox.inside.layers import Layers
from sandbox.layers import LAYERS, demands
from tests.sandbox import lesser_host, ordinary_user
from tests.sandbox.judge import Judge
from tests.sandbox.running import OVER_THE_FLOOR, build

ROOT = os.getuid() == 0
needs_root = pytest.mark.skipif(not ROOT, reason="tries what root has")
needs_ordinary_user = pytest.mark.skipif(bool(ordinary_user.missing()), reason=ordinary_user.missing())


@pytest.fixture(scope="module")
def here(sandbox: LocalSandbox) -> tuple[str, ...]:
    """Name the layers that this host has."""
    return build(sandbox, "").layers


def _without(here: tuple[str, ...], off: set[str]) -> tuple[str, ...]:
    """Those that are left when some are off: an ordinary user has an empty root only by way of a user namespace."""
    if not ROOT and "namespaces" in off:
        off = off | {"chroot"}
    return tuple(name for name in here if name not in off)


@pytest.mark.parametrize("name", OVER_THE_FLOOR)
def test_a_layer_that_is_left_off_is_not_in_force(here: tuple[str, ...], name: str) -> None:
    """And every other one is, in the order in which they are named."""
    assert [name for name in LAYERS if name in here] == [*here]
    with LocalSandbox(workers=1, without=(name,)) as sandbox:
        assert build(sandbox, "").layers == _without(here, {name})


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_stands_alone_over_the_floor(here: tuple[str, ...], name: str) -> None:
    """None of them needs another one, where the judge is root."""
    off = set(OVER_THE_FLOOR) - {name}
    with LocalSandbox(workers=1, without=off) as sandbox:
        assert build(sandbox, "").layers == _without(here, off)


def test_why_a_layer_is_missing_is_known() -> None:
    """`survey` says so of every layer that is not in force."""
    with LocalSandbox(workers=1, without=("landlock", "seccomp")) as sandbox:
        in_force, missing = sandbox.survey()
        assert missing["landlock"] == missing["seccomp"] == "switched off"
        assert {*in_force, *missing} == set(LAYERS)
        assert not missing.keys() & set(in_force)


@pytest.mark.parametrize("argument", ["require", "without"])
def test_unknown_names_are_refused(argument: str) -> None:
    """A layer that is misspelt is not a layer that is not demanded."""
    names: dict[str, Any] = {argument: ("floor", "secomp") if argument == "require" else ("secomp",)}
    with pytest.raises(ValueError, match="no layer 'secomp'; the layers are floor, namespaces"):
        LocalSandbox(workers=1, **names)


@pytest.mark.parametrize("name", LAYERS)
def test_nobody_requires_what_is_left_off(name: str) -> None:
    """The floor is always required."""
    with pytest.raises(ValueError, match=f"required and left off: {name}"):
        demands((name,), (name,))
    if name == "floor":
        with pytest.raises(ValueError, match="required and left off: floor"):
            demands(None, (name,))


def test_what_is_demanded_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """The floor and seccomp; in Lambda, where no more is to be had, the floor; nothing that is left off."""
    monkeypatch.delenv("AWS_LAMBDA_RUNTIME_API", raising=False)
    assert demands().require == {"floor", "seccomp"}
    assert demands().folders == ()
    assert demands(without=("seccomp",)).require == {"floor"}
    assert demands(("landlock",)).require == {"floor", "landlock"}
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")
    assert demands().require == {"floor"}
    assert demands().folders == ("/tmp", "/dev/shm")
    assert demands(("seccomp",)).require == {"floor", "seccomp"}


def test_what_is_demanded_and_there_is_served() -> None:
    """Every layer of this host may be required."""
    with LocalSandbox(workers=1) as sandbox:
        layers = build(sandbox, "").layers
    with LocalSandbox(workers=1, require=layers) as sandbox:
        assert build(sandbox, "").layers == layers


HIDDEN = {
    "namespaces": ("unshare",),
    "chroot": ("chroot",),
    "landlock": ("landlock_restrict_self",),
    "seccomp": ("seccomp",),
}
REASONS = {
    "refuse": "Operation not permitted",
    "lack": "Function not implemented",
    "ignore": "it has no effect",
    "kill": "trying it is answered with SIGSYS",
}


@needs_root
@pytest.mark.parametrize("answer", REASONS)
def test_a_host_that_does_not_do_it_has_the_floor(answer: str) -> None:
    """Refused, unknown, deadly, or done in name only: no layer counts that does not deny; the run goes on without."""
    names = [name for names in HIDDEN.values() for name in names]
    with Judge(*lesser_host.command(answer, *names), require=()) as judge:
        told = judge.tell("print(1)")
    assert (told.get("status"), told.get("layers")) == ("finished", ["floor", "uid"]), told


@needs_root
@pytest.mark.parametrize("answer", REASONS)
@pytest.mark.parametrize("layer", HIDDEN)
def test_a_required_layer_that_fails_in_proving_is_a_refusal(here: tuple[str, ...], layer: str, answer: str) -> None:
    """It names the layer, what happened, what to do, and what could be had; nothing is run (invariant I10)."""
    if layer not in here:
        pytest.skip("this host has none to take away")
    with Judge(*lesser_host.command(answer, *HIDDEN[layer]), require=("uid", layer)) as judge:
        told = judge.tell("print(1)")
    assert told["fault"] == "SandboxUnavailable"
    assert f"{layer} ({REASONS[answer]}): " in told["text"]
    assert told["text"].endswith("Or require less: VERIFIER_REQUIRE=floor,uid")


@pytest.mark.parametrize(("host", "refused"), [("127.0.0.1:9001", False), (None, True)])
def test_only_lambda_makes_do_without_a_filter(host: str | None, refused: bool) -> None:
    """By default a host that cannot filter system calls is refused, and Lambda is not."""
    environment = {} if host is None else {"AWS_LAMBDA_RUNTIME_API": host}
    with Judge(*lesser_host.command("refuse", "seccomp"), **environment) as judge:
        told = judge.tell("print(1)")
    assert (told.get("fault") == "SandboxUnavailable", "seccomp" in told.get("layers", ())) == (refused, False)


@needs_root
@pytest.mark.parametrize("answer", ["refuse", "ignore"])
def test_a_root_that_cannot_change_its_user_is_a_refusal(answer: str) -> None:
    """Programs would be root; required or not."""
    with Judge(*lesser_host.command(answer, "setresuid"), require=()) as judge:
        told = judge.tell("print(1)")
    assert told["fault"] == "SandboxUnavailable"
    assert "a user of its own" in told["text"]
    assert REASONS[answer] in told["text"]


@needs_ordinary_user
def test_an_ordinary_user_is_told_what_only_root_has() -> None:
    """The layer, why, and the remedy; everything but that one may be there."""
    with Judge(*ordinary_user.command(), require=("uid", "seccomp")) as judge:
        told = judge.tell("print(1)")
    assert told["fault"] == "SandboxUnavailable"
    assert "uid (the judge is not root): start the judge as root. " in told["text"]
    assert told["text"].endswith("VERIFIER_REQUIRE=floor,seccomp")


@needs_ordinary_user
@pytest.mark.parametrize("off", [(), ("namespaces",)])
def test_the_layers_of_an_ordinary_user(here: tuple[str, ...], off: tuple[str, ...]) -> None:
    """All but the user of its own, and an empty root only where there are user namespaces."""
    with Judge(*ordinary_user.command(), without=off) as judge:
        told = judge.tell("import os\nprint(os.getuid())")
    assert told["stdout"] == f"{ordinary_user.UID if ROOT else os.getuid()}\n"
    assert "uid" not in told["layers"]
    assert {"floor", "landlock", "seccomp"} & {*here} <= {*told["layers"]}
    assert ("chroot" in told["layers"]) == ("namespaces" in told["layers"])
    if off:
        assert "namespaces" not in told["layers"]


def test_a_refusal_is_no_verdict() -> None:
    """Invariant I7: it is raised, for runs and for sessions alike, every time."""
    with Judge(*lesser_host.command("refuse", "seccomp")) as judge:
        assert [judge.tell("print(1)")["fault"] for _ in range(2)] == ["SandboxUnavailable"] * 2
    assert issubclass(SandboxUnavailable, SandboxError)


def test_a_machine_that_is_not_known_lacks_two_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker starts, and says why: a number that is wrong there would mean another system call."""
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine="riscv64"))
    layers = Layers(None, {"namespaces", "uid", "chroot"})
    assert layers.in_force == ["floor"]
    why = "no table of system calls for 'riscv64'"
    assert (layers.missing["landlock"], layers.missing["seccomp"]) == (why, why)
    assert (layers.leaves_keys, layers.tells_scheduling) == (False, False)
