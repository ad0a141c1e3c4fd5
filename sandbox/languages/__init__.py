"""Languages that programs can be written in: a file for each (`language`), those of this folder and the user's own.

VERIFIER_LANGUAGES names a folder of further files; one with the name of a language that is here replaces it.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path

from sandbox.errors import LanguageInvalid, UnsupportedLanguage
from sandbox.languages.language import Build, Language, Probe, Run, read_language
from sandbox.languages.wrapping import Call, Edit, Script

__all__ = [
    "Build",
    "Call",
    "Edit",
    "Language",
    "LanguageInvalid",
    "Probe",
    "Run",
    "Script",
    "known",
    "language",
    "name_of",
    "tags_of",
]

FOLDER = "VERIFIER_LANGUAGES"
DRIVERS = Path(__file__).parent / "drivers"


def known() -> Mapping[str, Language]:
    """Return all languages, by name, sorted.

    Raises:
        LanguageInvalid: a file of the user's describes none.
    """
    return _known(os.environ.get(FOLDER, ""))


def language(name: str) -> Language:
    """Return the language that is called by that name, or by one of its tags.

    Raises:
        UnsupportedLanguage: there is none; the message names those that there are.
        LanguageInvalid: as for `known`, or two languages are called by one word.
    """
    found = _find(name)
    if found is None:
        raise UnsupportedLanguage(f"no language is called {name!r}; there are {', '.join(known())}")
    return found


def name_of(name: str) -> str:
    """Return the name of a language that is called by it or by one of its tags; another text as it is."""
    found = _find(name)
    return found.name if found else name


def tags_of(name: str) -> frozenset[str]:
    """Return the words on a fence that name a language; one that is not known is named by its name."""
    found = _find(name)
    return frozenset(found.tags) if found else frozenset({name.lower()})


def _find(name: str) -> Language | None:
    return _called(os.environ.get(FOLDER, "")).get(name.lower())


@functools.lru_cache(maxsize=8)
def _known(folder: str) -> Mapping[str, Language]:
    languages: dict[str, Language] = {}
    for place in (Path(__file__).parent, *([Path(folder)] if folder else [])):
        languages.update(_in_folder(place))
    return dict(sorted(languages.items()))


@functools.lru_cache(maxsize=8)
def _called(folder: str) -> Mapping[str, Language]:
    """Return the languages by all that they are called: name and tags."""
    called: dict[str, Language] = {}
    for each in _known(folder).values():
        for word in (each.name, *each.tags):
            owner = called.setdefault(word, each)
            if owner is not each:
                raise LanguageInvalid(f"{each.name}: tags: {word!r} is a name or tag of {owner.name} too")
    return called


def _in_folder(folder: Path) -> dict[str, Language]:
    found: dict[str, Language] = {}
    try:
        for path in sorted(folder.glob("*.toml")):
            each = read_language(path.read_text(encoding="utf-8"), str(path))
            if path.stem != each.name:
                raise LanguageInvalid(f"{path}: name: must be that of the file, {path.stem!r}")
            found[each.name] = each
    except (OSError, UnicodeDecodeError) as error:
        raise LanguageInvalid(f"{folder}: cannot be read: {error}") from None
    if not found:
        raise LanguageInvalid(f"{folder}: holds no .toml file of a language; name its folder in {FOLDER}, or unset it")
    return found
