"""A sample shows nothing hidden."""

from __future__ import annotations

from verifier.sample import Sample


def test_the_repr_holds_neither_answer_nor_suite() -> None:
    """What is logged by accident tells sizes only."""
    text = repr(Sample(id="a", answer="print(4242)", suite={"inputs": ["1313"], "outputs": ["2424"]}))
    assert "11 characters" in text
    assert not any(secret in text for secret in ("4242", "1313", "2424"))
