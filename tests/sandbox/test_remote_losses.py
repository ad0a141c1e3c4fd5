"""What a lost runner means: each row of the rule, with layers that keep programs from the runner, and without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import SandboxFault, SandboxLost, SandboxUnavailable
from sandbox.layers import LAYERS
from sandbox.remote.losses import MOST_LOSSES, ask_until_certain, shielded

BARE = ("floor",)
SHIELDED = ("floor", "seccomp")
UNSHIELDED = ("floor", "chroot", "landlock")


class Place:
    """A runner that is lost as told, and notes what it was asked."""

    def __init__(
        self, losses: int, layers: Collection[str] = BARE, *, harmless: Callable[[], None] = lambda: None
    ) -> None:
        """Lose so many askings; `harmless` may raise when a harmless program is sent."""
        self.log: list[str] = []
        self._losses = losses
        self._layers = layers
        self._harmless = harmless

    def ask(self) -> str:
        """Answer, or be lost."""
        self.log.append("ask")
        if self.log.count("ask") <= self._losses:
            raise SandboxLost("gone")
        return "answer"

    def send_harmless(self) -> Collection[str]:
        """Live, and tell the layers."""
        self.log.append("harmless")
        self._harmless()
        return self._layers


def fail() -> None:
    """Fail as a place where nothing works."""
    raise SandboxFault("a harmless program is lost there too")


@pytest.mark.parametrize("layers", [BARE, SHIELDED])
def test_an_answer_is_an_answer(layers: tuple[str, ...]) -> None:
    """Where nothing is lost nothing else is sent."""
    place = Place(0, layers)
    assert ask_until_certain(place.ask, place.send_harmless) == "answer"
    assert place.log == ["ask"]


@pytest.mark.parametrize("layers", [BARE, UNSHIELDED, SHIELDED])
@pytest.mark.parametrize("losses", range(1, MOST_LOSSES))
def test_an_accident_is_forgotten(losses: int, layers: tuple[str, ...]) -> None:
    """Machines die: the program is asked again, after a harmless one came back, and its answer counts."""
    place = Place(losses, layers)
    assert ask_until_certain(place.ask, place.send_harmless) == "answer"
    assert place.log == ["ask", "harmless"] * losses + ["ask"]


@pytest.mark.parametrize("losses", range(1, MOST_LOSSES + 1))
def test_where_a_harmless_program_is_lost_too_nothing_works(losses: int) -> None:
    """A fault of ours: nothing is known of the program, however often it was lost."""
    answers: Iterator[Callable[[], None]] = iter([*[lambda: None] * (losses - 1), fail])
    place = Place(99, harmless=lambda: next(answers)())
    with pytest.raises(SandboxFault, match="harmless"):
        ask_until_certain(place.ask, place.send_harmless)
    assert place.log == ["ask", "harmless"] * losses


@pytest.mark.parametrize("layers", [BARE, UNSHIELDED])
def test_who_is_lost_each_time_did_it(layers: tuple[str, ...]) -> None:
    """Where programs can reach the runner, and a harmless one lived each time: no program may go without a verdict."""
    place = Place(99, layers)
    assert ask_until_certain(place.ask, place.send_harmless) is None
    assert place.log == ["ask", "harmless"] * MOST_LOSSES


@pytest.mark.parametrize("shield", ["namespaces", "uid", "seccomp"])
def test_where_programs_cannot_reach_the_runner_it_is_a_fault(shield: str) -> None:
    """They did not do it, and nothing is said of them."""
    place = Place(99, ("floor", shield))
    with pytest.raises(SandboxFault, match="by no doing of the program") as caught:
        ask_until_certain(place.ask, place.send_harmless)
    assert not isinstance(caught.value, SandboxLost)
    assert place.log == ["ask", "harmless"] * MOST_LOSSES


@given(st.integers(0, MOST_LOSSES - 1), st.sets(st.sampled_from(LAYERS)))
def test_fewer_losses_never_judge(losses: int, layers: set[str]) -> None:
    """Whatever layers are in force, a program that answers at the third asking has its answer."""
    place = Place(losses, layers)
    assert ask_until_certain(place.ask, place.send_harmless) == "answer"


@pytest.mark.parametrize("fault", [SandboxFault("runner failed"), SandboxUnavailable("no such function")])
def test_other_faults_are_no_losses(fault: Exception) -> None:
    """They pass at once, and no harmless program is sent."""
    place = Place(0)

    def ask() -> str:
        place.log.append("ask")
        raise fault

    with pytest.raises(type(fault), match=str(fault)):
        ask_until_certain(ask, place.send_harmless)
    assert place.log == ["ask"]


def test_what_shields_is_what_keeps_signals_from_other_processes() -> None:
    """An empty root and a list of files do not."""
    assert {layer for layer in LAYERS if shielded([layer])} == {"namespaces", "uid", "seccomp"}
    assert not shielded(())
