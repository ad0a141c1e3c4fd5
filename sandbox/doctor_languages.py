"""Which languages work here: a small program in each, really built and run, as submissions are."""

from __future__ import annotations

import os
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

import msgspec

from sandbox import languages
from sandbox.errors import SandboxError
from sandbox.job import Job, Limits, Program, Stdin
from sandbox.languages.probing import remedy, version_of
from sandbox.layers import LAYERS
from sandbox.local import LocalSandbox
from sandbox.outcome import Outcome, Status

_LONGEST_DETAIL = 300
_LIMITS = Limits(cpu_seconds=10.0, idle_seconds=5.0)


class LanguageFound(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one language.

    Attributes:
        name: what suites call it.
        display: what people call it.
        version: of what builds or runs it; empty where that is not here.
        ok: a program was built, run, and printed what it should.
        required: whether it has to be.
        layers: those that were in force for it.
        detail: where it is not ok, why not, and what to do.
    """

    name: str
    display: str
    version: str = ""
    ok: bool = False
    required: bool = False
    layers: tuple[str, ...] = ()
    detail: str = ""


def examine_languages(
    names: Collection[str] | None = None, *, require: Collection[str] | None = None
) -> list[LanguageFound]:
    """Try languages, and return what was found, by name.

    It takes some seconds where all are here: compilers and runtimes start slowly.

    Args:
        names: of those that are tried, and have to work; None tries all that are known, of which none has to.
        require: names of layers that are required; None means the default (`sandbox.layers.demands`).

    Raises:
        LanguageInvalid: a file of the user's describes none.
        UnsupportedLanguage: there is no such language.
        ValueError: there is no such layer.
    """
    tried = list(languages.known().values()) if names is None else [languages.language(name) for name in names]
    workers = min(len(os.sched_getaffinity(0)), 4)
    with LocalSandbox(workers, require=require) as sandbox, ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(lambda language: _try(sandbox, language), tried))
    return [msgspec.structs.replace(each, required=names is not None) for each in found]


def _try(sandbox: LocalSandbox, language: languages.Language) -> LanguageFound:
    found = LanguageFound(name=language.name, display=language.display)
    version = version_of(language)
    if version is None:
        return msgspec.structs.replace(found, detail=remedy(language))
    found = msgspec.structs.replace(found, version=version)
    if not language.hello:
        return msgspec.structs.replace(found, detail="not tried: its file has no program `hello`")
    program = Program(source=language.hello, language=language.name)
    try:
        outcome = sandbox.run(Job(program=program, inputs=(Stdin(b"21\n"),), limits=_LIMITS))
    except SandboxError as error:
        return msgspec.structs.replace(found, detail=str(error))
    wrong = _wrong(outcome)
    layers = tuple(layer for layer in LAYERS if layer in outcome.layers)
    return msgspec.structs.replace(found, ok=not wrong, layers=layers, detail=wrong)


def _wrong(outcome: Outcome) -> str:
    """Return what is wrong with the outcome of a program that prints twice 21; empty where nothing is."""
    if not outcome.build.ok:
        return f"its program is not built: {outcome.build.message[:_LONGEST_DETAIL]}"
    run = outcome.runs[0]
    if run.status is Status.FINISHED and run.stdout.split() == [b"42"]:
        return ""
    return f"its program does not run: {run.status}, {_end(run.stderr_tail or run.stdout)}"


def _end(output: bytes) -> str:
    return output.decode("utf-8", "replace").strip()[-_LONGEST_DETAIL:] or "without a word"
