"""How long a program is, in any language."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\w{1,12}|[^\w\s]")
"""A word, or a sign. A word counts once for every 12 characters begun, so that a program packed into one text is not
three words long."""


def tokens(text: str) -> int:
    """Return how many words and signs a program has; comments count, and layout does not. Linear in its length."""
    return len(_TOKEN.findall(text))
