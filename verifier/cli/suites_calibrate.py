"""`verifier suites calibrate`: how gameable each suite is. No input, expected output or program is printed."""

from __future__ import annotations

import json
import time
from typing import Annotated

import typer

from verifier.cli.options import Require
from verifier.cli.text import console, plain


def calibrate(
    place: Annotated[str, typer.Argument(metavar="SUITES", help="Folder of suites.")],
    suite: Annotated[str | None, typer.Option(help="Calibrate only the suite of this id.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all that is drawn.")] = 0,
    mutants: Annotated[int, typer.Option(min=1, help="Most mutants of a reference to judge.")] = 200,
    inputs: Annotated[int, typer.Option(min=1, help="Most inputs to make for telling mutants apart.")] = 200,
    workers: Annotated[int | None, typer.Option(min=1, help="Programs at a time. [default: processors]")] = None,
    require: Require = "",
    again: Annotated[bool, typer.Option("--again", help="Calibrate suites that have a record, too.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary and a row for each suite as JSON.")
    ] = False,
) -> None:
    """Measure what each suite accepts that is wrong, and refuses that is right; write calibration.json beside it.

    A suite needs a reference.py. It is judged several times; so are programs that solve nothing, mutants of the
    reference, and the labelled submissions. Mutants that pass are told from the reference by inputs that look like the
    suite's own. Grading uses the record: credit is then less what a program earns that solves nothing.

    Suites whose record fits are not run again, so a run that was cut short is just started anew. The exit code is 1
    when a suite cannot be used, its reference fails, or it accepts a program that solves nothing.

    Example: verifier suites calibrate suites --suite HumanEval/0
    """
    from sandbox.settings import layer_names
    from testsuites.calibration import Settings
    from verifier.calibrating.records import calibrate_store
    from verifier.cli.calibration import data_of, problems_of, summary, table_of
    from verifier.cli.suites_work import open_folder, work_through

    store, ids = open_folder(place, suite, "calibrate")
    settings = Settings(seed=seed, mutants=mutants, inputs=inputs)
    started = time.monotonic()
    rows = work_through(
        "calibrating",
        ids,
        lambda bench, told: calibrate_store(store, ids, settings, bench, again=again, told=told),
        problems_of,
        kept="have their record; run the same command to go on",
        workers=workers,
        layers=layer_names(require, "--require"),
    )
    counted = summary(rows, time.monotonic() - started)
    if as_json:
        print(json.dumps(counted | {"rows": [data_of(row) for row in rows]}))
    else:
        out = console()
        out.print(table_of(counted))
        for name in rows[0].calibration.wrong_accepted if suite and rows[0].calibration else ():
            out.print(plain(f"accepted and wrong: {name}"), soft_wrap=True)
    if not all(row.is_sound for row in rows):
        raise typer.Exit(1)
