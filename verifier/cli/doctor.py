"""`verifier doctor`: what this host can enforce, and which languages work here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.cli.options import Require
from verifier.cli.text import console, plain

if TYPE_CHECKING:
    from rich.table import Table

    from sandbox.doctor import Probe
    from sandbox.doctor_languages import LanguageFound


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
    require: Require = "",
    languages: Annotated[
        str,
        typer.Option(
            metavar="NAMES", help="Languages that have to work, and no others. [default: all, and none has to]"
        ),
    ] = "",
) -> None:
    """Try every isolation layer on this host, each by attempting the act that it denies, and every language.

    The exit code is 1 when a layer that runs require is missing, or a language that is named does not work.

    Example: verifier doctor --require floor,seccomp,landlock --languages python,cpp
    """
    from sandbox.doctor import examine
    from sandbox.doctor_languages import examine_languages
    from sandbox.settings import language_names, layer_names

    names, layers = language_names(languages, "--languages"), layer_names(require, "--require")
    probes = examine(layers)
    found = examine_languages(names, require=layers)
    if as_json:
        fields = ("name", "layer", "ok", "required", "detail")
        rows = [{field: getattr(probe, field) for field in fields} for probe in probes]
        fields = ("version", "ok", "required", "layers", "detail")
        rows += [{"language": each.name} | {field: getattr(each, field) for field in fields} for each in found]
        print(json.dumps(rows))
    else:
        console().print(_layers_table(probes))
        console().print()
        console().print(_languages_table(found))
    missing = [probe for probe in probes if probe.required and not probe.ok]
    if missing or any(each.required and not each.ok for each in found):
        raise typer.Exit(1)


def _layers_table(probes: list[Probe]) -> Table:
    from rich.table import Table

    table = Table("layer", "probe", "result", "detail", box=None, pad_edge=False)
    for probe in probes:
        table.add_row(probe.layer, probe.name, _result(ok=probe.ok, required=probe.required), plain(probe.detail))
    return table


def _languages_table(found: list[LanguageFound]) -> Table:
    from rich.table import Table

    table = Table("language", "version", "result", "layers in force", "detail", box=None, pad_edge=False)
    for each in found:
        result = _result(ok=each.ok, required=each.required)
        table.add_row(each.display, plain(each.version), result, " ".join(each.layers), plain(each.detail))
    return table


def _result(*, ok: bool, required: bool) -> str:
    return "ok" if ok else "MISSING" if required else "not here"
