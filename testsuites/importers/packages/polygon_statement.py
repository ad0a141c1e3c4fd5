"""The statement of a Polygon package, as its author wrote it, in TeX, with the samples below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

import msgspec

from testsuites.decoding import convert, read_json
from testsuites.importers.packages.package import Package
from testsuites.importers.packages.statement import chosen_language, examples
from testsuites.importers.statements import sections
from testsuites.model import StdioTest

_PROPERTIES = re.compile(r"statements/([\w-]+)/problem-properties\.json", re.ASCII)
_TEX = re.compile(r"statements/([\w-]+)/problem\.tex", re.ASCII)


class _Sample(msgspec.Struct, frozen=True, kw_only=True):
    input: str
    output: str


class _Properties(msgspec.Struct, frozen=True, kw_only=True):
    name: str | None = None
    legend: str | None = None
    input: str | None = None
    output: str | None = None
    interaction: str | None = None
    notes: str | None = None
    samples: list[_Sample] | None = msgspec.field(default=None, name="sampleTests")


def polygon_statement(package: Package, problem: Element, tests: Sequence[StdioTest]) -> str:
    """Return the statement, of `problem-properties.json` or of `problem.tex`; else the name and the samples.

    Raises:
        SuiteInvalid: a file cannot be read.
        ValueError: a file is no JSON.
    """
    properties, tex = (
        {match[1]: path for path in package.sizes if (match := pattern.fullmatch(path))}
        for pattern in (_PROPERTIES, _TEX)
    )
    language = chosen_language(properties)
    if language:
        return _of_properties(package, properties[language])
    language = chosen_language(tex)
    if language:
        return package.text(tex[language])
    names = {name.get("language", ""): name.get("value", "") for name in problem.findall("names/name")}
    name = names[chosen_language(names) or ""] if names else ""
    samples = [(test.stdin, test.stdout) for test in tests if test.name.startswith("sample")]
    return sections(("", f"# {name}" if name else None), ("## Examples", examples(samples)))


def _of_properties(package: Package, path: str) -> str:
    try:
        told = convert(read_json(package.text(path)), _Properties, path)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    return sections(
        ("", f"# {told.name}" if told.name else None),
        ("", told.legend),
        ("## Input", told.input),
        ("## Output", told.output),
        ("## Interaction", told.interaction),
        ("## Examples", examples([(sample.input, sample.output) for sample in told.samples or []])),
        ("## Note", told.notes),
    )
