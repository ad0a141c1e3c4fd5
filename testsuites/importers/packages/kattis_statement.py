"""The statement of a Kattis package, as its author wrote it (Markdown or TeX), with the samples below."""

from __future__ import annotations

import re

from testsuites.importers.packages.kattis_data import SAMPLE
from testsuites.importers.packages.kattis_settings import KattisSettings, is_interactive, title
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.statement import chosen_language, examples
from testsuites.importers.statements import sections

_STATEMENT = re.compile(r"(?:problem_)?statement/problem(?:\.([\w-]+))?\.(?:md|tex)", re.ASCII)


def kattis_statement(package: Package, settings: KattisSettings) -> str:
    """Return the statement; a problem that has one as PDF only keeps its name and its samples.

    Raises:
        SuiteInvalid: a file cannot be read.
    """
    paths = {match[1] or "en": path for path in sorted(package.sizes) if (match := _STATEMENT.fullmatch(path))}
    language = chosen_language(paths)
    text = package.text(paths[language]) if language else ""
    samples = _dialogues(package) if is_interactive(settings) else _samples(package)
    name = title(settings)
    return sections(("", f"# {name}" if name else None), ("", text), ("## Examples", samples))


def _samples(package: Package) -> str:
    inputs = [path.removesuffix(".in") for path in package.below(SAMPLE, ".in")]
    return examples([(_shown(package, path, ".in"), _shown(package, path, ".ans")) for path in inputs])


def _shown(package: Package, path: str, suffix: str) -> str:
    """Return what everybody is shown of a sample: another text than the judged one where the package has such."""
    others = [f"{path}{suffix}.statement", *([f"{path}.out"] if suffix == ".ans" else [])]
    return package.text(next((other for other in others if other in package), f"{path}{suffix}"))


def _dialogues(package: Package) -> str:
    """Return the samples of an interactive problem: who says what, line by line."""
    return "\n\n".join(package.text(path) for path in package.below(SAMPLE, ".interaction"))
