"""What a language is: everything that running programs in it takes, as data (one TOML file for each).

Commands are lists of words, run without a shell. In them and in environments, `{source}` is the program's file,
`{artefact}` what building it makes, `{driver}` the file of `drivers`, `{folder}` the folder of a build, and
`{memory_mb}`, `{stack_mb}` are limits of the run in MiB.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from sandbox.errors import LanguageInvalid
from sandbox.languages.fields import Command, FileName, Folder, Megabytes, Name, Tag, Word
from sandbox.languages.wrapping import Call, Script

_LONGEST_STEM = 50
"""Characters of a file's name that a program chooses: four bytes each, of the 255 that a name can have."""

_PLACES = re.compile(r"\{([^{}]*)\}")
_KNOWN_PLACES = frozenset({"source", "artefact", "driver", "folder", "memory_mb", "stack_mb"})


class Probe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to find out whether a language works here, and in which version.

    Attributes:
        command: prints the version; its first number with a dot in it is taken for that.
        install: what to install where the command is not there, for a message.
    """

    command: Command
    install: str


class Build(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a program is built, in a sandbox of its own.

    Attributes:
        command: the compiler; for a language that is only looked through, what finds errors of syntax.
        artefact: name of the file, or folder, that it makes in `{folder}`; empty where it makes nothing.
        driver: file of `drivers` that the command is given.
        reads: folders that it may read and run files from.
        environment: all that it finds in its environment.
        memory_mb: resident memory of it and all that it starts. Its processor time is bounded by the suite's limits.
    """

    command: Command
    artefact: FileName | Literal[""] = ""
    driver: FileName | Literal[""] = ""
    reads: tuple[Folder, ...] = ("/usr", "/bin", "/lib", "/lib64")
    environment: dict[str, str] = {}
    memory_mb: Megabytes = 1024


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a program is run.

    Attributes:
        command: what is started; `{artefact}` as its first word is a program of its own, without libraries.
        closes: when no descriptor can be opened any more: `at_exec`, before the first instruction of the command;
            `when_ready`, when a runtime that has to open files has done so, before it is given the program; `never`.
        memory: what bounds memory at once: `address_space` (RLIMIT_AS), `data` (RLIMIT_DATA: what is private and can be
            written to), or `resident`, nothing but what is measured, where a runtime reserves more than it uses.
        reads: folders that it may read and run files from; none where it closes at exec.
        driver: file of `drivers` that a runtime is started with, which takes the program when it is ready.
        environment: all that it finds in its environment.
        processes: whether it may start processes, and not only threads.
        events: whether what closes at exec may open a few descriptors for waiting, as timers of Go do: pipes and epoll,
            and nothing else, by the layer seccomp; without it, none.
        out_of_memory: words on standard error that tell a program which was refused memory from one that crashed.
    """

    command: Command
    closes: Literal["at_exec", "when_ready", "never"]
    memory: Literal["address_space", "data", "resident"]
    reads: tuple[Folder, ...] = ()
    driver: FileName | Literal[""] = ""
    environment: dict[str, str] = {}
    processes: bool = False
    events: bool = False
    out_of_memory: tuple[Word, ...] = ()


class Language(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language.

    Attributes:
        name: what suites call it.
        display: what people call it.
        tags: words on a fence that name it, in lower case.
        source: name of a program's file.
        source_named_by: pattern whose first group, where it is found in a program, is the stem of that name instead.
        hello: a program that reads a number and prints twice that number, for `verifier doctor`.
        probe: whether it works here.
        build: None where there is nothing to build.
        call: how functions are called; None where only whole programs run, and for Python.
        script: how test code runs beside a program; None where it does not, and for Python, where it runs apart.
        run: None for Python, which the sandbox itself is written in, and runs in its own way (`sandbox.inside`).
    """

    name: Name
    display: str
    tags: tuple[Tag, ...]
    source: FileName
    hello: str = ""
    probe: Probe | None = None
    source_named_by: str | None = None
    build: Build | None = None
    run: Run | None = None
    call: Call | None = None
    script: Script | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot work, and would only show when a program is run.

        Raises:
            ValueError: names the field.
        """
        if not self.tags:
            raise ValueError("tags: name at least one")
        if (self.run is None) != (self.probe is None):
            raise ValueError("run and probe: give both")
        if self.source_named_by is not None:
            try:
                groups = re.compile(self.source_named_by).groups
            except re.error:
                raise ValueError("source_named_by: not a regular expression") from None
            if groups < 1:
                raise ValueError("source_named_by: needs a group")
        for field, words in self._texts():
            unknown = {name for word in words for name in _PLACES.findall(word)} - _KNOWN_PLACES
            if unknown:
                raise ValueError(
                    f"{field}: there is no {{{min(unknown)}}}; there are {', '.join(sorted(_KNOWN_PLACES))}"
                )
        if self.run is not None:
            self._check_run(self.run)

    def _check_run(self, run: Run) -> None:
        makes = self.build is not None and bool(self.build.artefact)
        if run.closes == "at_exec" and not (makes and run.command[0] == "{artefact}"):
            raise ValueError("run.closes: at_exec takes a program that build makes, and that is the command")
        if run.closes == "at_exec" and (run.reads or run.driver or run.processes):
            raise ValueError("run.closes: what closes at_exec reads nothing, and has no driver and no processes")
        if run.closes == "when_ready" and run.processes:
            raise ValueError("run.processes: a process takes descriptors, which there are none of when it is ready")

    def _texts(self) -> list[tuple[str, tuple[str, ...]]]:
        parts = [("build", self.build), ("run", self.run)]
        return [
            (f"{name}.{field}", texts)
            for name, part in parts
            if part is not None
            for field, texts in (("command", part.command), ("environment", tuple(part.environment.values())))
        ]

    def source_of(self, program: str) -> str:
        """Return the name of the file that a program has to be in."""
        if self.source_named_by is None:
            return self.source
        found = re.search(self.source_named_by, program)
        if not found or not found[1] or len(found[1]) > _LONGEST_STEM or "/" in found[1] or "\0" in found[1]:
            return self.source  # no compiler takes a file by a name that cannot be one
        return f"{found[1]}{Path(self.source).suffix}"


def read_language(text: str, place: str) -> Language:
    """Read one from the text of its file.

    Raises:
        LanguageInvalid: the text is none; the message starts with `place`.
    """
    try:
        return msgspec.convert(tomllib.loads(text), Language)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError, RecursionError) as error:
        raise LanguageInvalid(f"{place}: {error}") from None
