"""What a user reads when a command cannot go on."""

from __future__ import annotations

import traceback
from pathlib import Path

from verifier.cli.text import plain

INTERRUPTED = 130  # 128 + SIGINT, as shells report it


class CommandError(Exception):
    """A command cannot go on. The message says what to do, and holds nothing hidden."""


def explain(error: Exception) -> tuple[str, int]:
    """Return the line for standard error and the exit code.

    Errors that the product raises on purpose are quoted. Of any other only the type and the place are told: its text
    may hold hidden data.
    """
    if isinstance(error, ModuleNotFoundError) and error.name in ("typer", "rich"):
        return f"error: the command line needs {error.name}; run: pip install 'rlvr-verifier[cli]'", 2
    if isinstance(error, ModuleNotFoundError) and error.name in ("hypothesis", "cosmic_ray", "tomlkit"):
        return f"error: this command needs {error.name}; run: pip install 'rlvr-verifier[fuzz]'", 2
    if isinstance(error, ModuleNotFoundError) and error.name in ("altair", "jinja2", "vl_convert"):
        return f"error: the page needs {error.name}; run: pip install 'rlvr-verifier[report]'", 2
    if isinstance(error, ModuleNotFoundError) and error.name == "verifier.fuzzing.exploits":
        return "error: the container image attacks nobody; run: pip install 'rlvr-verifier[cli,fuzz]' elsewhere", 2
    if isinstance(error, _known_errors()):
        return f"error: {plain(str(error))}", 2
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"error: {plain(str(error.filename))}: {error.strerror}", 2
    return (
        f"error: {type(error).__name__} at {_place(error)}, a mistake in the verifier; please report this line "
        "(VERIFIER_DEBUG=1 shows a traceback, which may quote hidden tests)",
        3,
    )


def _known_errors() -> tuple[type[Exception], ...]:
    """Every error that the product raises with a text meant for its user."""
    from sandbox.errors import SandboxError
    from sandbox.settings import SettingsError
    from testsuites.errors import SuiteError
    from verifier.aws.emulator import EmulatorError
    from verifier.fuzzing.targets.errors import TargetError
    from verifier.image.errors import ImageError
    from verifier.policy import PolicyError

    return (CommandError, SuiteError, PolicyError, SettingsError, SandboxError, EmulatorError, ImageError, TargetError)


def _place(error: Exception) -> str:
    """File and line that raised, the file by its last two names: a full path says how a machine is laid out."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}"
