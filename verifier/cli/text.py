"""Text for a terminal. What is shown may come from a model, so nothing in it may move the cursor or change a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH_IN_A_PIPE = 160


def plain(text: str) -> str:
    """Return `text` as one printable line: control characters and lone surrogates become escapes."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def console(*, stderr: bool = False) -> Console:
    """Make a console that prints text as it is. In a pipe it is wide enough to keep a digest on its line."""
    from rich.console import Console

    made = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not made.is_terminal:
        made.width = _WIDTH_IN_A_PIPE
    return made
