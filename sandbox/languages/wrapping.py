"""What goes around a program whose functions are called, or that test code runs beside: parts of a language's file."""

from __future__ import annotations

import re

import msgspec

from sandbox.languages.fields import Command, FileName


class Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change to a program's text, where its pattern is found first."""

    pattern: str
    replacement: str

    def __post_init__(self) -> None:
        """Refuse what is no pattern.

        Raises:
            ValueError: names the field.
        """
        try:
            re.compile(self.pattern).sub(self.replacement, "")
        except (re.error, IndexError):
            raise ValueError("pattern and replacement: not a regular expression and what takes its place") from None


class Call(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a function of a program is called: what differs from running the program (`calling`).

    Attributes:
        edits: made to the program's text, one after another, each only where its pattern is found.
        source: what the program is put into; `{program}` is its text, `{function}` the name of what is called,
            `{count}` how many parameters that has, and `{drivers}` the folder `drivers`, in commands and environments
            too.
        build_command: in place of the build's.
        build_driver: in place of the build's.
        build_environment: besides the build's.
        run_command: in place of the run's.
    """

    edits: tuple[Edit, ...] = ()
    source: str
    build_command: Command | None = None
    build_driver: FileName | None = None
    build_environment: dict[str, str] = {}
    run_command: Command | None = None

    def __post_init__(self) -> None:
        """Refuse what is no pattern, and a source without the program.

        Raises:
            ValueError: names the field.
        """
        _check_source(self.source, ("{program}",))


class Script(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How test code runs in one process with a program (`testing`).

    Attributes:
        edits: as for calls.
        source: what the two are put into; `{setup}`, `{program}` and `{test}` are theirs. It runs the test code, and
            then prints on a line of its own what it reads from standard input.
    """

    edits: tuple[Edit, ...] = ()
    source: str

    def __post_init__(self) -> None:
        """Refuse a source that leaves something out.

        Raises:
            ValueError: names the field.
        """
        _check_source(self.source, ("{setup}", "{program}", "{test}"))


def _check_source(source: str, places: tuple[str, ...]) -> None:
    for place in places:
        if source.count(place) != 1:
            raise ValueError(f"source: needs {place}, once")
