"""From a program and a worker to a program process: built where that is needed, under the layers that it can have."""

from __future__ import annotations

from typing import NamedTuple

from sandbox import languages
from sandbox.errors import UnsupportedLanguage
from sandbox.inside import calls
from sandbox.job import Limits, Program
from sandbox.languages.calling import with_driver
from sandbox.languages.presence import absent
from sandbox.layers import Demands
from sandbox.local.builds import Builds
from sandbox.local.native import check_layers, layers_of, native_program
from sandbox.local.program import ProgramProcess
from sandbox.local.zygote import Zygote
from sandbox.outcome import Build


class Made(NamedTuple):
    """A program process, None where the build failed; and how that went, and which layers hold."""

    build: Build
    layers: tuple[str, ...]
    process: ProgramProcess | None


class Programs:
    """Makes program processes, and keeps what was built. Safe to use from several threads."""

    def __init__(self, demands: Demands, *, holds_no_secrets: bool) -> None:
        """Nothing is built yet; the arguments are those of `LocalSandbox`."""
        self._demands = demands
        self._holds_no_secrets = holds_no_secrets
        self._builds = Builds()

    def make(self, zygote: Zygote, program: Program, limits: Limits, *, whole: bool) -> Made:
        """Have a worker make a program process.

        Args:
            zygote: the worker.
            program: in a language that `check_language` lets pass.
            limits: for the build, and for each candidate.
            whole: it is run as a whole, over its standard streams; otherwise functions of it are called.

        Raises:
            SandboxLost: a process died that should not have.
            SandboxUnavailable: this host cannot enforce what that language takes.
            UnsupportedLanguage: its functions cannot be called.
        """
        language = languages.language(program.language)
        if language.run is None:
            process = ProgramProcess(zygote, "whole" if whole else "calls", program.source, limits)
            return Made(process.build, process.layers, process)
        check_layers(language, zygote, self._demands.require, holds_no_secrets=self._holds_no_secrets)
        if not whole:
            program, language = with_driver(program, language)
        built = self._builds.of(program, language, zygote, limits)
        if not built.build.ok:
            return Made(built.build, layers_of("never", zygote.layers), None)
        native = native_program(zygote, language, limits, built.artefact, first=0 if whole else calls.IN)
        return Made(built.build, native.layers, native)


def check_language(name: str) -> None:
    """Return if that language is known, and its commands are here.

    Raises:
        UnsupportedLanguage: says what is missing.
    """
    language = languages.language(name)
    command = absent(language)
    if command and language.probe is not None:
        raise UnsupportedLanguage(
            f"{language.display} needs {command}, which is not here: install {language.probe.install}"
        )


def check_calls_by_scripts(name: str) -> None:
    """Return if test code can call programs in that language: values alone cross, which is Python's matter.

    Raises:
        UnsupportedLanguage: it cannot.
    """
    language = languages.language(name)
    if language.run is not None:
        raise UnsupportedLanguage(f"test code cannot call a program in {language.display}, only one in Python")
