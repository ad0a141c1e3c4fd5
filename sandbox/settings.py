"""Settings of a sandbox that come as text: from the environment of a function, or from an option."""

from __future__ import annotations

import math

from sandbox.layers import LAYERS

_MOST_SPEED = 100.0


class SettingsError(Exception):
    """A setting cannot be used. The message names it and says what to set."""


def layer_names(text: str, setting: str) -> tuple[str, ...] | None:
    """Read names of isolation layers with commas between them; None when there is none.

    Raises:
        SettingsError: there is no such layer; `setting` is where the text is from.
    """
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in LAYERS:
            raise SettingsError(
                f"{setting}: set names from {', '.join(LAYERS)}, with commas between them, not {name!r}"
            )
    return names or None


def language_names(text: str, setting: str) -> tuple[str, ...] | None:
    """Read names of languages, or tags that they have, with commas or spaces between them; None when there is none.

    Raises:
        SettingsError: there is no such language; `setting` is where the text is from.
    """
    from sandbox.errors import UnsupportedLanguage
    from sandbox.languages import language

    try:
        return tuple(language(word).name for word in text.replace(",", " ").split()) or None
    except UnsupportedLanguage as error:
        raise SettingsError(f"{setting}: {error}") from None


def machine_speed_of(text: str, setting: str) -> float | None:
    """Read how fast a machine is (`sandbox.LocalSandbox`); None for `auto`, and for nothing.

    Raises:
        SettingsError: it is no such number; `setting` is where the text is from.
    """
    if text in ("", "auto"):
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 1 / _MOST_SPEED <= speed <= _MOST_SPEED:
        raise SettingsError(f"{setting}: set auto, or a number such as 0.5 for a machine half as fast, not {text!r}")
    return speed
