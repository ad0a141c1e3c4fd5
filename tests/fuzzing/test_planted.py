"""The laws find every planted bug, and find none in what is sound."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fuzzing.planted import LAWS, PLANTED, SOUND, Planted, try_law
from tests.fuzzing.planted_judges import Place
from verifier.fuzzing.law import Law, Setting

ALL_LAWS = [(kind, law) for kind, laws in LAWS.items() for law in laws]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """One place for all judges."""
    with Place() as place:
        yield place


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_planted_bug_is_found(planted: Planted, place: Place) -> None:
    """The law that is named finds the bug within its budget, and shows a case."""
    (law,) = (law for law in LAWS[planted.kind] if law.name == planted.law)
    found = try_law(law, planted.kind, planted.bug, place)
    assert found.holds is False
    assert found.told
    assert found.example


@pytest.mark.parametrize(("kind", "law"), ALL_LAWS, ids=[law.name for _, law in ALL_LAWS])
def test_sound_twin_keeps_the_law(kind: str, law: Law[Setting], place: Place) -> None:
    """Within the same budget, nothing is found in what is sound."""
    found = try_law(law, kind, SOUND[kind], place)
    assert (found.holds, found.told, found.example) == (True, "", "")


def test_every_law_finds_something() -> None:
    """Every law is needed for some bug, but for those of time, which are tested in `test_laws.py`."""
    unneeded = {law.name for _, law in ALL_LAWS} - {planted.law for planted in PLANTED}
    assert unneeded == {"comparator-needs-bounded-time", "extractor-needs-linear-time"}
