"""What all packages' statements have: one of several languages, and examples."""

from __future__ import annotations

from collections.abc import Collection, Sequence

_ENGLISH = ("en", "english")


def chosen_language(languages: Collection[str]) -> str | None:
    """Return English where it is there, else the first by name; None where there are none."""
    for name in _ENGLISH:
        if name in languages:
            return name
    return min(languages, default=None)


def examples(shown: Sequence[tuple[str, str]]) -> str:
    """Return a text of the examples that everybody is shown, each an input and an output."""
    return "\n\n".join(f"{given}\n---\n{expected}" for given, expected in shown)
