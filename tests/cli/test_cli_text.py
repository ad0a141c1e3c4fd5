"""Text that a model wrote cannot move a terminal's cursor."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from verifier.cli.text import plain


def test_control_characters_become_escapes() -> None:
    """Escape sequences, line breaks and lone surrogates are shown, not sent."""
    assert plain("a\x1b[2J\n\ud800\u202eb") == "a\\x1b[2J\\n\\ud800\\u202eb"


@given(st.text(st.characters(codec=None)))
def test_any_text_becomes_one_printable_line(text: str) -> None:
    """Whatever the text, every character can be printed and encoded."""
    shown = plain(text)
    assert shown.isprintable()
    shown.encode("utf-8")
