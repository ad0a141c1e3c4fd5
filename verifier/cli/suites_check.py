"""`verifier suites check`: what keeps suites from being trained on. No input, expected output or program is printed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from verifier.cli.options import Require
from verifier.cli.text import console, plain

if TYPE_CHECKING:
    from verifier.auditing.auditing import Audit


def check(
    place: Annotated[str, typer.Argument(metavar="SUITES", help="Folder of suites, .zip or .sealed file, or s3://...")],
    suite: Annotated[str | None, typer.Option(help="Check only the suite of this id.")] = None,
    limit_factor: Annotated[
        float, typer.Option(min=1.0, help="Times what the reference needs that a limit should be at least.")
    ] = 2.0,
    workers: Annotated[int | None, typer.Option(min=1, help="Programs at a time. [default: processors]")] = None,
    require: Require = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary and a row for each suite as JSON.")
    ] = False,
) -> None:
    """Say whether suites can be trained on: what each refuses that is right, and accepts that solves nothing.

    The reference and the labelled submissions are judged several times, under two hash seeds, and get what they
    deserve or are named. Limits are compared with what the reference needs. Programs that solve nothing (empty, echo,
    constants, the public examples) have to fail. Nothing is written; `verifier suites calibrate` measures the rest.

    The exit code is 1 when there is an error; warnings and notes leave it 0. Ctrl-C shows what was found so far.

    Example: verifier suites check testsuites/bundled
    """
    from sandbox.settings import layer_names
    from testsuites.store import open_store
    from verifier.auditing.stores import audit_store
    from verifier.cli.suites_work import chosen_ids, work_through

    store = open_store(place)
    ids = chosen_ids(store, place, suite)
    layers = layer_names(require, "--require")
    started = time.monotonic()
    audits: list[Audit] = []

    def noted(found: Iterable[Audit]) -> Iterator[Audit]:
        for audit in found:
            audits.append(audit)
            yield audit

    try:
        work_through(
            "checking",
            ids,
            lambda bench, told: noted(audit_store(store, ids, bench, limit_factor=limit_factor, told=told)),
            lambda audit: (),
            kept="were checked",
            workers=workers,
            layers=layers,
        )
    finally:  # after an interrupt or a failure too: what was found is worth reading
        if audits:
            _show(audits, len(ids), time.monotonic() - started, as_json=as_json, one=suite is not None)
    if any(audit.errors for audit in audits):
        raise typer.Exit(1)


def _show(audits: list[Audit], suites: int, seconds: float, *, as_json: bool, one: bool) -> None:
    from verifier.cli.audits import data_of, lines_of, room_lines, summary, table_of

    counted = summary(audits, suites, seconds)
    if as_json:
        print(json.dumps(counted | {"rows": [data_of(audit) for audit in audits]}))
        return
    out = console()
    for line in lines_of(audits):
        out.print(plain(line), soft_wrap=True)
    if one and audits[0].headroom is not None:
        for line in room_lines(audits[0].headroom):
            out.print(plain(line), soft_wrap=True)
    out.print(table_of(counted))
