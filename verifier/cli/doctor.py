"""`verifier doctor`: what this host can enforce."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from verifier.cli.options import Require
from verifier.cli.text import console, plain


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects.")] = False,
    require: Require = "",
) -> None:
    """Try every isolation layer on this host, each by attempting the act that it denies.

    The exit code is 1 when a layer that runs require is missing.

    Example: verifier doctor --require floor,seccomp,landlock
    """
    from rich.table import Table

    from sandbox.doctor import examine
    from sandbox.settings import layer_names

    probes = examine(layer_names(require, "--require"))
    if as_json:
        fields = ("name", "layer", "ok", "required", "detail")
        print(json.dumps([{field: getattr(probe, field) for field in fields} for probe in probes]))
    else:
        table = Table("layer", "probe", "result", "detail", box=None, pad_edge=False)
        for probe in probes:
            result = "ok" if probe.ok else "MISSING" if probe.required else "not here"
            table.add_row(probe.layer, probe.name, result, plain(probe.detail))
        console().print(table)
    if any(probe.required and not probe.ok for probe in probes):
        raise typer.Exit(1)
