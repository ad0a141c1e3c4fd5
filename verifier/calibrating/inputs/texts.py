"""Texts: alphabets, words, brackets, spaces, and forms such as a number or ``5 apples and 6 oranges``."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from verifier.calibrating.inputs.forms import Brackets, Forms, Numerals, are_balanced, learn_form
from verifier.calibrating.inputs.hints import Hints
from verifier.calibrating.inputs.place import Place

_LONGEST_FRESH = 16
_CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_CHANCE = 1e-3
_FEW_CHARACTERS = 8
_WORD = re.compile(r"[^\W_]+")


def learn_texts(values: Sequence[str], hints: Hints) -> Place:
    """Return the place at which these texts, at least one, were seen."""
    texts = [text for text in values if text]
    form = learn_form(texts)
    if isinstance(form, Forms | Numerals) and len(texts) == len(values):
        return form
    return Texts(values, hints, form if isinstance(form, Brackets) else None)


class Texts:
    """Texts without a form of their own."""

    def __init__(self, values: Sequence[str], hints: Hints, brackets: Brackets | None = None) -> None:
        """At least one value; `brackets` where all are balanced."""
        whole = "".join(values)
        self._brackets = brackets
        self._least = 0 if "" in values else 1
        self._most = max(map(len, values)) + max(3, max(map(len, values)) // 2)
        self._alphabet = _alphabet(whole, hints)
        self._words = _vocabulary(values, hints)
        self._closed = bool(self._words) and (_repeat(values) or _are_named(self._words, hints))
        self._lead = any(text[:1].isspace() for text in values)
        self._trail = any(text[-1:].isspace() for text in values)
        self._double = "  " in whole
        self._signs = _signs(values)
        codes = {chr(number) for number in hints.numbers if type(number) is int and 32 < number < 127}
        known = {*hints.texts, *self._words, *codes}
        self._pieces = sorted(piece for piece in known if piece and set(piece) <= set(self._alphabet))

    @cached_property
    def fresh(self) -> SearchStrategy[str]:
        """Return a text of the alphabet, of few of its characters, or of words."""
        if not self._alphabet:
            return st.just("")
        if self._brackets is not None:
            return self._brackets.fresh.filter(self.holds)
        most = min(self._most, _LONGEST_FRESH)
        words = [self._sentences()] if self._words and " " in self._alphabet else []
        if self._closed and words:
            return words[0].filter(self.holds)
        characters = st.sampled_from(self._alphabet)
        few = st.lists(characters, min_size=1, max_size=3).flatmap(
            lambda pool: st.text(st.sampled_from(pool), min_size=self._least, max_size=most)
        )
        return st.one_of(st.text(characters, min_size=self._least, max_size=most), few, *words, *self._known()).filter(
            self.holds
        )

    def changed(self, value: str) -> SearchStrategy[str]:
        """Return a text with some characters or words changed, left out, put in, repeated or moved."""
        if not self._alphabet:
            return st.just(value)
        return _edited(self, value).filter(self.holds)

    def holds(self, value: Any) -> bool:
        """Say whether length, alphabet, spaces, words and brackets are as they were seen."""
        if type(value) is not str or not self._least <= len(value) <= self._most:
            return False
        if not set(value) <= set(self._alphabet) or ("  " in value and not self._double):
            return False
        if (value[:1].isspace() and not self._lead) or (value[-1:].isspace() and not self._trail):
            return False
        if self._signs and value[:1] not in self._signs:
            return False
        if self._closed and not set(value.split()) <= set(self._words):
            return False
        return self._brackets is None or are_balanced(value)

    def _known(self) -> list[SearchStrategy[str]]:
        return [st.sampled_from(self._pieces)] if self._pieces else []

    def _sentences(self) -> SearchStrategy[str]:
        return st.lists(st.sampled_from(self._words), min_size=self._least, max_size=8).map(" ".join)


@st.composite
def _edited(draw: DrawFn, place: Texts, text: str) -> str:
    """Return a text with one to three edits."""
    for _ in range(draw(st.integers(1, 3))):
        edit = draw(st.sampled_from(("replace", "insert", "drop", "cut", "repeat", "case", "word", "piece", "mirror")))
        at = draw(st.integers(0, len(text)))
        end = draw(st.integers(at, len(text)))
        character = draw(st.sampled_from(place._alphabet))
        if edit == "replace" and at < len(text):
            text = text[:at] + character + text[at + 1 :]
        elif edit == "insert":
            text = text[:at] + character + text[at:]
        elif edit == "drop" and at < len(text):
            text = text[:at] + text[at + 1 :]
        elif edit == "cut":
            text = text[:at] + text[end:]
        elif edit == "repeat":
            text = text[:end] + text[at:end] + text[end:]
        elif edit == "case":
            text = text[:at] + text[at:end].swapcase() + text[end:]
        elif edit == "mirror":
            text = text[:at] + text[at:end][::-1] + text[end:]
        elif edit == "piece" and place._pieces:
            text = text[:at] + draw(st.sampled_from(place._pieces)) + text[end:]
        elif edit == "word" and text.split():
            words = text.split()
            words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(place._words or words))
            text = " ".join(words)
    return text


def _alphabet(whole: str, hints: Hints) -> list[str]:
    """Return the characters to write with, the simplest first.

    Of the lower-case letters, the upper-case ones and the digits all are taken up to the last that was seen, or all
    there are where it is likely that the others are missing by chance only. To a sign that the reference knows its
    neighbours are added, in texts of many different characters.
    """
    seen = set(whole)
    found = set(seen)
    for kind in _CLASSES:
        places = [kind.index(character) for character in seen & set(kind)]
        if len(places) >= 3:
            share = (max(places) + 1) / len(kind)
            found |= set(kind if share ** len(places) > _CHANCE else kind[: max(places) + 1])
    for character in hints.texts:
        if len(character) == 1 and character in seen & set(string.punctuation) and len(seen) > _FEW_CHARACTERS:
            found |= {chr(ord(character) + step) for step in (-1, 1)} & set(string.punctuation)
    return sorted(found, key=lambda character: (not character.isalnum(), character))


def _vocabulary(values: Sequence[str], hints: Hints) -> list[str]:
    """Return the words of texts that have several; with the reference's own ones where it names nearly all of them."""
    if not any(" " in value.strip() for value in values):
        return []
    words = {word for value in values for word in value.split()}
    named = {text for text in hints.texts if text.strip() == text and " " not in text}
    if _are_named(sorted(words), hints):
        alike = {text for text in named if bool(_WORD.fullmatch(text)) == all(map(_WORD.fullmatch, words))}
        words |= alike
    return sorted(words, key=lambda word: (len(word), word))


def _signs(values: Sequence[str]) -> frozenset[str]:
    """Return the characters that texts begin with, where those are a few signs; none where they may be others."""
    firsts = [text[0] for text in set(values) if text]
    few = len(firsts) >= 6 and 2 * len(set(firsts)) <= len(firsts)
    return frozenset(firsts) if few and not any(map(str.isalnum, firsts)) else frozenset()


def _repeat(values: Sequence[str]) -> bool:
    """Whether the words seem to come from a fixed list: most occur several times."""
    words = [word for value in sorted(set(values)) for word in value.split()]
    return len(words) >= 6 and 3 * len(set(words)) <= len(words)


def _are_named(words: Sequence[str], hints: Hints) -> bool:
    """Whether nearly all words are constants of the reference."""
    return len(set(words) & set(hints.texts)) >= max(2, 0.7 * len(set(words)))
