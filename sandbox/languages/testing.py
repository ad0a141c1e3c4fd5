"""A program and test code in one text, which runs as one process: whoever wrote the program can say that it passed.

Nothing but a word that the judge gives on standard input, and finds at the end of standard output, tells test code that
ran to its end from a program that ended before. A program that reads the word and writes it passes any test.
"""

from __future__ import annotations

import re

from sandbox import languages
from sandbox.errors import UnsupportedLanguage
from sandbox.languages.calling import edited


def with_test(name: str, program: str, setup: str, test: str) -> str:
    """Return the text of a whole program, in the language of that name, that runs the test code on the program.

    Raises:
        UnsupportedLanguage: that is not known of the language.
    """
    language = languages.language(name)
    if language.script is None:
        served = ", ".join(each.name for each in languages.known().values() if each.script)
        raise UnsupportedLanguage(f"test code cannot run in {language.display}, only in Python and {served}")
    parts = {"{setup}": setup, "{program}": edited(program, language.script.edits), "{test}": test}
    places = re.compile("|".join(map(re.escape, parts)))
    return places.sub(lambda place: parts[place[0]], language.script.source)
