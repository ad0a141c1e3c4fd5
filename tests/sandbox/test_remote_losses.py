"""What a lost runner means: each row of the rule, with layers that keep programs from the runner, and without."""

from __future__ import annotations

from collections.abc import Callable, Collection

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


def lose() -> None:
    """Be lost, as in a place where something ends every runner."""
    raise SandboxLost("gone")


def ask(place: Place) -> str | None:
    """Ask until it is certain, without waiting."""
    return ask_until_certain(place.ask, place.send_harmless, lambda _: None)


@pytest.mark.parametrize("layers", [BARE, SHIELDED])
def test_an_answer_is_an_answer(layers: tuple[str, ...]) -> None:
    """Where nothing is lost nothing else is sent."""
    place = Place(0, layers)
    assert ask(place) == "answer"
    assert place.log == ["ask"]


@pytest.mark.parametrize("layers", [BARE, UNSHIELDED, SHIELDED])
@pytest.mark.parametrize("losses", range(1, MOST_LOSSES))
def test_an_accident_is_forgotten(losses: int, layers: tuple[str, ...]) -> None:
    """Machines die: the program is asked again, after harmless ones came back, and its answer counts."""
    place = Place(losses, layers)
    assert ask(place) == "answer"
    bursts = "".join(place.log).split("ask")[1:-1]
    assert len(bursts) == losses
    assert all(burst == "harmless" if layers is SHIELDED else burst.count("harmless") >= 3 for burst in bursts)


def test_how_many_harmless_programs_are_sent_is_drawn() -> None:
    """Whoever arranges that every second runner is dead cannot arrange who meets it."""
    places = [Place(1) for _ in range(50)]
    assert [ask(place) for place in places] == ["answer"] * 50
    assert {place.log.count("harmless") for place in places} == {3, 4, 5, 6}


@pytest.mark.parametrize("layers", [BARE, SHIELDED])
def test_where_every_harmless_program_is_lost_nothing_works(layers: tuple[str, ...]) -> None:
    """A fault of ours, after some patience: nothing is known of the program."""
    waited: list[float] = []
    place = Place(99, layers, harmless=lose)
    with pytest.raises(SandboxFault, match="harmless programs are lost there too: gone") as caught:
        ask_until_certain(place.ask, place.send_harmless, waited.append)
    assert not isinstance(caught.value, SandboxLost)
    assert place.log.count("ask") == 1
    assert 5 < sum(waited) < 20


def test_a_fault_while_looking_around_passes() -> None:
    """What keeps any program from running is told as it is."""

    def refuse() -> None:
        raise SandboxFault("throttled")

    place = Place(99, harmless=refuse)
    with pytest.raises(SandboxFault, match="throttled"):
        ask(place)


@pytest.mark.parametrize("burst", range(1, MOST_LOSSES + 1))
def test_where_a_harmless_program_was_lost_nobody_is_judged(burst: int) -> None:
    """One is enough, after any loss: the place was not what it should be, and an honest program may be meant."""
    place = Place(99)
    lost: list[int] = []

    def lose_one() -> None:
        if place.log.count("ask") == burst and not lost:
            lost.append(burst)
            lose()

    place._harmless = lose_one
    with pytest.raises(SandboxFault, match="so were harmless programs"):
        ask(place)
    assert lost == [burst]


@pytest.mark.parametrize("layers", [BARE, UNSHIELDED])
def test_who_is_lost_each_time_did_it(layers: tuple[str, ...]) -> None:
    """Where programs can reach the runner, and harmless ones lived each time: no program may go without a verdict."""
    place = Place(99, layers)
    assert ask(place) is None
    assert place.log.count("ask") == MOST_LOSSES
    assert place.log.count("harmless") >= 3 * MOST_LOSSES


@pytest.mark.parametrize("shield", ["namespaces", "uid", "seccomp"])
def test_where_programs_cannot_reach_the_runner_it_is_a_fault(shield: str) -> None:
    """They did not do it, and nothing is said of them."""
    place = Place(99, ("floor", shield))
    with pytest.raises(SandboxFault, match="by no doing of the program") as caught:
        ask(place)
    assert not isinstance(caught.value, SandboxLost)
    assert place.log == ["ask", "harmless"] * MOST_LOSSES


@given(st.integers(0, MOST_LOSSES - 1), st.sets(st.sampled_from(LAYERS)))
def test_fewer_losses_never_judge(losses: int, layers: set[str]) -> None:
    """Whatever layers are in force, a program that answers at the third asking has its answer."""
    assert ask(Place(losses, layers)) == "answer"


@pytest.mark.parametrize("fault", [SandboxFault("runner failed"), SandboxUnavailable("no such function")])
def test_other_faults_are_no_losses(fault: Exception) -> None:
    """They pass at once, and no harmless program is sent."""
    place = Place(0)

    def fail() -> str:
        place.log.append("ask")
        raise fault

    with pytest.raises(type(fault), match=str(fault)):
        ask_until_certain(fail, place.send_harmless, lambda _: None)
    assert place.log == ["ask"]


def test_what_shields_is_what_keeps_signals_from_other_processes() -> None:
    """An empty root and a list of files do not."""
    assert {layer for layer in LAYERS if shielded([layer])} == {"namespaces", "uid", "seccomp"}
    assert not shielded(())
