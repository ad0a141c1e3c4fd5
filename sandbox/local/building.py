"""Build a program that is no Python, in a sandbox of its own.

A compiler is a door: it opens files that a program names (`#include`, `include_str!`), and a short program keeps it
busy for hours. So it runs as a candidate does, with a folder of its own, with the folders of its language to read,
within limits; everything that it started is dead before what it made is looked at, and the folder is gone afterwards.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sandbox.errors import SandboxLost, SandboxUnavailable
from sandbox.inside.native import CANNOT_BE_RUN, CANNOT_BE_RUN_TEXT
from sandbox.job import MEBIBYTE, Limits, Program, Stdin
from sandbox.languages import DRIVERS, Language
from sandbox.languages import Build as BuildRule
from sandbox.local.artefacts import Artefact, NotTaken, taken
from sandbox.local.build_folder import MAX_FILE_BYTES, BuildMeter, build_folder
from sandbox.local.native import NativeProcess, readable, started
from sandbox.local.whole import run_whole
from sandbox.local.zygote import Zygote
from sandbox.outcome import Build, Run, Status

_OUTPUT_BYTES = MEBIBYTE
_LONGEST_DIAGNOSTIC = 2000
_ELF = b"\x7fELF"
_WORDS = {
    Status.CPU_LIMIT: "the program takes too long to compile",
    Status.IDLE_LIMIT: "the program takes too long to compile",
    Status.MEMORY_LIMIT: "the program takes too much memory to compile",
    Status.OUTPUT_LIMIT: "the compiler writes too much",
    Status.VIOLATION: "the compiler was made to break the rules of the sandbox",
}


class Built(NamedTuple):
    """How building went, and what it made, if it made anything.

    Attributes:
        build: for the outcome.
        artefact: the program, or what a runtime is given.
        certain: the same program would end the same way again: no limit of time or memory was met.
    """

    build: Build
    artefact: Artefact | None = None
    certain: bool = True


def build(program: Program, language: Language, zygote: Zygote, limits: Limits) -> Built:
    """Build a program by a worker, which is fit for another program then.

    Args:
        program: in that language.
        language: no Python.
        zygote: the worker.
        limits: of the program; of these `build_seconds` bounds the build.

    Raises:
        SandboxLost: a process around the build died.
        SandboxUnavailable: the compiler cannot be started here.
    """
    rule = language.build
    source = program.source.encode("utf-8", "surrogatepass")
    if rule is None:
        return Built(Build(ok=True), Artefact(source))
    with build_folder(zygote.uid) as folder:
        path = folder / language.source_of(program.source)
        path.write_bytes(source)
        path.chmod(0o644)  # its user may be another, and the judge's umask anything
        run = _compile(zygote, rule, folder, path, limits)
        if run.status is not Status.FINISHED:
            certain = run.status in (Status.CRASHED, Status.OUTPUT_LIMIT)
            return Built(Build(ok=False, message=_diagnostic(run, folder)), certain=certain)
        if not rule.artefact:
            return Built(Build(ok=True), Artefact(source))
        uid = os.getuid() if zygote.uid is None else zygote.uid
        try:
            data = taken(folder / rule.artefact, uid)
        except NotTaken as error:
            return Built(Build(ok=False, message=str(error)))
    if language.run is not None and language.run.closes == "at_exec" and not data.startswith(_ELF):
        return Built(
            Build(ok=False, message="the compiler makes no program that can be run; is there a main function?")
        )
    return Built(Build(ok=True), Artefact(data))


def _compile(zygote: Zygote, rule: BuildRule, folder: Path, source: Path, limits: Limits) -> Run:
    places = {
        "source": str(source),
        "artefact": str(folder / rule.artefact),
        "folder": str(folder),
        "driver": str(DRIVERS / rule.driver),
    }
    process = NativeProcess(
        zygote,
        Limits(
            cpu_seconds=limits.build_seconds,
            idle_seconds=limits.build_seconds,
            memory_bytes=rule.memory_mb * MEBIBYTE,
            output_bytes=_OUTPUT_BYTES,
            processes=64,
        ),
        started(rule, places)
        | {
            "closes": "never",
            "memory": "data",
            "reads": readable(rule),
            "processes": True,
            "events": False,
            "folder": str(folder),
            "files_bytes": MAX_FILE_BYTES,
            "one_stream": True,
            "first": 0,
        },
        meter=partial(BuildMeter, folder),
    )
    try:
        run = run_whole(process, Stdin(b""))
    finally:
        process.close()
    zygote.end_program()
    if not zygote.settle():
        raise SandboxLost("the zygote is gone")
    if run.exit_code == CANNOT_BE_RUN and run.stdout.startswith(CANNOT_BE_RUN_TEXT):  # a shell uses that code too
        raise SandboxUnavailable(
            f"{rule.command[0]!r} cannot be started: {run.stdout.decode('utf-8', 'replace').strip()}"
        )
    return run


def _diagnostic(run: Run, folder: Path) -> str:
    """Say what is wrong with the program: the beginning of what the compiler says, without paths of ours."""
    said = run.stdout.decode("utf-8", "replace")
    for path in (f"{folder}/", str(folder), f"{DRIVERS}/"):
        said = said.replace(path, "")
    words = _WORDS.get(run.status, "") or ("" if said.strip() else f"the compiler ends with {run.error}")
    return "\n".join(filter(None, (words, said.strip())))[:_LONGEST_DIAGNOSTIC]
