"""`verifier suites harden`: proved gaps of suites become tests. No input, expected output or program is printed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from verifier.cli.options import Require
from verifier.cli.text import console, plain


def harden(
    place: Annotated[str, typer.Argument(metavar="SUITES", help="Folder of suites.")],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="OUT", help="Folder for the hardened suites. [default: in place]"),
    ] = None,
    suite: Annotated[str | None, typer.Option(help="Harden only the suite of this id.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all that is drawn.")] = 0,
    mutants: Annotated[int, typer.Option(min=1, help="Most mutants of a reference to judge.")] = 200,
    inputs: Annotated[int, typer.Option(min=1, help="Most inputs to make for telling mutants apart.")] = 200,
    workers: Annotated[int | None, typer.Option(min=1, help="Programs at a time. [default: processors]")] = None,
    require: Require = "",
    again: Annotated[bool, typer.Option("--again", help="Harden suites that are in OUT already, too.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary and a row for each suite as JSON.")
    ] = False,
) -> None:
    """Add tests that refuse the wrong programs which a suite accepts, in the suite's own format.

    Suites are calibrated first where they have no record that fits. Each wrong program that is accepted, and that a
    valid input tells from the reference, gives a test gap-1, gap-2, ...: that input made small, and what the reference
    answers to it. A few tests refuse all. The reference and every other accepted submission pass the hardened suite,
    or it is left as it was. Old tests keep their weights; the digest changes, and the record is made anew.

    Valid means: like the suite's own inputs, and the reference ends on it without an exception. Look at new tests
    before you train on them. A run that was cut short is just started anew. The exit code is 1 when a suite cannot be
    used or its reference fails.

    Example: verifier suites harden suites -o hardened --suite HumanEval/0
    """
    from sandbox.settings import layer_names
    from testsuites.calibration import Settings
    from testsuites.directory import DirectoryStore
    from verifier.calibrating.writing import harden_store
    from verifier.cli.hardening import data_of, problems_of, summary, table_of
    from verifier.cli.suites_work import open_folder, work_through

    store, ids = open_folder(place, suite, "harden")
    target = None if output is None else DirectoryStore(output, create=True)
    if target is not None and target.path.resolve() == store.path.resolve():
        target = None
    settings = Settings(seed=seed, mutants=mutants, inputs=inputs)
    started = time.monotonic()
    rows = work_through(
        "hardening",
        ids,
        lambda bench, told: harden_store(store, ids, settings, bench, output=target, again=again, told=told),
        problems_of,
        kept="are done; run the same command to go on",
        workers=workers,
        layers=layer_names(require, "--require"),
    )
    counted = summary(rows, time.monotonic() - started)
    if as_json:
        print(json.dumps(counted | {"rows": [data_of(row) for row in rows]}))
    else:
        out = console()
        out.print(table_of(counted))
        for name in rows[0].after.wrong_accepted if suite and rows[0].after else ():
            out.print(plain(f"still accepted and wrong: {name}"), soft_wrap=True)
    if any(row.problem for row in rows):
        raise typer.Exit(1)
