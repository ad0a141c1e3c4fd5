"""What all comparators share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsuites.errors import SuiteInvalid
from testsuites.model import Comparator
from verifier.comparing import compare

TEXT_COMPARATORS = ["tokens", "words", "lines", "exact", "floats"]


@pytest.mark.parametrize("name", TEXT_COMPARATORS)
@given(text=st.text())
def test_a_text_equals_itself(name: str, text: str) -> None:
    """The expected text is accepted, as bytes and as text; one that UTF-8 cannot write equals nothing."""
    comparator = Comparator(name=name)
    writable = text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
    assert compare(comparator, text, text) is writable
    if writable:
        assert compare(comparator, text, text.encode())


@pytest.mark.parametrize("name", TEXT_COMPARATORS)
@given(expected=st.text(), actual=st.binary() | st.text() | st.none() | st.integers())
def test_any_output(name: str, expected: str, actual: object) -> None:
    """Any output gives a plain yes or no."""
    assert compare(Comparator(name=name), expected, actual) in (True, False)


@pytest.mark.parametrize("name", TEXT_COMPARATORS)
@pytest.mark.parametrize("actual", [b"caf\xe9", b"\xff", b"\xed\xa0\x80", None, 5, ["café"]])
def test_not_a_text(name: str, actual: object) -> None:
    """Bytes that are not UTF-8, and what is no text, equal no text."""
    comparator = Comparator(name=name)
    assert not compare(comparator, "café", actual)
    assert not compare(comparator, "\ufffd", actual)
    assert not compare(comparator, "\ud800", actual)
    assert not compare(comparator, "None", actual)


def test_default() -> None:
    """A suite that names no comparator gets the default of its kind, and a name that it gives outranks the default."""
    assert compare(Comparator(), "1  2", b"1 2", default="tokens")
    assert not compare(Comparator(), "1  2", "1 2", default="values")
    assert not compare(Comparator(name="exact"), "1  2", b"1 2", default="tokens")
    with pytest.raises(ValueError, match="default"):
        compare(Comparator(), "1", b"1")


def test_text_comparator_for_a_value() -> None:
    """A text comparator for an expected value that is no text is the suite's fault; the message does not show it."""
    with pytest.raises(SuiteInvalid, match="use values") as caught:
        compare(Comparator(name="tokens"), [31337], [31337])
    assert "31337" not in str(caught.value)
