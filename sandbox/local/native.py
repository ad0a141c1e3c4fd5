"""Start what is no Python: a built program, a runtime that is given one, a compiler (`sandbox.inside.native`)."""

from __future__ import annotations

import stat
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from sandbox.errors import SandboxUnavailable
from sandbox.job import MEBIBYTE, Limits
from sandbox.languages import DRIVERS, Build, Language, Run
from sandbox.layers import LAYERS, REMEDIES
from sandbox.local.artefacts import Artefact
from sandbox.local.launcher import launcher
from sandbox.local.meter import Meter
from sandbox.local.program import ProgramProcess
from sandbox.local.zygote import Zygote


def check_layers(language: Language, zygote: Zygote, require: Collection[str], *, holds_no_secrets: bool) -> None:
    """Return if a language's compiler and programs may run under the layers of that worker.

    Args:
        language: any language.
        zygote: the worker.
        require: layers without which nothing is run.
        holds_no_secrets: nothing on this machine has to be kept from them.

    Raises:
        SandboxUnavailable: says what is missing, and what to do.
    """
    run = language.run
    if run is None:
        return
    cannot_have = [name for name in LAYERS if name in require and name not in layers_of(run.closes, zygote.layers)]
    if cannot_have:
        raise SandboxUnavailable(
            f"{language.display} cannot have what is required: {','.join(cannot_have)}; its programs open files"
        )
    uses_drivers = any(part is not None and part.driver for part in (language.build, run))
    if uses_drivers and zygote.uid is not None and _is_closed_to_others(DRIVERS):
        raise SandboxUnavailable(
            f"{language.display} needs files of this package, which is installed where only root may read: install it "
            "elsewhere, or start as an ordinary user"
        )
    opens_files = language.build is not None or run.closes == "never"
    if opens_files and "landlock" not in zygote.layers and not holds_no_secrets:
        raise SandboxUnavailable(
            f"{language.display} needs the layer landlock ({zygote.missing['landlock']}): a compiler or a shell would "
            f"read what its user may, hidden tests included; {REMEDIES['landlock']}, or run programs in a runner, "
            "which holds no tests"
        )
    if run.closes == "never" and "seccomp" not in zygote.layers:
        raise SandboxUnavailable(
            f"{language.display} needs the layer seccomp ({zygote.missing['seccomp']}): its programs keep their "
            f"descriptors, and would reach the network; {REMEDIES['seccomp']}"
        )


def layers_of(closes: str, layers: Collection[str]) -> tuple[str, ...]:
    """Return which layers hold for what closes so: who opens files by their names keeps its root."""
    return tuple(name for name in layers if name != "chroot" or closes == "at_exec")


class NativeProcess(ProgramProcess):
    """A program process whose candidates become what is no Python."""

    def __init__(
        self,
        zygote: Zygote,
        limits: Limits,
        order: dict[str, Any],
        *,
        built: tuple[int, ...] = (),
        out_of_memory: tuple[str, ...] = (),
        meter: Callable[[int, int, Limits], Meter] = Meter,
    ) -> None:
        """Start it.

        Args:
            zygote: as for any program process.
            limits: for each candidate.
            order: for `sandbox.inside.native`.
            built: descriptors of what they become, or are given, and of the launcher that may start them.
            out_of_memory: words that tell that one was refused memory.
            meter: measures one.

        Raises:
            SandboxLost: a process died that should not have.
        """
        self.out_of_memory = out_of_memory
        self._built = built
        self._meter = meter
        super().__init__(zygote, "native", "", limits, **order)
        self.layers = layers_of(order["closes"], zygote.layers)


def native_program(
    zygote: Zygote, language: Language, limits: Limits, artefact: Artefact | None, *, first: int = 0
) -> NativeProcess:
    """Return the process that forks candidates which become a program in that language, no Python.

    Args:
        zygote: where it is forked from.
        language: the program's.
        limits: for each candidate.
        artefact: the built program.
        first: number of the first descriptor that candidates are given.
    """
    run = language.run
    assert run is not None  # noqa: S101 - Python has a way of its own
    places = {
        "memory_mb": str(limits.memory_bytes // MEBIBYTE),
        "stack_mb": str(max(1, limits.stack_bytes // MEBIBYTE)),
        "artefact": "",
        "driver": str(DRIVERS / run.driver),
    }
    rules = {
        "closes": run.closes,
        "memory": run.memory,
        "reads": readable(run),
        "processes": run.processes,
        "events": run.events,
        "folder": "",
        "files_bytes": 0,
        "one_stream": False,
        "first": first,
    }
    return NativeProcess(
        zygote,
        limits,
        started(run, places) | rules,
        built=_descriptors(run, artefact, zygote.layers),
        out_of_memory=run.out_of_memory,
    )


def _descriptors(run: Run, artefact: Artefact | None, layers: Collection[str]) -> tuple[int, ...]:
    """Return those that a program process is given."""
    if artefact is None:
        return ()
    helper = launcher(layers) if run.closes == "at_exec" else None
    return (artefact.descriptor, helper.descriptor) if helper else (artefact.descriptor,)


def started(part: Build | Run, places: Mapping[str, str]) -> dict[str, Any]:
    """Return command and environment with what their places stand for (`sandbox.languages.language`)."""
    return {
        "command": [_filled(word, places) for word in part.command],
        "environment": {name: _filled(value, places) for name, value in part.environment.items()},
    }


def _is_closed_to_others(folder: Path) -> bool:
    return any(not each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents))


def readable(part: Build | Run) -> list[str]:
    """Return what may be read and run by a part of a language's commands."""
    return [*part.reads, *([str(DRIVERS)] if part.driver else [])]


def _filled(text: str, places: Mapping[str, str]) -> str:
    for name, value in places.items():
        text = text.replace(f"{{{name}}}", value)
    return text
