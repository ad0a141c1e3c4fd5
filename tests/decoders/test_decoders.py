"""Each decoder is fuzzed for a moment, and the fuzzing itself is shown to find what is there to be found.

``python -m tests.decoders all --seconds 600`` does it at length.
"""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import msgspec
import pytest

from tests.decoders.decoder import HIDDEN, REGRESSIONS, Decoder, Told, TooSlow, check
from tests.decoders.known import NAMES, PLANTED, decoder_named
from tests.decoders.running import run

_SECONDS = 1
_PLANTED_SECONDS = 60

needs_atheris = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris is not installed: it is made for x86-64 and Python up to 3.13 (pyproject.toml)",
)


@needs_atheris
@pytest.mark.parametrize("name", NAMES)
def test_a_decoder_stands_a_moment_of_fuzzing(name: str, tmp_path: Path) -> None:
    """Inputs are tried, branches are counted, and none of them crashes."""
    result = run(decoder_named(name), seconds=_SECONDS, seed=1, crashes=tmp_path)
    assert result.crashes == {}
    assert list(tmp_path.iterdir()) == []
    assert result.executions > len(decoder_named(name).seeds())
    assert result.edges > 10


@needs_atheris
def test_coverage_leads_to_a_planted_bug(tmp_path: Path) -> None:
    """The bug is found behind four comparisons, told, and its input kept, which crashes here too."""
    planted = decoder_named(PLANTED)
    result = run(planted, seconds=_PLANTED_SECONDS, seed=1, crashes=tmp_path, until_found=True)
    ((name, told),) = result.crashes.items()
    assert "Planted in _read" in told
    with pytest.raises(Exception, match=r"^$") as caught:
        check(planted, (tmp_path / name).read_bytes())
    assert type(caught.value).__name__ == "Planted"


@pytest.mark.parametrize("name", NAMES)
def test_seeds_are_accepted(name: str) -> None:
    """Fuzzing begins with inputs that are right, each of them another."""
    decoder = decoder_named(name)
    seeds = decoder.seeds()
    assert len(seeds) == len(set(seeds)) >= 4
    assert [seed for seed in seeds if not check(decoder, seed)] == []


@pytest.mark.parametrize("path", sorted(REGRESSIONS.glob("*/*")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_crashed_does_not(path: Path) -> None:
    """Each input that fuzzing found is accepted or refused, as documented."""
    check(decoder_named(path.parent.name), path.read_bytes())


class _Refused(ValueError):
    pass


def _decoder(**fields: object) -> Decoder:
    plain = Decoder(name="made", reads="anything", read=lambda _: None, refuses=(_Refused,), seeds=lambda: [b""])
    return msgspec.structs.replace(plain, **fields)


def test_what_is_not_documented_is_a_crash() -> None:
    """An exception of another class, or a broken assertion, comes through; a documented one does not."""

    def refuse(data: bytes) -> None:
        raise (_Refused if data else KeyError)

    assert not check(_decoder(read=refuse), b"x")
    with pytest.raises(KeyError):
        check(_decoder(read=refuse), b"")


def test_an_input_that_takes_long_is_a_crash() -> None:
    """Processor time is bounded by the length of the input."""

    def dawdle(_: bytes) -> None:
        until = time.thread_time() + 0.6
        while time.thread_time() < until:
            pass

    with pytest.raises(TooSlow, match=r"s for 3 bytes"):
        check(_decoder(read=dawdle), b"abc")
    assert check(_decoder(read=dawdle), bytes(20_000))


@pytest.mark.parametrize("behind", [False, True])
def test_a_message_that_shows_hidden_data_is_a_crash(behind: bool) -> None:
    """So is one that a traceback would print under it."""

    def tell(_: bytes) -> None:
        try:
            raise KeyError(HIDDEN)  # noqa: TRY301 - the one behind the other
        except KeyError as error:
            if behind:
                raise _Refused("no") from error
            raise _Refused(str(error)) from None

    with pytest.raises(Told):
        check(_decoder(read=tell), b"")
