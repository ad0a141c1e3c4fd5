"""Who decides in a Kattis package: its own validator, which runs as a checker or an interactor, or Kattis's."""

from __future__ import annotations

from typing import Any

from testsuites.importers.packages.kattis_flags import comparator_of
from testsuites.importers.packages.kattis_settings import SETTINGS, KattisSettings, is_interactive
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.programs import programs_in, python_text
from testsuites.model import JudgeProgram

_FOLDERS = ("output_validator", "output_validators")


def judge_fields(package: Package, settings: KattisSettings, arguments: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields of a suite that say how it decides: `comparator`, `checker` or `interactor`.

    Args:
        package: the package.
        settings: its `problem.yaml`.
        arguments: what its validator gets besides a test's files.

    Raises:
        SuiteInvalid: the validator cannot be read.
        ValueError: it is none that this release runs, or a flag is unknown; names the file or the field.
    """
    validators = [path for folder in _FOLDERS for path in programs_in(package, folder)]
    interactive = is_interactive(settings)
    if settings.is_legacy:
        custom = settings.validation != "default"
        if custom and not validators:
            raise ValueError(f"{SETTINGS}: validation: custom, and there is no validator in {_FOLDERS[1]}")
    else:
        custom = bool(validators)
        if interactive and not custom:
            raise ValueError(f"{SETTINGS}: type: interactive, and there is no validator in {_FOLDERS[0]}")
    if not custom:
        try:
            return {"comparator": comparator_of(arguments)}
        except ValueError as error:
            raise ValueError(f"validator_flags or output_validator_args: {error}") from None
    program = JudgeProgram(code=_validator(package, validators), protocol="kattis", arguments=arguments)
    return {"interactor": program} if interactive else {"checker": program}


def _validator(package: Package, validators: list[str]) -> str:
    if len(validators) > 1:
        raise ValueError(f"{validators[1]}: a second validator; a suite has one")
    text = python_text(package, validators[0])
    if text is None:
        raise ValueError(
            f"{validators[0]}: not one file of Python 3; this release runs no other validators: write it in Python"
        )
    return text
