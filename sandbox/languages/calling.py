"""From a program whose function is called to a whole program: the function's driver goes around it.

The result is a program and a language like any other, which are built and run as such.
"""

from __future__ import annotations

import re

import msgspec

from sandbox.errors import UnsupportedLanguage
from sandbox.job import Program
from sandbox.languages import DRIVERS, Edit, Language, known
from sandbox.languages.signatures import SignatureInvalid, read_signature


def with_driver(program: Program, language: Language) -> tuple[Program, Language]:
    """Return what to build and run so that the function which the program's signature names can be called.

    Raises:
        UnsupportedLanguage: functions of that language cannot be called, or the program has no signature.
    """
    call, build, run = language.call, language.build, language.run
    if call is None or build is None or run is None:
        served = ", ".join(each.name for each in known().values() if each.call or each.run is None)
        raise UnsupportedLanguage(f"functions cannot be called in {language.display}, only in {served}")
    try:
        signature = read_signature(program.signature)
    except SignatureInvalid as error:
        raise UnsupportedLanguage(f"calls in {language.display} need a signature: {error}") from None
    text = edited(program.source, call.edits)
    places = {"function": signature.name, "count": str(len(signature.parameters)), "drivers": str(DRIVERS)}
    before, after = (_filled(part, places) for part in call.source.split("{program}"))
    environment = build.environment | {name: _filled(text, places) for name, text in call.build_environment.items()}
    changes = {
        "build": msgspec.structs.replace(
            build,
            command=_command(call.build_command or build.command, places),
            driver=build.driver if call.build_driver is None else call.build_driver,
            environment=environment,
        ),
        "run": msgspec.structs.replace(run, command=_command(call.run_command or run.command, places)),
    }
    wrapped = msgspec.structs.replace(program, source=before + text + after)
    return wrapped, msgspec.structs.replace(language, **changes)


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """Return a program's text with these changes."""
    for edit in edits:
        text = re.sub(edit.pattern, edit.replacement, text, count=1)
    return text


def _command(words: tuple[str, ...], places: dict[str, str]) -> tuple[str, ...]:
    return tuple(_filled(word, places) for word in words)


def _filled(text: str, places: dict[str, str]) -> str:
    for name, value in places.items():
        text = text.replace(f"{{{name}}}", value)
    return text
