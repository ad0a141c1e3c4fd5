"""Languages whose commands are here, and short ways to run programs in them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Job, Limits, Outcome, Program, Sandbox, Stdin, languages
from sandbox.job import MEBIBYTE
from sandbox.languages.presence import absent

QUICK = Limits(cpu_seconds=1.0, idle_seconds=1.0, memory_bytes=128 * MEBIBYTE, output_bytes=MEBIBYTE, max_time_outs=1)


def need(*names: str) -> None:
    """Skip where a command of one of these languages is missing."""
    for name in names:
        found = languages.language(name)
        command = absent(found)
        if command and found.probe is not None:
            pytest.skip(f"needs {command}: install {found.probe.install}")


def run_in(sandbox: Sandbox, name: str, source: str, *stdins: bytes, **limits: Any) -> Outcome:
    """Run a program in that language, with nothing on standard input unless something is given."""
    need(name)
    inputs = tuple(map(Stdin, stdins or (b"",)))
    found = QUICK if not limits else Limits(**{**_fields(QUICK), **limits})
    return sandbox.run(Job(program=Program(source=source, language=name), inputs=inputs, limits=found))


def _fields(limits: Limits) -> dict[str, Any]:
    return {name: getattr(limits, name) for name in limits.__struct_fields__}
