"""`problem.yaml` of a Kattis package, in the legacy format and in those since 2023-07."""

from __future__ import annotations

from typing import Any

import msgspec

from testsuites.decoding import convert
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.yaml_text import read_yaml

SETTINGS = "problem.yaml"
_LEGACY = ("legacy", "legacy-icpc")
_SINCE = ("2023-07", "2023-07-draft", "2025-09", "2025-09-draft", "draft")
_PYTHON = ("all", "python3")


class KattisLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a submission may use. Those that a suite has no place for are here to tell them from misspelt ones.

    Attributes:
        time_limit: seconds.
        memory, output: MiB.
    """

    time_limit: float | None = None
    memory: float | None = None
    output: float | None = None
    time_multiplier: Any = None
    time_multipliers: Any = None
    time_safety_margin: Any = None
    time_resolution: Any = None
    code: Any = None
    compilation_time: Any = None
    compilation_memory: Any = None
    validation_time: Any = None
    validation_memory: Any = None
    validation_output: Any = None
    validation_passes: Any = None


class KattisSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of `problem.yaml`. The format says that an unknown one is an error."""

    problem_format_version: str = "legacy"
    type: str | list[str] = "pass-fail"
    name: Any = None
    limits: KattisLimits | None = None
    validation: str = "default"
    validator_flags: str | list[str] | None = None
    languages: str | list[str] | None = None
    allow_file_writing: bool = False
    constants: dict[str, Any] | None = None
    grading: Any = None
    uuid: Any = None
    version: Any = None
    author: Any = None
    credits: Any = None
    source: Any = None
    source_url: Any = None
    license: Any = None
    rights_owner: Any = None
    embargo_until: Any = None
    keywords: Any = None

    @property
    def is_legacy(self) -> bool:
        """Whether the package is in the format from before versions were told."""
        return self.problem_format_version in _LEGACY


def read_settings(package: Package) -> KattisSettings:
    """Return what `problem.yaml` says.

    Raises:
        SuiteInvalid: it cannot be read.
        ValueError: it asks for what a suite cannot do; the message names the field.
    """
    settings = convert(read_yaml(package, SETTINGS), KattisSettings, SETTINGS)
    reason = _refusal(settings)
    if reason is not None:
        raise ValueError(f"{SETTINGS}: {reason}")
    return settings


def is_interactive(settings: KattisSettings) -> bool:
    """Tell whether solutions talk with the validator."""
    return "interactive" in (settings.validation.split() if settings.is_legacy else _words(settings.type))


def title(settings: KattisSettings) -> str:
    """Return the problem's name, in English where there are several; empty when there is none."""
    name = settings.name
    if isinstance(name, dict):
        name = name.get("en", next(iter(name.values()), None))
    return "" if name is None else str(name)


def _refusal(settings: KattisSettings) -> str | None:
    """Say why the problem cannot become a suite; None: it can."""
    if not settings.is_legacy and settings.problem_format_version not in _SINCE:
        return f"problem_format_version: not one of {', '.join((*_LEGACY, *_SINCE))}"
    for kind in _words(settings.type):
        if kind == "scoring":
            return "type: scoring: points are not given here; a suite's tests are passed or not"
        if kind not in (("pass-fail",) if settings.is_legacy else ("pass-fail", "interactive")):
            return "type: only pass-fail and interactive problems become suites"
    validation = settings.validation.split() if settings.is_legacy else ["default"]
    if validation not in (["default"], ["custom"], ["custom", "interactive"]):
        return "validation: only default, custom and custom interactive are known"
    if not settings.is_legacy and settings.validation != "default":
        return "validation: since 2023-07 the type and the folder output_validator say it; remove it"
    if not settings.is_legacy and settings.validator_flags:
        return "validator_flags: belong into data/test_group.yaml, as output_validator_args"
    if settings.grading:
        return "grading: points are not given here"
    if settings.languages and not set(_words(settings.languages)) & set(_PYTHON):
        return "languages: python3 is not one of them, and packages are imported for Python"
    if settings.allow_file_writing:
        return "allow_file_writing: programs that write files are not run"
    if settings.constants:
        return "constants: are not put in; write their values where they are used"
    return None


def _words(value: str | list[str]) -> list[str]:
    return value.split() if isinstance(value, str) else value
