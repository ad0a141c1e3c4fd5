"""The program process in C: built from `sandbox/native` when it is first wanted, where a compiler is."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Collection
from pathlib import Path

from sandbox.local.artefacts import Artefact

_SOURCE = Path(__file__).resolve().parents[1] / "native" / "launch.c"
_COMMAND = ("gcc", "-std=gnu17", "-O2", "-static", "-s", "-o")
_SECONDS = 60

_lock = threading.Lock()
_built: list[Artefact | None] = []


def launcher(layers: Collection[str]) -> Artefact | None:
    """Return it, in a file without a name; None where the interpreter has to do its work.

    Args:
        layers: that are in force where it is to serve (`sandbox.inside.launching`).
    """
    if "seccomp" not in layers or {"uid", "namespaces"}.isdisjoint(layers):
        return None
    with _lock:
        if not _built:
            _built.append(_build())
        return _built[0]


def _build() -> Artefact | None:
    with tempfile.TemporaryDirectory(prefix="rlvr-launcher-") as folder:
        made = Path(folder) / "launch"
        try:
            subprocess.run(
                [*_COMMAND, str(made), str(_SOURCE)],
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TMPDIR": folder},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=True,
            )
            return Artefact(made.read_bytes())
        except (OSError, subprocess.SubprocessError):
            return None
